"""Follows the legacy configuration: from a file or the master CS to a branch, without end and without loss.

``source`` says what there is to convert, ``sync`` does one step, ``loop`` does them again and again, ``spool`` and
``state`` are what survives the process, ``web`` answers questions about it.
"""
