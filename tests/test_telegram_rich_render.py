"""Replies as rich messages: what stands where, what is folded, and what is said only once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich_replies import CONTEXT, SENTENCE, episode, five, listing, reading, report
from servers.telegram.calls import Json
from servers.telegram.rich import button_rows, check_rich, plain_text
from servers.telegram.rich import reading as what_is_read
from stories import NOW, story

from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.prose import is_usable, site
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.serialization import message_json
from bot.chat.button_tokens import ActionTokens
from bot.model import Enclosure, Paragraph
from bot.posting.digest import DisplayNames, digest
from bot.reply import Action, Button, Card, Entry, LocalClock, Reply, Role, Snippet
from bot.text.bidi import is_right_to_left

NO_STORE: Any = None  # short actions stand in their tokens; nothing is written
BUTTONS = ButtonMaker(ActionTokens(NO_STORE))
IN_A_CHANNEL = ButtonMaker(ActionTokens(NO_STORE), "DatelineBot")
LATEST = Action("latest")


def rendered(reply: Reply, buttons: ButtonMaker = BUTTONS, *, pictures: bool = True) -> Json:
    """A reply as it is sent, checked."""
    body = message_json(render_rich(reply, CONTEXT, buttons, pictures=pictures))
    check_rich(body)
    return body


def kinds(body: Json) -> list[str]:
    return [block["type"] for block in body["blocks"]]


def of_kind(body: Json, kind: str) -> list[Json]:
    return [block for block in body["blocks"] if block["type"] == kind]


def headings(body: Json) -> list[str]:
    return [plain_text(block["text"]) for block in of_kind(body, "heading")]


def labels(body: Json) -> list[list[str]]:
    return [[plain_text(button["text"]) for button in row] for row in button_rows(body)]


def parts(node: Any, kind: str) -> Iterator[Json]:
    """The rich texts of a kind in a message."""
    if isinstance(node, list):
        for one in node:
            yield from parts(one, kind)
    elif isinstance(node, dict):
        if node.get("type") == kind:
            yield node
        for value in node.values():
            yield from parts(value, kind)


# Lists


def test_each_story_of_a_list_has_its_buttons_under_it() -> None:
    body = rendered(listing(*five()))
    assert kinds(body)[1:6] == ["heading", "footer", "paragraph", "buttons", "divider"]
    assert headings(body)[:2] == ["Latest stories", "1. Tram line 1 opens to crowds"]
    assert labels(body) == [
        ["Read 1", "example.org ↗"],
        ["Read 2", "example.org ↗"],
        ["Read 3", "example.org ↗"],
        ["Read 4", "example.org ↗"],
        ["Read 5"],
        ["Next ›", "Topics"],
    ]


def test_a_headline_leads_to_its_page_or_into_the_bot() -> None:
    body = rendered(listing(*five()))
    found = [one["url"] for one in parts(of_kind(body, "heading"), "url")]
    assert found[:1] == ["https://www.example.org/1"]
    assert found[-1] == f"https://t.me/DatelineBot?start=read_{five()[-1].id}"


@pytest.mark.parametrize(
    ("hours", "form"), [(0.1, "r"), (23, "r"), (25, "Dt"), (2_000, "Dt"), (-3, "Dt")]
)
def test_times_are_those_of_the_reader(hours: float, form: str) -> None:
    one = story("A", published=NOW - timedelta(hours=hours))
    reply = replace(listing(one), clock=LocalClock(CONTEXT.zone, now=NOW))
    (moment,) = parts(rendered(reply), "date_time")
    assert moment["unix_time"] == int(one.published.timestamp())
    assert moment["date_time_format"] == form


def test_a_date_without_a_time_is_in_no_zone() -> None:
    body = rendered(listing(story("A", date_only=True)))
    assert not list(parts(body, "date_time"))
    assert "Nov 23, 2026" in what_is_read(body)


def test_of_many_topics_three_are_named() -> None:
    text = what_is_read(rendered(listing(five()[-1])))
    assert "Topic 0 · Topic 1 · Topic 2 · +5\n" in text


def test_found_words_are_marked() -> None:
    snippet = Snippet("The tram, at last. Trams!", ((4, 8), (19, 24)))
    body = rendered(Reply("search", cards=(Card(story("A"), "The Wire", 1, snippet=snippet),)))
    assert [plain_text(one) for one in parts(body, "marked")] == ["tram", "Trams"]
    assert "The tram, at last. Trams!" in what_is_read(body)


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk ↗"),
        ("https://a-very-long-name-of-a-newspaper.example.org/", "Open the page ↗"),
    ],
)
def test_a_button_names_the_site_that_it_opens(url: str, label: str) -> None:
    body = rendered(Reply("post", cards=(Card(story("A", url=url), "The Wire"),)))
    assert labels(body) == [[label]]


# Posts and digests


def test_a_post_begins_with_its_picture_and_leads_to_the_private_chat() -> None:
    one = story("A", "Text.", url="https://example.org/a", image="https://example.org/a.jpg")
    read = Button("Read", Action("read", (("story", one.id),)), Role.READ)
    reply = Reply("post", cards=(Card(one, "The Wire"),), buttons=(read,))
    body = rendered(reply, IN_A_CHANNEL)
    assert kinds(body) == ["photo", "heading", "footer", "buttons"]
    (row,) = button_rows(body)
    assert [button["url"] for button in row] == [
        f"https://t.me/DatelineBot?start=read_{one.id}",
        "https://example.org/a",
    ]
    assert "photo" not in kinds(rendered(reply, IN_A_CHANNEL, pictures=False))


def test_a_digest_names_each_topic_once_and_folds_what_is_only_named() -> None:
    names = "Fog Ice Sun Rain Oaks Elms Firs Figs".split()
    stories = [
        story(name, topics=("Sea" if at < 4 else "Land",), published=NOW - timedelta(hours=at))
        for at, name in enumerate(names)
    ]
    others = [story(f"No {n}", published=NOW - timedelta(days=n)) for n in range(2, 14)]
    body = rendered(digest([*stories, *others], DisplayNames(CONTEXT.words, {})), IN_A_CHANNEL)
    assert headings(body)[0] == "20 new stories"
    assert [one for one in headings(body) if one in {"Sea", "Land"}] == ["Sea", "Land"]
    (folded,) = of_kind(body, "details")
    assert (folded["summary"], len(folded["blocks"][0]["items"])) == ("12 more stories", 12)
    assert not list(parts(of_kind(body, "footer"), "url"))


def test_a_single_story_that_is_only_named_is_not_folded() -> None:
    reply = Reply("start", text=("The newest story:",), more=(Card(story("A"), "The Wire"),))
    assert what_is_read(rendered(reply)) == "The newest story:\nA — The Wire"


# Whole stories


@pytest.mark.parametrize("page", [1, 2, 7, 12])
def test_a_report_is_one_message_whatever_page_of_the_core_is_asked_for(page: int) -> None:
    body = rendered(reading(report(), page=page))
    text = what_is_read(body)
    assert text.count(SENTENCE.strip()) >= 6 * 6
    assert labels(body) == [["example.org ↗"], ["Back to the list", "Related stories"]]
    assert "Page" not in text


def test_what_follows_the_opening_is_folded_by_sections() -> None:
    body = rendered(reading(report()))
    found = [one["summary"] for one in of_kind(body, "details")]
    assert found == [f"Section {number} · 2 min" for number in range(1, 7)]
    assert not any(one.get("is_open") for one in of_kind(body, "details"))


def test_a_report_without_subheadings_is_folded_in_parts() -> None:
    body = rendered(reading(story("A", f"{SENTENCE * 5}\n" * 30)))
    found = [one["summary"] for one in of_kind(body, "details")]
    assert found[0].startswith("Part 1 of ")
    assert len(found) == int(found[0].split(" of ")[1].split()[0])
    short = rendered(reading(story("A", f"{SENTENCE * 5}\n" * 10)))
    assert [one["summary"] for one in of_kind(short, "details")] == ["Continue reading · 2 min"]
    assert not of_kind(rendered(reading(story("A", f"{SENTENCE * 5}\n" * 5))), "details")


def test_only_what_exceeds_the_limits_is_paged() -> None:
    one = story("A", "\n".join(f"Paragraph {n}. {SENTENCE * 5}" for n in range(200)))
    first = rendered(reading(one))
    assert labels(first)[-2:] == [["Next ›", "Back to the list"], ["Related stories"]]
    found = what_is_read(first)
    assert "Page 1 of 3" in found
    for page in (2, 3):
        found += what_is_read(rendered(reading(one, page=page)))
    numbers = [int(part.split(".")[0]) for part in found.split("Paragraph ")[1:]]
    assert numbers == list(range(200))
    assert "Page 3 of 3" in what_is_read(rendered(reading(one, page=40)))


def test_pages_lead_to_the_message_s_own_pages() -> None:
    one = story("A", "\n".join(SENTENCE * 5 for _ in range(200)))
    data = [
        button["callback_data"]
        for row in button_rows(rendered(reading(one, page=2)))
        for button in row
        if "callback_data" in button
    ]
    assert data[:2] == [f"read?story={one.id}&page=1", f"read?story={one.id}&page=3"]


def test_items_are_a_list_and_urls_are_links() -> None:
    text = "They want:\n• bread\n• roses, see https://example.org/roses.\nThat is all."
    body = rendered(reading(story("A", text)))
    assert kinds(body)[2:5] == ["paragraph", "list", "paragraph"]
    (link,) = parts(of_kind(body, "list"), "url")
    assert (link["url"], link["text"]) == ("https://example.org/roses",) * 2
    assert "• roses, see https://example.org/roses." in what_is_read(body)


def test_an_episode_can_be_heard_where_telegram_is_sure_to_fetch_it() -> None:
    body = rendered(reading(episode()))
    assert kinds(body)[:4] == ["photo", "heading", "footer", "audio"]
    (audio,) = of_kind(body, "audio")
    assert audio["audio"] == {
        "type": "audio",
        "media": "https://example.org/e.mp3",
        "duration": 2_520,
        "performer": "The Wire",
        "title": "A year of trams",
    }
    assert ["Listen (42 min)"] not in labels(body)


@pytest.mark.parametrize(
    "sound",
    [
        Enclosure("https://example.org/e.mp3", "audio/mpeg", 20_000_001, 2_520),
        Enclosure("https://example.org/e.mp3", "audio/mpeg", 0, 2_520),
        Enclosure("https://example.org/e.ogg", "audio/ogg", 9_000_000, 2_520),
    ],
)
def test_any_other_recording_is_a_button(sound: Enclosure) -> None:
    body = rendered(reading(story("A", "Text.", enclosures=(sound,))))
    assert not of_kind(body, "audio")
    assert ["Listen (42 min)"] in labels(body)


def test_pictures_that_come_with_a_story_are_a_collage() -> None:
    pictures = tuple(Enclosure(f"https://example.org/{n}.jpg", "image/jpeg") for n in range(4))
    one = story("A", "Text.", enclosures=pictures, image=pictures[0].url)
    body = rendered(reading(one))
    assert (kinds(body)[0], len(of_kind(body, "collage")[0]["blocks"])) == ("photo", 3)
    assert not list(parts(rendered(reading(one), pictures=False), "photo"))


def test_a_story_without_a_page_is_no_link_to_itself() -> None:
    assert not list(parts(of_kind(rendered(reading(story("A", "Text."))), "heading"), "url"))


@pytest.mark.parametrize(
    ("title", "is_rtl"),
    [
        ("خط الترام الجديد", True),
        ("«מחיר» rises", True),
        ("2026: رام", True),
        ("Tram رام", False),
        ("大阪", False),
        ("2026!", False),
    ],
)
def test_stories_from_right_to_left_are_shown_so(title: str, is_rtl: bool) -> None:
    assert is_right_to_left(title) == is_rtl
    assert rendered(reading(story(title, "x"))).get("is_rtl", False) == is_rtl
    assert rendered(Reply("latest", title="Latest stories")).get("is_rtl", False) is False


# Lists of other things


def test_short_lines_are_a_table_whose_names_are_buttons() -> None:
    entries = tuple(
        Entry(name, f"{n} stories", Action("topic", (("name", name),)), topic=name)
        for n, name in enumerate(("World", "Science", "Osaka Expo"))
    )
    body = rendered(Reply("topics", title="Topics", entries=entries))
    assert kinds(body) == ["heading", "table"]
    assert what_is_read(body).splitlines()[1:] == [
        "World | 0 stories",
        "Science | 1 stories",
        "Osaka Expo | 2 stories",
    ]
    assert {one["button"]["style"] for one in parts(body, "button")} == {"link"}


def test_short_lines_under_headings_are_a_table_each() -> None:
    entries = (
        Entry("World", "7 stories ▁▁▁▁▁▁██", LATEST, topic="World", heading="The desk's own"),
        Entry("Climate", "5 stories ▁▁▁▁▁▁▁█", LATEST, topic="Climate"),
        Entry("Seagrass", "1 story · newest Jun 17, 2025", LATEST, heading="Quiet lately"),
    )
    body = rendered(Reply("topics", title="Topics", entries=entries))
    assert kinds(body) == ["heading", "heading", "table", "heading", "table"]
    assert what_is_read(body).splitlines()[-1] == "Seagrass | 1 story · newest Jun 17, 2025"


def test_long_lines_are_names_with_small_print() -> None:
    entries = (
        Entry("1. Transport", "daily at 08:00 · nothing posted yet", LATEST, number=1),
        Entry("A headline that nobody can choose", "gave up: the chat was closed for good"),
        Entry("The newest of the topic", "", None, topic="Osaka Expo"),
    )
    body = rendered(Reply("subscriptions", title="Here", entries=entries))
    assert kinds(body)[1:] == ["paragraph", "footer", "paragraph", "footer", "paragraph"]
    assert what_is_read(body).splitlines()[1] == "1. Transport"
    assert labels(body) == [["Transport"]]
    (link,) = parts(body, "url")
    assert link["url"] == "https://t.me/DatelineBot?start=topic_Osaka_Expo"


def test_commands_are_buttons_with_what_may_follow_them() -> None:
    entry = Entry(
        "/read <story>", "Read it", Action("help", (("command", "read"),)), heading="Read"
    )
    body = rendered(Reply("help", entries=(entry,)))
    assert (headings(body), labels(body)) == (["Read"], [["/read"]])
    assert "/read <story> — Read it" in what_is_read(body)


# The words of others, and of the bot


def test_nothing_is_looked_for_in_the_words_of_others() -> None:
    body = rendered(listing(story("@durov says /read", summary="See t.me/x and #tag, @durov")))
    assert body["skip_entity_detection"] is True
    assert "1. @durov says /read" in what_is_read(body)


def test_commands_in_the_bot_s_words_can_be_tapped_and_then_others_cannot() -> None:
    card = Card(story("Type /read now, @durov"), "The Wire", 1)
    body = rendered(Reply("search", notes=("Try /search.",), cards=(card,)))
    assert body["skip_entity_detection"] is False
    text = what_is_read(body)
    assert "Try /search." in text
    assert "@durov" not in text
    assert rendered(Reply("help", text=("There is no command /nothing.",)))["skip_entity_detection"]


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("https://", False),
        ("ftp://example.org/a", False),
        ("javascript:alert(1)", False),
        ("https://example.org/a b", False),
        ("https://example.org/" + "a" * 2_000, False),
        ("http://[", False),
    ],
)
def test_only_addresses_of_web_pages_are_linked(url: str, usable: bool) -> None:
    assert is_usable(url) == usable
    body = rendered(Reply("post", cards=(Card(story("A", url=url, image=url), "The Wire"),)))
    assert (json.dumps(url) in json.dumps(body)) == usable


def test_a_site_is_called_by_its_host() -> None:
    assert site("https://www.example.org:8080/a") == "example.org"


def test_an_empty_reply_says_so() -> None:
    assert what_is_read(rendered(Reply("x"))) == "Nothing to show."
    assert what_is_read(rendered(Reply("x", title="\u200b", text=("",)))) == "Nothing to show."


def test_texts_are_shortened_only_where_the_limits_force_it() -> None:
    long = "word " * 1_000
    assert long.strip() in what_is_read(rendered(listing(story("A", summary=long))))
    crowd = [story(f"A {n}", summary=long) for n in range(20)]
    text = what_is_read(rendered(listing(*crowd)))
    assert "…" in text
    assert len(text) > 20_000
    body = Reply("x", body=(Paragraph("Told elsewhere."),))
    assert what_is_read(rendered(body)) == "Told elsewhere."
