from __future__ import annotations

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.text.display import add_quotes, shorten, strip_hidden


def test_what_could_paint_over_a_terminal_or_turn_a_text_around_is_gone() -> None:
    assert strip_hidden("a\x1b[2Jb\x9bc\0d\u202ee\ud800f\u200bg\u00adh") == "a[2Jbcdefgh"
    assert strip_hidden("line\nand\ttab") == "line\nand\ttab"


def test_letters_that_need_joiners_keep_them() -> None:
    for text in ("می‌خواهم", "👩‍🚀", "क्‍ष", "東京", "e\u0301"):
        assert strip_hidden(text) == text


@given(st.text())
def test_quoted_words_are_one_short_line(text: str) -> None:
    line = shorten(text)
    assert len(line) <= 80
    assert "\n" not in line
    line.encode()


def test_words_get_quotation_marks_unless_they_bring_their_own() -> None:
    assert add_quotes("osaka expo") == "“osaka expo”"
    assert add_quotes('"osaka expo"') == '"osaka expo"'
    assert add_quotes("x" * 200) == "“" + "x" * 79 + "…”"


def test_every_control_and_format_character_is_left_out_but_those_that_are_seen() -> None:
    signs = map(chr, range(sys.maxunicode + 1))
    hidden = {s for s in signs if unicodedata.category(s) in {"Cc", "Cf", "Cs"}}
    kept = {"\n", "\t", "\u200c", "\u200d", *map(chr, range(0x600, 0x900))}
    assert {s for s in hidden if strip_hidden(s)} == hidden & kept
