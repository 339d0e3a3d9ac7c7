"""Tests of line tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.text.line_table import LineTable

_SIGNS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
_VALUES = st.text(_SIGNS, max_size=5)
_TABLES = st.dictionaries(st.text(_SIGNS, max_size=4), _VALUES, max_size=60)


@given(_TABLES, st.text(_SIGNS, max_size=4))
def test_a_table_has_what_a_dictionary_has(values: dict[str, str], other: str) -> None:
    table = LineTable(f"{key}\t{value}\n" for key, value in values.items())
    for key in (*values, other):
        assert table.get(key) == values.get(key)
        assert (key in table) == (key in values)


@given(_TABLES)
def test_the_lines_are_those_that_were_given(values: dict[str, str]) -> None:
    lines = [f"{key}\t{value}\n" for key, value in values.items()]
    assert sorted(LineTable(lines)) == sorted(lines)


def test_parts_of_keys_are_no_keys() -> None:
    table = LineTable(["harbour\n", "harbourside\n", "arb\n"], separator="\n")
    assert [one for one in ("harbour", "harbourside", "arb") if one in table]
    assert not [one for one in ("harb", "side", "bour", "", "rbou", "arb\nharbour") if one in table]


def test_an_empty_table_has_nothing() -> None:
    assert LineTable([]).get("harbour") is None
    assert not list(LineTable([]))
