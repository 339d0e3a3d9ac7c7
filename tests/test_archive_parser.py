"""The rules by which an archive is read, one by one, and on an untidy archive as a whole."""

from __future__ import annotations

import re
import tracemalloc
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from archives import fetch, read

from adapters.sources.archive.model import ArchiveProblem, ParsedStory
from adapters.sources.archive.reader import MAX_STORY
from adapters.sources.archive.text.lines import TextLine
from adapters.sources.archive.text.parser import parse_archive
from bot.model import Paragraph

PROSPECT = Path(__file__).parents[2] / "shared" / "news" / "the-prospect.txt"

NO_DATELINE = 'no dateline such as "TOKYO, Nov. 29, 2023—"'

UNTIDY = """\ufeff
\x0c* * *

The tram that nobody ordered\u200b arrives

TOKYO, Nov. 29, 2023—The tram stood on the quay on
Wednesday morning,\tand   nobody\u00a0knew why.
   \t
“We did not order it,” the mayor said.

###uneral of a keyboard

Cafe\u0301 reopens under water
By ANN O’LEARY
NEW YORK/LONDON, 3 october 2022 (AP) -- Divers served the first cup.

What they drink

Mostly tea.

-- JD
– 30 –
Bridge closed for the wedding of two storks
In short, there are three eggs
ST. PAUL, Minn., Sept 4, 2021-
Traffic goes around them.

No mark ends this story but it is one

SÃO PAULO, Mar. 1, 2021 – The neighbours of this story must stay whole.

Its last paragraph ends here.

A story follows without a mark

WASHINGTON and TOKYO, Dec 24, 2020—It is a story of its own.
### ###

A day that never was

LIMA, Nov. 31, 2020—Nothing happened.

###

A title with no dateline under it

Then some text, and more of it.

###

Copyright of nobody

All of it may be copied.
"""


def one(text: str) -> ParsedStory:
    """The only story in the text, which holds nothing else."""
    [story], problems = read(text)
    assert problems == []
    return story


