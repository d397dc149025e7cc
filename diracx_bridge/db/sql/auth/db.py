"""AuthDB: logins on their way, and which refresh tokens were issued."""

from __future__ import annotations

from diracx_bridge.db.sql.auth.authorization_flows import AuthorizationFlows
from diracx_bridge.db.sql.auth.device_flows import DeviceFlows
from diracx_bridge.db.sql.auth.refresh_tokens import RefreshTokens


class AuthDB(AuthorizationFlows, DeviceFlows, RefreshTokens):
    """What is done with the tables of AuthDB; extensions replace it as a whole."""
