"""`/read` and `/sources`, as a reader meets them."""

from __future__ import annotations

import pytest
from newsdesk import TestDesk, titles, twelve
from stories import CHAT, MODERATOR, READER, day, story

from bot.errors import SourceError
from bot.ingest.results import FetchResult
from bot.model import Chat, Person
from bot.reply import Role

# /read


async def test_read_takes_the_number_of_the_last_list(desk: TestDesk) -> None:
    await twelve(desk)
    second = await desk.ask("/latest page:2")
    reply = await desk.ask("/read 7")
    assert titles(reply) == ["Story 7"]
    assert [paragraph.text for paragraph in reply.body] == ["Text 7."]
    assert reply.notes == ()

    back = await desk.press(reply, Role.BACK)
    assert titles(back) == titles(second)


async def test_numbers_of_earlier_pages_and_lists_stay_readable(desk: TestDesk) -> None:
    await twelve(desk)
    await desk.ask("/latest")
    await desk.ask("/latest page:2")
    assert titles(await desk.ask("/read 2")) == ["Story 2"]

    await desk.ask('/search "Story 12"')
    assert titles(await desk.ask("/read 1")) == ["Story 12"]
    earlier = await desk.ask("/read 7")
    assert titles(earlier) == ["Story 7"]
    assert earlier.notes == ("Number 7 is from an earlier list, not your last one.",)


async def test_a_number_that_nobody_was_shown_is_that_of_the_latest_stories(desk: TestDesk) -> None:
    await twelve(desk)
    reply = await desk.ask("/read 3")
    assert titles(reply) == ["Story 3"]
    assert reply.notes == (
        "Your lists had no number 3, so this is number 3 of the latest stories.",
    )


async def test_each_person_has_their_own_numbers_and_a_newcomer_those_of_the_room(
    desk: TestDesk,
) -> None:
    await twelve(desk)
    ada, ben, carl = Person("ada"), Person("ben"), Person("carl")
    await desk.ask('/search "Story 12"', ada)
    await desk.ask('/search "Story 11"', ben)

    assert titles(await desk.ask("/read 1", ada)) == ["Story 12"]
    assert titles(await desk.ask("/read 1", ben)) == ["Story 11"]
    assert titles(await desk.ask("/read 1", carl)) == ["Story 11"]
    assert titles(await desk.ask("/read 1", ada, Chat("test", "elsewhere"))) == ["Story 1"]


async def test_the_last_list_outlives_a_restart(desk: TestDesk) -> None:
    await twelve(desk)
    await desk.ask("/latest page:2")
    await desk.dispatcher.aclose()
    again = type(desk.dispatcher)(desk.dispatcher.services, desk.dispatcher.registry)
    assert titles(await again.answer("/read 8", READER, CHAT)) == ["Story 8"]
    await again.aclose()


async def test_read_takes_an_id_with_or_without_a_mark(desk: TestDesk) -> None:
    await twelve(desk)
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
    assert reply.text == ("This is all the source provides of this story.",)


# /sources


async def test_sources_tell_what_they_gave_and_when_they_were_looked_at(desk: TestDesk) -> None:
    desk.wire.gives = [FetchResult((story("a", published=day("2026-05-01")),))]
    await desk.dispatcher.services.poller.load(["wire"])
    desk.clock.pass_(300)
    reply = await desk.ask("/sources")

    assert [(entry.name, entry.text) for entry in reply.entries] == [
        ("The Wire", "wire · 1 story · nothing new since May 1, 2026 · checked 5 minutes ago"),
        ("Other News", "other · 0 stories · not checked yet"),
    ]


async def test_only_moderators_are_told_why_a_look_failed(desk: TestDesk) -> None:
    desk.wire.gives = [SourceError("no file matches")]
    await desk.dispatcher.services.poller.load(["wire"])
    assert "no file matches" not in (await desk.ask("/sources")).entries[0].text
    assert (
        "last check failed: no file matches"
        in (await desk.ask("/sources", MODERATOR)).entries[0].text
    )