def body(*blocks: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a story whose text is these blocks."""
    return one("A title\n\nTOKYO, Nov. 29, 2023—" + "\n\n".join(blocks) + "\n").paragraphs


def test_an_untidy_archive_gives_every_story_that_is_in_it() -> None:
    stories, _ = read(UNTIDY)
    assert [
        (story.line, story.title, story.place, story.day, story.byline) for story in stories
    ] == [
        (4, "The tram that nobody ordered arrives", "TOKYO", date(2023, 11, 29), ""),
        (13, "Café reopens under water", "NEW YORK/LONDON", date(2022, 10, 3), "ANN O’LEARY"),
        (
            23,
            "Bridge closed for the wedding of two storks",
            "ST. PAUL, Minn.",
            date(2021, 9, 4),
            "",
        ),
        (28, "No mark ends this story but it is one", "SÃO PAULO", date(2021, 3, 1), ""),
        (34, "A story follows without a mark", "WASHINGTON and TOKYO", date(2020, 12, 24), ""),
    ]


def test_an_untidy_archive_gives_every_paragraph_to_its_own_story() -> None:
    stories, _ = read(UNTIDY)
    assert [story.paragraphs for story in stories] == [
        (
            Paragraph("The tram stood on the quay on Wednesday morning, and nobody knew why."),
            Paragraph("“We did not order it,” the mayor said."),
        ),
        (
            Paragraph("Divers served the first cup."),
            Paragraph("What they drink", heading=True),
            Paragraph("Mostly tea."),
            Paragraph("-- JD"),
        ),
        (
            Paragraph("In short, there are three eggs", heading=True),
            Paragraph("Traffic goes around them."),
        ),
        (
            Paragraph("The neighbours of this story must stay whole."),
            Paragraph("Its last paragraph ends here."),
        ),
        (Paragraph("It is a story of its own."),),
    ]


def test_an_untidy_archive_is_reported_line_by_line() -> None:
    _, problems = read(UNTIDY)
    assert [(problem.line, problem.reason) for problem in problems] == [
        (28, "no ### before this story; it was read as a new one"),
        (34, "no ### before this story; it was read as a new one"),
        (39, 'there is no such date as "Nov. 31, 2020", in the dateline of "A day that never was"'),
        (45, f'{NO_DATELINE} after the title "A title with no dateline under it"'),
        (51, f'{NO_DATELINE} after the title "Copyright of nobody"'),
    ]


@pytest.mark.parametrize(
    ("dateline", "place", "day"),
    [
        ("TOKYO, Nov. 29, 2023—", "TOKYO", date(2023, 11, 29)),
        ("TOKYO, Nov. 29, 2023 – ", "TOKYO", date(2023, 11, 29)),
        ("Tokyo, november 29, 2023 -- ", "Tokyo", date(2023, 11, 29)),
        ("TOKYO, NOV 29 2023 - ", "TOKYO", date(2023, 11, 29)),
        ("TOKYO, May 1st, 2023-", "TOKYO", date(2023, 5, 1)),
        ("TOKYO, June 22nd 2023---", "TOKYO", date(2023, 6, 22)),
        ("TOKYO, 29 Nov. 2023―", "TOKYO", date(2023, 11, 29)),
        ("TOKYO, 2nd September, 2023 — ", "TOKYO", date(2023, 9, 2)),
        ("TOKYO, Sept. 2, 2023 (Kyodo News) — ", "TOKYO", date(2023, 9, 2)),
        ("TOKYO , Feb.29,2024— ", "TOKYO", date(2024, 2, 29)),
        ("NEW YORK/LONDON, Jan 1, 2000—", "NEW YORK/LONDON", date(2000, 1, 1)),
        ("WASHINGTON and TOKYO, Jul 1, 2000—", "WASHINGTON and TOKYO", date(2000, 7, 1)),
        ("St. Paul, Minn., Aug. 9, 2001—", "St. Paul, Minn.", date(2001, 8, 9)),
        ("São Paulo, Apr 9, 2001—", "São Paulo", date(2001, 4, 9)),
        ("’s-Hertogenbosch, Mar 9, 2001—", "’s-Hertogenbosch", date(2001, 3, 9)),
        ("Newcastle upon Tyne, Oct. 9, 2001—", "Newcastle upon Tyne", date(2001, 10, 9)),
        ("東京, Dec. 9, 2001—", "東京", date(2001, 12, 9)),
    ],
)
def test_datelines_are_read_as_people_write_them(dateline: str, place: str, day: date) -> None:
    story = one(f"A title\n\n{dateline}It began.\n###\n")
    assert (story.place, story.day, story.paragraphs) == (place, day, (Paragraph("It began."),))


@pytest.mark.parametrize(
    "opening",
    [
        "The council said on Nov. 29, 2023—a Wednesday—that it would.",
        "After a long talk with the mayor, Nov. 29, 2023—a Wednesday—was chosen.",
        "TOKYO, Nov. 29, 20235—The year is too long.",
        "TOKYO, Novel 29, 2023—The month is none.",
    ],
)
def test_prose_is_not_taken_for_a_dateline(opening: str) -> None:
    stories, [problem] = read(f"A title\n\n{opening}\n\nMore of it.\n###\n")
    assert stories == []
    assert problem.line == 1
    assert problem.reason == f'{NO_DATELINE} after the title "A title"'


@pytest.mark.parametrize("day", ["Nov. 31, 2023", "Feb. 29, 2023", "0 May 2023", "May 1, 0023"])
def test_a_day_that_never_was_is_reported_at_its_title(day: str) -> None:
    stories, [problem] = read(f"\n\nA title\n\nTOKYO, {day}—It began.\n###\n")
    assert stories == []
    assert (problem.line, problem.reason) == (
        3,
        f'there is no such date as "{day}", in the dateline of "A title"',
    )


@pytest.mark.parametrize(
    "top",
    [
        "A title\nTOKYO, Nov. 29, 2023—It began.",
        "A title\n\n\n\nTOKYO, Nov. 29, 2023—It began.",
        "A title\n\nTOKYO, Nov. 29, 2023—\nIt began.",
        "A title\n\nTOKYO, Nov. 29, 2023—\n\nIt began.",
        "A title\n\nTOKYO, Nov. 29, 2023\n\nIt began.",
        "A title\n\nTOKYO, Nov. 29, 2023\n— It began.",
        "A title\n\nTOKYO, Nov. 29,\n2023—It began.",
        "A title\n=======\n\nTOKYO, Nov. 29, 2023 —\nIt\nbegan.",
        "----\nA title\nTOKYO, 29 Nov 2023 (AP)\n-- It began.",
    ],
)
def test_title_and_dateline_stand_apart_or_together(top: str) -> None:
    story = one(f"{top}\n###\n")
    assert (story.title, story.place, story.day) == ("A title", "TOKYO", date(2023, 11, 29))
    assert story.paragraphs == (Paragraph("It began."),)


@pytest.mark.parametrize(
    ("between", "byline", "headings"),
    [
        ("By Ann Lee", "Ann Lee", []),
        ("BY ANN LEE and Björn de Vries\n", "ANN LEE and Björn de Vries", []),
        ("By degrees the sea is rising", "", ["By degrees the sea is rising"]),
        ("It happened twice.\nBy Ann Lee", "Ann Lee", ["It happened twice."]),
        ("By Ann Lee\n\nBy Bo Ek", "Ann Lee", ["By Bo Ek"]),
        ("One line\n\nAnother line\n", "", ["One line", "Another line"]),
        (f"{'x' * 100}\n\n{'y' * 100}\n", "", ["x" * 100, "y" * 100]),
    ],
)
def test_nothing_between_title_and_dateline_is_lost(
    between: str, byline: str, headings: list[str]
) -> None:
    story = one(f"A title\n{between}\nTOKYO, Nov. 29, 2023—It began.\n")
    assert story.byline == byline
    assert story.paragraphs == (
        *(Paragraph(text, heading=True) for text in headings),
        Paragraph("It began."),
    )


@pytest.mark.parametrize("between", ["One\nTwo\nThree", "A long line " * 9])
def test_a_dateline_far_below_the_title_is_not_its_own(between: str) -> None:
    stories, [problem] = read(f"A title\n{between}\nTokyo, Nov. 29, 2023—It began.\n")
    assert stories == []
    assert '"A title"' in problem.reason


@pytest.mark.parametrize(
    "mark",
    ["###", "####", "### # the end", "###uneral", "# # #", "-30-", "- 30 -", "—30—", "– 30 –"],
)
def test_every_end_mark_ends_a_story_and_leaves_nothing(mark: str) -> None:
    text = f"First\n\nTOKYO, Nov. 29, 2023—One.\n\n{mark}\n\nSecond\n\nOSAKA, Nov. 30, 2023—Two.\n"
    stories, problems = read(text)
    assert problems == []
    assert [(story.title, story.paragraphs) for story in stories] == [
        ("First", (Paragraph("One."),)),
        ("Second", (Paragraph("Two."),)),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_as_one_line(newline: str) -> None:
    text = "First\n\nTOKYO, Nov. 29, 2023—One\nand two.\n\n###\n\nSecond\n"
    [story], [problem] = read(text.replace("\n", newline))
    assert story.paragraphs == (Paragraph("One and two."),)
    assert problem.line == 8


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Other cities", True),
        ("The “quiet” years (continued)", True),
        ("x" * 70, True),
        ("x" * 71, False),
        ("What?!?!?! Now????", False),
        ("It was over.", False),
        ("He said: “It was over.”", False),
        ("It was over (at last!)", False),
        ("これは終わりです。", False),
        ("There are three of them:", False),
        ("First of all,", False),
        ("–It was on narrow streets", False),
        ("• Bread and butter", False),
        ("Two\nlines", False),
    ],
)
def test_a_short_open_line_between_paragraphs_is_a_subheading(line: str, heading: bool) -> None:
    paragraphs = body("It began.", line, "It ended.")
    assert paragraphs[1] == Paragraph(" ".join(line.split()), heading=heading)


def test_the_first_and_the_last_paragraph_are_no_subheadings() -> None:
    assert body("It began", "It ended") == (Paragraph("It began"), Paragraph("It ended"))


@pytest.mark.parametrize(
    ("last", "byline"),
    [
        ("MU.", "MU."),
        ("M.U.", "M.U."),
        ("M. U.", "M. U."),
        ("JD", "JD"),
        ("MU/JD", "MU/JD"),
        ("-- MU", "MU"),
        ("—Å.Ö.", "Å.Ö."),
        ("ABCDE", "ABCDE"),
    ],
)
def test_initials_at_the_end_are_the_byline(last: str, byline: str) -> None:
    for text in (f"It ended.\n\n{last}", f"It ended.\n{last}"):
        story = one(f"A title\n\nTOKYO, Nov. 29, 2023—It began.\n\n{text}\n\n###\n")
        assert story.byline == byline
        assert story.paragraphs == (Paragraph("It began."), Paragraph("It ended."))


@pytest.mark.parametrize("last", ["mu/jd", "M", "ABCDEF", "MU and JD", "Mu.", "M1", "東京"])
def test_other_last_words_are_text(last: str) -> None:
    story = one(f"A title\n\nTOKYO, Nov. 29, 2023—It began.\n\n{last}\n")
    assert (story.byline, story.paragraphs[-1].text) == ("", last)


def test_initials_that_are_all_there_is_are_text() -> None:
    assert one("A title\n\nTOKYO, Nov. 29, 2023—\n\nMU.\n").paragraphs == (Paragraph("MU."),)


def test_a_wrapped_line_of_capitals_is_no_byline() -> None:
    assert body("It began.", "They flew to the\nUSA")[-1].text == "They flew to the USA"


def test_text_is_cleaned() -> None:
    dirty = "a\x00b\x1b\x9fc\u202ed\u2066e\u200bf\ufeffg  h\u00a0\u3000i\u2028j\x85k e\u0301"
    assert body(dirty) == (Paragraph("abcdefg h i j k é"),)


def test_joiners_of_emoji_and_persian_stay() -> None:
    text = "👩\u200d🚀 می\u200cخواهم"
    assert body(text) == (Paragraph(text),)


UNMARKED = "First\n\nTOKYO, Nov. 29, 2023—One.\n\nStill one.\n\n{}\n\nAnd two.\n\n###\n"


@pytest.mark.parametrize(
    ("second", "title", "byline"),
    [
        ("Second\n\nOSAKA, Nov. 30, 2023—Two.", "Second", ""),
        ("Second\nOSAKA, Nov. 30, 2023—Two.", "Second", ""),
        ("Is it the second?\n\nOSAKA, Nov. 30, 2023—Two.", "Is it the second?", ""),
        ("It is Second Inc.\n\nOSAKA, Nov. 30, 2023—Two.", "It is Second Inc.", ""),
        ("Second\n\nBy Ann Lee\n\nOSAKA, Nov. 30, 2023—Two.", "Second", "Ann Lee"),
        ("Second\nBy Ann Lee\nOSAKA, Nov. 30, 2023—Two.", "Second", "Ann Lee"),
        ("Second\nBy Ann Lee\n\nOSAKA, Nov. 30, 2023—Two.", "Second", "Ann Lee"),
    ],
)
def test_a_forgotten_end_mark_mixes_no_stories(second: str, title: str, byline: str) -> None:
    stories, [problem] = read(UNMARKED.format(second))
    assert [(story.title, story.byline, story.paragraphs) for story in stories] == [
        ("First", "", (Paragraph("One."), Paragraph("Still one."))),
        (title, byline, (Paragraph("Two."), Paragraph("And two."))),
    ]
    assert problem.line == 7
    assert problem.reason == "no ### before this story; it was read as a new one"


def test_a_short_story_with_a_wrapped_dateline_ends_where_the_next_begins() -> None:
    stories, [problem] = read(
        "First\n\nTOKYO, Nov. 29,\n2023—One.\n\nSecond\nOSAKA, May 1, 2023—Two.\n"
    )
    assert [story.paragraphs for story in stories] == [(Paragraph("One."),), (Paragraph("Two."),)]
    assert problem.line == 6


@pytest.mark.parametrize(
    "text",
    [
        "He said so.\n\nOSAKA, Nov. 30, 2023—The round-up goes on.",
        "MU\n\nOSAKA, Nov. 30, 2023—The round-up goes on.",
        "Elsewhere\n\nIn Osaka, Nov. 30, 2023—the day of the fire—was quiet.",
        "Elsewhere\n\nOSAKA, Nov. 30—The round-up goes on.",
        "Elsewhere\n\nOSAKA, Nov. 30, 2023\n\nThe round-up goes on.",
        "A wrapped\nparagraph\n\nOSAKA, Nov. 30, 2023—The round-up goes on.",
    ],
)
def test_less_than_a_title_and_a_full_dateline_begins_no_story(text: str) -> None:
    assert "And two." in [paragraph.text for paragraph in one(UNMARKED.format(text)).paragraphs]


def test_a_story_is_found_behind_noise_without_a_mark() -> None:
    noise = "All our stories\n\n" + "This file holds them, year by year, since it began. " * 3
    [story], problems = read(f"{noise}\n\nFirst\n\nTOKYO, Nov. 29, 2023—One.\n")
    assert (story.title, story.paragraphs) == ("First", (Paragraph("One."),))
    assert [problem.line for problem in problems] == [1, 5]


def test_a_story_without_a_title_or_a_text_is_reported() -> None:
    stories, problems = read(
        f"TOKYO, Nov. 29, 2023—No title.\n###\nEmpty\nTOKYO, Nov. 29, 2023—\n###\n"
        f"{'Long ' * 300}\n\nTOKYO, Nov. 29, 2023—Text.\n"
    )
    assert stories == []
    assert [(problem.line, problem.reason) for problem in problems] == [
        (1, 'no title before "TOKYO, Nov. 29, 2023—No title."'),
        (3, 'no text after the dateline of "Empty"'),
        (6, f'no title before "{"Long " * 11}Long…"'),
    ]


def test_a_long_title_is_cut_in_a_report_and_escapes_nothing() -> None:
    _, [problem] = read("\x1b[31m" + "A very long title " * 9 + "\n\nNo dateline.\n")
    assert problem.reason.endswith('[31mA very long title A very long title A very long title A…"')
    assert problem.reason.isprintable()


def test_marks_alone_are_neither_stories_nor_problems() -> None:
    assert read("###\n\n###\n\n* * *\n\n-30-\n\n   \n") == ([], [])


def test_a_story_may_be_as_long_as_the_limit_and_no_longer() -> None:
    top = "A title\n\nTOKYO, Nov. 29, 2023—"
    fits = "x" * (MAX_STORY - len(top.replace("\n", "")) - 2)
    after = "\n\n###\n\nSecond\n\nTOKYO, Nov. 30, 2023—Two.\n"
    assert len(read(top + fits + after)[0]) == 2
    [story], [problem] = read(top + fits + "xxx" + after)
    assert story.title == "Second"
    assert problem.line == 1
    assert problem.reason == 'the story "A title" has more than 1,000,000 characters'


def test_the_next_title_does_not_count_against_a_story_without_a_mark() -> None:
    top = "A title\n\nTOKYO, Nov. 29, 2023—"
    fits = "x" * (MAX_STORY - len(top.replace("\n", "")) - 2)
    stories, _ = read(f"{top}{fits}\n\nSecond\n\nTOKYO, Nov. 30, 2023—Two.\n")
    assert [story.title for story in stories] == ["A title", "Second"]


@pytest.mark.slow
@pytest.mark.parametrize("part", [["A line of a paragraph."], ["A paragraph.", ""]])
def test_of_too_long_a_story_little_is_kept(part: list[str]) -> None:
    top = [TextLine(1, "A title"), TextLine(2, "TOKYO, Nov. 29, 2023—")]
    rest = (TextLine(number, text * 20) for number in range(25_000) for text in part)
    tracemalloc.start()
    [problem] = parse_archive(chain(top, rest))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(problem, ArchiveProblem)
    assert peak < 8_000_000


@pytest.mark.slow
def test_a_forgotten_end_mark_behind_too_long_a_story_costs_only_that_story() -> None:
    long = "\n\n".join(["A paragraph of it."] * 60_000)
    [story], [first, second] = read(
        UNMARKED.replace("One.", long).format("Second\nOSAKA, May 1, 2023—2")
    )
    assert (story.title, story.paragraphs) == ("Second", (Paragraph("2"), Paragraph("And two.")))
    assert (first.line, "more than" in first.reason) == (1, True)
    assert "read as a new one" in second.reason


def test_undecoded_bytes_cost_only_the_story_they_are_in() -> None:
    text = (
        "First\n\nTOKYO, Nov. 29, 2023—One.\n\nCaf\udce9.\n###\nSecond\nTOKYO, May 1, 2023—Two.\n"
    )
    [story], [problem] = read(text)
    assert story.title == "Second"
    assert (problem.line, problem.reason) == (5, 'bytes in another encoding in the story "First"')


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "A" * 1_000_000,
        "TOKYO, " * 150_000,
        "-" * 1_000_000,
        "A, Nov. 1, " * 90_000,
        "MU." * 300_000,
        "By A " * 200_000,
        "(" * 1_000_000,
        "é ’" * 300_000,
        "# " * 500_000,
        "30 - " * 200_000,
        "\u202e\x00 " * 300_000,
    ],
)
def test_a_line_of_a_million_signs_is_read_in_one_go(line: str) -> None:
    # A pattern that looks back at what it has read would be at this for hours.
    read(f"{line}\n\nA title\n{line}\n\nTOKYO, Nov. 29, 2023—\n\n{line}\n\n{line}\n")


@pytest.mark.skipif(not PROSPECT.exists(), reason="the archive is not part of the project")
async def test_the_prospect_is_read_whole() -> None:
    fetched = await fetch(PROSPECT)
    assert fetched.unreadable == ()
    assert [
        (str(story.published.date()), story.title, len(story.paragraphs))
        for story in reversed(fetched.stories)
    ] == [
        (
            "2023-11-29",
            "Japan picks a domestic firm for government cloud service: Will it work?",
            10,
        ),
        ("2023-11-28", "Japan approves home-made COVID-19 vaccine for first time", 4),
        (
            "2023-11-28",
            "Osaka Expo 2025 cost estimate rises further as more countries call off joining",
            6,
        ),
        ("2023-11-12", "Should Japan penalize bike riders?", 6),
        ("2023-11-10", "China’s BYD EV buses picked as 2025 Osaka Expo core transit", 5),
        ("2023-10-24", "China’s Japanese property purchase redux: Resuming at top speed", 12),
        (
            "2023-10-23",
            "China become the largest shareholder of the top Tokyo crematorium company",
            10,
        ),
        (
            "2023-10-21",
            "Out of the blue NTT Law repeal could backpedal Japan telecom to NTT monopoly",
            9,
        ),
        ("2023-10-07", "Japan fell to No. X in 2 decades", 12),
        ("2023-10-06", "‘My Number’ national ID card folly", 7),
    ]
    assert {story.place for story in fetched.stories} == {"TOKYO"}
    assert {story.title: story.byline for story in fetched.stories if story.byline} == {
        "Japan fell to No. X in 2 decades": "MU."
    }
    paragraphs = [each for story in fetched.stories for each in story.paragraphs]
    assert [each.text for each in paragraphs if each.heading] == ["Other cities"]
    texts = " ".join(each.text for each in paragraphs)
    assert "###" not in texts
    assert "###uneral" in PROSPECT.read_text(encoding="utf-8")
    assert not re.search(r"\buneral|\bMU\.|TOKYO, ", texts)
