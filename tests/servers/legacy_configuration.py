"""The configuration of the legacy installation, split as in a real one.

| file | what it is |
| --- | --- |
| `root/etc/dirac.cfg` | local file of the server host, never served: master CS flag, certificate, credentials |
| `root/etc/Bridge-Test.cfg` | what the master CS serves: Registry, Operations, Systems, DiracX |
| `client.cfg` | a client: the URL of the CS and the location of the CAs |
| `all.cfg` | everything in one file, for in-process use and for the services themselves |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Section: TypeAlias = "dict[str, str | Section]"

# user -> groups; a group's VO and properties are in GROUPS
USERS = {
    "adminuser": ("dirac_admin", "dirac_user", "dirac_operator"),
    "alice": ("dirac_user", "dirac_prod"),
    "bob": ("dirac_user",),
    "pilot": ("dirac_pilot",),
    "carol": ("othervo_user",),
}
ADMIN = (
    "AlarmsManagement, ServiceAdministrator, CSAdministrator, JobAdministrator, FullDelegation, ProxyManagement, "
    "Operator"
)
GROUPS = {
    "dirac_admin": ("dirac", ADMIN),
    "dirac_user": ("dirac", "NormalUser, PrivateLimitedDelegation"),
    "dirac_prod": ("dirac", "NormalUser, JobSharing, ProductionManagement"),
    "dirac_operator": ("dirac", "Operator"),
    "dirac_pilot": ("dirac", "GenericPilot, LimitedDelegation"),
    "othervo_user": ("othervo", "NormalUser"),
}
HOST = "TrustedHost, CSAdministrator, JobAdministrator, FullDelegation, ProxyManagement, Operator"
SUBJECT = "/C=ch/O=Bridge Test/CN="
# database -> system; ProxyDB is needed by ProxyManager, which exchanges a proxy for a DiracX token
DATABASES = {
    "JobDB": "WorkloadManagement",
    "JobLoggingDB": "WorkloadManagement",
    "TaskQueueDB": "WorkloadManagement",
    "PilotAgentsDB": "WorkloadManagement",
    "SandboxMetadataDB": "WorkloadManagement",
    "ResourceStatusDB": "ResourceStatus",
    "ProxyDB": "Framework",
}
# served over HTTPS by one Tornado process: service -> system
HTTPS_SERVICES = {
    "JobStateUpdate": "WorkloadManagement",
    "JobMonitoring": "WorkloadManagement",
    "JobManager": "WorkloadManagement",
    "SandboxStore": "WorkloadManagement",
    "WMSAdministrator": "WorkloadManagement",
    "ProxyManager": "Framework",
    "ResourceStatus": "ResourceStatus",
}
# served over DISET: component -> handler; no HTTPS flavour exists for the last two
DISET_SERVICES = {
    "DisetJobStateUpdate": "JobStateUpdate",
    "DisetJobMonitoring": "JobMonitoring",
    "Matcher": "Matcher",
    "PilotManager": "PilotManager",
}


@dataclass(frozen=True)
class Site:
    """Where everything of one legacy installation is."""

    folder: Path
    pki: Path
    database_port: int
    database_names: Mapping[str, str]
    opensearch_port: int
    index_prefix: str
    https_port: int
    cs_port: int
    diset_ports: Mapping[str, int]
    diracx_url: str
    api_key: str
    extra: Section = field(default_factory=dict)
    bridged: bool = False

    def write(self) -> None:
        """Write all four files."""
        etc = self.folder / "root" / "etc"
        etc.mkdir(parents=True, exist_ok=True)
        local, served = self._local(), merged(self._served(), self.extra)
        master: Section = {"DIRAC": {"Configuration": {"Name": "Bridge-Test", "Master": "yes", "Servers": self._cs()}}}
        (etc / "dirac.cfg").write_text(text(merged(local, master)))
        (etc / "Bridge-Test.cfg").write_text(text(served))
        (self.folder / "client.cfg").write_text(text(self._client()))
        (self.folder / "all.cfg").write_text(text(merged(served, local)))

    def _cs(self) -> str:
        return f"https://localhost:{self.cs_port}/Configuration/Server"

    def _local(self) -> Section:
        """What only the server host knows."""
        service: Section = {
            "HandlerPath": "DIRAC/ConfigurationSystem/Service/TornadoConfigurationHandler.py",
            "Port": str(self.cs_port),
            "Protocol": "https",
            "Authorization": {
                "Default": "authenticated",
                "commitNewData": "CSAdministrator",
                "rollbackToVersion": "CSAdministrator",
                "getVersionContents": "ServiceAdministrator, CSAdministrator",
            },
        }
        return {
            "DIRAC": {
                "Configuration": {"Name": "Bridge-Test"},
                "Security": {
                    "Grid-Security": str(self.pki),
                    "CertFile": str(self.pki / "hostcert.pem"),
                    "KeyFile": str(self.pki / "hostkey.pem"),
                    "SkipCAChecks": "no",
                },
            },
            "LocalSite": {"Site": "DIRAC.Bridge.ch"},
            "DiracX": {"LegacyExchangeApiKey": self.api_key},
            "Systems": {
                "Databases": {
                    "Host": "127.0.0.1",
                    "Port": str(self.database_port),
                    "User": "Dirac",
                    "Password": "Dirac",
                },
                "NoSQLDatabases": {
                    "Host": "127.0.0.1",
                    "Port": str(self.opensearch_port),
                    "User": "nobody",
                    "Password": "nobody",
                    "SSL": "no",
                    "IndexPrefix": self.index_prefix,
                },
                "Configuration": {"Services": {"Server": service}, "URLs": {"Server": self._cs()}},
            },
        }

    def _client(self) -> Section:
        return {
            "DIRAC": {
                "VirtualOrganization": "dirac",
                "Configuration": {"Servers": self._cs()},
                "Security": {"CALocation": str(self.pki / "certificates"), "UseServerCertificate": "no"},
            },
            "LocalSite": {"Site": "DIRAC.Bridge.ch"},
        }

    def _served(self) -> Section:
        return {
            "DIRAC": {"Configuration": {"Name": "Bridge-Test", "Version": "2026-01-01 00:00:00.000000"}},
            "DiracX": {"URL": self.diracx_url},
            "Registry": _registry(),
            "Operations": {
                "Defaults": {
                    "MainServers": "localhost",
                    "JobDescription": {
                        "DefaultCPUTime": "86400",
                        "AllowedJobTypes": "User, Test, Merge, MCSimulation",
                    },
                }
            },
            "Resources": self._resources(),
            "Systems": self._systems(),
        }

    def _resources(self) -> Section:
        protocol: Section = {
            "Host": "localhost",
            "Port": str(self.https_port),
            "Protocol": "https",
            "Access": "remote",
            "Path": "/WorkloadManagement/SandboxStore",
        }
        access = dict.fromkeys(("ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"), "Active")
        return {
            "StorageElements": {
                "ProductionSandboxSE": {"BackendType": "DISET", "AccessProtocols": "https", **access, "DIP": protocol}
            },
            "Sites": {"DIRAC": {"DIRAC.Bridge.ch": {"CE": "ce.localhost"}}},
        }

    def _systems(self) -> Section:
        tree: Section = {"Configuration": {"URLs": {"Server": self._cs()}}}
        for name, system in DATABASES.items():
            tree = merged(tree, {system: {"Databases": {name: {"DBName": self.database_names.get(name, name)}}}})
        sandboxes: Section = {"LocalSE": "ProductionSandboxSE", "BasePath": str(self.folder / "sandboxes")}
        for name, system in HTTPS_SERVICES.items():
            service: Section = {
                "Protocol": "https",
                "HandlerPath": f"DIRAC/{system}System/Service/Tornado{name}Handler.py",
                **(sandboxes if name == "SandboxStore" else {}),
                "Authorization": {"Default": "authenticated"},
            }
            url = f"https://localhost:{self.https_port}/{system}/{name}"
            tree = merged(tree, {system: {"Services": {name: service}, "URLs": {name: url}}})
        for name, port in self.diset_ports.items():
            service = {
                "Port": str(port),
                "HandlerPath": f"DIRAC/WorkloadManagementSystem/Service/{DISET_SERVICES[name]}Handler.py",
                "Authorization": {"Default": "authenticated"},
            }
            url = f"dips://localhost:{port}/WorkloadManagement/{name}"
            tree = merged(tree, {"WorkloadManagement": {"Services": {name: service}, "URLs": {name: url}}})
        return tree


def _registry() -> Section:
    def members(group: str) -> str:
        return ", ".join(user for user, groups in USERS.items() if group in groups)

    return {
        "DefaultGroup": "dirac_user",
        "Users": {user: {"DN": f"{SUBJECT}{user}", "Email": f"{user}@localhost"} for user in USERS},
        "Groups": {
            group: {"Users": members(group), "Properties": properties, "VO": vo}
            for group, (vo, properties) in GROUPS.items()
        },
        "Hosts": {"localhost": {"DN": f"{SUBJECT}localhost", "Properties": HOST}},
        "VO": {vo: {"SubmitPools": ""} for vo in ("dirac", "othervo")},
    }


def merged(first: Section, second: Section) -> Section:
    """Both trees in a new one; where both have an option, the second wins."""
    result = dict(first)
    for name, value in second.items():
        mine = result.get(name)
        result[name] = merged(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return result


def text(tree: Section, depth: int = 0) -> str:
    """The tree in the format of DIRAC's configuration files."""
    pad = "  " * depth
    lines = []
    for name, value in tree.items():
        if isinstance(value, dict):
            lines.append(f"{pad}{name}\n{pad}{{\n{text(value, depth + 1)}{pad}}}\n")
        else:
            lines.append(f"{pad}{name} = {value}\n")
    return "".join(lines)
