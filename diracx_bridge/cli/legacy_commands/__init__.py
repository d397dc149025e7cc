"""DIRAC's ``dirac-wms-job-*`` commands on the DiracX API: same arguments, same output as DIRAC 9.1.22.

They come with the package ``diracx-bridge-legacy-commands`` (folder ``legacy-commands`` of the repository), because
their names are those of DIRAC's own commands: who installs it wants ours in their place. Each run prints one line on
standard error with the new command.
"""
