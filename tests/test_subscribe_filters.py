"""Filters of /subscribe: as options and as words of the line; shown, changed, and asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from following import GROUP, HOST, entries, follow, followed, labels, news, press
from newsdesk import TestDesk, seen_at
from stories import MODERATOR, NOW, READER, story

from bot.commands.subscriptions.filter_phrases import may_name_filter
from bot.commands.subscriptions.language_names import find_language, name_language
from bot.i18n import load, speak
from bot.model import Chat
from bot.reply import Reply
from bot.subscriptions.story_filters import NO_FILTERS, StoryFilters

DAY = timedelta(days=1)
EXPO = story("Osaka Expo opens", "The Osaka Expo opened.", published=NOW, language="en")


async def ask(desk: TestDesk, line: str) -> Reply:
    return await desk.ask(f"/subscribe {line}", MODERATOR, GROUP)


async def filters(desk: TestDesk, line: str) -> StoryFilters:
    """What a line leaves out."""
    return (await follow(desk, line)).filters


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("language:en", StoryFilters(languages=("en",))),
        ('language:"English, 日本語 and Deutsch"', StoryFilters(languages=("en", "ja", "de"))),
        ('exclude:"Other News"', StoryFilters(except_sources=("other",))),
        ("exclude:wire,other", StoryFilters(except_sources=("wire", "other"))),
        ("length:500", StoryFilters(least_length=500)),
        ('title:"expo OR fair"', StoryFilters(title="expo OR fair")),
        ('without:"football, transfer rumour"', StoryFilters(without="football, transfer rumour")),
        ("age:12h", StoryFilters(most_age=timedelta(hours=12))),
        ('age:"a week"', StoryFilters(most_age=7 * DAY)),
        ("age:2d length:9", StoryFilters(least_length=9, most_age=2 * DAY)),
    ],
)
async def test_filters_are_options(desk: TestDesk, typed: str, expected: StoryFilters) -> None:
    assert await filters(desk, f"osaka expo {typed}") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("osaka expo in English", StoryFilters(languages=("en",))),
        ("osaka expo only in Japanese or English", StoryFilters(languages=("ja", "en"))),
        ("osaka expo, not from Other News", StoryFilters(except_sources=("other",))),
        ("everything except the wire", StoryFilters(except_sources=("wire",))),
        ("osaka expo at least 300 characters", StoryFilters(least_length=300)),
        ("osaka expo with opens in the title", StoryFilters(title="opens")),
        ('osaka expo with "expo opens" in the title', StoryFilters(title="expo opens")),
        ("osaka expo without football", StoryFilters(without="football")),
        ('everything without the words "transfer talk"', StoryFilters(without="transfer talk")),
        ("osaka expo at most a day old", StoryFilters(most_age=DAY)),
        ("osaka expo no older than 36 hours", StoryFilters(most_age=timedelta(hours=36))),
        (
            "osaka expo in English, not from other, at most 2 days old, without football",
            StoryFilters(("en",), ("other",), without="football", most_age=2 * DAY),
        ),
    ],
)
async def test_filters_are_words_of_the_line(
    desk: TestDesk, line: str, expected: StoryFilters
) -> None:
    one = await follow(desk, f"{line} daily 8:00")
    assert one.filters == expected
    assert str(one.when) == "daily 08:00"
    assert one.what in {"Osaka Expo", ""}


@pytest.mark.parametrize(
    "line",
    [
        "news in brief",
        "made in heaven",
        "not from nowhere",
        "at least nothing",
        "at most a day",
        "without pictures tram",
        '"in English"',
        '"without football"',
        "in English",  # nothing would be left
    ],
)
async def test_other_words_stay_words(desk: TestDesk, line: str) -> None:
    reply = await ask(desk, line)
    assert "Subscribe" in labels(reply)
    assert (await follow(desk, line)).filters == NO_FILTERS


async def test_what_stories_hold_as_words_is_no_filter(desk: TestDesk) -> None:
    await seen_at(desk.store, NOW, story("War without end", "It goes on.", published=NOW))
    assert (await follow(desk, "war without end")).filters == NO_FILTERS
    assert (await follow(desk, "war without peace")).filters == StoryFilters(without="peace")


async def test_words_can_be_meant_as_such(desk: TestDesk) -> None:
    reply = await ask(desk, "trams in English")
    kept = await press(
        desk, await press(desk, reply, "Just the words “trams in English”"), "Subscribe"
    )
    assert kept.ok
    (one,) = await followed(desk)
    assert (one.what, one.filters) == ("trams in English", NO_FILTERS)
    assert may_name_filter("trams in English")
    assert not may_name_filter("trams and trains")


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("ja", "osaka expo 英語のみ 1日以内", StoryFilters(("en",), most_age=DAY)),
        ("ja", "osaka expo 英語か日本語のみ", StoryFilters(("en", "ja"))),
        ("ja", "osaka expo 500文字以上", StoryFilters(least_length=500)),
        (
            "de",
            "osaka expo nur auf Englisch, höchstens einen Tag alt",
            StoryFilters(("en",), most_age=DAY),
        ),
        ("de", "osaka expo ohne Fußball", StoryFilters(without="Fußball")),
        (
            "es",
            "osaka expo en inglés, de 2 días como máximo",
            StoryFilters(("en",), most_age=2 * DAY),
        ),
        ("es", "osaka expo sin fútbol", StoryFilters(without="fútbol")),
    ],
)
async def test_filters_are_words_of_the_readers_language(
    desk: TestDesk, language: str, line: str, expected: StoryFilters
) -> None:
    speak(load(language))
    await desk.ask(f"/subscribe {line} confirm:on", MODERATOR, GROUP)
    (one,) = await followed(desk)
    assert (one.filters, one.what) == (expected, "Osaka Expo")


async def test_filters_are_told_in_words_which_mean_the_same_again(desk: TestDesk) -> None:
    line = (
        "osaka expo language:en exclude:other length:100 title:opens "
        'without:"football, tennis" age:36h'
    )
    first = await filters(desk, line)
    ((_name, told),) = entries(await desk.ask("/subscriptions", MODERATOR, GROUP))
    said = (
        "only in English · not from Other News · at least 100 characters long · with “opens” in "
        "the title · without “football”, “tennis” · at most 36 hours old"
    )
    assert said in told
    reader = await desk.ask("/subscriptions", READER, GROUP)
    assert "only in" not in entries(reader)[0][1]
    # A change of something else keeps them; any and none take them away.
    await desk.ask("/subscribe osaka expo silent confirm:on", MODERATOR, GROUP)
    assert (await followed(desk))[0].filters == first
    off = "language:any exclude:none length:0 title:any without:none age:any"
    await desk.ask(f"/subscribe osaka expo {off} confirm:on", MODERATOR, GROUP)
    assert (await followed(desk))[0].filters == NO_FILTERS


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("language:gibberish", "I don't know the language “gibberish”."),
        ('language:"English and Gibberish"', "I don't know the language"),
        ("exclude:wir", "Did you mean The Wire?"),
        ("exclude:zzz", "/sources lists them."),
        ("length:many", "Choose a number from 1 to 100,000, or any."),
        ("length:-5", "Choose a number from 1 to 100,000, or any."),
        ("length:9999999", "Choose a number from 1 to 100,000, or any."),
        ("title:!!!", "“!!!” has no word to look for."),
        ("without:a,,b", "has no word to look for."),
        ("age:soon", "I don't understand the age “soon”."),
        ("age:0d", "I don't understand the age “0d”."),
        ("age:999d", "I don't understand the age “999d”."),
    ],
)
async def test_what_is_no_filter_is_refused_in_words(
    desk: TestDesk, typed: str, words: str
) -> None:
    reply = await ask(desk, f"osaka expo {typed} confirm:on")
    assert not reply.ok
    assert words in " ".join(reply.text)
    assert not await followed(desk)


async def test_the_preview_counts_what_filters_let_through(desk: TestDesk) -> None:
    german = replace(EXPO, id="bcd234bcd234", key="2", title="Osaka Expo öffnet", language="de")
    await seen_at(desk.store, NOW, EXPO, german)
    both = await ask(desk, "osaka expo")
    one = await ask(desk, "osaka expo in German")
    none = await ask(desk, "osaka expo in French")
    assert both.text[0] == "In the last week this would have posted 2 stories."
    assert one.text[0] == "In the last week this would have posted 1 story."
    assert [card.story.title for card in one.cards] == ["Osaka Expo öffnet"]
    assert none.text[0].startswith("Nothing would have been posted in the last week")


async def test_what_a_filter_keeps_out_is_not_posted_and_posts_says_why(desk: TestDesk) -> None:
    await follow(desk, "osaka expo in Japanese at most a day old")
    old = story("大阪万博 Osaka Expo", "大阪万博。", published=NOW - 3 * DAY)
    await news(desk, EXPO, old)
    due = await desk.store.outbox.of_chat(GROUP, 9)
    assert not due
    told = await desk.ask(f"/posts {EXPO.id}", MODERATOR, GROUP)
    assert told.text[0] == (
        "It matches Osaka Expo, but a filter of that subscription keeps it out: it is in English."
    )
    told = await desk.ask(f"/posts {old.id}", MODERATOR, GROUP)
    assert told.text[0].endswith("keeps it out: it was 3 days old when it came in.")


async def test_several_things_share_their_filters(desk: TestDesk) -> None:
    reply = await ask(desk, "osaka expo, the wire in English at most a day old")
    assert (await press(desk, reply, "Subscribe")).ok
    assert [one.filters for one in await followed(desk)] == [
        StoryFilters(("en",), most_age=DAY)
    ] * 2


async def test_a_source_may_be_left_out_that_is_gone_by_now(desk: TestDesk) -> None:
    own = Chat("telegram", "5", capabilities=GROUP.capabilities)
    one = await follow(desk, "osaka expo", own, HOST)
    gone = replace(one, filters=StoryFilters(except_sources=("gone",)))
    await desk.store.subscriptions.put(gone)
    ((_name, told),) = entries(await desk.ask("/subscriptions", HOST, own))
    assert "not from gone" in told


@pytest.mark.parametrize(
    ("typed", "reader", "code"),
    [
        ("English", "en", "en"),
        ("japanese", "en", "ja"),
        ("英語", "ja", "en"),
        ("deutsch", "en", "de"),
        ("español", "en", "es"),
        ("JA", "de", "ja"),
        ("Englisch", "de", "en"),
        ("zzz", "en", ""),
        ("", "en", ""),
    ],
)
def test_languages_are_known_by_many_names(typed: str, reader: str, code: str) -> None:
    assert find_language(typed, reader) == code
    assert name_language("ja", "de") == "Japanisch"
    assert name_language("xq", "en") == "xq"
