"""Whatever the hand that writes an archive, the same stories are read back from it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from archives import Manuscript, Style, read, written
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sources.archive.file import MAX_REPORTED, FileContent, read_file
from adapters.sources.archive.model import ParsedStory
from adapters.sources.archive.reader import ReadOptions
from adapters.sources.archive.text.lines import clean_line
from bot.model import Paragraph
from bot.text.display import strip_hidden

WORDS = st.text("abcdefghijklmnopqrstuvwxyzàçéïñøśżабвгдеж’", min_size=2, max_size=12).filter(
    lambda word: word[0] != "’"
)
STARTS = st.sampled_from(["It", "“We", "Nobody", "Élan", "Восемь", "5", "$1.6", "東京", "(An"])
ENDS = st.sampled_from([".", "!", "?", ".”", "…", ".)", ";", "。"])
SENTENCES = st.builds(
    lambda start, words, end: f"{start} {' '.join(words)}{end}",
    STARTS,
    st.lists(WORDS, min_size=1, max_size=12),
    ENDS,
)
BODIES = st.lists(SENTENCES, min_size=1, max_size=3).map(lambda each: Paragraph(" ".join(each)))
HEADINGS = st.lists(WORDS, min_size=1, max_size=3).map(
    lambda words: Paragraph(f"Section {' '.join(words)}"[:39].rstrip("’ "), heading=True)
)
TITLES = st.builds(
    lambda start, words, end: f"{start} {' '.join(words)}{end}",
    STARTS,
    st.lists(WORDS, min_size=1, max_size=8),
    st.sampled_from(["", "?", "!", "”", " (update)", " 2"]),
)
PLACES = st.sampled_from(
    [
        "TOKYO",
        "NEW YORK/LONDON",
        "WASHINGTON and TOKYO",
        "ST. PAUL, Minn.",
        "SÃO PAULO",
        "L’AQUILA",
        "LAS PALMAS DE GRAN CANARIA",
        "МОСКВА",
    ]
)
OTHER_PLACES = st.sampled_from(["São Paulo", "Newcastle upon Tyne", "東京", "Saint-Étienne"])
BYLINES = st.sampled_from(
    [
        "",
        "MU.",
        "M.U.",
        "JD",
        "MU/JD",
        "Å.Ö.",
        "Ann O’Leary",
        "ANN LEE and Bo Ek",
        "Juana de la Cruz",
    ]
)


@st.composite
def manuscripts(draw: st.DrawFn, places: st.SearchStrategy[str] = PLACES) -> Manuscript:
    body = draw(st.lists(BODIES, min_size=1, max_size=5))
    if len(body) > 1 and draw(st.booleans()):
        body.insert(1, draw(HEADINGS))
    byline = draw(BYLINES)
    return Manuscript(
        title=draw(TITLES),
        place=draw(places),
        day=draw(st.dates(date(1000, 1, 1))),
        paragraphs=tuple(body),
        byline=byline,
        named=" " in byline,
    )


STYLES = st.builds(
    Style,
    day=st.sampled_from(["%b. %d, %Y", "%B %d, %Y", "%b %d %Y", "%d %B %Y", "%d %b., %Y"]),
    dash=st.sampled_from(["—", "–", "--", "-", " — ", " – ", " -- ", " - ", "— ", " —"]),
    credit=st.sampled_from(["", "", " (AP)", " (The Coastal Wire)"]),
    end=st.sampled_from(["###", "###uneral", "### the end", "# # #", "-30-", "– 30 –", "—30—"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    gap=st.sampled_from(["", "  ", "\t", "\n\n", "\u00a0", "\x0c"]),
    width=st.sampled_from([0, 40, 57, 72, 100]),
    title_gap=st.booleans(),
    alone=st.booleans(),
    signature=st.sampled_from(["", "-- ", "—", "– "]),
)

RULED = st.builds(
    replace,
    STYLES,
    end=st.sampled_from(
        [
            "* * *",
            "***",
            "---",
            "------",
            "- - -",
            "=====",
            "____",
            "ENDS",
            "-ends-",
            "(ends)",
            "- 0 -",
        ]
    ),
    day=st.sampled_from(["%b. %d, %Y", "%d %B %Y", "%A, %d %B %Y", "%B %dth, %Y"]),
)

sometimes = settings(max_examples=60, deadline=None)  # a busy machine is no failure


def as_read(story: Manuscript) -> tuple[object, ...]:
    return (story.title, story.place, story.day, story.byline, story.paragraphs)


def as_parsed(story: ParsedStory) -> tuple[object, ...]:
    return (story.title, story.place, story.day, story.byline, story.paragraphs)


@sometimes
@given(stories=st.lists(manuscripts(PLACES | OTHER_PLACES), max_size=4), style=STYLES)
def test_stories_are_read_back_as_they_were_written(
    stories: list[Manuscript], style: Style
) -> None:
    found, problems = read("".join(written(story, style) for story in stories))
    assert problems == []
    assert [as_parsed(story) for story in found] == [as_read(story) for story in stories]


@sometimes
@given(stories=st.lists(manuscripts(PLACES | OTHER_PLACES), max_size=4), style=RULED)
def test_stories_with_marks_of_other_hands_are_read_back(
    stories: list[Manuscript], style: Style
) -> None:
    found, problems = read("".join(written(story, style) for story in stories))
    assert problems == []
    assert [as_parsed(story) for story in found] == [as_read(story) for story in stories]


@sometimes
@given(stories=st.lists(st.tuples(manuscripts(), STYLES), min_size=2, max_size=4))
def test_a_line_number_leads_to_the_title(stories: list[tuple[Manuscript, Style]]) -> None:
    text = "".join(written(story, replace(style, newline="\n")) for story, style in stories)
    lines = text.split("\n")
    found, _ = read(text)
    assert [lines[story.line - 1] for story in found] == [story.title for story, _ in stories]


@sometimes
@given(stories=st.lists(manuscripts(), min_size=2, max_size=4), style=STYLES)
def test_without_any_end_mark_the_stories_are_the_same(
    stories: list[Manuscript], style: Style
) -> None:
    unmarked = replace(style, end="", width=0)
    found, problems = read("".join(written(story, unmarked) for story in stories))
    assert [as_parsed(story) for story in found] == [as_read(story) for story in stories]
    assert [problem.line for problem in problems] == [story.line for story in found[1:]]


@sometimes
@given(
    parts=st.lists(manuscripts() | st.lists(SENTENCES, min_size=1, max_size=6), max_size=6),
    style=STYLES,
)
def test_noise_between_stories_is_told_and_leaks_nowhere(
    parts: list[Manuscript | list[str]], style: Style
) -> None:
    gap = style.newline * 2
    texts = [
        written(part, style) if isinstance(part, Manuscript) else gap.join([*part, "###", ""])
        for part in parts
    ]
    found, problems = read("".join(texts))
    stories = [part for part in parts if isinstance(part, Manuscript)]
    assert [as_parsed(story) for story in found] == [as_read(story) for story in stories]
    assert len(problems) == len(parts) - len(stories)


@pytest.fixture(scope="module")
def archive() -> Iterator[Path]:
    """A file that each example writes anew."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "archive.txt"


