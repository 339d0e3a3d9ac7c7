"""Datelines, standfirsts and bylines as other wires and bloggers write them."""

from __future__ import annotations

from datetime import date

import pytest
from archives import read

from adapters.sources.archive.missing_dates import DateFrom, MissingDates, date_in_name
from adapters.sources.archive.model import ParsedStory
from bot.model import Paragraph

DAY = date(2024, 3, 3)
BY_NAME = MissingDates(DateFrom.NAME, path="/news/2024-03-03-notes.txt")


def one(text: str, dates: MissingDates | None = None) -> ParsedStory:
    [story], problems = read(text, dates)
    assert problems == []
    return story


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("3 March 2024\n\n", ""),
        ("Sunday, 3 March 2024\n", ""),
        ("2024-03-03\n\n", ""),
        ("2024-03-03 — ", ""),
        ("Published on March 3, 2024\n\n", ""),
        ("LONDON, 3 March 2024 - ", "LONDON"),
        ("LONDON, 2024-03-03 -- ", "LONDON"),
        ("London, 3rd of March 2024 – ", "London"),
        ("London – 3 March 2024 – ", "London"),
        ("2024-03-03, LIMA — ", "LIMA"),
        ("LONDON, March 3, 2024 (Reuters) - ", "LONDON"),
        ("LONDON (Reuters), March 3, 2024 — ", "LONDON"),
        ("LONDON, March 3, 2024 /PRNewswire/ -- ", "LONDON"),
        ("WASHINGTON, D.C. (March 3, 2024) — ", "WASHINGTON, D.C."),
        ("ST. PAUL (Minn.), March 3, 2024 — ", "ST. PAUL (Minn.)"),
        ("Berlin, 03.03.2024 – ", "Berlin"),
        ("CAIRO, March 3, 2024: ", "CAIRO"),
        ("(WASHINGTON) March 3, 2024 — ", "WASHINGTON"),
        ("PARIS, 3 mars 2024 (AFP) - ", "PARIS"),
        ("Berlin, 3. März 2024 (dpa) – ", "Berlin"),
        ("MADRID, 3 de marzo de 2024 (EFE) - ", "MADRID"),
        ("Lisboa, 3 de março de 2024 — ", "Lisboa"),
        ("ROMA, 3 marzo 2024 -- ", "ROMA"),
        ("(New Delhi, 3 March 2024) ", "New Delhi"),
        ("東京、2024年3月3日—", "東京"),
        ("東京、２０２４年３月３日――", "東京"),
        ("【東京、2024年3月3日】", "東京"),
        ("【大阪2024年3月3日共同】", "大阪"),
        ("서울, 2024년 3월 3일 — ", "서울"),
        ("Lyon, le 3 mars 2024 – ", "Lyon"),
        ("Hamburg, den 3. März 2024 (dpa) – ", "Hamburg"),
        ("OSLO, March 3, 2024 (AP) _ ", "OSLO"),
        ("[神戸 2024年3月3日 ロイター] - ", "神戸"),
        ("新华社北京2024年3月3日电（记者张三）", "北京"),
        ("2024年3月3日，上海讯——", "上海"),
    ],
)
def test_datelines_of_other_hands_are_read(dateline: str, place: str) -> None:
    story = one(f"A title\n\n{dateline}It began.\n\nIt went on.\n\n###\n")
    assert (story.title, story.day, story.place) == ("A title", DAY, place)
    assert story.paragraphs == (Paragraph("It began."), Paragraph("It went on."))
    assert not story.undated


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("(WASHINGTON) — ", "WASHINGTON"),
        ("(WASHINGTON) ", "WASHINGTON"),
        ("(New York) -- ", "New York"),
        ("WASHINGTON (AP) — ", "WASHINGTON"),
        ("TOKYO (Reuters) - ", "TOKYO"),
        ("TOKYO (Reuters)\n\n", "TOKYO"),
        ("ST. LOUIS, Mo. (AP) -- ", "ST. LOUIS, Mo."),
        ("NEW DELHI (PTI) ", "NEW DELHI"),
        ("Berlin (dpa) – ", "Berlin"),
        ("(Reuters) - ", ""),
        ("ROME — ", "ROME"),
        ("【東京】", "東京"),
        ("（ワシントン＝共同）", "ワシントン"),
        ("［東京　３日　ロイター］ - ", "東京"),
    ],
)
def test_a_dateline_of_a_place_alone_gives_the_place_and_never_the_agency(
    dateline: str, place: str
) -> None:
    text = f"A title\n\n{dateline}It began.\n\nIt went on.\n\n###\n"
    story = one(text, BY_NAME)
    assert (story.place, story.day, story.undated) == (place, DAY, True)
    assert story.paragraphs == (Paragraph("It began."), Paragraph("It went on."))
    stories, [problem] = read(text)
    assert stories == []
    assert (problem.line, '"A title" has no date' in problem.reason) == (1, True)


