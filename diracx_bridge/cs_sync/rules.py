"""What becomes of every legacy option: the one table behind conversion, loss report, `cs rules` and the reference page.

Patterns are legacy paths. ``{name}`` matches one name and is known under it; a final ``**`` matches everything below.
A literal name is stronger than ``{name}``, and either is stronger than ``**``. Targets are typed paths; in them

* ``{vo}`` stands for the VOs that the matched user, group or VO belongs to, or for all of them,
* ``{subject}`` for the subject of the matched user in that VO,
* ``{layer}`` for `Defaults` or a VO,
* ``**`` for what the ``**`` of the pattern matched.

An option that no rule matches is unknown: it is left out and reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["PERSONAL", "RULES", "Action", "Rule"]

PERSONAL: Final = frozenset({"DNs", "Email"})
"""Options of users that may be left out on request."""


class Action(StrEnum):
    """What a rule does."""

    CONVERT = "convert"
    """The value, typed, goes to the target."""
    NAME = "name"
    """The value is a name in the target, not a value there."""
    DROP = "drop"
    """The option has no place in the typed configuration, for the reason given."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``type`` names a reader of `values.READERS`; ``told`` makes each dropped option a note of its own."""

    pattern: str
    action: Action
    target: str = ""
    type: str = ""
    reason: str = ""
    told: bool = False


def _convert(pattern: str, target: str, type_: str, reason: str = "") -> Rule:
    return Rule(pattern, Action.CONVERT, target, type_, reason)


def _name(pattern: str, target: str, reason: str) -> Rule:
    return Rule(pattern, Action.NAME, target, "", reason)


def _drop(pattern: str, reason: str, *, told: bool = False) -> Rule:
    return Rule(pattern, Action.DROP, reason=reason, told=told)


def _each(prefix: str, names: str, reason: str, *, told: bool = False) -> tuple[Rule, ...]:
    return tuple(_drop(f"{prefix}/{name}", reason, told=told) for name in names.split())


_CS_SYNC: Final = "/DiracX/CsSync/VOs/{vo}"
_OPERATIONS: Final = "/Operations/{layer}"
_LEGACY_CLIENTS: Final = "read by DIRAC clients and services from the legacy configuration"
_SYNCHRONISER: Final = "steers DIRAC's own synchronisation with VOMS or IAM"
_PROXIES: Final = "about certificates and proxies, which DIRAC goes on handling"
_NO_FIELD: Final = "no field in DiracX 0.7; DIRAC goes on reading the legacy configuration"
_OLD_SETUP: Final = "setups ended with DIRAC v9, which ignores this"

_FREE_SECTIONS: Final = (
    "Cloud DataConsistency DataManagement EMail GaudiExecution Hospital JobScheduling JobTypeMapping LogFiles "
    "LogStorage Logging Matching MonitoringBackends NagiosConnector Pilot Productions ResourceStatus Shares Shifter "
    "SiteSEMappingByProtocol TransformationPlugins Transformations"
)

