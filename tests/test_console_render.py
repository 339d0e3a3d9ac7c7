"""What replies look like in a terminal, and what never reaches one."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from desk_fake import BACK, NEXT, TOPICS, UTC_ZONE, WORDS, card, read
from rich.cells import cell_len
from rich.console import Console

from adapters.console.choices import choices
from adapters.console.render import render, render_plain
from adapters.console.screen import supports_links
from bot.model import Enclosure, Paragraph
from bot.reply import Action, Button, Document, Entry, Reply, Role

URL = "https://example.org/a"
LIST = Reply(
    "latest",
    title="Latest stories",
    notes=("Showing results for osaka.",),
    cards=(
        card(9, "Osaka Expo", topics=("Japan", "Osaka Expo"), url=URL),
        card(10, "A vaccine", place="", summary=""),
    ),
    page=2,
    pages=3,
    buttons=(NEXT, read(9), read(10), TOPICS),
)


def shown(reply: Reply, width: int = 80, *, colours: bool = True, links: bool = True) -> str:
    """A reply with its choices, as the terminal gets it."""
    paper = io.StringIO()
    console = Console(
        file=paper,
        width=width,
        color_system="standard" if colours else None,
        force_terminal=colours,
        _environ={},
    )
    console.print(render(reply, WORDS, UTC_ZONE, at_hand=choices(reply), links=links), crop=False)
    return paper.getvalue()


def text(reply: Reply, width: int = 80) -> str:
    return shown(reply, width, colours=False, links=False)


def test_a_list_of_stories() -> None:
    assert (
        text(LIST)
        == """\
Latest stories
Showing results for osaka.

 9. Osaka Expo
    https://example.org/a
    TOKYO · The Prospect · Nov 28, 2023  #Japan  #Osaka Expo
    Any sport needs regulations and penalties that are written by their
    sponsors.

10. A vaccine
    The Prospect · Nov 28, 2023

Page 2 of 3
[9–10] read  [n] next  [11] Topics
"""
    )


def test_on_a_screen_a_bar_stands_beside_each_story() -> None:
    url, sound = "https://example.org/" + "x" * 40, Enclosure("https://e.org/a.mp3", "audio/mpeg")
    cards = (
        card(9, "Osaka Expo", url=url, enclosures=(sound,)),
        replace(card(10), heading="World"),
    )
    told = on_screen(Reply("latest", cards=cards), 40)
    assert (
        told
        == f"""\
 9 ┃ Osaka Expo
   ┃ {url}
   ┃ TOKYO · The Prospect · Nov 28, 2023
   ┃ Any sport needs regulations and
   ┃ penalties that are written by their
   ┃ sponsors.
   ┃ Listen: https://e.org/a.mp3

World
10 ┃ A story
   ┃ TOKYO · The Prospect · Nov 28, 2023
   ┃ Any sport needs regulations and
   ┃ penalties that are written by their
   ┃ sponsors.
"""
    )


def test_a_story_that_is_read_has_a_bar_beside_its_head_and_none_beside_its_text() -> None:
    read = Reply("read", cards=(card(title="Bike riders", url=URL),), body=(Paragraph("First."),))
    assert on_screen(read, 40) == (
        "┃ Bike riders\n┃ TOKYO · The Prospect · Nov 28, 2023\n┃ https://example.org/a\n\nFirst.\n"
    )


def test_bars_tell_sources_apart_by_colours_where_there_are_any() -> None:
    stories = (card(1, source="wire"), card(2, source="bay"), card(3, source="wire"))
    told = on_screen(Reply("latest", cards=stories), colours=True)
    bars = [
        line.partition("┃")[0].rpartition("\x1b")[2]
        for line in told.splitlines()
        if "A story" in line
    ]
    assert bars[0] == bars[2] != bars[1]
    assert "\x1b" not in on_screen(Reply("latest", cards=stories))


def on_screen(reply: Reply, width: int = 80, *, colours: bool = False) -> str:
    paper = io.StringIO()
    console = Console(
        file=paper,
        width=width,
        color_system="truecolor" if colours else None,
        force_terminal=colours,
        _environ={},
    )
    console.print(render(reply, WORDS, UTC_ZONE, bars=True), crop=False)
    return paper.getvalue()


def test_headings_stand_above_stories_and_more_are_named() -> None:
    digest = Reply(
        "digest",
        cards=(
            replace(card(1, "Osaka Expo", url=URL), heading="World"),
            replace(card(2, "A vaccine"), heading=" "),
        ),
        more=(card(None, "Bridge\nopens", url=URL), card(None, "A \x1b[31mtram " + "runs " * 20)),
    )
    assert (
        text(digest)
        == """\
