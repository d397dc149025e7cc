from __future__ import annotations

import pytest

from diracx_bridge.db.sql.type_fit import fit


@pytest.mark.parametrize(
    ("expected", "live"),
    [
        ("integer unsigned", "int(11) unsigned"),
        ("integer unsigned", "int unsigned"),
        ("integer", "int(11)"),
        ("integer", "bigint(20)"),
        ("tinyint(1)", "tinyint(1)"),
        ("varchar(32)", "varchar(64)"),
        ("varchar(32)", "text"),
        ("text", "mediumtext"),
        ("double(12, 3)", "double(12,3)"),
        ("double(12, 3)", "decimal(12,3)"),
        ("float", "double"),
        ("datetime", "datetime"),
        ("enum('true','false')", "enum('true','false')"),
        ("enum('true','false')", "enum('false','true','failed')"),
        ("enum('true','false')", "varchar(5)"),
        ("json", "longtext"),
        ("json", "json"),
        ("uuid", "uuid"),
        ("char(32)", "char(32)"),
    ],
)
def test_a_column_fits_when_it_holds_at_least_what_is_expected(expected: str, live: str) -> None:
    assert fit(expected, live) == "fits"


@pytest.mark.parametrize(
    ("expected", "live", "how"),
    [
        ("integer unsigned", "int(11)", "signed"),
        ("bigint unsigned", "int(10) unsigned", "too small"),
        ("varchar(32)", "varchar(16)", "too small"),
        ("mediumtext", "text", "too small"),
        ("double(12, 3)", "float", "too small"),
        ("enum('true','false','failed')", "enum('true','false')", "other"),
        ("datetime", "timestamp", "other"),
        ("datetime", "varchar(30)", "other"),
        ("uuid", "char(32)", "other"),
        ("char(32)", "varchar(32)", "other"),
        ("varchar(32)", "int(11)", "other"),
    ],
)
def test_a_column_does_not_fit_when_values_would_be_cut_or_change_their_type(
    expected: str, live: str, how: str
) -> None:
    assert fit(expected, live) == how
