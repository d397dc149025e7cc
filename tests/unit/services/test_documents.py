"""The well-known documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.services.well_known.documents import security_txt

TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(TIMES)
def test_the_security_contact_never_expires_and_is_good_for_less_than_a_year(now: datetime) -> None:
    """RFC 9116 section 2.5.5."""
    fields = dict(line.split(": ", 1) for line in security_txt("https://example.org", now).splitlines())
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=300) < expires - now < timedelta(days=365)