World
1. Osaka Expo
   https://example.org/a
   TOKYO · The Prospect · Nov 28, 2023
   Any sport needs regulations and penalties that are written by their sponsors.

2. A vaccine
   TOKYO · The Prospect · Nov 28, 2023
   Any sport needs regulations and penalties that are written by their sponsors.

• Bridge opens — The Prospect
  https://example.org/a
• A [31mtram runs runs runs runs runs runs runs runs runs runs runs runs runs
  runs runs runs runs runs runs runs — The Prospect
"""
    )
    assert f";{URL}\x1b" in shown(Reply("digest", more=digest.more))
    alone = Reply("read", cards=(replace(card(title="Bike riders"), heading="World"),))
    assert text(alone).startswith("World\nBike riders\n")


def test_plain_text_names_the_lines_that_ask_for_more_in_place_of_choices() -> None:
    told = render_plain(LIST, WORDS, UTC_ZONE)
    asked = [f"{b.label}: {b.action}" for b in LIST.buttons if b.role is not Role.READ]
    assert len(asked) > 1
    assert told.endswith("\n".join(["Nov 28, 2023", "", "Page 2 of 3", *asked, ""]))
    offer = Reply("x", buttons=(Button("/latest", Action("latest")),))
    assert render_plain(offer, WORDS, UTC_ZONE) == "/latest\n"
    assert "\x1b" not in told
    entries = Reply("topics", entries=(Entry("Japan", "10 stories", Action("topic")),))
    assert render_plain(entries, WORDS, UTC_ZONE) == "Japan  10 stories\n"


def test_no_line_ends_in_spaces_or_is_wider_than_100() -> None:
    long = replace(LIST, text=("word " * 100,), notes=("note " * 100,))
    lines = text(long, 200).splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)


def test_a_story_that_is_read() -> None:
    body = (Paragraph("First."), Paragraph("A heading", heading=True), Paragraph("Second."))
    story = Reply(
        "read",
        cards=(card(title="Bike riders", byline="MU.", url=URL, topics=("Japan",)),),
        body=body,
        pages=2,
        buttons=(NEXT, BACK),
    )
    assert (
        text(story)
        == """\
Bike riders
TOKYO · The Prospect · Nov 28, 2023  #Japan · MU.
https://example.org/a

First.

A heading

Second.

Page 1 of 2
[n] next  [b] back to the list
"""
    )
    later = text(replace(story, body=body[2:], page=2))
    assert later.startswith("Bike riders · page 2\n\nSecond.\n\nPage 2 of 2\n")


def test_what_comes_with_a_story_is_offered_with_its_address() -> None:
    sound = Enclosure("https://example.org/a.mp3", "audio/mpeg", 0, 2_520)
    listed = text(Reply("latest", cards=(card(number=1, enclosures=(sound,)),)))
    read = text(Reply("read", cards=(card(enclosures=(sound,)),), body=(Paragraph("First."),)))
    assert "   Listen (42 min): https://example.org/a.mp3\n" in listed
    assert "\nListen (42 min): https://example.org/a.mp3\n" in read
    linked = shown(Reply("latest", cards=(card(number=1, enclosures=(sound,)),)))
    assert "Listen (42 min)" in linked
    assert ": https" not in linked


def test_a_story_of_which_the_source_gives_no_more_shows_its_summary() -> None:
    assert (
        text(Reply("read", text=("No more.",), cards=(card(summary="In short."),)))
        == """\
No more.

A story
TOKYO · The Prospect · Nov 28, 2023

In short.
"""
    )


def test_a_time_is_told_in_the_zone_of_the_reader() -> None:
    at = datetime(2023, 11, 28, 23, 30, tzinfo=UTC)
    reply = Reply("read", cards=(card(published=at, date_only=False),))
    assert "Nov 29, 2023" in render_plain(reply, WORDS, ZoneInfo("Asia/Tokyo"))


def test_a_file_is_its_text_line_by_line_as_it_is() -> None:
    line = "  <outline text='" + "x" * 120 + "'/>"
    file = Document(f"<opml>\n{line}\n\x1b[31mred\u202e</opml>\n".encode(), "sources\x1b.opml")
    shown = text(Reply("source", text=("2 sources.",), document=file))
    assert shown == f"2 sources.\n\nsources.opml\n<opml>\n{line}\n[31mred</opml>\n"


def test_a_list_of_other_things_is_aligned_by_what_is_seen() -> None:
    entries = (
        Entry("東京", "2 stories", Action("topic")),
        Entry("Osaka Expo", "1 story", Action("topic")),
        Entry("unreadable", "line 3: " + "no date " * 10),
    )
    assert (
        text(Reply("topics", title="Topics", entries=entries), 60)
        == """\
Topics

1. 東京        2 stories
2. Osaka Expo  1 story
   unreadable  line 3: no date no date no date no date no
               date no date no date no date no date no date

[1–2] choose
"""
    )


def test_long_names_in_a_narrow_terminal_stand_above_what_is_said_of_them() -> None:
    entries = (Entry("/latest [topic] [source] [since]", "The newest stories"), Entry("alone"))
    assert (
        text(Reply("help", entries=entries), 40)
        == """\
/latest [topic] [source] [since]
  The newest stories
alone
"""
    )


def test_a_narrow_terminal_holds_wide_signs() -> None:
    wide = card(1, "東京五輪の開会式が行われ世界中から選手が集まった" * 2, summary="大阪万博" * 30)
    lines = text(Reply("latest", cards=(wide,)), 40).splitlines()
    assert max(map(cell_len, lines)) <= 40
    assert lines[1].startswith("   ")
    assert "".join(line.strip() for line in lines).count("大阪万博") == 30


@pytest.mark.parametrize("width", [1, 5, 12])
def test_a_terminal_without_room_ends_nothing(width: int) -> None:
    assert "Osaka" in text(LIST, width)


def test_an_address_is_never_broken() -> None:
    url = "https://example.org/" + "long-" * 30
    assert f"   {url}\n" in text(Reply("latest", cards=(card(1, url=url),)), 40)


def test_titles_are_links_where_the_terminal_opens_them() -> None:
    told = shown(LIST)
    assert f";{URL}\x1b\\" in told
    assert f" {URL}" not in told
    assert "\x1b]8;" not in shown(LIST, links=False)


def test_a_story_that_is_read_shows_its_address_even_where_its_title_is_a_link() -> None:
    assert f"{URL}\x1b" in shown(Reply("read", cards=(card(url=URL),)))


def test_nothing_in_a_story_is_obeyed() -> None:
    evil = "\x1b]0;owned\x07\x1b[31mred\x9b2J[bold]b[/bold] [/] :smile: \u202edetrever"
    reply = Reply(
        "latest",
        title=evil,
        notes=(evil,),
        text=(evil,),
        cards=(
            replace(card(1, evil, place=evil, summary=evil, topics=(evil,), url=evil), source=evil),
        ),
        body=(Paragraph(evil), Paragraph(evil, heading=True)),
        entries=(Entry(evil, evil, Action("topic")),),
        buttons=(replace(TOPICS, label=evil),),
    )
    read_alone = Reply("read", cards=(card(None, evil, byline=evil, url=evil),))
    for told in (text(reply, 300), text(read_alone, 300)):
        assert set("\x1b\x07\x9b\u202e").isdisjoint(told)
        assert "[31mred2J[bold]b[/bold] [/] :smile: detrever" in told


def test_an_address_cannot_end_its_link() -> None:
    url = "https://example.org/\x1b\\\x07 é?a=1;b=%20"
    told = shown(Reply("latest", cards=(card(1, url=url),)))
    assert ";https://example.org/\\%20%C3%A9?a=1;b=%20\x1b\\" in told
    assert "\x07" not in told


def test_lines_within_a_text_are_joined() -> None:
    reply = Reply("x", title="One\ntwo", text=("three\r\n\tfour",), cards=(card(1, "five\nsix"),))
    assert text(reply).startswith("One two\n\nthree four\n\n1. five six\n")


def test_a_refusal_has_a_bar_beside_it() -> None:
    reply = Reply("lates", text=("There is no command.", "Did you mean this?"), ok=False)
    assert text(reply) == "│ There is no command.\n│ Did you mean this?\n"
    assert "\x1b[33m" in shown(reply)


def test_an_empty_reply_shows_nothing() -> None:
    assert text(Reply("x")).strip() == ""
    assert text(Reply("x", title="\x1b")).strip() == ""


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "screen.xterm"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({}, True),
    ],
)
def test_links_are_left_to_terminals_that_open_them(
    environment: dict[str, str], *, expected: bool
) -> None:
    assert supports_links(environment) is expected


def test_other_sources_of_a_story_stand_beside_its_own() -> None:
    one = replace(card(1, "x"), source="Wire", also="also in Bay Sport")
    assert "Wire · also in Bay Sport · " in text(Reply("latest", cards=(one,)))
