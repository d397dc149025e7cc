"""Security properties: the rights that a DIRAC group gives to its members.

The names are those of DIRAC (``DIRAC.Core.Security.Properties``) and of DiracX 0.7.0; tokens carry them in
``dirac_properties``. Extensions add their own through the entry point group ``diracx_bridge.properties``, each entry
a collection of names.
"""

from __future__ import annotations

from functools import cache
from typing import Final

ACCOUNTING_MONITOR: Final = "AccountingMonitor"
ALARMS_MANAGEMENT: Final = "AlarmsManagement"
BOOKKEEPING_MANAGEMENT: Final = "BookkeepingManagement"
CS_ADMINISTRATOR: Final = "CSAdministrator"
FC_MANAGEMENT: Final = "FileCatalogManagement"
FULL_DELEGATION: Final = "FullDelegation"
GENERIC_PILOT: Final = "GenericPilot"
JOB_ADMINISTRATOR: Final = "JobAdministrator"
JOB_MONITOR: Final = "JobMonitor"
JOB_SHARING: Final = "JobSharing"
LIMITED_DELEGATION: Final = "LimitedDelegation"
NORMAL_USER: Final = "NormalUser"
OPERATOR: Final = "Operator"
PILOT: Final = "Pilot"
PPG_AUTHORITY: Final = "PPGAuthority"
PRIVATE_LIMITED_DELEGATION: Final = "PrivateLimitedDelegation"
PRODUCTION_MANAGEMENT: Final = "ProductionManagement"
PROXY_MANAGEMENT: Final = "ProxyManagement"
SERVICE_ADMINISTRATOR: Final = "ServiceAdministrator"
SITE_MANAGER: Final = "SiteManager"
STAGE_ALLOWED: Final = "StageAllowed"
TRUSTED_HOST: Final = "TrustedHost"
USER_MANAGER: Final = "UserManager"

BUILT_IN: Final = frozenset(
    value for name, value in dict(globals()).items() if name.isupper() and isinstance(value, str)
)


@cache
def known_properties() -> frozenset[str]:
    """Every property of this installation: the built-in ones and those of extensions."""
    from diracx_bridge.core.extensions import load_all

    added = (name for entry in load_all("diracx_bridge.properties") for name in entry.value)
    return BUILT_IN | frozenset(added)
