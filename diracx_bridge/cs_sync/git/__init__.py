"""Writes configurations to a branch of a git repository: here, or behind HTTPS or SSH.

``place`` says where it is and how one logs in, ``branch`` moves its tip and nothing else, ``publish`` does the whole
job: no commit without a change, no commit of others lost, nothing published twice.
"""
