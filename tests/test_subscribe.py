"""`/subscribe`: first a look at what it would mean, then what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from chats import TERMINAL, discord_chat, telegram_chat
from following import (
    CHANNEL,
    FORUM,
    GROUP,
    HOST,
    ROLE,
    button,
    follow,
    followed,
    labels,
    press,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import TestDesk, desk_over, titles
from stories import CHAT, MODERATOR, NOW, READER, day, story

from bot.chat.button_tokens import ActionTokens
from bot.commands.subscriptions.backtest import MOST
from bot.commands.subscriptions.proposal import CHAT_LIMIT
from bot.model import Action, Chat, Story
from bot.reply import Reply
from bot.search.query import Filter
from bot.subscriptions.model import Subscription, TargetKind
from bot.subscriptions.schedule import AT_ONCE, Quiet, Rhythm, Timetable

DAILY_8 = Timetable(Rhythm.DAILY, (time(8),))


def expo(number: int, published: datetime, **other: object) -> Story:
    return story(f"Osaka Expo {number}", f"The Osaka Expo {number}.", published=published, **other)


async def a_week_of_expo(desk: TestDesk) -> None:
    """Of the last week seven stories in three days, and one that is older."""
    ages = (1, 2, 3, 26, 27, 60, 61, 24 * 7 + 1)
    await desk.has(*(expo(age, NOW - timedelta(hours=age)) for age in ages))
    await desk.has(story("Tower", published=NOW - timedelta(hours=1), source="other"))


async def ask(desk: TestDesk, line: str, chat: Chat = GROUP) -> Reply:
    return await desk.ask(f"/subscribe {line}", MODERATOR, chat)


# What is shown before anything is kept


async def test_a_preview_counts_what_would_have_been_posted_and_keeps_nothing(
    desk: TestDesk,
) -> None:
    await a_week_of_expo(desk)
    reply = await ask(desk, "osaka expo")
    assert (reply.ok, reply.title) == (True, "Subscribe to Osaka Expo?")
    assert reply.text == (
        "In the last week this would have posted 7 stories.",
        "New stories would be posted at once.",
    )
    assert titles(reply) == [f"Osaka Expo {age}" for age in (1, 2, 3, 26, 27)]
    assert labels(reply)[:4] == ["Subscribe", "Hourly", "Daily", "Weekly"]
    assert await followed(desk) == []


async def test_times_stand_anywhere_in_the_line_and_are_told_with_the_zone(desk: TestDesk) -> None:
    await a_week_of_expo(desk)
    await desk.ask("/settings timezone tokyo", MODERATOR, GROUP)
    for line in ("osaka expo daily 8:00", "daily 8 osaka expo", "osaka when:daily expo"):
        reply = await ask(desk, line)
        assert reply.title == "Subscribe to Osaka Expo?", line
        assert "\n".join(reply.text) == (
            "In the last week this would have posted 7 stories in 3 digests.\n"
            "New stories would be posted as one digest, daily at 08:00 (Asia/Tokyo), the next "
            "one on Tue, Nov 24, 08:00."
        ), line
        assert labels(reply)[:4] == ["Subscribe", "At once", "Hourly", "Weekly"]


@pytest.mark.parametrize(
    ("line", "when", "what"),
    [
        ("tower", AT_ONCE, "tower"),
        ("tower at once", AT_ONCE, "tower"),
        ("tower hourly", Timetable(Rhythm.HOURLY), "tower"),
        ("every friday at 18:00 tower", Timetable(Rhythm.WEEKLY, (time(18),), (4,)), "tower"),
        ("tower every week on monday at 8 pm", Timetable(Rhythm.WEEKLY, (time(20),)), "tower"),
        ('"the daily show"', AT_ONCE, '"the daily show"'),
        ('"the daily show" daily 9', Timetable(Rhythm.DAILY, (time(9),)), '"the daily show"'),
        ('tower -"at once"', AT_ONCE, 'tower -"at once"'),
    ],
)
async def test_times_are_told_from_words(
    desk: TestDesk, line: str, when: Timetable, what: str
) -> None:
    one = await follow(desk, line)
    assert (one.when, one.what) == (when, what)


async def test_a_day_of_the_other_clock_time_has_its_digest_too(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    async with desk_over(path, timezone="Europe/Berlin", now=day("2026-03-28")) as desk:
        reply = await ask(desk, "tower daily 2:30")
        assert reply.text[1].endswith("(Europe/Berlin), the next one on Sat, Mar 28, 02:30.")
        desk.clock.pass_(3600 * 24)  # the night in which the clocks leave out 02:30
        reply = await ask(desk, "tower daily 2:30")
        assert reply.text[1].endswith("(Europe/Berlin), the next one on Sun, Mar 29, 03:00.")
        one = await follow(desk, "tower daily 2:30")
        assert one.zone == "Europe/Berlin"
        assert one.when.next(desk.clock.now(), one.timezone) == datetime.fromisoformat(
            "2026-03-29T01:00Z"
        )


async def test_the_count_is_what_was_asked_for_and_no_more(desk: TestDesk) -> None:
    week = [NOW - timedelta(hours=hours) for hours in range(1, 160)]
    await desk.has(
        *(
            story(f"Tower {n}", "It leans." if n % 3 else "Rail.", published=at)
            for n, at in enumerate(week)
        )
    )
    expected = len([n for n in range(159) if n % 3])
    reply = await ask(desk, "tower -rail")
    assert reply.text[0] == f"In the last week this would have posted {expected} stories."


@pytest.mark.slow
async def test_only_so_many_stories_are_looked_through_and_that_is_said(desk: TestDesk) -> None:
    many = [story(f"Tower {n}", published=NOW - timedelta(minutes=n)) for n in range(MOST + 1)]
    await desk.has(*many)
    reply = await ask(desk, "tower")
    assert reply.text[:2] == (
        f"In the last week this would have posted {MOST:,} stories.",
        f"There were more than {MOST:,} stories, so only the newest were checked.",
    )
    assert (await desk.store.stories.latest(Filter(), 1)).total == MOST + 1


async def test_when_nothing_would_have_been_posted_it_is_said_and_still_offered(
    desk: TestDesk,
) -> None:
    await desk.has(expo(1, day("2020-01-01")))
    reply = await ask(desk, "osaka expo")
    assert reply.text[0] == (
        "Nothing would have been posted in the last week, but you can still subscribe."
    )
    assert titles(reply) == []
    assert labels(reply)[0] == "Subscribe"


async def test_a_button_shows_the_same_at_other_times_with_all_that_was_chosen(
    desk: TestDesk,
) -> None:
    reply = await ask(desk, "tower quiet:22-7 most:3 picture:off silent:on", CHANNEL)
    weekly = await press(desk, reply, "Weekly", chat=CHANNEL)
    assert "weekly on Monday at 08:00 (UTC)" in weekly.text[1]
    kept = await press(desk, weekly, "Subscribe", chat=CHANNEL)
    assert kept.ok
    (one,) = await followed(desk, CHANNEL)
    assert one.when == Timetable(Rhythm.WEEKLY)
    assert one.quiet == Quiet(time(22), time(7))
    assert (one.most, one.picture, one.silent) == (3, False, True)


# What is meant


@pytest.mark.parametrize(
    ("line", "kind", "what"),
    [
        ("OSAKA expo", TargetKind.TOPIC, "Osaka Expo"),
        ("topic:world", TargetKind.TOPIC, "World"),
        ('topic:"osaka expo" since:2d', TargetKind.TOPIC, "Osaka Expo"),
        ("wire", TargetKind.SOURCE, "wire"),
        ("Other News", TargetKind.SOURCE, "other"),
        ('source:"the wire"', TargetKind.SOURCE, "wire"),
        ("osaka tower", TargetKind.SEARCH, "osaka tower"),
        ("“osaka tower” -byd", TargetKind.SEARCH, '"osaka tower" -byd'),
        ("-byd rail OR road", TargetKind.SEARCH, "rail OR road -byd"),
        ("rail source:OTHER", TargetKind.SEARCH, "rail source:other"),
        ('rail source:"other news"', TargetKind.SEARCH, "rail source:other"),
        ('rail topic:"OSAKA EXPO"', TargetKind.SEARCH, 'rail topic:"Osaka Expo"'),
        ("rail in:TITLE", TargetKind.SEARCH, "rail in:title"),
        ("rail since:2d before:2020 sort:new", TargetKind.SEARCH, "rail"),
        ("rail topic:nothing", TargetKind.SEARCH, "rail"),
        ("topic:WORLD source:other", TargetKind.SEARCH, "topic:World source:other"),
        ("-rail source:other", TargetKind.SEARCH, "-rail source:other"),
        ("大阪万博", TargetKind.SEARCH, "大阪万博"),
        ('"the who"', TargetKind.SEARCH, '"the who"'),
    ],
)
async def test_a_topic_a_source_or_a_search_is_followed(
    desk: TestDesk, line: str, kind: TargetKind, what: str
) -> None:
    one = await follow(desk, line)
    assert (one.kind, one.what) == (kind, what)
    again = await follow(desk, what, telegram_chat("-200"))
    assert (again.kind, again.what) == (kind, what)


async def test_filters_that_mean_nothing_for_what_is_to_come_are_left_out_and_told(
    desk: TestDesk,
) -> None:
    reply = await ask(desk, "rail since:2d sort:new topic:nothing")
    assert reply.notes[:3] == (
        "I left out “since:2d”: a subscription posts only new stories, as they come in.",
        "I left out “sort:new”: a subscription posts only new stories, as they come in.",
        "There is no topic “nothing”, so I left that out.",
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("the", "Nearly every story contains “the”."),
        ("what is new", "Nearly every story contains “what is new”."),
        ('"the"', 'Nearly every story contains "the".'),
        ("rail OR the", "Nearly every story contains “rail OR the”."),
        ("!!!", "There is nothing to search for in “!!!”."),
        ("-rail", "There is nothing to search for in “-rail”."),
        ("topic:wrld", "There is no topic “wrld”, so I left that out. You can write: "),
        ("since:2d", "There is nothing to search for in “since:2d”."),
        ("rail when:often", "I don't understand the time “often”."),
        ("rail quiet:always", "I don't understand the hours “always”."),
        ("rail quiet:7-7", "I don't understand the hours “7-7”."),
        ("rail most:-1", "“-1” won't work here. Choose a number from 1 to 100"),
        ("rail most:101", "“101” won't work here. Choose a number from 1 to 100"),
        ("rail most:٣", "“٣” won't work here. Choose a number from 1 to 100"),
        (f"rail most:{'9' * 5000}", "won't work here. Choose a number from 1 to 100"),
        ("rail picture:maybe", "picture can be yes or no."),
        ("rail silent:loud", "silent can be yes or no."),
        ("rail confirm:please", "confirm can be yes or no."),
        (f"rail role:<@&{ROLE}>", "Roles work only on Discord."),
    ],
)
async def test_what_cannot_be_followed_is_told_in_one_line(
    desk: TestDesk, line: str, told: str
) -> None:
    reply = await ask(desk, line)
    assert not reply.ok
    assert told in reply.text[0], reply.text
    assert await followed(desk) == []


async def test_roles_are_for_discord_and_nobody_calls_everybody(desk: TestDesk) -> None:
    one = await follow(desk, f"tower role:<@&{ROLE}>", CHANNEL)
    assert one.role == ROLE
    house = discord_chat("300", house="200000000000000000")
    everyone = await ask(desk, f"tower role:{house.house}", house)
    assert everyone.text == ("I can't mention everyone at once. Please choose another role.",)
    unknown = await ask(desk, "tower role:editors", CHANNEL)
    assert unknown.text == ("Give the role as @Role, or type none.",)


async def test_a_word_that_no_story_holds_is_offered_mended_beside_itself(desk: TestDesk) -> None:
    await desk.has(story("Crematorium sold", published=NOW - timedelta(days=1)))
    reply = await ask(desk, "crematorum daily 8")
    assert reply.notes == ("No story so far contains “crematorum”.", "Did you mean “crematorium”?")
    mended = await press(desk, reply, "Use “crematorium” instead")
    assert mended.title == "Subscribe to “crematorium”?"
    assert titles(mended) == ["Crematorium sold"]
    assert "daily at 08:00" in mended.text[1]
    await press(desk, reply, "Subscribe")
    (one,) = await followed(desk)
    assert one.what == "crematorum"


async def test_the_words_of_a_question_are_offered_to_be_left_out(desk: TestDesk) -> None:
    await desk.has(story("Crematorium sold"))
    reply = await ask(desk, "whats the latest on the crematorium source:wire -rail")
    other = await press(desk, reply, "Use “crematorium -rail source:wire” instead")
    assert titles(other) == ["Crematorium sold"]


async def test_an_unknown_topic_near_to_a_known_one_is_offered(desk: TestDesk) -> None:
    await a_week_of_expo(desk)
    reply = await ask(desk, "osaka exbo")
    assert "Did you mean Osaka Expo?" in reply.notes
    assert labels(reply)[0] == "Use Osaka Expo instead"
    topic = await press(desk, reply, "Use Osaka Expo instead")
    assert topic.title == "Subscribe to Osaka Expo?"


# What is kept


async def test_what_is_kept_has_its_chat_thread_house_owner_and_time(desk: TestDesk) -> None:
    in_thread = await follow(desk, "tower", FORUM)
    assert (in_thread.chat, in_thread.chat.thread) == (GROUP, "7")
    assert (in_thread.owner, in_thread.made, in_thread.zone) == (MODERATOR.id, NOW, "UTC")
    channel = await follow(desk, "tower", CHANNEL)
    assert (channel.chat.id, channel.chat.house) == ("300", "200")


async def test_the_zone_is_that_of_the_house(desk: TestDesk) -> None:
    await desk.ask("/settings timezone tokyo", MODERATOR, discord_chat("200"))
    assert (await follow(desk, "tower", CHANNEL)).zone == "Asia/Tokyo"
    assert (await follow(desk, "tower", discord_chat("301", house="201"))).zone == "UTC"


async def test_the_answer_says_what_will_happen_and_how_to_undo_it(desk: TestDesk) -> None:
    preview = await ask(desk, "tower daily 8", FORUM)
    kept = await press(desk, preview, "Subscribe", chat=FORUM)
    assert "\n".join(kept.text) == (
        "Subscribed to “tower”. New stories are posted as one digest, daily at 08:00 "
        "(UTC), in this thread, the next one on Tue, Nov 24, 08:00."
    )
    assert labels(kept) == ["Unsubscribe", "All subscriptions here"]
    ended = await press(desk, kept, "Unsubscribe", chat=FORUM)
    assert ended.text[0].startswith("Unsubscribed from “tower”.")
    assert await followed(desk) == []


async def test_pressing_twice_is_harmless(desk: TestDesk) -> None:
    preview = await ask(desk, "tower")
    first, second = [await press(desk, preview, "Subscribe") for _ in range(2)]
    assert first.text == second.text
    assert len(await followed(desk)) == 1


async def test_what_is_followed_already_is_changed_and_what_is_not_named_stays(
    desk: TestDesk,
) -> None:
    first = await follow(desk, "Osaka tower quiet:22-7 most:3")
    preview = await ask(desk, "osaka TOWER daily 9")
    assert preview.text[2] == (
        "This chat already follows it: at once, quiet 22:00-07:00 (UTC), at most 3 stories "
        "a day one by one, the rest together at 18:00."
    )
    kept = await press(desk, preview, "Change")
    assert kept.text[0].startswith("Subscription updated: “osaka TOWER”.")
    (one,) = await followed(desk)
    assert (one.id, one.what) == (first.id, "Osaka tower")
    assert (one.when, one.quiet, one.most) == (Timetable(Rhythm.DAILY, (time(9),)), first.quiet, 3)

    again = await press(desk, await ask(desk, "osaka tower at once quiet:none most:any"), "Change")
    assert again.ok
    (one,) = await followed(desk)
    assert (one.when, one.quiet, one.most) == (AT_ONCE, None, 0)


async def test_what_is_paused_is_previewed_as_if_it_were_not_and_goes_on(desk: TestDesk) -> None:
    await a_week_of_expo(desk)
    await follow(desk, "osaka expo")
    same = await ask(desk, "osaka expo")
    assert labels(same)[:2] == ["Unsubscribe", "Hourly"]  # nothing is left to be kept
    await desk.store.subscriptions.pause(GROUP, "the bot was removed", NOW)
    preview = await ask(desk, "osaka expo")
    assert preview.text[0] == "In the last week this would have posted 7 stories."
    await press(desk, preview, "Subscribe")
    (one,) = await followed(desk)
    assert not one.paused


async def test_another_thread_follows_the_same_by_itself(desk: TestDesk) -> None:
    await follow(desk, "tower daily 8")
    preview = await ask(desk, "tower", FORUM)
    assert not any("already" in text for text in preview.text)
    await press(desk, preview, "Subscribe", chat=FORUM)
    assert [(one.chat.thread, one.when) for one in await followed(desk)] == [
        ("", DAILY_8),
        ("7", AT_ONCE),
    ]


async def test_a_chat_follows_fifty_things_at_most(desk: TestDesk) -> None:
    for number in range(CHAT_LIMIT):
        await desk.store.subscriptions.put(
            Subscription(GROUP, TargetKind.SEARCH, f"tower{number}", made=NOW)
        )
    preview = await ask(desk, "tower")
    told = (
        "This chat already has 50 subscriptions, which is the most it can have. "
        "/unsubscribe ends one."
    )
    assert preview.text[-1] == told
    assert "Subscribe" not in labels(preview)
    forged = Action("subscribe", (("what", "tower"), ("confirm", "on")))
    refused = await desk.dispatcher.press(forged, MODERATOR, GROUP)
    assert (refused.ok, refused.text) == (False, (told,))
    assert (await press(desk, await ask(desk, "tower7 hourly"), "Change")).ok
    assert len(await followed(desk)) == CHAT_LIMIT
    await follow(desk, "tower", CHANNEL)


async def test_buttons_work_after_a_restart_however_long_the_words(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    long = " ".join(f"tower{n}" for n in range(30))
    async with desk_over(path) as desk:
        tokens = ActionTokens(desk.store.chats)
        preview = await ask(desk, f"{long} daily 8 quiet:22-7")
        token = tokens.token(button(preview, "Subscribe"), 64)
        await tokens.flush()
    async with desk_over(path) as desk:
        action = await ActionTokens(desk.store.chats).action(token)
        assert action
        assert (await desk.dispatcher.press(action, MODERATOR, GROUP)).ok
        (one,) = await followed(desk)
        assert (one.what, one.when, str(one.quiet)) == (long, DAILY_8, "22:00-07:00")


async def test_in_the_terminal_nothing_can_be_posted_and_that_is_said(desk: TestDesk) -> None:
    terminal = TERMINAL
    preview = await ask(desk, "tower", terminal)
    told = "Posting works only on Telegram and Discord. Subscribe there to get posts."
    assert preview.text[-1] == told
    assert "Subscribe" not in labels(preview)
    refused = await ask(desk, "tower confirm:on", terminal)
    assert (refused.ok, refused.text) == (False, (told,))
    assert await followed(desk, terminal) == []


# Who may


async def test_in_a_chat_of_ones_own_one_may_follow_what_one_likes(desk: TestDesk) -> None:
    own = telegram_chat("55")
    assert (await follow(desk, "tower", own, HOST)).owner == HOST.id


WHAT = st.one_of(
    st.sampled_from(
        ["osaka expo", "wire", "the", "tower daily 8", 'source:"the wire"', "all", "a1, b2; c3 8am"]
    ),
    st.text(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WHAT)
async def test_nothing_that_a_reader_types_or_presses_is_kept(desk: TestDesk, what: str) -> None:
    forged = Action("subscribe", (("what", what), ("confirm", "on")))
    assert not (await desk.dispatcher.press(forged, READER, GROUP)).ok
    await desk.ask(f"/subscribe {what} confirm:on", READER, GROUP)
    assert await followed(desk) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WHAT)
async def test_whatever_is_typed_is_answered_and_what_is_kept_means_itself(
    desk: TestDesk, what: str
) -> None:
    preview = await desk.dispatcher.dispatch("subscribe", {"what": what}, MODERATOR, CHAT)
    if not preview.ok or not preview.title.startswith("Subscribe to"):
        assert preview.text
        return
    chat = Chat("test", "one by one")
    for one in await followed(desk, chat):
        await desk.store.subscriptions.end(one.id, NOW)
    assert (await press(desk, preview, "Subscribe", chat=chat)).ok
    for one in await followed(desk, chat):
        typed = one.what or "everything"
        again = await desk.dispatcher.dispatch("subscribe", {"what": typed}, MODERATOR, chat)
        assert any("already" in text for text in again.text), (typed, again.text)


async def test_hostile_words_are_shown_as_one_visible_line(desk: TestDesk) -> None:
    preview = await ask(desk, 'tower\x1b[2J\u202e "a\nb" <b>@everyone</b>')
    told = [preview.title, *preview.notes, *preview.text, *labels(preview)]
    assert not any(sign in text for sign in "\x1b\u202e\n" for text in told)
    assert (await press(desk, preview, "Subscribe")).ok


async def values(desk: TestDesk, option: str, partial: str) -> Sequence[str]:
    return [
        choice.value
        for choice in await desk.dispatcher.complete("subscribe", option, partial, MODERATOR, GROUP)
    ]


async def test_what_can_be_followed_and_when_is_completed(desk: TestDesk) -> None:
    await desk.has(story("Crematorium sold"))
    assert await values(desk, "what", "osa") == ["Osaka Expo"]
    assert await values(desk, "what", "") == [
        "Osaka Expo",
        "World",
        "wire",
        "other",
        "everything",
    ]
    assert await values(desk, "what", "the w") == ["wire"]
    assert await values(desk, "what", "sold crema") == ["sold crematorium"]
    assert await values(desk, "when", "") == [
        "at once",
        "hourly",
        "every 2 hours",
        "daily 8:00",
        "daily 8:00 18:00",
        "weekdays 9:00",
        "weekly mon 8:00",
        "monthly 1st",
    ]
    assert await values(desk, "when", "wee") == ["weekdays 9:00", "weekly mon 8:00"]
    assert await values(desk, "quiet", "") == ["22-7", "none"]
    assert await values(desk, "silent", "") == ["yes", "no"]
    assert await desk.dispatcher.complete("subscribe", "what", "osa", READER) == ()


async def test_what_stories_hold_only_in_pieces_is_told_to_be_new(desk: TestDesk) -> None:
    await desk.has(story("台灣花蓮發生規模6.8地震", published=NOW - timedelta(days=1)))
    new = await ask(desk, "花莲地震 daily 8")
    assert "No story so far contains “花莲地震”." in new.notes
    known = await ask(desk, "花莲 daily 8")
    assert known.notes == ()