def reread(archive: Path, data: bytes, encoding: str = "utf-8") -> FileContent:
    archive.write_bytes(data)
    return read_file(archive, ReadOptions(encoding, max_bytes=1 << 20))


@sometimes
@given(
    stories=st.lists(manuscripts(), min_size=1, max_size=4),
    style=STYLES,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030"]),
)
def test_files_of_any_encoding_are_read_back(
    archive: Path, stories: list[Manuscript], style: Style, encoding: str
) -> None:
    text = "".join(written(story, style) for story in stories)
    content = reread(archive, text.encode(encoding), encoding)
    assert content.problems == []
    assert [as_parsed(story) for story in content.stories] == [as_read(story) for story in stories]


@sometimes
@given(
    stories=st.lists(manuscripts(), min_size=2, max_size=4),
    style=STYLES,
    bad=st.integers(0, 3),
    byte=st.integers(0x80, 0xFF),
)
def test_a_damaged_story_costs_no_other(
    archive: Path, stories: list[Manuscript], style: Style, bad: int, byte: int
) -> None:
    bad %= len(stories)
    chunks = [written(story, style).encode() for story in stories]
    title = stories[bad].title.encode()
    chunks[bad] = chunks[bad].replace(title, title + b" " + bytes([byte]) + b" ", 1)
    content = reread(archive, b"".join(chunks))
    whole = stories[:bad] + stories[bad + 1 :]
    assert [as_parsed(story) for story in content.stories] == [as_read(story) for story in whole]
    assert len(content.problems) == 1


FRAGMENTS = st.sampled_from(
    [
        b"A title\n\nTOKYO, Nov. 29, 2023\xe2\x80\x94It began.\n\n",
        b"TOKYO, Nov. 31, 2023-",
        b"###\n",
        b"-30-\r",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\x0c",
        b"\0",
        b"By Ann Lee\n",
        b"MU.\n\n",
        b"\r\n\r\n",
        b" , -- ",
    ]
)
HOSTILE = st.lists(FRAGMENTS | st.binary(max_size=30), max_size=40).map(b"".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-7", "cp1252", "shift_jis", "idna", "hz"])


@sometimes
@given(data=HOSTILE | st.binary(), encoding=ENCODINGS)
def test_any_bytes_give_clean_stories_or_a_reason(
    archive: Path, data: bytes, encoding: str
) -> None:
    content = reread(archive, data, encoding)
    assert content.stories or content.problems
    assert len(content.problems) <= MAX_REPORTED + 1
    for problem in content.problems:
        assert strip_hidden(problem.reason).splitlines() == [problem.reason]
    for story in content.stories:
        assert story.paragraphs
        texts = [story.title, story.place, *(each.text for each in story.paragraphs)]
        assert all(text and text.encode("utf-8") and clean_line(text) == text for text in texts)


@sometimes
@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert not set(clean_line(text)) & set("\n\r\t\0\x1b\x7f\x85\u200b\u202e\u2066\ufeff")
