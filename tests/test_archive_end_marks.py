"""Which lines end a story is judged by the whole archive, since each hand has marks of its own."""

from __future__ import annotations

from datetime import date

import pytest
from archives import read

from adapters.sources.archive.missing_dates import DateFrom, MissingDates
from bot.model import Paragraph

NEWS = (
    ("Harbour opens again", "LISBON, Nov. 3, 2023—", "Ships came in.", "More are waiting."),
    ("Bakers want longer nights", "Oslo, 4 May 2022 – ", "They said so.", "Nobody objected."),
    ("A quiet day", "QUITO, 2021-06-30 -- ", "Nothing happened.", "That was all."),
)
SURE = ["###", "# # #", "-30-", "ENDS", "-ends-", "(ends)", "END", "- 0 -", "– END –", "(End)"]
SURE += ["[ENDS]", "-0-", "(30)", "ends//", "（了）", "### the end", "Ends", "*END*", "--ENDS--"]
SURE += ["(fin)", "- Ende -", "[FINE]", "(конец)", "—FIM—"]
RULES = ["* * *", "***", "*****", "---", "------", "- - -", "———", "=====", "____", "~~~~", "⁂"]
RULES += ["• • •", "-----------------------------------------------------------------------", "+++"]


def archive(mark: str, inside: str = "") -> str:
    """Three stories; each ends at `mark` and has `inside` between its two paragraphs."""
    middle = f"\n\n{inside}\n\n" if inside else "\n\n"
    return "".join(
        f"{title}\n\n{dateline}{first}{middle}{last}\n\n{mark}\n\n"
        for title, dateline, first, last in NEWS
    )


def titles(text: str) -> list[str]:
    stories, problems = read(text)
    assert problems == []
    return [story.title for story in stories]


@pytest.mark.parametrize("mark", [*SURE, *RULES])
def test_each_mark_that_people_use_ends_a_story_and_leaves_nothing(mark: str) -> None:
    stories, problems = read(archive(mark))
    assert problems == []
    assert [(story.title, story.paragraphs) for story in stories] == [
        (title, (Paragraph(first), Paragraph(last))) for title, _, first, last in NEWS
    ]


@pytest.mark.parametrize("mark", SURE)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_inside_of_stories_cuts_none_where_another_mark_ends_them(
    mark: str, rule: str
) -> None:
    stories, problems = read(archive(mark, rule))
    assert problems == []
    assert [story.title for story in stories] == [title for title, *_ in NEWS]
    assert [story.paragraphs for story in stories] == [
        (Paragraph(first), Paragraph(rule), Paragraph(last)) for _, _, first, last in NEWS
    ]


@pytest.mark.parametrize(("mark", "inside"), [("* * *", "---"), ("---", "***"), ("====", "* * *")])
def test_of_two_rules_the_one_that_stories_follow_ends_them(mark: str, inside: str) -> None:
    assert titles(archive(mark, inside)) == [title for title, *_ in NEWS]


def test_hashes_between_parts_cut_no_story_where_another_mark_ends_them() -> None:
    stories, problems = read(archive("-30-", "# # #"))
    assert problems == []
    assert [len(story.paragraphs) for story in stories] == [3, 3, 3]


@pytest.mark.parametrize("rule", RULES)
def test_one_rule_for_both_uses_ends_a_story_only_before_a_title_and_a_dateline(rule: str) -> None:
    assert titles(archive(rule, rule)) == [title for title, *_ in NEWS]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_in_the_only_story_is_part_of_it(rule: str) -> None:
    title, dateline, first, last = NEWS[0]
    [story], problems = read(f"{title}\n\n{dateline}{first}\n\n{rule}\n\n{last}\n")
    assert problems == []
    assert [paragraph.text for paragraph in story.paragraphs] == [first, rule, last]


