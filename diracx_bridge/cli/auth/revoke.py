"""``diracx-bridge auth revoke``."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from diracx_bridge.cli.auth.tokens import User, Vo
from diracx_bridge.cli.output import print_json


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
    """Revoke refresh tokens: some, those of a user, of a VO, or all. Whoever used them has to log in again.

    Access tokens can't be revoked: they go on for the rest of their life, 20 minutes at most by default. Tokens in
    proxies end as well; DIRAC gets new ones with new proxies. The audit log, on standard error, has a line for it.

    Exit codes: 0 done, also if none was left to revoke; 1 failed, or there is no such user; 2 it is not said which
    tokens; 6 the database does not answer.
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

    from diracx_bridge.cli.auth.auth_db import auth_server
    from diracx_bridge.cli.auth.users import names_of, owners, registry
    from diracx_bridge.cli.environment import services_environment
    from diracx_bridge.db.sql.auth import administration
    from diracx_bridge.services.logs import configure

    environment = services_environment()
    configure(environment.get("DIRACX_LOG_LEVEL", "INFO"), environment.get("DIRACX_LOG_FORMAT", "text"))
    subs = owners(user, vo, names_of(await registry())) if user is not None else []
    async with auth_server() as server:
        if jtis:
            revoked = await administration.revoke_some(server, jtis)
        elif subs:
            revoked = sum([await administration.revoke(server, administration.Selection(sub=sub)) for sub in subs])
        else:
            revoked = await administration.revoke(server, administration.Selection(vo=vo))
    what = {"jti": [str(jti) for jti in jtis]} if jtis else {"sub": subs or None, "vo": vo}
    structlog.get_logger("diracx_bridge.audit").info(
        "tokens revoked", outcome="done", by=f"{getpass.getuser()} (command line)", count=revoked, **what
    )
    return revoked