@pytest.mark.parametrize(
    ("dateline", "file_day", "day"),
    [
        ("LONDON, March 3 (Reuters) - ", date(2024, 6, 1), date(2024, 3, 3)),
        ("LONDON, March 3 (Reuters) - ", date(2024, 3, 2), date(2024, 3, 3)),
        ("LONDON, March 3 (Reuters) - ", date(2024, 3, 1), date(2023, 3, 3)),
        ("MOSCOW, Dec 31 /TASS/. ", date(2025, 1, 2), date(2024, 12, 31)),
        ("PARIS, Feb. 29 — ", date(2027, 1, 1), date(2024, 2, 29)),
        ("【大阪4月2日共同】", date(2024, 4, 3), date(2024, 4, 2)),
    ],
)
def test_a_year_that_is_not_printed_is_the_last_that_fits(
    dateline: str, file_day: date, day: date
) -> None:
    text = f"A title\n\n{dateline}It began.\n###\n"
    assert one(text, MissingDates(DateFrom.FILE, modified=file_day)).day == day
    _, [problem] = read(text)
    assert "has no year" in problem.reason


@pytest.mark.parametrize(
    "opening",
    [
        "On Tuesday, May 3, 2024: a day to remember, all agreed.",
        "Paris, May 3 talks will not be held.",
        "May 3, 2024 was the day - or so they say.",
        "In March 2024 the council met — twice.",
        "The mayor (AP photo) laughed.",
        "(This story was updated.) It began.",
        "(Updated) – It began.",
        "（昨日の続き）始まった。",
        "Between 2019-01-01 and today nothing was done.",
    ],
)
def test_prose_is_no_dateline_of_other_hands(opening: str) -> None:
    stories, [problem] = read(f"A title\n\n{opening}\n\nMore of it.\n###\n")
    assert stories == []
    assert problem.line == 1
    [story], _ = read(f"A title\n\n{opening}\n\nMore of it.\n###\n", BY_NAME)
    assert (story.place, story.paragraphs[0].text) == ("", opening)


@pytest.mark.parametrize(
    "dateline",
    [
        "LIMA, Feb. 30, 2024—",
        "Lima, 31 April 2024 – ",
        "2024-02-30\n\n",
        "LIMA, 2023-02-29 -- ",
        "LIMA, Feb. 30 (Reuters) - ",
        "LIMA, 2024-13-01 - ",
        "東京、2024年2月30日—",
        "【東京、2024年4月31日】",
        "32 March 2024\n",
    ],
)
@pytest.mark.parametrize("mark", ["###", "* * *", "ENDS", ""])
def test_an_impossible_date_costs_its_own_story_only(dateline: str, mark: str) -> None:
    parts = [
        "Before\n\nOSAKA, Nov. 3, 2023—One.\n\n",
        f"The bad one\n\n{dateline}Two.\n\n",
        "After\n\nKYOTO, Nov. 4, 2023—Three.\n\n",
        "Long after\n\nNARA, Nov. 5, 2023—Four.\n\n",
    ]
    text = (f"{mark}\n\n" if mark else "").join(parts)
    stories, problems = read(text)
    others = [problem for problem in problems if "no ### before" not in problem.reason]
    assert [story.title for story in stories if story.title != "The bad one"][-2:] == [
        "After",
        "Long after",
    ]
    if mark:
        [problem] = others
        assert text.split("\n")[(problem.line or 0) - 1] == "The bad one"
        assert "there is no such date as" in problem.reason
        assert [paragraph.text for paragraph in stories[0].paragraphs] == ["One."]


@pytest.mark.parametrize(
    ("standfirst", "byline"),
    [
        (
            "Ministers say the plan stays, although unions and half of the towns are against it.",
            "",
        ),
        (
            (
                "After eleven years of delay, three inquiries and a change of government, the "
                "bridge over the sound will be opened by those who built it, not those who paid."
            ),
            "",
        ),
        ("The plan stays, say ministers who have\nread it, and those who have not\nagree.", ""),
        ("Nobody asked for it, and everybody has it now", "Jane Doe"),
    ],
)
@pytest.mark.parametrize(
    "dateline", ["LONDON, 3 March 2024 — ", "3 March 2024\n\n", "東京、2024年3月3日—"]
)
def test_a_standfirst_is_kept_as_such(standfirst: str, byline: str, dateline: str) -> None:
    author = f"By {byline}\n\n" if byline else ""
    text = f"A title\n\n{standfirst}\n\n{author}{dateline}It began.\n\nIt went on.\n\n###\n\n"
    other = "Another\n\nLIMA, 4 March 2024 — Two.\n\n###\n"
    [story, after], problems = read(text + other)
    said = " ".join(standfirst.split())
    assert problems == []
    assert (story.summary, story.byline, story.day) == (said, byline, DAY)
    assert [paragraph.text for paragraph in story.paragraphs] == [said, "It began.", "It went on."]
    assert (after.title, after.summary) == ("Another", "")