@pytest.mark.parametrize("rule", ["-----", "=====", "~~~~~", "* * *"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_rule_under_a_title_ends_nothing_although_others_do(rule: str, gap: str) -> None:
    text = "".join(
        f"{rule}\n{title}{gap}{rule}\n\n{dateline}{first}\n\n{last}\n\n"
        for title, dateline, first, last in NEWS
    )
    assert titles(text) == [title for title, *_ in NEWS]


@pytest.mark.parametrize("mark", ["* * *", "---", "ENDS"])
def test_marks_need_no_blank_lines_around_them(mark: str) -> None:
    text = "".join(f"{title}\n{dateline}{first}\n{mark}\n" for title, dateline, first, _ in NEWS)
    stories, problems = read(text)
    assert problems == []
    assert [story.paragraphs for story in stories] == [
        (Paragraph(first),) for _, _, first, _ in NEWS
    ]


@pytest.mark.parametrize("mark", ["###", "* * *", "---", "ENDS"])
def test_a_story_without_a_dateline_between_others_is_told_and_costs_only_itself(mark: str) -> None:
    odd = f"Notes of the desk\n\nWe are three now.\n\n{mark}\n\n"
    parts = archive(mark).split(f"{mark}\n\n")
    stories, [problem] = read(f"{mark}\n\n".join([parts[0], parts[1], odd + parts[2], ""]))
    assert [story.title for story in stories] == [title for title, *_ in NEWS]
    assert problem.line == 17
    assert '"Notes of the desk"' in problem.reason


EVERY_HAND = """\
Ferry sails again

LONDON, 3 March 2024 — The ferry sailed.

* * *

It was full.

# # #

Bakers strike
Night shifts are too long, say bakers in all four towns of the valley.

By Jane Doe

2024-04-01

No bread on Monday.

* * *

Senate votes

(WASHINGTON) — The senate voted.

---

Markets rise

TOKYO (Reuters) - Shares rose.

ENDS

桜が咲く

東京、2024年4月2日—桜が咲いた。

-ends-

The day that was not

LIMA, Feb. 30, 2024 — Nothing happened.

(ends)

No dateline here

Just text in two paragraphs.

And the second.

-30-

Last one

PARIS, May 1, 2024 (AFP) -- The end.
"""


@pytest.mark.parametrize(
    "dateline",
    [
        *("London, {} March 2024 — ", "{} March 2024\n\n", "2024-03-{:02}\n", "【東京】"),
        *("TOKYO (Reuters) - ", "Berlin, {}. 3. 2024 – ", "東京、2024年3月{}日—"),
    ],
)
@pytest.mark.parametrize("rule", ["", "\n====="])
def test_in_an_archive_without_marks_the_next_dateline_of_the_same_kind_opens_a_story(
    dateline: str, rule: str
) -> None:
    text = "".join(
        f"Story {name}{rule}\n\n{dateline.format(day)}It began {day}.\n\nMore.\n\n\n"
        for day, name in enumerate("abc", start=1)
    )
    stories, problems = read(text, MissingDates(DateFrom.FILE, modified=date(2024, 6, 1)))
    assert [story.title for story in stories] == ["Story a", "Story b", "Story c"]
    assert [part.text for part in stories[1].paragraphs] == ["It began 2.", "More."]
    assert [problem.line for problem in problems] == [story.line for story in stories[1:]]


def test_dated_parts_of_a_story_are_no_stories() -> None:
    text = "The year\n\nLondon, 3 March 2024 — It began.\n\nSpring\n\n4 May 2024 — It rained.\n"
    [story], problems = read(text)
    assert problems == []
    assert [part.text for part in story.paragraphs] == [
        "It began.",
        "Spring",
        "4 May 2024 — It rained.",
    ]


def test_an_archive_of_every_hand_is_read_story_by_story() -> None:
    dates = MissingDates(DateFrom.FILE, modified=date(2024, 6, 1))
    stories, [problem] = read(EVERY_HAND, dates)
    assert [(story.title, story.place, str(story.day), story.undated) for story in stories] == [
        ("Ferry sails again", "LONDON", "2024-03-03", False),
        ("Bakers strike", "", "2024-04-01", False),
        ("Senate votes", "WASHINGTON", "2024-06-01", True),
        ("Markets rise", "TOKYO", "2024-06-01", True),
        ("桜が咲く", "東京", "2024-04-02", False),
        ("No dateline here", "", "2024-06-01", True),
        ("Last one", "PARIS", "2024-05-01", False),
    ]
    assert [len(story.paragraphs) for story in stories] == [3, 2, 1, 1, 1, 2, 1]
    assert EVERY_HAND.splitlines()[(problem.line or 0) - 1] == "The day that was not"


def test_what_that_archive_gives_no_date_is_told_story_by_story() -> None:
    stories, problems = read(EVERY_HAND)
    assert len(stories) == 4
    told = [EVERY_HAND.splitlines()[(problem.line or 0) - 1] for problem in problems]
    assert told == ["Senate votes", "Markets rise", "The day that was not", "No dateline here"]


@pytest.mark.parametrize("mark", ["ENDS", "-ends-", "- 0 -", "(ends)"])
def test_notes_behind_an_end_are_told_and_not_taken_for_the_story(mark: str) -> None:
    title, dateline, first, last = NEWS[0]
    [story], [problem] = read(
        f"{title}\n\n{dateline}{first}\n\n{last}\n\n{mark}\n\nNotes to editors\n\nCall us.\n"
    )
    assert [paragraph.text for paragraph in story.paragraphs] == [first, last]
    assert '"Notes to editors"' in problem.reason


def test_the_word_end_in_a_sentence_ends_nothing() -> None:
    title, dateline, _, last = NEWS[0]
    for line in ("The end", "Ends and means", "In the end", "end", "Endless talks", "- end of May"):
        [story], problems = read(f"{title}\n\n{dateline}It began.\n\n{line}\n\n{last}\n")
        assert problems == []
        assert [paragraph.text for paragraph in story.paragraphs] == ["It began.", line, last]


@pytest.mark.parametrize("rule", ["* * *", "---"])
def test_where_stories_may_lack_datelines_a_title_behind_each_rule_is_enough(rule: str) -> None:
    text = "".join(f"{title}\n\n{first}\n\n{last}\n\n{rule}\n\n" for title, _, first, last in NEWS)
    dates = MissingDates(DateFrom.NAME, path="news/2024-03-05.txt")
    stories, problems = read(text, dates)
    assert problems == []
    assert [story.title for story in stories] == [title for title, *_ in NEWS]
    assert {str(story.day) for story in stories} == {"2024-03-05"}
