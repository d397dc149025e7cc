"""GET /api/rss/site: how it is asked and what its answer is."""

from __future__ import annotations

from typing import Any

import httpx

from ...models.rss_get_site_status_response_rss_get_site_status import RssGetSiteStatusResponseRssGetSiteStatus
from ...types import UNSET, Unset


def request(
    *,
    if_none_match: None | str | Unset = UNSET,
    if_modified_since: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match

    if not isinstance(if_modified_since, Unset):
        headers["if-modified-since"] = if_modified_since

    call: dict[str, Any] = {
        "method": "GET",
        "url": "/api/rss/site",
        "headers": headers,
    }
    return call


def parse(response: httpx.Response) -> RssGetSiteStatusResponseRssGetSiteStatus:
    response_200 = RssGetSiteStatusResponseRssGetSiteStatus.from_dict(response.json())

    return response_200
