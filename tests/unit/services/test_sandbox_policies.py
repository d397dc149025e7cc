"""Who may do what with sandboxes and pilots, beyond what the routes' tests show: VOs that act for others."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.sandbox_pfn import SandboxPFN
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.pilot_policy import PilotPolicy
from diracx_bridge.services.sandbox_policy import SandboxPolicy

PFN = SandboxPFN.of_upload("bucket", "gridlab", "gridlab_user", "alice", "0" * 64, "tar.zst")
OWNER = Owner("alice", "gridlab_user", "gridlab")


def settings(**more: Any) -> Settings:
    return Settings(config_backend_url="git+file:///nothing", **more)


def user(vo: str, *properties: str) -> Principal:
    return Principal(f"{vo}:sub", "someone", vo, f"{vo}_group", frozenset(properties), {}, 0.0)


def allowed(call: Any, *arguments: Any, **more: Any) -> bool:
    try:
        call(*arguments, **more)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, False), ({"bridge_admin_vos": ["dirac"]}, True), ({"bridge_vo_boundaries": False}, True)],
)
def test_administrators_and_pilots_of_an_admin_vo_act_in_every_vo(more: dict[str, Any], expected: bool) -> None:
    sandboxes, pilots = SandboxPolicy(settings(**more)), PilotPolicy(settings(**more))
    admin, pilot = user("dirac", "JobAdministrator"), user("dirac", "GenericPilot")
    assert allowed(sandboxes.may_download, admin, PFN, OWNER) is expected
    assert allowed(sandboxes.may_list, admin, 1, "alice", "gridlab") is expected
    assert allowed(pilots.may_change, pilot, [("stamp", "gridlab")]) is expected


def test_a_sandbox_is_downloaded_by_its_owner_only_if_it_is_registered_as_his() -> None:
    policy = SandboxPolicy(settings())
    alice = Principal("gridlab:sub", "alice", "gridlab", "gridlab_user", frozenset({"NormalUser"}), {}, 0.0)
    assert allowed(policy.may_download, alice, PFN, OWNER)
    assert not allowed(policy.may_download, alice, PFN, Owner("bob", "gridlab_user", "gridlab"))
    powerless = Principal("gridlab:sub", "alice", "gridlab", "gridlab_user", frozenset(), {}, 0.0)
    assert not allowed(policy.may_download, powerless, PFN, OWNER)


def test_a_sandbox_is_never_used_by_a_job_of_another_vo() -> None:
    policy = SandboxPolicy(settings(bridge_vo_boundaries=False))
    for properties in (("NormalUser",), ("JobAdministrator",), ("GenericPilot",)):
        assert not allowed(policy.may_use, user("gridlab", *properties), "x", OWNER, job_vo="biolab")
        assert not allowed(policy.may_use, user("gridlab", *properties), "x", None, job_vo="gridlab")
