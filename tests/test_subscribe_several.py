"""`/subscribe` of everything, of several things at once, and of nothing yet; slips in names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from chats import TERMINAL
from following import GROUP, choose, entries, follow, followed, labels, news, press
from newsdesk import TOPICS, TestDesk, desk_over
from stories import MODERATOR, NOW, story

from bot.model import Topic
from bot.reply import Reply
from bot.subscriptions.model import TargetKind

HARBOUR = (*TOPICS, Topic("🚢 Ferries & Ports", "ferry"), Topic("Arts, Culture", "opera"))


async def ask(desk: TestDesk, line: str) -> Reply:
    return await desk.ask(f"/subscribe {line}", MODERATOR, GROUP)


async def whats(desk: TestDesk) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.what, str(one.when)) for one in await followed(desk)]


async def a_week(desk: TestDesk) -> None:
    await desk.has(
        *(
            story(f"Osaka Expo {n}", "NTT was there.", published=NOW - timedelta(days=n, hours=1))
            for n in range(3)
        ),
        story("Rail", "A train.", published=NOW - timedelta(hours=2), source="other"),
    )


# Everything


@pytest.mark.parametrize("typed", ["everything", "Everything", "all stories", "all", "ALL NEWS"])
async def test_everything_can_be_followed(desk: TestDesk, typed: str) -> None:
    await a_week(desk)
    preview = await ask(desk, f"{typed} weekdays 9:00")
    assert preview.title == "Subscribe to everything?"
    assert preview.text[0] == "In the last week this would have posted 4 stories in 2 digests."
    await press(desk, preview, "Subscribe")
    assert await whats(desk) == [("everything", "", "weekdays 09:00")]


async def test_whoever_follows_everything_gets_every_new_story_once(desk: TestDesk) -> None:
    await follow(desk, "everything")
    await follow(desk, "wire")
    one, other = story("One"), story("Other", source="other")
    await news(desk, one, other)
    waiting = await desk.store.outbox.of_chat(GROUP, 10)
    assert sorted(post.stories for post in waiting) == sorted([(one.id,), (other.id,)])
    listed = await desk.ask("/subscriptions", MODERATOR, GROUP)
    assert [name for name, _ in entries(listed)] == ["1. everything", "2. The Wire"]
    ended = await desk.ask("/unsubscribe everything", MODERATOR, GROUP)
    assert ended.text[0].startswith("Unsubscribed from everything.")
    assert [kind for kind, _, _ in await whats(desk)] == ["source"]


@pytest.mark.parametrize(
    "typed", ["all of the wire", "everything from Wire", "source:wire", "all stories by the wire"]
)
async def test_all_of_a_source_can_be_followed(desk: TestDesk, typed: str) -> None:
    one = await follow(desk, typed)
    assert (one.kind, one.what) == (TargetKind.SOURCE, "wire")


# Several things at once


async def test_several_things_have_one_preview_one_confirmation_and_one_undo(
    desk: TestDesk,
) -> None:
    await a_week(desk)
    preview = await ask(desk, "osaka expo, ntt, source:other daily 8:00")
    assert preview.title == "Subscribe to Osaka Expo, “ntt”, and Other News?"
    assert preview.text[0] == "In the last week this would have posted 4 stories in 3 digests."
    assert entries(preview) == [
        ("Osaka Expo", "3 stories in the last week"),
        ("“ntt”", "3 stories in the last week"),
        ("Other News", "1 story in the last week"),
    ]
    assert labels(preview) == ["Subscribe", "At once", "Hourly", "Weekly"]
    assert await followed(desk) == []

    weekly = await press(desk, preview, "Weekly")
    kept = await press(desk, weekly, "Subscribe")
    assert kept.text[0].startswith("Subscribed to Osaka Expo, “ntt”, and Other News.")
    assert labels(kept) == ["Unsubscribe from all 3", "All subscriptions here"]
    when = "weekly monday 08:00"
    all_three = [
        ("topic", "Osaka Expo", when),
        ("search", "ntt", when),
        ("source", "other", when),
    ]
    assert await whats(desk) == all_three

    undone = await press(desk, kept, "Unsubscribe from all 3")
    assert await followed(desk) == []
    await press(desk, undone, "Subscribe again")
    assert await whats(desk) == all_three


async def test_what_was_followed_before_is_changed_and_not_undone(desk: TestDesk) -> None:
    await follow(desk, "ntt quiet:22-7")
    preview = await ask(desk, "ntt; rail, NTT daily 9")
    assert entries(preview)[0] == (
        "“ntt”",
        "nothing in the last week · already followed: at once",
    )
    assert len(preview.entries) == 2
    kept = await press(desk, preview, "Subscribe")
    assert [str(one.quiet) for one in await followed(desk)] == ["22:00-07:00", "None"]
    await press(desk, kept, "Unsubscribe from the new one")
    assert await whats(desk) == [("search", "ntt", "daily 09:00")]


@pytest.mark.slow
async def test_the_limit_counts_all_that_is_new(desk: TestDesk) -> None:
    for number in range(48):
        await follow(desk, f"tower{number}")
    preview = await ask(desk, "a1, b2, c3")
    assert preview.text[-1] == "This chat can have 2 more subscriptions, of 50 at most."
    assert "Subscribe" not in labels(preview)
    refused = await ask(desk, "a1, b2, c3 confirm:on")
    assert (refused.ok, len(await followed(desk))) == (False, 48)
    assert "Subscribe" in labels(await ask(desk, "a1, b2, tower7"))


@pytest.mark.slow
async def test_one_line_asks_for_so_many_things_at_most(desk: TestDesk) -> None:
    refused = await ask(desk, ", ".join(f"tower{n}" for n in range(1_000)))
    assert (refused.ok, refused.text) == (False, ("Please name at most 20 things at once.",))
    assert (await ask(desk, ", ".join(f"tower{n}" for n in range(20)))).ok


async def test_a_name_with_commas_is_one_thing(tmp_path: Path) -> None:
    async with desk_over(tmp_path / "dateline.db", topics=HARBOUR) as desk:
        await press(
            desk, await ask(desk, "arts, culture, 1,000 jobs, 🚢 Ferries & Ports"), "Subscribe"
        )
        assert [(kind, what) for kind, what, _ in await whats(desk)] == [
            ("topic", "Arts, Culture"),
            ("search", "1,000 jobs"),
            ("topic", "🚢 Ferries & Ports"),
        ]


# Nothing yet


async def test_on_its_own_it_offers_topics_sources_and_everything(desk: TestDesk) -> None:
    offered = await ask(desk, "")
    assert offered.ok
    assert [name for name, _ in entries(offered)] == [
        "Osaka Expo",
        "World",
        "The Wire",
        "Other News",
    ]
    assert labels(offered) == ["Everything", "Words of my own"]
    assert (await press(desk, offered, "Everything")).title == "Subscribe to everything?"
    preview = await choose(desk, offered, "Other News")
    assert preview.title == "Subscribe to Other News?"


async def test_a_time_on_its_own_asks_what_and_keeps_the_time(desk: TestDesk) -> None:
    offered = await ask(desk, "mon,thu 8:00 silent:yes")
    assert offered.title == (
        "What would you like to follow, weekly on Monday and Thursday at 08:00, silently?"
    )
    await press(desk, await choose(desk, offered, "World"), "Subscribe")
    (one,) = await followed(desk)
    assert (one.what, str(one.when), one.silent) == ("World", "weekly monday,thursday 08:00", True)


async def test_the_terminal_offers_the_same_and_says_that_nothing_is_posted_there(
    desk: TestDesk,
) -> None:
    offered = await desk.ask("/subscribe", MODERATOR, TERMINAL)
    assert offered.text[-1] == (
        "Posting works only on Telegram and Discord. Subscribe there to get posts."
    )
    other = await desk.ask("/subscribe wire channel:news", MODERATOR, TERMINAL)
    assert (other.ok, other.text) == (False, ("Another channel can't be chosen here.",))


# Times that are none, and times that may be words


@pytest.mark.parametrize(
    ("line", "unclear", "first"),
    [
        ("rail mondy 8", "mondy 8", "Weekly on Monday at 08:00"),
        ("rail 25:00", "25:00", "Daily at 15:00"),
        ("rail 8:75", "8:75", "Daily at 08:00"),
        ("rail every 0 hours", "every 0 hours", "At once"),
        ("rail dayly", "dayly", "Daily at 08:00"),
    ],
)
async def test_a_time_that_is_none_is_asked_about(
    desk: TestDesk, line: str, unclear: str, first: str
) -> None:
    asked = await ask(desk, line)
    assert not asked.ok
    assert asked.text == (f"I don't understand the time “{unclear}”. Did you mean one of these?",)
    assert (labels(asked)[0], labels(asked)[-1]) == (first, f"Just the words “{line}”")
    assert await followed(desk) == []
    preview = await press(desk, asked, first)
    assert preview.title == "Subscribe to “rail”?"
    as_words = await press(desk, asked, f"Just the words “{line}”")
    assert as_words.title == f"Subscribe to “{line}”?"
    await press(desk, as_words, "Subscribe")
    assert [what for _, what, _ in await whats(desk)] == [line]


async def test_an_option_that_is_no_time_is_asked_about(desk: TestDesk) -> None:
    asked = await ask(desk, "rail when:mondy quiet:22-7")
    preview = await press(desk, asked, "Weekly on Monday at 08:00")
    assert "quiet 22:00-07:00" in preview.text[1]


async def test_a_number_is_an_hour_where_a_time_is_asked_for(desk: TestDesk) -> None:
    assert str((await follow(desk, "rail when:8")).when) == "daily 08:00"


async def test_what_stories_have_as_a_name_is_no_time_and_the_time_is_offered(
    desk: TestDesk,
) -> None:
    await desk.has(story("Black Friday sales", "Shops.", published=NOW - timedelta(hours=1)))
    preview = await ask(desk, "black friday")
    assert preview.title == "Subscribe to “black friday”?"
    assert preview.notes[0] == (
        "Stories contain “black friday”, so I took it for words, not for a time."
    )
    timed = await press(desk, preview, "Weekly on Friday at 08:00")
    assert timed.title == "Subscribe to “black”?"
    other = await ask(desk, "rail friday")
    assert other.title == "Subscribe to “rail”?"
    assert (await press(desk, other, "Just the words “rail friday”")).title == (
        "Subscribe to “rail friday”?"
    )


async def test_a_slip_that_stories_have_is_a_word(desk: TestDesk) -> None:
    await desk.has(story("Driving Miss Daisy", "A film."))
    assert (await ask(desk, "miss daisy")).title == "Subscribe to “miss daisy”?"


async def test_silent_and_pictures_are_yes_or_no(desk: TestDesk) -> None:
    one = await follow(desk, "rail daily 8 no pictures silent")
    assert (one.what, one.picture, one.silent) == ("rail", False, True)
    for yes, no in (("yes", "no"), ("on", "off"), ("true", "false")):
        one = await follow(desk, f"rail{yes} picture:{no} silent:{yes}")
        assert (one.picture, one.silent) == (False, True)


# Slips in names


@pytest.mark.parametrize(
    ("line", "name", "title"),
    [
        ("osaka exop", "Osaka Expo", "Osaka Expo"),
        ("oska expo daily 8", "Osaka Expo", "Osaka Expo"),
        ("ohter news", "Other News", "Other News"),
        ("topic:wrld", "World", "World"),
        ("source:wier hourly", "The Wire", "The Wire"),
        ('source:"the wrie"', "The Wire", "The Wire"),
        ("rail source:othr", "“rail source:other”", "“rail source:other”"),
        ("feries", None, None),
    ],
)
async def test_the_one_that_is_meant_is_the_first_button(
    desk: TestDesk, line: str, name: str | None, title: str | None
) -> None:
    asked = await ask(desk, line)
    if name is None:
        assert labels(asked)[0] == "Subscribe"
        return
    assert labels(asked)[0] == f"Use {name} instead"
    preview = await press(desk, asked, labels(asked)[0])
    assert preview.title == f"Subscribe to {title}?"
    if "daily" in line or "hourly" in line:
        assert "as one digest" in preview.text[1]


@pytest.mark.parametrize("line", ["ferries & ports", "Ferries Ports", "FERRIES AND PORTS"])
async def test_signs_and_small_words_of_a_name_may_be_left_out(tmp_path: Path, line: str) -> None:
    async with desk_over(tmp_path / "dateline.db", topics=HARBOUR) as desk:
        assert (await ask(desk, line)).title == "Subscribe to 🚢 Ferries & Ports?"
        part = await ask(desk, "ferries")
        assert labels(part)[0] == "Use 🚢 Ferries & Ports instead"
        slips = await ask(desk, "feries and prots, osaka exop")
        assert labels(slips)[:2] == [
            "Use 🚢 Ferries & Ports instead",
            "Use Osaka Expo instead",
        ]
        first = await press(desk, slips, "Use 🚢 Ferries & Ports instead")
        assert first.title == "Subscribe to 🚢 Ferries & Ports and “osaka exop”?"


@pytest.mark.parametrize("line", ["world 8:00", "wire 8am", "osaka expo daily 8:00", "rail strike"])
async def test_nothing_silly_is_suggested(desk: TestDesk, line: str) -> None:
    await desk.has(story("Rail strike in 8,000 towns", "The world at 8:00. A strike."))
    preview = await ask(desk, line)
    assert not [label for label in labels(preview) if label.startswith("Use")]


async def test_what_stories_have_is_followed_although_a_name_is_near(desk: TestDesk) -> None:
    await desk.has(story("A word from the editor", "Word."))
    preview = await ask(desk, "word")
    assert labels(preview)[:2] == ["Subscribe", "Use World instead"]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("osaka expo and world", "Osaka Expo and World"),
        ("ferries & ports and osaka expo daily 8", "🚢 Ferries & Ports and Osaka Expo"),
        ("osaka expo / world", "Osaka Expo and World"),
        ("all topics", "Osaka Expo, World, 🚢 Ferries & Ports, and Arts, Culture"),
        ("world + the wire & osaka expo", "World, The Wire, and Osaka Expo"),
        ("osaka expo, ntt and world", "Osaka Expo and “ntt and world”"),
        ("osaka expo, ntt, and world", "Osaka Expo, “ntt”, and World"),
        ("bread and butter", "“bread and butter”"),
        ('"osaka expo and world"', '"osaka expo and world"'),
        ("osaka exop and wrold", "“osaka exop” and “wrold”"),
    ],
)
async def test_an_and_parts_names_and_no_words(tmp_path: Path, line: str, title: str) -> None:
    async with desk_over(tmp_path / "dateline.db", topics=HARBOUR) as desk:
        preview = await ask(desk, line)
        assert preview.title == f"Subscribe to {title}?"
        kept = await press(desk, preview, "Subscribe")
        assert kept.text[0].startswith(f"Subscribed to {title}.")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("to osaka expo", "Osaka Expo"),
        ("me to world", "World"),
        ("us to rail daily", "“rail”"),
        ("to the lighthouse", "“to the lighthouse”"),
    ],
)
async def test_a_to_before_the_name_is_left_out_unless_stories_have_it(
    desk: TestDesk, line: str, title: str
) -> None:
    await desk.has(story("To the Lighthouse is a century old"))
    assert (await ask(desk, line)).title == f"Subscribe to {title}?"


@pytest.mark.parametrize(
    ("line", "times", "is_sure"),
    [
        ("weekly", "weekly on Monday at 08:00", False),
        ("monday", "weekly on Monday at 08:00", False),
        ("8am", "daily at 08:00", False),
        ("mon,thu 8:00 silent", "weekly on Monday and Thursday at 08:00, silently", True),
        ("daily 8:00", "daily at 08:00", True),
    ],
)
async def test_a_line_of_nothing_but_a_time_asks_what(
    desk: TestDesk, line: str, times: str, *, is_sure: bool
) -> None:
    await desk.has(story("Monday is weekly", "At 8am."))
    offered = await ask(desk, line)
    assert offered.title == f"What would you like to follow, {times}?"
    words = f"Just the words “{line}”"
    assert (words in labels(offered)) is not is_sure
    if not is_sure:
        assert (await press(desk, offered, words)).title == f"Subscribe to “{line}”?"


async def test_the_core_of_a_question_is_the_first_button(desk: TestDesk) -> None:
    await desk.has(story("Rail strike"))
    asked = await ask(desk, "news about rail")
    assert labels(asked)[0] == "Use “rail” instead"


async def test_where_previews_are_off_posts_have_no_pictures_unless_asked_for(
    desk: TestDesk,
) -> None:
    await desk.ask("/settings preview off", MODERATOR, GROUP)
    preview = await ask(desk, "rail")
    assert "without pictures" in preview.text[1]
    await press(desk, preview, "Subscribe")
    await press(desk, await ask(desk, "world picture yes"), "Subscribe")
    assert [one.picture for one in await followed(desk)] == [False, True]


@pytest.mark.parametrize(
    "line", ["everything except world", "all but the rain", "all topics without world daily 8"]
)
async def test_nothing_can_be_left_out_of_everything(desk: TestDesk, line: str) -> None:
    reply = await ask(desk, line)
    assert not reply.ok
    assert reply.text[0].startswith("I can't leave “")
    assert await followed(desk) == []
