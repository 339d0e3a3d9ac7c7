"""`/latest`, `/search` and `/topic`, as a reader meets them: the desk over a real store."""

from __future__ import annotations

import pytest
from newsdesk import TestDesk, titles, twelve
from stories import CHAT, NOW, READER, day, story

from bot.model import Person
from bot.reply import Action, Button, Role

# /latest


async def test_latest_lists_newest_first_with_numbers_over_all_pages(desk: TestDesk) -> None:
    await twelve(desk)
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
    await twelve(desk)
    none = await desk.ask("/latest since:today")
    assert none.text == ("No stories match that.",)
    assert Action("latest") in [button.action for button in none.buttons]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/latest source:wier", "There is no source “wier”. Did you mean wire"),
        ("/latest source:qqqqqqq", "/sources lists them all."),
        ("/latest since:someday", "I don't understand the date “someday”."),
        ("/latest page:0", "“0” is not a page number."),
        ("/latest page:٣", "“٣” is not a page number."),
        ("/topics of the day", "/topics doesn't take “of the day”."),
        ("/read 99", "There is no story number 99."),
        ("/read 0", "There is no story number 0."),
        ("/read #0", "There is no story number 0."),
        ("/reload", "Only moderators can use /reload."),
    ],
)
async def test_what_cannot_be_answered_is_told_in_one_line(
    desk: TestDesk, line: str, words: str
) -> None:
    await twelve(desk)
    reply = await desk.ask(line)
    assert not reply.ok
    assert any(words in text for text in reply.text), reply.text
    assert reply.cards == ()


async def test_a_page_beyond_the_last_is_the_last(desk: TestDesk) -> None:
    await twelve(desk)
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
    assert reply.notes == ("No story contains all of these words. These contain some of them.",)


async def test_finding_nothing_is_no_dead_end(desk: TestDesk) -> None:
    await desk.has(story("Osaka Expo cost"))
    reply = await desk.ask("/search zzzzzz qqqqqq")
    assert reply.text[0] == "Nothing found for “zzzzzz qqqqqq”."
    assert [b.action for b in reply.buttons] == [Action("topics"), Action("latest")]


@pytest.mark.parametrize("typed", ['"expo" "osaka tower"', "osaka since:2031"])
async def test_what_is_offered_where_nothing_was_found_finds_something(
    desk: TestDesk, typed: str
) -> None:
    await desk.has(story("Osaka Expo cost"))
    reply = await desk.ask(f"/search {typed}")
    assert not reply.cards
    offers = [b.action for b in reply.buttons if b.action.command == "search"]
    assert offers
    for offer in offers:
        assert titles(await desk.ask(str(offer))) == ["Osaka Expo cost"]


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
        ("World", "2 stories ▁▁▁▁▁▁▁█"),
        ("Osaka Expo", "1 story ▁▁▁▁▁▁▁█"),
    ]

    assert reply.entries[1].action is not None
    chosen = await desk.dispatcher.press(reply.entries[1].action, READER, CHAT)
    assert (chosen.title, titles(chosen)) == ("Osaka Expo", ["Osaka Expo cost"])


async def test_a_name_that_is_no_topic_is_searched_for_and_the_nearest_offered(
    desk: TestDesk,
) -> None:
    await desk.has(story("Osaka Expo cost"), story("Osaka castle"))
    reply = await desk.ask("/topic osaka castle expo")
    note = "There is no topic “osaka castle expo”. Here is what searching for it found."
    assert reply.notes[0] == note
    assert reply.notes[1] == "Did you mean the topic “Osaka Expo”?"
    assert reply.buttons[0].action == Action("topic", (("name", "Osaka Expo"),))

    nothing = await desk.ask("/topic zzzzzzzz")
    assert nothing.notes == ("There is no topic “zzzzzzzz”, and searching for it found nothing.",)
    assert nothing.buttons


async def test_a_topic_without_stories_says_so(desk: TestDesk) -> None:
    reply = await desk.ask("/topic osaka expo")
    assert reply.text == ("No stories on this topic yet.",)
    assert Action("topics") in [button.action for button in reply.buttons]


@pytest.mark.parametrize(
    ("typed", "label", "command"),
    [
        ("/topc osaka", "/topic osaka", Action("topic", (("name", "osaka"),))),
        ("/serach tram lines", "/search tram lines", Action("search", (("words", "tram lines"),))),
        ("/lastest", "/latest", Action("latest")),
    ],
)
async def test_what_follows_a_misspelt_command_goes_with_it(
    desk: TestDesk, typed: str, label: str, command: Action
) -> None:
    reply = await desk.ask(typed)
    assert (reply.ok, reply.buttons[0]) == (False, Button(label, command))


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("/follow osaka expo", "/subscribe osaka expo"),
        ("follow osaka expo daily 8", "/subscribe osaka expo daily 8"),
        ("Subscribe to world", "/subscribe world"),
        ("subscribe", "/subscribe"),
        ("unsubscribe", "/unsubscribe"),
        ("unfollow world", "/unsubscribe world"),
        ("/unfollow", "/unsubscribe"),
        ("settings", "/settings"),
        ("settings timezone tokyo", "/settings timezone tokyo"),
        ("unsubscribe me from world", "/unsubscribe world"),
        ("unsubscribe from osaka expo", "/unsubscribe osaka expo"),
        ("/find osaka", "/search osaka"),
        ("/list", "/subscriptions"),
        ("list", "/subscriptions"),
        ("follow", "/subscribe"),
        ("trending", "/trends"),
    ],
)
async def test_commands_have_other_names_and_need_no_slash(
    desk: TestDesk, typed: str, same: str
) -> None:
    await desk.has(story("Osaka Expo opens", "World news."))
    mine = Person("mine", "Ada", host=True)
    assert await desk.ask(typed, mine) == await desk.ask(same, mine)
    assert (await desk.ask("/new", mine)).command == "catchup"


async def test_what_stories_hold_is_searched_for_and_readers_are_told_where(
    desk: TestDesk,
) -> None:
    await desk.has(story("Follow the money, she said"))
    mine = Person("mine", "Ada", host=True)
    assert titles(await desk.ask("follow the money", mine)) == ["Follow the money, she said"]
    for typed in ("settings", "unsubscribe", "settings preview off"):
        assert (await desk.ask(typed)).command == "search"
    for typed in ("subscribe tram", "follow tram daily"):
        assert (await desk.ask(typed)).text == (
            "Only moderators can use /subscribe here. In a private chat with me, you can.",
        )


async def test_a_preposition_before_a_source_is_no_topic(desk: TestDesk) -> None:
    await desk.has(story("A tram", source="other"), story("A bridge"))
    for typed in ("/latest from the wire", "/latest the wire", "/latest of the wire"):
        reply = await desk.ask(typed)
        assert (reply.title, titles(reply)) == ("Latest stories: The Wire", ["A bridge"])