@pytest.mark.parametrize(
    "above", ["FOR IMMEDIATE RELEASE", "Press release:", "Embargoed until 3 March", "新闻稿"]
)
def test_what_stands_above_all_press_releases_is_no_title(above: str) -> None:
    story = one(f"{above}\n\nA title\n\nLONDON, 3 March 2024 - It began.\n\nENDS\n")
    assert (story.title, story.summary) == ("A title", "")


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n"])
@pytest.mark.parametrize("notes", ["Notes to editors\n\nCall us.", "Media contact:\nAnn, 123"])
@pytest.mark.parametrize("dateline", ["\n3 March 2024\n\n", "\n\nLONDON, 3 March 2024 - "])
def test_notes_behind_an_end_are_not_taken_for_the_next_title(
    notes: str, gap: str, dateline: str
) -> None:
    first = "The first\n\nOSLO, 2 March 2024 - It was.\n\nENDS\n\n"
    stories, problems = read(f"{first}{notes}{gap}A title{dateline}It began.\n\nENDS\n")
    assert [(story.title, len(story.paragraphs)) for story in stories] == [
        ("The first", 1),
        ("A title", 1),
    ]
    assert problems == []


@pytest.mark.parametrize("rubric", ["Politics", "Part 2", "World news"])
def test_a_rubric_under_a_title_is_no_summary(rubric: str) -> None:
    story = one(f"A title\n{rubric}\n\nLONDON, 3 March 2024 — It began.\n###\n")
    assert (story.summary, story.paragraphs[0]) == ("", Paragraph(rubric, heading=True))


@pytest.mark.parametrize(
    "top",
    [
        "A title\nBy Jane Doe\n\nLONDON, 3 March 2024 — It began.",
        "A title\n\nBy Jane Doe\n3 March 2024\n\nIt began.",
        "A title\n3 March 2024\nBy Jane Doe\n\nIt began.",
        "A title\n\n2024-03-03\n\nBY Jane Doe\n\nIt began.",
        "2024-03-03\nA title\nBy Jane Doe\n\nIt began.",
    ],
)
def test_an_author_stands_under_the_title_before_the_date_or_behind_it(top: str) -> None:
    story = one(f"{top}\n\nIt went on.\n\n###\n")
    assert (story.title, story.byline, story.day) == ("A title", "Jane Doe", DAY)
    assert story.paragraphs == (Paragraph("It began."), Paragraph("It went on."))


@pytest.mark.parametrize(
    ("top", "place"),
    [("LISBON\n\n3 March 2024\n\n", "LISBON"), ("By Jo Ek\nNEW YORK\n2024-03-03\n", "NEW YORK")],
)
def test_a_place_may_stand_above_the_date(top: str, place: str) -> None:
    story = one(f"A title\n{top}It began.\n###\n")
    assert (story.place, story.day) == (place, DAY)
    assert story.paragraphs == (Paragraph("It began."),)


UNDATED = "First\n\nLIMA, May 5, 2023—One.\n\n###\n\nSecond\n\nBy Bo Ek\n\nTwo.\n\nMore.\n\n###\n"


def test_a_story_without_a_date_may_have_that_of_the_story_before() -> None:
    [_, second], problems = read(UNDATED, MissingDates(DateFrom.BEFORE))
    assert problems == []
    assert (second.day, second.undated, second.byline) == (date(2023, 5, 5), True, "Bo Ek")
    assert second.paragraphs == (Paragraph("Two."), Paragraph("More."))


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        (MissingDates(), 'no dateline such as "TOKYO, Nov. 29, 2023—" after the title "Second"'),
        (
            MissingDates(DateFrom.NAME, path="/news/2024/notes.txt"),
            'the story "Second" has no date of its own, and its file\'s name has none',
        ),
    ],
)
def test_a_story_that_no_date_can_be_found_for_is_told(dates: MissingDates, reason: str) -> None:
    [first], [problem] = read(UNDATED, dates)
    assert first.title == "First"
    assert (problem.line, problem.reason) == (7, reason)


def test_no_story_stands_before_the_first() -> None:
    _, [problem] = read("First\n\nOne.\n", MissingDates(DateFrom.BEFORE))
    assert "no story with one stands before it" in problem.reason


def test_the_key_of_an_undated_story_does_not_follow_the_date_that_it_is_given() -> None:
    keys = {
        read(UNDATED, MissingDates(DateFrom.FILE, modified=date(2024, 1, day)))[0][1].key
        for day in range(1, 9)
    }
    assert keys == {"second|"}


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2024-03-05-title.md", date(2024, 3, 5)),
        ("/blog/_posts/2024-03-05-10-ways.md", date(2024, 3, 5)),
        ("/news/20240305.txt", date(2024, 3, 5)),
        ("/news/2024_03_05 late.txt", date(2024, 3, 5)),
        ("/news/2024/03/05/index.md", date(2024, 3, 5)),
        ("/2019-01-01/2024-03-05.md", date(2024, 3, 5)),
        ("/news/2024-02-30.txt", None),
        ("/news/2024-3-5.txt", None),
        ("/news/120240305.txt", None),
        ("/news/title.txt", None),
    ],
)
def test_a_date_in_a_name_is_found(path: str, day: date | None) -> None:
    assert date_in_name(path) == day
