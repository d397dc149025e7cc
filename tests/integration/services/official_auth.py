"""Runs in the environment of the official client, unmodified: the routes for logins and tokens, sync and async.

usage: official_auth.py     with DIRACX_URL and DIRACX_CREDENTIALS_PATH set; prints what it saw as JSON
"""

import asyncio
import inspect
import json
import os
import sys
from pathlib import Path

from azure.core.exceptions import HttpResponseError
from diracx.client.aio import AsyncDiracClient
from diracx.client.sync import SyncDiracClient

CLIENT = "myDIRACClientID"


def refresh_token():
    return json.loads(Path(os.environ["DIRACX_CREDENTIALS_PATH"]).read_text())["refresh_token"]


async def maybe(value):
    return await value if inspect.isawaitable(value) else value


async def refused(call):
    """The status and the explanation of a refused call."""
    try:
        await maybe(call())
    except HttpResponseError as error:
        return [error.status_code, json.loads(error.response.text())["detail"]]
    return ["done", ""]


async def look(api):
    known, auth = api.well_known, api.auth
    discovery = await maybe(known.get_openid_configuration())
    keys = await maybe(known.get_jwks())
    metadata = await maybe(known.get_installation_metadata())
    user = await maybe(auth.userinfo())
    begun = await maybe(auth.initiate_device_flow(client_id=CLIENT, scope="vo:gridlab"))
    pending = await maybe(auth.get_oidc_token(device_code=begun.device_code, client_id=CLIENT))
    unknown = await maybe(auth.get_oidc_token(device_code="unknown", client_id=CLIENT))
    tokens = await maybe(auth.get_refresh_tokens())
    return {
        "issuer": discovery.issuer,
        "grants": sorted(discovery.grant_types_supported),
        "keys": [sorted(key) for key in keys["keys"]],
        "vos": sorted(metadata.virtual_organizations),
        "security": (await maybe(known.get_security_txt())).splitlines()[0],
        "user": [user.preferred_username, user.vo, user.dirac_group, sorted(user.properties)],
        "expires_in": begun.expires_in,
        "pending": pending.error,
        "unknown": unknown.error,
        "bad scope": await refused(lambda: auth.initiate_device_flow(client_id=CLIENT, scope="openid")),
        "bad code": await refused(lambda: auth.do_device_flow(user_code="wrong")),
        "bad state": await refused(lambda: auth.complete_authorization_flow(code="x", state="y")),
        "tokens": [[token["Status"], token["Scope"], token["Sub"]] for token in tokens],
        "bad jti": await refused(lambda: auth.revoke_refresh_token_by_jti("nonsense")),
        "revoked": await maybe(auth.revoke_refresh_token_by_jti(tokens[0]["JTI"])),
        "ended": await maybe(auth.revoke_refresh_token_by_refresh_token(token=refresh_token(), client_id=CLIENT)),
    }


async def main():
    if sys.argv[1] == "sync":
        with SyncDiracClient() as api:
            print(json.dumps(await look(api)))
    else:
        async with AsyncDiracClient() as api:
            print(json.dumps(await look(api)))


asyncio.run(main())
