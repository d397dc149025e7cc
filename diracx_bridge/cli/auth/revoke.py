"""``diracx-bridge auth revoke``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from diracx_bridge.cli.auth.tokens import User, Vo
from diracx_bridge.cli.output import note, print_json

if TYPE_CHECKING:
    from diracx_bridge.db.sql.server import Databases


def revoke(
    jti: Annotated[
        list[UUID] | None, typer.Argument(help="Tokens by their JTI, as `diracx-bridge auth tokens` shows it.")
    ] = None,
    user: User = None,
    vo: Vo = None,
    everybody: Annotated[bool, typer.Option("--all", help="All tokens of all users.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before the tokens of many users are revoked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the number of revoked tokens as JSON.")] = False,
) -> None:
    """Revoke tokens: some, those of a user, of a VO, or all. Whoever used them has to log in again.

    With --user, --vo and --all access tokens end as well, within seconds in every service. That needs BridgeDB
    (DIRACX_BRIDGE_DB_URL); without it, and by JTI, access tokens go on for the rest of their life, 20 minutes at most
    by default. Tokens in proxies end, too; DIRAC gets new ones with new proxies. The audit log, on standard error, has
    a line for it.

    Exit codes: 0 done, also if none was left to revoke; 1 failed, or there is no such user; 2 it is not said which
    tokens; 6 a database does not answer.
    """
    import asyncio

    if bool(jti) + everybody + (user is not None or vo is not None) != 1:
        raise typer.BadParameter("say which tokens: by JTI, or with --user, --vo (or both), or --all")
    many = everybody or (user is None and vo is not None)
    if many and not yes:
        typer.confirm(f"Revoke the tokens of all users{f' of {vo}' if vo else ''}?", abort=True, err=True)
    revoked = asyncio.run(_revoke(jti or [], user, vo))
    if as_json:
        print_json({"revoked": revoked})
    else:
        typer.echo(f"Revoked {revoked} token{'' if revoked == 1 else 's'}")


async def _revoke(jtis: list[UUID], user: str | None, vo: str | None) -> int:
    import getpass

    import structlog

    from diracx_bridge.cli.auth.auth_db import auth_databases
    from diracx_bridge.cli.auth.users import names_of, owners, registry
    from diracx_bridge.cli.environment import services_environment
    from diracx_bridge.db.sql.auth import administration
    from diracx_bridge.db.sql.bridge.revoked_access import EVERYBODY, all_of
    from diracx_bridge.services.logs import configure

    environment = services_environment()
    configure(environment.get("DIRACX_LOG_LEVEL", "INFO"), environment.get("DIRACX_LOG_FORMAT", "text"))
    subs = owners(user, vo, names_of(await registry())) if user is not None else []
    async with auth_databases("BridgeDB") as databases:
        server = databases.server_of("AuthDB")
        if jtis:
            revoked = await administration.revoke_some(server, jtis)
        elif subs:
            revoked = sum([await administration.revoke(server, administration.Selection(sub=sub)) for sub in subs])
        else:
            revoked = await administration.revoke(server, administration.Selection(vo=vo))
        access = False
        try:
            if not jtis and "BridgeDB" in databases:
                await _revoke_access(databases, subs or [EVERYBODY if vo is None else all_of(vo)])
                access = True
            else:
                note("Access tokens go on until they end" + ("" if jtis else ": DIRACX_BRIDGE_DB_URL is not set"))
        finally:
            what = {"jti": [str(jti) for jti in jtis]} if jtis else {"sub": subs or None, "vo": vo}
            by = f"{getpass.getuser()} (command line)"
            structlog.get_logger("diracx_bridge.audit").info(
                "tokens revoked", outcome="done", by=by, count=revoked, access_tokens=access, **what
            )
    return revoked


async def _revoke_access(databases: Databases, subs: Sequence[str]) -> None:
    """After the refresh tokens: what was issued for them until then is met."""
    from datetime import UTC, datetime

    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.db.sql.bridge import revoked_access
    from diracx_bridge.db.sql.check import check

    for finding in await check(databases, ["BridgeDB"]):
        unusable = finding.subject == "server" and not finding.message.startswith("does not answer")
        if finding.fatal and (unusable or finding.subject.startswith("RevokedAccess")):
            raise SettingsError(f"Refresh tokens are revoked, access tokens go on until they end: {finding}")
    now = datetime.now(UTC)
    await databases.server_of("BridgeDB").write(lambda tx: revoked_access.add(tx, subs, now))