RULES: Final[tuple[Rule, ...]] = (
    # DIRAC
    _convert("/DIRAC/NoSetup", "DIRAC/NoSetup", "flag"),
    _name("/DIRAC/VirtualOrganization", "Registry/{vo}", "the VO of groups that name none"),
    _drop("/DIRAC/Configuration/**", "where DIRAC's configuration servers are"),
    _drop("/DIRAC/Setup", _OLD_SETUP),
    _drop("/DIRAC/DefaultSetup", _OLD_SETUP),
    _drop("/DIRAC/Setups/**", _OLD_SETUP),
    _drop("/DIRAC/Security/**", "keys, certificates and authorisation of DIRAC services"),
    *_each(
        "/DIRAC",
        "Extensions Hostname Framework/** PreferredURLPatterns ConnConf/** Gateways/** VOPolicy VOPolicy/** Hosts/** "
        "DefaultGroup RootPath SiteName PrivateConfiguration LogLevel",
        _LEGACY_CLIENTS,
    ),
    # DiracX
    *_each("/DiracX", "URL LegacyExchangeApiKey DisabledVOs LegacyClientEnabled/**", _LEGACY_CLIENTS),
    _drop(
        "/DiracX/FutureClientEnabled/**",
        "switches of DIRAC clients and of the bridge, read from the legacy configuration",
    ),
    _drop("/DiracX/Bridge/**", "routing of the bridge, read from the legacy configuration"),
    _convert(f"{_CS_SYNC}/DefaultGroup", "Registry/{vo}/DefaultGroup", "default group"),
    _convert(f"{_CS_SYNC}/IdP/URL", "Registry/{vo}/IdP/URL", "issuer"),
    _convert(f"{_CS_SYNC}/IdP/ClientID", "Registry/{vo}/IdP/ClientID", "client"),
    _convert(f"{_CS_SYNC}/Support/Email", "Registry/{vo}/Support/Email", "text or null"),
    _convert(f"{_CS_SYNC}/Support/Webpage", "Registry/{vo}/Support/Webpage", "text or null"),
    _convert(f"{_CS_SYNC}/Support/Message", "Registry/{vo}/Support/Message", "text"),
    _name(f"{_CS_SYNC}/UserSubjects/{{user}}", "Registry/{vo}/Users/{subject}", "key of the user in the VO"),
    # Registry
    _convert("/Registry/DefaultStorageQuota", "Registry/{vo}/DefaultStorageQuota", "decimal"),
    _convert("/Registry/DefaultProxyLifeTime", "Registry/{vo}/DefaultProxyLifeTime", "whole"),
    _drop("/Registry/DefaultGroup", "groups that stand in for a missing `DefaultGroup` of a VO"),
    _drop("/Registry/Hosts/**", "hosts act with certificates in DIRAC; DiracX has none"),
    *_each("/Registry", "DefaultProxyTime DefaultVOMSAttribute QuarantineGroup BannedIPs Setups/**", _LEGACY_CLIENTS),
    _convert("/Registry/VO/{vo}/VOMSName", "Registry/{vo}/VOMSName", "text or null"),
    _drop("/Registry/VO/{vo}/DefaultGroup", "groups that stand in for a missing `DefaultGroup` of the VO"),
    *_each(
        "/Registry/VO/{vo}",
        "VOAdmin VOAdminGroup VOMSServers/** IdProvider QuarantineGroup UseIAM CompareWithIAM SyncPluginName "
        "AutoAddUsers AutoModifyUsers AutoDeleteUsers AutoLiftSuspendedStatus NickNamePrefix SubmitPools SubmitPool",
        _SYNCHRONISER,
    ),
    # users
    _convert("/Registry/Users/{user}/DN", "Registry/{vo}/Users/{subject}/DNs", "distinguished names"),
    _convert("/Registry/Users/{user}/Email", "Registry/{vo}/Users/{subject}/Email", "e-mail"),
    _convert("/Registry/Users/{user}/Suspended", "Registry/{vo}/Users/{subject}/Suspended", "suspended VOs"),
    _convert("/Registry/Users/{user}/Quota", "Registry/{vo}/Users/{subject}/Quota", "whole or null"),
    _drop("/Registry/Users/{user}/CA", "authority of the certificate; DiracX identifies users by subject"),
    _drop("/Registry/Users/{user}/PreferedUsername", "the name of the section is the name of the user", told=True),
    *_each(
        "/Registry/Users/{user}",
        "ID DefaultGroup mobile FullName DNProperties/** AffiliationEnds CERNAccountType CERNPersonId "
        "PrimaryCERNAccount",
        _NO_FIELD,
        told=True,
    ),
    # groups
    _name("/Registry/Groups/{group}/VO", "Registry/{vo}/Groups/{group}", "VO of the group"),
    _convert("/Registry/Groups/{group}/Users", "Registry/{vo}/Groups/{group}/Users", "members"),
    _convert("/Registry/Groups/{group}/Properties", "Registry/{vo}/Groups/{group}/Properties", "properties"),
    _convert("/Registry/Groups/{group}/JobShare", "Registry/{vo}/Groups/{group}/JobShare", "whole"),
    _convert("/Registry/Groups/{group}/Quota", "Registry/{vo}/Groups/{group}/Quota", "whole or null"),
    _convert("/Registry/Groups/{group}/VOMSRole", "Registry/{vo}/Groups/{group}/VOMSRole", "text or null"),
    *(
        _convert(f"/Registry/Groups/{{group}}/{flag}", f"Registry/{{vo}}/Groups/{{group}}/{flag}", "flag", reason)
        for flag, reason in {
            "AllowBackgroundTQs": "",
            "AutoAddVOMS": "",
            "AutoSyncVOMS": "absent means true in DIRAC and false in DiracX, where nothing reads it yet",
            "AutoUploadPilotProxy": "",
            "AutoUploadProxy": "",
        }.items()
    ),
    *_each("/Registry/Groups/{group}", "IdPRole", _SYNCHRONISER),
    *_each("/Registry/Groups/{group}", "DownloadableProxy SafeCertificateLifeTime", _PROXIES, told=True),
    *_each("/Registry/Groups/{group}", "VOMSVO SubmitPool SubmitPools JobLimit", _NO_FIELD, told=True),
    # Operations
    _convert(f"{_OPERATIONS}/EnableSecurityLogging", "Operations/{layer}/EnableSecurityLogging", "flag"),
    _convert(f"{_OPERATIONS}/SoftwareDistModule", "Operations/{layer}/SoftwareDistModule", "text"),
    *(
        _convert(f"{_OPERATIONS}/InputDataPolicy/{name}", f"Operations/{{layer}}/InputDataPolicy/{name}", type_)
        for name, type_ in {
            "AllReplicas": "flag",
            "Default": "text",
            "Download": "text",
            "InputDataModule": "text",
            "Protocol": "text",
            "Protocols/Local": "list",
            "Protocols/Remote": "list",
        }.items()
    ),
    _drop(f"{_OPERATIONS}/InputDataPolicy/**", _NO_FIELD),
    *(
        _convert(f"{_OPERATIONS}/JobDescription/{name}", f"Operations/{{layer}}/JobDescription/{name}", type_)
        for name, type_ in {
            "AllowedJobTypes": "list",
            "DefaultCPUTime": "whole",
            "DefaultPriority": "whole",
            "MaxCPUTime": "whole",
            "MaxInputData": "whole",
            "MaxPriority": "whole",
            "MinCPUTime": "whole",
            "MinPriority": "whole",
        }.items()
    ),
    *_each(
        f"{_OPERATIONS}/JobDescription",
        "ChoicesJobType MaxNumberOfProcessors MinNumberOfProcessors DefaultNumberOfProcessors SubmitPools",
        _NO_FIELD,
    ),
    _convert(f"{_OPERATIONS}/Services/Catalogs/**", "Operations/{layer}/Services/Catalogs/**", "free"),
    _convert(
        f"{_OPERATIONS}/Services/JobMonitoring/GlobalJobsInfo",
        "Operations/{layer}/Services/JobMonitoring/GlobalJobsInfo",
        "flag",
    ),
    _convert(
        f"{_OPERATIONS}/Services/JobScheduling/EnableSharesCorrection",
        "Operations/{layer}/Services/JobScheduling/EnableSharesCorrection",
        "flag",
    ),
    _convert(
        f"{_OPERATIONS}/Services/JobScheduling/MaxRescheduling",
        "Operations/{layer}/Services/JobScheduling/MaxRescheduling",
        "whole",
    ),
    *_each(f"{_OPERATIONS}/Services", "JobScheduling/** StorageElements/**", _NO_FIELD),
    *(
        _convert(f"{_OPERATIONS}/{name}/**", f"Operations/{{layer}}/{name}/**", "free", "passed through as text")
        for name in _FREE_SECTIONS.split()
    ),
    *_each(
        _OPERATIONS,
        "EnableActivityMonitoring MainServers LFNUserPrefix ProxyInit/** Production/** VOMSServices/**",
        _NO_FIELD,
    ),
    # Resources
    _convert(
        "/Resources/Computing/OSCompatibility/{platform}",
        "Resources/Computing/OSCompatibility/{platform}",
        "platforms",
        "sorted, each platform with itself",
    ),
    _convert(
        "/Resources/Computing/OSCompatibility/OSCompatibility/{platform}",
        "Resources/Computing/OSCompatibility/{platform}",
        "platforms",
        "the doubled section that upstream's converter needs",
    ),
    _drop("/Resources/**", "sites, storage and catalogues: " + _NO_FIELD),
    # left to DIRAC altogether
    _drop(
        "/Systems/**",
        "set-up of DIRAC's services, agents and databases; may hold passwords, and DiracX shows its "
        "configuration to every user",
    ),
    _drop("/WebApp/**", "set-up of DIRAC's web application; DiracX shows its configuration to every user"),
    _drop("/LocalSite/**", "about one worker node; belongs to local files"),
    _drop("/LocalInstallation/**", "input of DIRAC's installer"),
    _drop("/Agents/**", "set-up of single DIRAC processes"),
    _drop("/LogLevel", "log level of one DIRAC process"),
    _drop("/MCTestingDestination", "LHCb's; no reader in DiracX 0.7"),
)
