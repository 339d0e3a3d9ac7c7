"""Every command, as a reader meets it: through the desk, over a real store."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from newsdesk import TestDesk, titles
from stories import CHAT, MODERATOR, NOW, READER, day, story

from bot.errors import SourceError
from bot.loads import Fetched, Unreadable
from bot.model import Chat, Person
from bot.reply import Action, Role


async def _twelve(desk: TestDesk) -> None:
    """Stories 1 (newest) to 12 (oldest)."""
    await desk.has(
        *(
            story(f"Story {n}", f"Text {n}.", published=NOW - timedelta(days=n))
            for n in range(12, 0, -1)
        )
    )


# /latest


async def test_latest_lists_newest_first_with_numbers_over_all_pages(desk: TestDesk) -> None:
    await _twelve(desk)
    first = await desk.ask("/latest")
    assert titles(first) == [f"Story {n}" for n in range(1, 6)]
    assert (first.page, first.pages) == (1, 3)

    second = await desk.press(first, Role.NEXT)
    assert [card.number for card in second.cards] == [6, 7, 8, 9, 10]
    third = await desk.press(second, Role.NEXT)
    assert titles(third) == ["Story 11", "Story 12"]
    assert Role.NEXT not in {button.role for button in third.buttons}
    assert titles(await desk.press(third, Role.PREVIOUS)) == titles(second)


async def test_a_card_has_all_that_a_reader_needs(desk: TestDesk) -> None:
    await desk.has(
        story("Osaka Expo cost", "It rises. Again.", url="https://example.org/1", place="OSAKA")
    )
    (card,) = (await desk.ask("/latest")).cards

    assert (card.source, card.number) == ("The Wire", 1)
    assert card.story.summary == "It rises. Again."
    assert card.story.topics == ("Osaka Expo", "World")
    assert (card.story.url, card.story.place, card.story.published) == (
        "https://example.org/1",
        "OSAKA",
        NOW,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/latest osaka expo", ["expo new", "expo old"]),
        ("/latest Osaka Expo", ["expo new", "expo old"]),
        ('/latest topic:"OSAKA expo"', ["expo new", "expo old"]),
        ("/latest other", ["expo old"]),
        ("/latest Other News", ["expo old"]),
        ("/latest source:other", ["expo old"]),
        ("/latest 2w", ["expo new", "road"]),
        ("/latest osaka expo 2w", ["expo new"]),
        ("/latest Oct 2026 wire", ["expo new", "road"]),
        ("/latest osaka expo other since:2025", ["expo old"]),
        ("/latest since:yesterday", []),
        ("latest", ["expo new", "road", "expo old"]),
    ],
)  # fmt: skip
async def test_latest_takes_a_topic_a_source_and_a_date_in_any_order(
    desk: TestDesk, line: str, expected: list[str]
) -> None:
    await desk.has(
        story("expo new", "The Osaka Expo.", published=day("2026-11-20")),
        story("road", "A road.", published=day("2026-11-19")),
        story("expo old", "The Osaka Expo.", published=day("2025-11-20"), source="other"),
    )
    reply = await desk.ask(line)
    assert titles(reply) == expected
    assert reply.ok


async def test_latest_without_any_story_says_so(desk: TestDesk) -> None:
    reply = await desk.ask("/latest")
    assert reply.text == ("There are no stories yet. A moderator can fetch some with /reload.",)
    await _twelve(desk)
    none = await desk.ask("/latest since:today")
    assert none.text == ("No story fits that.",)
    assert Action("latest") in [button.action for button in none.buttons]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/latest source:wier", "There is no source “wier”. Did you mean wire"),
        ("/latest source:qqqqqqq", "/sources lists them all."),
        ("/latest since:someday", "“someday” is no date I know."),
        ("/latest page:0", "“0” is no page number."),
        ("/latest page:٣", "“٣” is no page number."),
        ("/topics of the day", "/topics takes no “of the day”."),
        ("/search", "/search <words>"),
        ("/read", "/read 3"),
        ("/read 99", "There is no story number 99."),
        ("/read 0", "There is no story number 0."),
        ("/read #0", "There is no story number 0."),
        ("/reload", "/reload is for moderators."),
    ],
)
async def test_what_cannot_be_answered_is_told_in_one_line(
    desk: TestDesk, line: str, words: str
) -> None:
    await _twelve(desk)
    reply = await desk.ask(line)
    assert not reply.ok
    assert any(words in text for text in reply.text), reply.text
    assert reply.cards == ()


async def test_a_page_beyond_the_last_is_the_last(desk: TestDesk) -> None:
    await _twelve(desk)
    assert titles(await desk.ask("/latest page:99")) == ["Story 11", "Story 12"]
    assert (await desk.ask("/read story 1 page:7")).page == 1


# /search


async def test_search_puts_titles_first_and_pages_through_the_rest(desk: TestDesk) -> None:
    await desk.has(*(story(f"Mention {n}", "It names a crematorium.") for n in range(8)))
    await desk.has(story("Crematorium sold", "To somebody.", published=day("2001-01-01")))
    first = await desk.ask("/search crematorium")

    assert titles(first)[0] == "Crematorium sold"
    assert (first.page, first.pages) == (1, 2)
    scores = [card.score or 0 for card in first.cards]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] < scores[0] <= 1
    second = await desk.press(first, Role.NEXT)
    assert len({*titles(first), *titles(second)}) == 9


async def test_a_line_that_is_no_command_is_searched_for(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"), story("Other"))
    assert titles(await desk.ask("osaka expo")) == ["Osaka Expo cost"]


@pytest.mark.parametrize(
    "typed", ["osaka exo", "osakaa expo", "oskaa exp", "osaka exp", "ÔSAKA EXPÓ"]
)
async def test_a_slip_or_an_unfinished_word_still_finds(desk: TestDesk, typed: str) -> None:
    await desk.has(story("Osaka Expo cost"), story("Tokyo tower"))
    assert titles(await desk.ask(f"/search {typed}")) == ["Osaka Expo cost"]


async def test_search_says_what_it_mended(desk: TestDesk) -> None:
    await desk.has(story("Crematorium sold"), story("Cremation fees"))
    reply = await desk.ask("/search crematorum")
    assert titles(reply) == ["Crematorium sold"]
    assert reply.notes == ("Showing results for “crematorium”.",)
    assert (await desk.ask("/search cremation")).notes == ()


async def test_new_words_can_be_mended_to_as_soon_as_they_are_loaded(desk: TestDesk) -> None:
    await desk.has(story("Bridge opens"))
    assert titles(await desk.ask("/search pavillion")) == []
    await desk.has(story("Pavilion opens"))
    assert titles(await desk.ask("/search pavillion")) == ["Pavilion opens"]


async def test_stories_that_hold_some_words_are_shown_when_none_holds_all(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"), story("Tokyo tower"), story("Weather"))
    reply = await desk.ask("/search osaka tower")
    assert set(titles(reply)) == {"Osaka Expo cost", "Tokyo tower"}
    assert reply.notes == ("No story holds all of these words; these hold some of them.",)


async def test_finding_nothing_is_no_dead_end(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"))
    reply = await desk.ask("/search zzzzzz qqqqqq")
    assert reply.text[0] == "Nothing found for “zzzzzz qqqqqq”."
    fewer = Action("search", (("words", "qqqqqq"),))
    assert [b.action for b in reply.buttons] == [fewer, Action("topics"), Action("latest")]


@pytest.mark.parametrize(
    "typed",
    [
        "C++",
        "it's",
        "a.b",
        '"',
        "-x",
        "\0\x1b[2J",
        "🙂",
        "大阪",
        "\ud800",
        "x" * 10_000,
        "'",
        "() OR",
        "page:2",
    ],
)
async def test_anything_may_be_searched_for(desk: TestDesk, typed: str) -> None:
    await desk.has(story("Osaka Expo cost"))
    reply = await desk.ask(f"/search {typed}")
    told = "".join((reply.title, *reply.text, *reply.notes))
    assert told
    assert len(told) < 400
    assert not {"\0", "\x1b", "\ud800"} & set(told)


# /topic and /topics


async def test_topics_are_listed_by_their_stories_and_lead_to_them(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"), story("Road"), story("Rail", source="other"))
    reply = await desk.ask("/topics")
    assert [(e.name, e.text) for e in reply.entries] == [
        ("World", "2 stories"),
        ("Osaka Expo", "1 story"),
    ]

    assert reply.entries[1].action is not None
    chosen = await desk.desk.press(reply.entries[1].action, READER, CHAT)
    assert (chosen.title, titles(chosen)) == ("Osaka Expo", ["Osaka Expo cost"])


async def test_a_name_that_is_no_topic_is_searched_for_and_the_nearest_offered(
    desk: TestDesk,
) -> None:
    await desk.has(story("Osaka Expo cost"), story("Osaka castle"))
    reply = await desk.ask("/topic osaka expos")
    assert reply.notes[0] == "There is no topic “osaka expos”; this is what a search for it finds."
    assert reply.notes[1] == "Did you mean the topic “Osaka Expo”?"
    assert titles(reply) == ["Osaka Expo cost"]
    assert reply.buttons[0].action == Action("topic", (("name", "Osaka Expo"),))

    nothing = await desk.ask("/topic zzzzzzzz")
    assert nothing.notes == ("There is no topic “zzzzzzzz”, and a search for it finds nothing.",)
    assert nothing.buttons


async def test_a_topic_without_stories_says_so(desk: TestDesk) -> None:
    reply = await desk.ask("/topic osaka expo")
    assert reply.text == ("No stories on this topic yet.",)
    assert Action("topics") in [button.action for button in reply.buttons]


# /read


async def test_read_takes_the_number_of_the_last_list(desk: TestDesk) -> None:
    await _twelve(desk)
    second = await desk.ask("/latest page:2")
    reply = await desk.ask("/read 7")
    assert titles(reply) == ["Story 7"]
    assert [paragraph.text for paragraph in reply.body] == ["Text 7."]
    assert reply.notes == ()

    back = await desk.press(reply, Role.BACK)
    assert titles(back) == titles(second)


async def test_numbers_of_earlier_pages_and_lists_stay_readable(desk: TestDesk) -> None:
    await _twelve(desk)
    await desk.ask("/latest")
    await desk.ask("/latest page:2")
    assert titles(await desk.ask("/read 2")) == ["Story 2"]

    await desk.ask('/search "Story 12"')
    assert titles(await desk.ask("/read 1")) == ["Story 12"]
    earlier = await desk.ask("/read 7")
    assert titles(earlier) == ["Story 7"]
    assert earlier.notes == ("Number 7 is from a list before the last one.",)


async def test_a_number_that_nobody_was_shown_is_that_of_the_latest_stories(desk: TestDesk) -> None:
    await _twelve(desk)
    reply = await desk.ask("/read 3")
    assert titles(reply) == ["Story 3"]
    assert reply.notes == ("You were not shown a number 3; this is that of the latest stories.",)


async def test_each_person_has_their_own_numbers_and_a_newcomer_those_of_the_room(
    desk: TestDesk,
) -> None:
    await _twelve(desk)
    ada, ben, carl = Person("ada"), Person("ben"), Person("carl")
    await desk.ask('/search "Story 12"', ada)
    await desk.ask('/search "Story 11"', ben)

    assert titles(await desk.ask("/read 1", ada)) == ["Story 12"]
    assert titles(await desk.ask("/read 1", ben)) == ["Story 11"]
    assert titles(await desk.ask("/read 1", carl)) == ["Story 11"]
    assert titles(await desk.ask("/read 1", ada, Chat("test", "elsewhere"))) == ["Story 1"]


async def test_the_last_list_outlives_a_restart(desk: TestDesk) -> None:
    await _twelve(desk)
    await desk.ask("/latest page:2")
    await desk.desk.aclose()
    again = type(desk.desk)(desk.desk.services)
    assert titles(await again.answer("/read 8", READER, CHAT)) == ["Story 8"]
    await again.aclose()


async def test_read_takes_an_id_with_or_without_a_mark(desk: TestDesk) -> None:
    await _twelve(desk)
    (one,) = (await desk.ask("/search story 4")).cards[:1]
    for typed in (one.story.id, f"#{one.story.id}", one.story.id.upper()):
        assert titles(await desk.ask(f"/read {typed}")) == [one.story.title]


@pytest.mark.parametrize(
    "typed",
    [
        "crematorium",
        "tokyo crematorum",
        "Largest shareholder of the crematorium",
        "crematorium compny",
    ],
)
async def test_read_takes_words_of_the_title_misspelled_or_not(desk: TestDesk, typed: str) -> None:
    await desk.has(
        story("China become the largest shareholder of the top Tokyo crematorium company"),
        story("Fees", "The crematorium of Tokyo is a company; its largest shareholder is silent."),
    )
    assert titles(await desk.ask(f"/read {typed}")) == [
        "China become the largest shareholder of the top Tokyo crematorium company"
    ]


async def test_read_asks_which_when_words_fit_several_titles(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"), story("Osaka Expo buses"), story("Osaka"))
    reply = await desk.ask("/read osaka expo")
    assert set(titles(reply)) == {"Osaka Expo cost", "Osaka Expo buses"}
    assert reply.title == "Which story do you mean by “osaka expo”?"

    picked = await desk.press(reply, Role.READ, number=2)
    assert titles(picked) == [titles(reply)[1]]
    assert titles(await desk.ask("/read Osaka")) == ["Osaka"]
    assert not (await desk.ask("/read zzzzzzz")).ok


async def test_a_long_story_is_read_whole_page_by_page(desk: TestDesk) -> None:
    paragraphs = [f"Paragraph {n}. " + "Words follow here. " * 30 for n in range(12)]
    text = "\n".join([*paragraphs[:6], "# Other cities", *paragraphs[6:]])
    await desk.has(story("Long", text))

    reply = await desk.ask("/read long")
    body = list(reply.body)
    while reply.page < reply.pages:
        reply = await desk.press(reply, Role.NEXT)
        body += reply.body
    assert reply.pages > 3
    assert [p.text for p in body] == [line.removeprefix("# ").strip() for line in text.splitlines()]
    assert [p.text for p in body if p.heading] == ["Other cities"]


async def test_a_story_without_text_says_that_there_is_no_more(desk: TestDesk) -> None:
    await desk.has(story("Headline only", summary="All there is."))
    reply = await desk.ask("/read headline only")
    assert reply.ok
    assert reply.text == ("The source gives no more of this story than this.",)


# /sources


async def test_sources_tell_what_they_gave_and_when_they_were_looked_at(desk: TestDesk) -> None:
    desk.wire.gives = [Fetched((story("a", published=day("2026-05-01")),))]
    await desk.desk.services.newsroom.load(["wire"])
    desk.clock.pass_(300)
    reply = await desk.ask("/sources")

    assert [(entry.name, entry.text) for entry in reply.entries] == [
        ("The Wire", "wire · 1 story · newest May 1, 2026 · looked at 5 minutes ago"),
        ("Other News", "other · 0 stories · not looked at yet"),
    ]


async def test_only_moderators_are_told_why_a_look_failed(desk: TestDesk) -> None:
    desk.wire.gives = [SourceError("no file matches")]
    await desk.desk.services.newsroom.load(["wire"])
    assert "no file matches" not in (await desk.ask("/sources")).entries[0].text
    assert (
        "last look failed: no file matches"
        in (await desk.ask("/sources", MODERATOR)).entries[0].text
    )


# /help


async def test_help_lists_what_the_person_may_use(desk: TestDesk) -> None:
    names = [entry.name for entry in (await desk.ask("/help")).entries]
    assert names == [
        "/latest [topic] [source] [since]",
        "/search <words>",
        "/topic <name>",
        "/topics",
        "/read <story>",
        "/related <story>",
        "/sources",
        "/help [command]",
    ]
    moderators = [entry.name for entry in (await desk.ask("help", MODERATOR)).entries]
    assert moderators == [*names, "/reload [source]"]


async def test_help_explains_every_command_with_its_options_and_examples(desk: TestDesk) -> None:
    for command in desk.desk.registry:
        reply = await desk.ask(f"/help {command.name}", MODERATOR)
        assert reply.title == command.usage
        assert [entry.name for entry in reply.entries] == [
            o.name for o in command.options if not o.hidden
        ]
        for example in command.examples:
            assert any(example in text for text in reply.text)


async def test_every_example_in_the_help_is_understood(desk: TestDesk) -> None:
    await desk.has(*(story(f"Crematorium company {n}") for n in range(3)))
    desk.wire.gives = desk.other.gives = [Fetched(), Fetched()]
    for command in desk.desk.registry:
        for example in command.examples:
            reply = await desk.ask(example.replace("prospect", "wire"), MODERATOR)
            assert reply.ok, (example, reply.text)


async def test_help_on_an_unknown_or_forbidden_command_offers_the_nearest(desk: TestDesk) -> None:
    reply = await desk.ask("/help serch")
    assert not reply.ok
    assert Action("help", (("command", "search"),)) in [button.action for button in reply.buttons]
    assert not (await desk.ask("/help reload")).ok


@pytest.mark.parametrize(
    ("typed", "near"), [("/lates", "latest"), ("/Serach x", "search"), ("/topcis", "topics")]
)
async def test_an_unknown_command_gets_the_nearest_offered(
    desk: TestDesk, typed: str, near: str
) -> None:
    reply = await desk.ask(typed)
    assert not reply.ok
    assert reply.buttons[0].action == Action(near)
    assert not any(b.action == Action("reload") for b in (await desk.ask("/relod")).buttons)


async def test_commands_may_be_addressed_to_the_bot_and_in_any_case(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"))
    assert titles(await desk.ask("/SEARCH@DatelineBot osaka\nexpo")) == ["Osaka Expo cost"]


# /reload


async def test_reload_reports_source_by_source(desk: TestDesk) -> None:
    old = story("old", "text")
    await desk.has(old)
    bad = tuple(Unreadable("a.txt", n, "no dateline") for n in range(1, 8))
    desk.wire.gives = [Fetched((old, story("new")), bad)]
    desk.other.gives = [SourceError("no file matches /news/*.txt")]
    reply = await desk.ask("/reload", MODERATOR)

    told = [(entry.name, entry.text) for entry in reply.entries]
    assert told[0][0] == "The Wire"
    assert told[0][1].startswith("1 new, ")
    assert told[0][1].endswith("7 unreadable")
    assert told[1] == ("The Wire", "a.txt:1: no dateline")
    assert told[6] == ("The Wire", "and 2 more")
    assert told[7] == ("Other News", "cannot be read: no file matches /news/*.txt")


async def test_reload_of_one_source_leaves_the_others_alone(desk: TestDesk) -> None:
    desk.other.gives = [Fetched()]
    reply = await desk.ask("/reload Other News", MODERATOR)
    assert [entry.name for entry in reply.entries] == ["Other News"]
    assert desk.wire.asked == []
    assert not (await desk.ask("/reload nobody", MODERATOR)).ok


async def test_reloads_come_one_at_a_time_with_a_pause_after_each(desk: TestDesk) -> None:
    desk.wire.gives = [Fetched(), Fetched()]
    desk.wire.may_go.clear()
    first = asyncio.create_task(desk.ask("/reload wire", MODERATOR))
    await desk.wire.was_asked.wait()
    busy = await desk.ask("/reload", MODERATOR)
    assert busy.text == ("The sources are being looked at right now; ask again soon.",)
    desk.wire.may_go.set()
    assert (await first).ok

    desk.clock.pass_(10.5)
    soon = await desk.ask("/reload", MODERATOR)
    assert soon.text == ("The sources were just looked at; ask again in 20 seconds.",)
    desk.clock.pass_(20)
    assert (await desk.ask("/reload wire", MODERATOR)).ok


async def test_a_forged_press_is_refused_like_a_typed_command(desk: TestDesk) -> None:
    assert not (await desk.desk.press(Action("reload"), READER, CHAT)).ok
    assert not (await desk.desk.press(Action("nothing"), READER, CHAT)).ok
    assert not (await desk.desk.press(Action("latest", (("sql", "x"),)), READER, CHAT)).ok
    assert not (await desk.desk.press(Action("read", (("story", ""),)), READER, CHAT)).ok
