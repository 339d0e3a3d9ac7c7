from __future__ import annotations

import pytest

from bot.search.phonetics import beginnings_alike, sounding_alike

HEARD = [
    ("tail", "tale"),
    ("hier", "higher"),
    ("sone", "soon"),
    ("knver", "never"),
    ("meat", "meet"),
    ("nite", "night"),
    ("rite", "write"),
    ("fone", "phone"),
    ("sity", "city"),
    ("bred", "bread"),
    ("thru", "through"),
    ("dout", "doubt"),
    ("wate", "weight"),
    ("brek", "break"),
    ("skool", "school"),
    ("jym", "gym"),
    ("our", "hour"),
    ("kwik", "quick"),
    ("nife", "knife"),
    ("bom", "bomb"),
]


@pytest.mark.parametrize(("typed", "meant"), HEARD)
def test_who_spells_by_ear_is_understood(typed: str, meant: str) -> None:
    assert sounding_alike(typed, [meant, "tram", "zebra"]) == {meant}
    assert meant[0] in beginnings_alike(typed)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("meti", "meet"),  # an abbreviation, with a vowel more
        ("hello", "hill"),
        ("ntt", "note"),
        ("nhk", "nahko"),
        ("tepco", "tech"),
        ("tram", "trap"),
        ("bear", "pear"),
        ("late", "lady"),
    ],
)
def test_what_has_other_sounds_or_fewer_vowels_sounds_like_something_else(
    typed: str, other: str
) -> None:
    assert sounding_alike(typed, [other]) == set()
