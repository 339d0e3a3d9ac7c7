from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.story_pages import split_pages
from bot.model import Paragraph

WebPage = tuple[Paragraph, ...]


def _text(length: int, sign: str = "x") -> Paragraph:
    return Paragraph(sign * length)


def _heading(text: str) -> Paragraph:
    return Paragraph(text, heading=True)


def _length(page: WebPage) -> int:
    """Characters of a page as it is shown."""
    return len("\n\n".join(paragraph.text for paragraph in page))


def test_nothing_is_one_page() -> None:
    assert split_pages([]) == [()]


def test_the_breaks_between_paragraphs_count() -> None:
    assert split_pages([_text(49), _text(49)], 100) == [(_text(49), _text(49))]
    assert split_pages([_text(49), _text(50)], 100) == [(_text(49),), (_text(50),)]
    lines = [_text(1)] * 1_000
    assert {_length(page) for page in split_pages(lines, 100)[:-1]} == {100}


def test_a_paragraph_is_broken_between_sentences_and_a_sentence_between_words() -> None:
    text = "One two three. Four five six. Seven."
    assert [page[0].text for page in split_pages([Paragraph(text)], 16)] == [
        "One two three.",
        "Four five six.",
        "Seven.",
    ]
    assert [page[0].text for page in split_pages([Paragraph("word " * 5)], 11)] == [
        "word word",
        "word word",
        "word",
    ]
    assert [_length(page) for page in split_pages([_text(25)], 10)] == [10, 10, 5]


def test_a_subheading_goes_with_what_follows_it() -> None:
    pages = split_pages([_text(80), _heading("Other cities"), _text(50)], 100)
    assert pages == [(_text(80),), (_heading("Other cities"), _text(50))]


def test_two_subheadings_in_a_row_go_together() -> None:
    heads = (_heading("Elsewhere"), _heading("Zurich"))
    assert split_pages([_text(60), *heads, _text(50)], 100) == [(_text(60),), (*heads, _text(50))]


def test_a_subheading_makes_the_page_of_a_long_paragraph_longer() -> None:
    head = _heading("Elsewhere")
    assert split_pages([head, _text(100), _text(5)], 100) == [(head, _text(100)), (_text(5),)]
    assert split_pages([_text(99), head, _text(100)], 100) == [(_text(99),), (head, _text(100))]


def test_a_list_of_subheadings_is_broken_like_a_text() -> None:
    pages = split_pages([_heading(f"Heading {n:02}") for n in range(100)] + [_text(100)], 100)
    assert max(map(_length, pages)) <= 302
    assert sum(map(len, pages)) == 101


def test_a_very_long_line_is_no_subheading() -> None:
    long = _heading("x" * 201)
    assert split_pages([long, _text(100)], 300) == [(long,), (_text(100),)]


PARAGRAPHS = st.lists(
    st.builds(
        Paragraph,
        st.text("ab .!東", min_size=1, max_size=300).map(str.strip).filter(bool),
        st.booleans(),
    ),
    max_size=30,
)


@given(PARAGRAPHS, st.integers(20, 400))
def test_no_page_is_too_long_and_no_letter_lost(paragraphs: list[Paragraph], length: int) -> None:
    pages = split_pages(paragraphs, length)
    before = "".join("".join(one.text.split()) for one in paragraphs)
    assert "".join("".join(one.text.split()) for page in pages for one in page) == before
    for page in pages:
        heads = [one for one in page if one.heading]
        assert _length(page) <= length + (202 if heads else 0)
    assert all(pages) or not paragraphs


@given(PARAGRAPHS, st.integers(50, 400))
def test_no_page_but_the_last_ends_with_a_subheading(
    paragraphs: list[Paragraph], length: int
) -> None:
    short = [one if not one.heading else _heading(one.text[:15].strip()) for one in paragraphs]
    alone = [a for a, b in pairwise(short) if not (a.heading and b.heading)]
    for page in split_pages([*alone, Paragraph("The end.")], length):
        assert not page[-1].heading
