"""Forums on Discord: a post is a thread with a name and tags, there once whatever is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from discord_posting import (
    STORY,
    Postman,
    by,
    newsroom,
    on_air,
    only,
    post,
)
from servers.discord.component_rules import V2
from servers.discord.limits import Limits
from servers.discord.server import Server, server
from servers.discord.world import (
    MANAGE_THREADS,
    MEDIA,
    MEMBER,
    SEND,
    SEND_IN_THREADS,
    SILENT,
    Channel,
    Guild,
    Tag,
)
from stories import story

from bot.errors import ChatGoneError, RejectedError, RetryLaterError
from bot.posting.messenger import Message as Post
from bot.reply import Card, Reply

__all__ = ["by", "newsroom", "server"]  # fixtures

THREADS = "/channels/*/threads"
ROLE = 123456789012345678


@pytest.fixture
def forum(server: Server, newsroom: Guild) -> Channel:
    return server.forum(newsroom, "talk", "Transport", "🌊 Harbour", "Sport", moderated="Pinned")


def about(*topics: str, title: str = "Tram line opens", source: str = "The Wire") -> Reply:
    one = replace(story(title, "A tram runs."), topics=topics)
    return Reply("post", cards=(Card(one, source),))


def tags(forum: Channel) -> list[str]:
    return [tag.name for tag in forum.threads[-1].tags]


def digest_of(forum: Channel, *titles: str) -> Post:
    cards = tuple(Card(story(one, "x"), "The Wire", n) for n, one in enumerate(titles, 1))
    return replace(post(forum, key="digest"), reply=Reply("digest", title="New", cards=cards))


# What arrives


async def test_a_post_is_a_thread_with_its_headline(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        before = len(server.calls)
        sent = await by.send(post(forum, silent=True))
        assert [call.path for call in server.calls[before:]] == [f"/channels/{forum.id}/threads"]
    (thread,) = forum.threads
    assert sent == f"thread:{thread.id}"
    assert (thread.name, thread.owner) == (STORY.title, server.bot)
    assert only(thread).headlines == [STORY.title]
    assert only(thread).pictures == [STORY.image]
    assert only(thread).flags == SILENT | V2
    assert only(thread).body["allowed_mentions"] == {"parse": []}
    assert not forum.messages


async def test_a_forum_that_nobody_has_told_of_is_asked_for(forum: Channel, by: Postman) -> None:
    await by.send(post(forum))  # no event of the gateway has come yet
    assert forum.threads[0].name == STORY.title


async def test_a_media_channel_is_a_forum(server: Server, forum: Channel, by: Postman) -> None:
    forum.kind = MEDIA
    async with on_air(by, server):
        await by.send(post(forum))
    assert forum.threads[0].name == STORY.title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tram\u202e line\n opens", "Tram line opens"),
        ("word " * 60, ("word " * 20).rstrip() + "…"),
        ("🚋" * 90, "🚋" * 49 + "…"),  # as Discord counts UTF-16 units
        ("@everyone: see https://x.example", "@\u2060everyone: see https:\u2060//x.example"),
    ],
)
async def test_a_name_is_one_short_line_that_calls_nobody(
    server: Server, forum: Channel, by: Postman, title: str, name: str
) -> None:
    async with on_air(by, server):
        await by.send(post(forum, story(title, "x")))
    assert forum.threads[0].name == name
    assert len(name.encode("utf-16-le")) <= 200
    assert only(forum.threads[0]).pings == []


async def test_a_role_is_mentioned_in_the_thread(
    server: Server, forum: Channel, by: Postman
) -> None:
    server.may_call.add(ROLE)
    async with on_air(by, server):
        await by.send(post(forum, role=str(ROLE)))
    assert only(forum.threads[0]).pings == [f"<@&{ROLE}>"]


async def test_a_digest_is_one_post_named_by_its_first_headline(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        await by.send(digest_of(forum, "Ferry sails", "Tram opens"))
    (thread,) = forum.threads
    assert thread.name == "New: Ferry sails"
    assert "Ferry sails" in only(thread).boxes[0]


# Tags


@pytest.mark.parametrize(
    ("topics", "source", "expected"),
    [
        (("transport", "Weather"), "The Wire", ["Transport"]),
        (("Sport", "HARBOUR", "Transport"), "The Wire", ["Sport", "🌊 Harbour", "Transport"]),
        (("Weather",), "sport", ["Sport"]),
        (("Weather", "Pinned"), "The Wire", []),
        ((), "The Wire", []),
    ],
)
async def test_tags_are_called_like_topics(
    server: Server,
    forum: Channel,
    by: Postman,
    topics: tuple[str, ...],
    source: str,
    expected: list[str],
) -> None:
    async with on_air(by, server):
        await by.send(replace(post(forum), reply=about(*topics, source=source)))
    assert tags(forum) == expected


async def test_at_most_five_tags(server: Server, newsroom: Guild, by: Postman) -> None:
    names = [f"Topic {n}" for n in range(8)]
    forum = server.forum(newsroom, "talk", *names)
    async with on_air(by, server):
        await by.send(replace(post(forum), reply=about(*names)))
    assert tags(forum) == names[:5]


async def test_a_tag_for_moderators_is_borne_where_the_bot_manages_threads(
    server: Server, forum: Channel, by: Postman
) -> None:
    forum.bot_may |= MANAGE_THREADS
    async with on_air(by, server):
        await by.send(replace(post(forum), reply=about("pinned")))
    assert tags(forum) == ["Pinned"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [(("Sport", "Other"), "Other"), (("Politics", "Sport"), "Politics"), (("General",), "General")],
)
async def test_a_forum_that_requires_a_tag_gets_one(
    server: Server, newsroom: Guild, by: Postman, known: tuple[str, ...], expected: str
) -> None:
    forum = server.forum(newsroom, "talk", *known, requires_tag=True)
    async with on_air(by, server):
        await by.send(replace(post(forum), reply=about("Weather")))
    assert tags(forum) == [expected]


async def test_a_forum_whose_tags_are_all_for_moderators(
    server: Server, newsroom: Guild, by: Postman
) -> None:
    forum = server.forum(newsroom, "talk", moderated="Official", requires_tag=True)
    async with on_air(by, server):
        with pytest.raises(ChatGoneError, match="must have a tag") as caught:
            await by.send(post(forum))
    assert "Add a tag" in caught.value.remedy


async def test_tags_that_have_changed_unheard_are_asked_for(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        forum.tags = [Tag(server.world.ids.next(), "Trams")]
        forum.requires_tag = True
        await by.send(replace(post(forum), reply=about("Transport")))
        assert tags(forum) == ["Trams"]
        forum.tags = [Tag(server.world.ids.next(), "Transport")]
        await by.send(replace(post(forum, key="2"), reply=about("Transport")))
        assert tags(forum) == ["Transport"]


# What is there once


@pytest.mark.parametrize("after", [False, True])
async def test_what_was_cut_off_is_opened_once(
    server: Server, forum: Channel, by: Postman, after: bool
) -> None:
    async with on_air(by, server):
        await by.send(post(forum, story("Another", "x")))
        server.drops("POST", THREADS, after=after)
        with pytest.raises(RetryLaterError) as caught:
            await by.send(post(forum))
        assert caught.value.in_doubt
        again = post(forum, since=by.ago(seconds=5))
        sent = await by.send(again)
        assert await by.send(again) == sent
    assert [one.name for one in forum.threads] == ["Another", STORY.title]
    assert sent == f"thread:{forum.threads[1].id}"


@pytest.mark.parametrize("has_changed", [False, True])
async def test_a_thread_is_found_under_another_name_and_in_the_archive(
    server: Server, forum: Channel, by: Postman, has_changed: bool
) -> None:
    async with on_air(by, server):
        sent = await by.send(post(forum))
        (thread,) = forum.threads
        thread.archived = True
        thread.name = "Trams!" if has_changed else thread.name
        by.clock.pass_(7_200)
        assert await by.send(post(forum, since=by.ago(hours=2))) == sent
    assert len(forum.threads) == 1


async def test_what_is_another_post_is_not_taken_for_it(
    server: Server, newsroom: Guild, forum: Channel, by: Postman
) -> None:
    other = server.forum(newsroom, "more")
    async with on_air(by, server):
        await by.send(post(other))  # elsewhere
        await by.send(post(forum, replace(STORY, summary="Of last year.")))  # the same headline
        copy = server.thread(forum, STORY.title)  # somebody else's
        server.world.add_message(copy, server.bot, dict(only(forum.threads[0]).body))
        by.clock.pass_(900)
        sent = await by.send(post(forum, since=by.ago(minutes=1)))
    assert sent == f"thread:{forum.threads[-1].id}"
    assert len(forum.threads) == 3


async def test_a_thread_whose_beginning_was_deleted_is_not_opened_again(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        sent = await by.send(post(forum))
        (thread,) = forum.threads
        thread.messages.clear()
        assert await by.send(post(forum, since=by.ago(minutes=1))) == sent


async def test_where_the_archive_may_not_be_read_it_is_sent(
    server: Server, forum: Channel, by: Postman
) -> None:
    forum.bot_may = MEMBER & ~(1 << 16)
    async with on_air(by, server):
        await by.send(post(forum, since=by.ago(hours=3)))
    assert len(forum.threads) == 1


# What does not arrive


async def test_an_address_that_discord_refuses_costs_only_the_link(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        server.fails("POST", THREADS, 400, 50035)
        await by.send(post(forum))
    assert only(forum.threads[0]).labels == ["Read"]


async def test_a_forum_that_takes_no_posts(server: Server, forum: Channel, by: Postman) -> None:
    async with on_air(by, server):
        forum.bot_may &= ~SEND
        with pytest.raises(ChatGoneError, match="50013") as caught:
            await by.send(post(forum))
        assert "Create Posts" in caught.value.remedy
        assert caught.value.place == "#talk (Readers)"
        forum.gone = True
        with pytest.raises(ChatGoneError, match="the channel was deleted"):
            await by.send(post(forum))


async def test_a_server_with_too_many_threads_is_waited_for(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        server.front.threads.most_active = 0
        with pytest.raises(RetryLaterError, match="160006") as caught:
            await by.send(post(forum))
        assert caught.value.wait == 600
        assert not caught.value.in_doubt


@pytest.mark.slow
async def test_threads_are_opened_as_fast_as_discord_takes_them(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        server.limits = Limits(threads=(2, 0.5))
        for number in range(5):
            await by.messenger.rate_limiter.acquire_post(str(forum.id))
            await by.send(post(forum, story(f"Story {number}", "x")))
    assert len(forum.threads) == 5
    assert server.too_many == 0


async def test_a_long_wait_is_the_queues(server: Server, forum: Channel, by: Postman) -> None:
    async with on_air(by, server):
        server.throttles("POST", THREADS, 300)
        with pytest.raises(RetryLaterError) as caught:
            await by.send(post(forum))
        assert caught.value.wait == pytest.approx(300, abs=1)
        assert not caught.value.in_doubt


# Edits


async def test_a_changed_headline_renames_the_thread(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        shown = await by.send(post(forum))
        later = post(forum, replace(STORY, title="Tram line is open"))
        await by.messenger.edit(later, shown)
        (thread,) = forum.threads
        assert thread.name == "Tram line is open"
        assert only(thread).headlines == ["Tram line is open"]
        await by.messenger.edit(replace(later, picture=False), shown)
        assert len(server.called("PATCH", f"/channels/{thread.id}")) == 1
        assert only(thread).pictures == []


async def test_an_archived_post_is_reopened_under_its_new_name(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        shown = await by.send(post(forum))
        (thread,) = forum.threads
        thread.archived = True
        await by.messenger.edit(post(forum, replace(STORY, title="Later")), shown)
        assert (thread.name, thread.archived) == ("Later", False)
        assert only(thread).headlines == ["Later"]


def _delete(thread: Channel) -> None:
    thread.gone = True


def _lock(thread: Channel) -> None:
    thread.archived = thread.locked = True


def _mute(thread: Channel) -> None:
    thread.archived = True
    thread.bot_may &= ~SEND_IN_THREADS


@pytest.mark.parametrize("change", [_delete, _lock, _mute])
async def test_a_post_that_cannot_be_edited_does_not_pause_the_forum(
    server: Server, forum: Channel, by: Postman, change: object
) -> None:
    async with on_air(by, server):
        shown = await by.send(post(forum))
        assert callable(change)
        change(forum.threads[0])
        with pytest.raises(RejectedError):
            await by.messenger.edit(post(forum, replace(STORY, title="Later")), shown)


async def test_a_third_name_within_ten_minutes_waits_without_holding_up_posts(
    server: Server, forum: Channel, by: Postman
) -> None:
    server.limits = Limits()
    async with on_air(by, server):
        shown = await by.send(post(forum))
        (thread,) = forum.threads
        for number in range(1, 6):
            title = f"Headline {number}"
            await by.messenger.edit(post(forum, replace(STORY, title=title)), shown)
        assert thread.name == "Headline 2"
        assert only(thread).headlines == ["Headline 5"]
        assert by.waits.asked == [pytest.approx(600, abs=5)]
        assert server.too_many == 0
        server.limits = None
        by.waits.may_end.set()
        await by.messenger.threads.finish()
        assert thread.name == "Headline 5"


async def test_a_name_that_fails_is_tried_again(
    server: Server, forum: Channel, by: Postman
) -> None:
    async with on_air(by, server):
        shown = await by.send(post(forum))
        server.drops("PATCH", f"/channels/{forum.threads[0].id}", after=False, times=2)
        by.waits.may_end.set()
        await by.messenger.edit(post(forum, replace(STORY, title="Later")), shown)
        await by.messenger.threads.finish()
        assert forum.threads[0].name == "Later"


# Threads below posts of a channel


async def test_a_post_opens_a_thread(server: Server, newsroom: Guild, by: Postman) -> None:
    news = newsroom.channel
    async with on_air(by, server):
        sent = await by.send(post(news, threads=True))
        (thread,) = news.threads
        assert sent == str(only(news).id) == str(thread.id)
        assert thread.name == STORY.title
        later = post(news, replace(STORY, title="Tram line is open"), threads=True)
        await by.messenger.edit(later, sent)
        assert thread.name == "Tram line is open"
        thread.archived = True
        await by.messenger.edit(post(news, replace(STORY, title="Old"), threads=True), sent)
        assert thread.archived
        assert only(news).headlines == ["Old"]


@pytest.mark.parametrize("after", [False, True])
async def test_a_thread_that_was_cut_off_is_opened_with_the_post_there_once(
    server: Server, newsroom: Guild, by: Postman, after: bool
) -> None:
    news = newsroom.channel
    async with on_air(by, server):
        server.drops("POST", "/channels/*/messages/*/threads", after=after)
        with pytest.raises(RetryLaterError) as caught:
            await by.send(post(news, threads=True))
        assert caught.value.in_doubt
        by.clock.pass_(600)
        server.remembers = 0
        sent = await by.send(post(news, threads=True, since=by.ago(minutes=10)))
    assert sent == str(only(news).id)
    assert [one.name for one in news.threads] == [STORY.title]


@pytest.mark.parametrize("code", [50013, 160006])
async def test_a_post_stands_where_it_can_have_no_thread(
    server: Server, newsroom: Guild, by: Postman, code: int
) -> None:
    news = newsroom.channel
    async with on_air(by, server):
        server.fails("POST", "/channels/*/messages/*/threads", 403, code)
        await by.send(post(news, threads=True))
    assert only(news).headlines == [STORY.title]
    assert news.threads == []
