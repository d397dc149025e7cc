"""Print what the official client learns of itself from the server that its environment names."""

import json

from diracx.client.sync import SyncDiracClient

with SyncDiracClient() as api:
    print(json.dumps({"preferred_username": api.auth.userinfo().preferred_username}))
