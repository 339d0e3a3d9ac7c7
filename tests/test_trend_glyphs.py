"""Texts in pictures: what the fonts have, and how wide it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from font_tables import glyph_widths
from hypothesis import given
from hypothesis import strategies as st

from adapters.pictures.fonts import CJK, FONTS, LATIN
from bot.trends.glyphs import drawable, fit, text_width

_names = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Osaka Expo", "Osaka Expo"),
        ("大阪・関西万博", "大阪・関西万博"),
        ("北京 上海 台灣", "北京 上海 台灣"),
        ("서울 지하철", "서울 지하철"),
        ("ひらがな カタカナ ﾊﾝｶｸ", "ひらがな カタカナ ﾊﾝｶｸ"),
        ("Łódź, Αθήνα, Київ", "Łódź, Αθήνα, Київ"),
        ("🚢 Ferries & Ports", "Ferries & Ports"),
        ("Two\nlines\tand  blanks ", "Two lines and blanks"),
        ("Cafe\u0301", "Café"),
        ("⚽", ""),
        ("أخبار", ""),
        ("ข่าว", ""),
        ("Osaka أخبار", ""),
        ("\u202eevil\x00", "evil"),
        ("", ""),
    ],
)
def test_only_what_the_fonts_have_is_drawn(text: str, expected: str) -> None:
    assert drawable(text) == expected


def test_the_table_says_what_the_fonts_say() -> None:
    latin, cjk = glyph_widths(Path(LATIN)), glyph_widths(Path(CJK))
    for sign in "Wi.大阪한サﾊЖΩ—…€":
        known = latin if ord(sign) in latin else cjk
        assert text_width(sign, 1000) == pytest.approx(known[ord(sign)]), sign


@given(_names)
def test_every_sign_that_is_drawn_is_in_a_font(name: str) -> None:
    known = {character for font in FONTS for character in glyph_widths_of(font)}
    assert {ord(sign) for sign in drawable(name)} <= known


_WIDTHS = {font: glyph_widths(Path(font)) for font in FONTS}


def glyph_widths_of(font: str) -> dict[int, int]:
    return next(widths for path, widths in _WIDTHS.items() if path == font)


@given(_names, st.floats(8, 20), st.floats(20, 200))
def test_what_is_cut_fits(name: str, size: float, room: float) -> None:
    text = drawable(name)
    cut = fit(text, size, room)
    assert text_width(cut, size) <= room
    assert cut == text or cut.endswith("…")
    assert text.startswith(cut.removesuffix("…"))
