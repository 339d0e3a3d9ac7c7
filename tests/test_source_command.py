"""`/source`, as those who run the bot, moderators and everybody else meet it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsdesk import titles
from scripted_sources import CONFIGURED, OPERATOR, SourcesDesk, feed, sources_desk_over
from stories import CHAT, MODERATOR, NOW, READER, story
from typing_extensions import override

from bot.chat.source_edits import SourcePolicy
from bot.errors import SourceError
from bot.ingest.backfill import PastPage, PastReader
from bot.ingest.results import FetchResult, UnreadablePart
from bot.ingest.source_finder import SourceKind
from bot.model import Action, Story
from bot.reply import Reply
from bot.subscriptions.model import Subscription, TargetKind

URL = "https://harbour.example/feed"


def given(*names: str) -> tuple[Story, ...]:
    """Stories that a source gives, the oldest first."""
    return tuple(
        story(name, f"All about {name}.", published=NOW - timedelta(hours=len(names) - at))
        for at, name in enumerate(names)
    )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SourcesDesk]:
    async with sources_desk_over(tmp_path / "store.db") as one:
        one.roster.gives[URL] = FetchResult(given("one", "two", "three", "four"))
        one.finder.finds["harbour.example"] = (feed(URL, "The Harbour"),)
        yield one


def said(reply: Reply) -> str:
    return "\n".join((reply.title, *reply.text))


async def audited(desk: SourcesDesk) -> list[tuple[str, str]]:
    entries = await desk.desk.store.audit.entries(None, 50)
    return [(one.change, one.target) for one in reversed(entries)]


# adding


async def test_a_source_is_shown_before_it_is_added(desk: SourcesDesk) -> None:
    preview = await desk.ask("/source add harbour.example")
    assert preview.title == "Add The Harbour?"
    assert titles(preview) == ["four", "three", "two"]
    assert [card.number for card in preview.cards] == [None] * 3
    assert [one.label for one in preview.buttons] == ["Add", "Cancel"]
    assert (await desk.editor.store.edits()).added == ()

    done = await desk.press(preview, "Add")
    assert done.text[0].startswith("The Harbour is a source now, as the-harbour.")
    (added,) = (await desk.editor.store.edits()).added
    assert (added.url, added.name, added.added.name) == (URL, "The Harbour", "Olga")
    assert [one.id for one in desk.roster.added] == ["the-harbour"]
    assert await audited(desk) == [("Added the source {target}", "The Harbour")]
    assert done.buttons[0].action == Action("subscribe", (("what", "the-harbour"),))


async def test_cancelling_changes_nothing(desk: SourcesDesk) -> None:
    preview = await desk.ask("/source add harbour.example")
    cancelled = await desk.press(preview, "Cancel")
    assert (cancelled.text, cancelled.is_done) == (("Nothing was added.",), True)
    assert (await desk.editor.store.edits()).added == ()
    assert await audited(desk) == []


async def test_what_the_finder_has_read_is_not_fetched_again(desk: SourcesDesk) -> None:
    read = feed(URL, "The Harbour", stories=given("read", "before")[::-1])
    desk.finder.finds["harbour.example"] = (read,)
    desk.roster.gives[URL] = SourceError("fetched twice")
    preview = await desk.ask("/source add harbour.example")
    assert titles(preview) == ["before", "read"]


async def test_of_several_the_person_chooses(desk: SourcesDesk) -> None:
    other = "https://harbour.example/ships"
    desk.finder.finds["harbour.example"] = (
        feed(URL, "The Harbour"),
        feed(other, "Ships", description="All ships", kind=SourceKind.PAGE),
        feed("https://harbour.example/comments", "Comments", comments=True),
    )
    asked = await desk.ask('/source add harbour.example every:1h topics:"Ports, Trade"')
    assert [one.name for one in asked.entries] == ["The Harbour", "Ships", "Comments"]
    assert "All ships" in asked.entries[1].text
    assert "without a feed" in asked.entries[1].text
    assert "comments" in asked.entries[2].text
    chosen = await desk.press(asked, "Ships")
    await desk.press(chosen, "Add")
    (added,) = desk.roster.added
    assert (added.url, added.kind, added.name) == (other, "page", "Ships")
    assert (added.every, added.topics) == (timedelta(hours=1), ("Ports", "Trade"))


async def test_comments_alone_are_not_offered_in_place_of_what_is_known(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    comments = feed("https://harbour.example/comments", "Comments", comments=True)
    desk.finder.finds["harbour.example"] = (feed(URL, "The Harbour"), comments)
    refused = await desk.ask("/source add harbour.example")
    assert said(refused).endswith("That is a source already: The Harbour, as the-harbour.")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("https://other.example/feed", "a source already: Other News, as other"),
        ("http://www.other.example/feed/", "a source already: Other News, as other"),
        ("feed://other.example/feed", "a source already: Other News, as other"),
        ("https://ada:secret@x.example/feed", "password"),
        ("http://ada@x.example/feed", "password"),
        ("ada:secret@x.example/feed", "password"),
        ("nowhere.example", "cannot be added: no such host"),
        ("@ada@social.example", "cannot be added: no such profile"),
        ("http://10.0.0.1/feed", "cannot be added: a private address"),
        ("http://[::1]/", "cannot be added: a private address"),
        ("harbour.example every:soon", "every: expected a time"),
        ('harbour.example topics:"' + ",".join(map(str, range(30))) + '"', "topics: expected"),
    ],
)
async def test_what_cannot_be_added_is_refused_in_words(
    desk: SourcesDesk, typed: str, told: str
) -> None:
    desk.finder.finds["nowhere.example"] = SourceError("no such host")
    desk.finder.finds["@ada@social.example"] = SourceError("no such profile")
    for private in ("http://10.0.0.1/feed", "http://[::1]/"):
        desk.finder.finds[private] = SourceError("a private address")
    refused = await desk.ask(f"/source add {typed}")
    assert not refused.ok
    assert told in said(refused)
    assert "secret" not in said(refused)
    assert (await desk.editor.store.edits()).added == ()


async def test_what_dies_between_finding_and_showing_is_refused(desk: SourcesDesk) -> None:
    desk.roster.gives[URL] = SourceError("it answers with 500")
    refused = await desk.ask("/source add harbour.example")
    assert said(refused).endswith("The Harbour could not be read: it answers with 500")


async def test_there_is_a_limit_of_added_sources(desk: SourcesDesk) -> None:
    desk.editor.policy = SourcePolicy(most=1)
    await desk.adds(feed(URL, "The Harbour"))
    desk.finder.finds["b.example"] = (feed("https://b.example/feed"),)
    refused = await desk.ask("/source add b.example")
    assert "No more than 1 source can be added" in said(refused)
    await desk.press(await desk.ask("/source remove the-harbour"), "Remove")
    assert (await desk.ask("/source add b.example")).ok


async def test_an_address_alone_is_added_and_one_that_is_known_is_shown(desk: SourcesDesk) -> None:
    desk.finder.finds[URL] = (feed(URL, "The Harbour"),)
    preview = await desk.ask(f"/source {URL}")
    assert preview.title == "Add The Harbour?"
    await desk.press(preview, "Add")
    assert (await desk.ask(f"/source {URL}/")).title == "The Harbour"
    assert (await desk.ask("/source The Harbour")).title == "The Harbour"
    assert (await desk.ask("/source add")).prompt is not None


# rights


@pytest.mark.parametrize(
    "line",
    [
        "/source add harbour.example",
        "/source add",
        "/source remove the-harbour",
        "/source pause wire",
        "/source resume wire",
        "/source edit the-harbour every:2h",
        "/source export",
        "/source import",
        "/source restore the-harbour",
    ],
)
async def test_moderators_change_nothing_unless_they_may(desk: SourcesDesk, line: str) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    before = await desk.editor.store.edits()
    refused = await desk.ask(line, MODERATOR)
    assert not refused.ok
    assert said(refused).endswith("Only operators can change the sources.")
    assert not (await desk.ask(line, READER)).ok
    assert await desk.editor.store.edits() == before


async def test_a_press_counts_only_for_who_may_do_that_now(desk: SourcesDesk) -> None:
    desk.editor.policy = SourcePolicy(moderators=True)
    preview = await desk.ask("/source add harbour.example", MODERATOR)
    demoted = replace(MODERATOR, moderator=False)
    assert not (await desk.press(preview, "Add", demoted)).ok
    desk.editor.policy = SourcePolicy(moderators=False)
    assert not (await desk.press(preview, "Add", MODERATOR)).ok
    assert (await desk.editor.store.edits()).added == ()
    desk.editor.policy = SourcePolicy(moderators=True)
    assert (await desk.press(preview, "Add", MODERATOR)).ok


async def test_a_forged_press_adds_nothing_that_could_not_be_typed(desk: SourcesDesk) -> None:
    forged = {"action": "add", "confirm": "yes", "kind": "feed"}
    for more in (
        {"what": "file:///etc/passwd"},
        {"what": "https://ada:secret@x.example/feed"},
        {"what": "https://other.example/feed"},
        {"what": "https://x.example/feed", "kind": "archive"},
        {"what": "https://x.example/feed", "every": "1s"},
        {"what": "http://169.254.169.254/latest"},
        {"what": "http://0x7f000001/feed"},
        {"what": "http://localhost:8080/feed"},
    ):
        reply = await desk.desk.dispatcher.dispatch("source", forged | more, OPERATOR, CHAT)
        assert not reply.ok, more
    assert (await desk.editor.store.edits()).added == ()


@pytest.mark.parametrize(
    "address", ["http://10.1.2.3:8080/feed", "10.1.2.3/feed", "http://nas.lan/feed"]
)
async def test_only_operators_add_what_is_on_a_private_host_that_the_file_allows(
    desk: SourcesDesk, address: str
) -> None:
    hosts = frozenset({"10.1.2.3:8080", "NAS.lan"})
    desk.editor.policy = SourcePolicy(moderators=True, private_hosts=hosts)
    url = address if "://" in address else f"http://{address}"
    desk.finder.finds[address] = (feed(url, "At home"),)
    desk.finder.finds["public.example"] = (feed(url, "At home"),)
    for typed in (address, "public.example"):
        refused = await desk.ask(f"/source add {typed}", MODERATOR)
        assert said(refused).endswith("can add a source on this host.")
        desk.clock.pass_(60)
    assert (await desk.ask(f"/source add {address}")).ok


async def test_moderators_have_other_sites_asked_one_at_a_time(desk: SourcesDesk) -> None:
    desk.editor.policy = SourcePolicy(moderators=True)
    assert (await desk.ask("/source add harbour.example", MODERATOR)).ok
    refused = await desk.ask("/source test other", MODERATOR)
    assert said(refused).endswith("One at a time, please. Try again in 30 seconds.")
    desk.clock.pass_(27.75)
    refused = await desk.ask("/source test other", MODERATOR)
    assert said(refused).endswith("Try again in 3 seconds.")  # after 2 it would be refused again
    assert (await desk.ask("/source test other", replace(MODERATOR, id="another"))).ok
    desk.clock.pass_(2.25)
    assert (await desk.ask("/source test other", MODERATOR)).ok
    for _ in range(3):
        assert (await desk.ask("/source test other")).ok


# testing


async def test_a_test_tells_what_would_come_and_keeps_nothing(desk: SourcesDesk) -> None:
    bad = tuple(UnreadablePart("feed", n, "no title") for n in range(1, 8))
    warned = (UnreadablePart("feed", None, "a malformed date"),)
    desk.roster.gives["https://other.example/feed"] = FetchResult(
        given("one", "two"), bad, warnings=warned, set_aside=(("draft", 2),)
    )
    told = await desk.ask("/source test other", MODERATOR)
    assert told.title == "Test of Other News"
    assert told.text[0] == (
        "Read 2 stories in 0.0 s. 2 would be new. Nothing of that would be posted, since it would "
        "be its first check."
    )
    assert told.text[1] == "Nothing was kept."
    assert "Warning: a malformed date" in told.text
    assert "Unreadable: feed:1: no title" in told.text
    assert "Unreadable: and 2 more" in told.text
    assert "Left out: 2 drafts" in told.text
    assert titles(told) == ["two", "one"]
    assert (await desk.desk.store.sources.states()) == {}
    assert not (await desk.ask("/latest")).cards


async def test_a_test_tells_known_stories_from_new_ones(desk: SourcesDesk) -> None:
    one, two = given("one", "two")
    await desk.desk.polls(one)
    cases = (
        ((one,), "Nothing would be new."),
        ((one, two), "1 would be new."),
        ((replace(one, title="Changed"),), "1 would change."),
    )
    for gives, told in cases:
        desk.roster.gives[""] = FetchResult(gives)
        reply = await desk.ask("/source test wire")
        assert reply.text[0].endswith(told)


async def test_a_source_that_cannot_be_read_is_told_in_words(desk: SourcesDesk) -> None:
    desk.roster.gives["https://other.example/feed"] = SourceError("404 Not Found")
    refused = await desk.ask("/source test Other News")
    assert said(refused).endswith("Other News could not be read: 404 Not Found")
    assert not (await desk.ask("/source test nobody")).ok
    asked = await desk.ask("/source test")
    assert [one.name for one in asked.entries] == ["The Wire", "Other News"]


# pausing


@pytest.mark.parametrize("source", ["wire", "the-harbour"])
async def test_any_source_is_paused_and_resumed(desk: SourcesDesk, source: str) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    assert (await desk.ask(f"/source pause {source}")).ok
    assert desk.roster.paused == {source}
    assert "already" in said(await desk.ask(f"/source pause {source}"))
    entries = {one.name: one.text for one in (await desk.ask("/sources", MODERATOR)).entries}
    name = desk.desk.dispatcher.services.sources[source].name
    assert "paused by Olga" in entries[name]
    readers = {one.name: one.text for one in (await desk.ask("/sources", READER)).entries}
    assert readers[name].endswith("· paused")
    assert "Olga" not in str(readers)
    assert "1 paused" in str((await desk.ask("/status")).entries)
    assert "paused by Olga" in str((await desk.ask("/source")).entries)
    reload = await desk.ask(f"/reload {source}", MODERATOR)
    assert not reload.ok

    shown = await desk.ask(f"/source {source}")
    await desk.press(shown, "Resume")
    assert desk.roster.paused == set()
    assert not (await desk.ask("/sources", MODERATOR)).entries[0].text.endswith("paused")
    assert said(await desk.ask(f"/source resume {source}")).endswith("is not paused.")
    changes = [change for change, _ in await audited(desk)]
    assert changes == [
        "Added the source {target}",
        "Paused the source {target}",
        "Resumed the source {target}",
    ]


# editing


async def test_settings_are_changed_by_the_configurations_rules(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    typed = 'every:2h name:"Harbour News" topics:"Ports, Sea" colour:#00FF00'
    shown = await desk.ask(f"/source edit the-harbour {typed}")
    (config,) = desk.roster.added
    assert (config.every, config.name) == (timedelta(hours=2), "Harbour News")
    assert (config.topics, config.colour) == (("Ports", "Sea"), 0x00FF00)
    assert shown.title == "Harbour News"
    assert ("Checked", "every 2 hours") in [(one.name, one.text) for one in shown.entries]
    assert (await audited(desk))[-1] == (
        "Edited the source {target}",
        "Harbour News: name, every, topics, colour",
    )

    assert (await desk.ask("/source edit the-harbour every:default topics:none colour:none")).ok
    (config,) = desk.roster.added
    assert (config.every, config.topics, config.colour) == (timedelta(minutes=15), (), None)


async def test_all_settings_are_changed_or_none(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    before = desk.roster.added
    refused = await desk.ask("/source edit the-harbour every:2h colour:reddish")
    assert said(refused).strip().startswith("colour: expected a colour")
    assert desk.roster.added == before
    assert len(await audited(desk)) == 1


async def test_buttons_ask_for_each_setting(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    offered = await desk.ask("/source edit the-harbour")
    answers = {
        "Name": "Another",
        "Address": "https://moved.example/feed",
        "Checked": "1h",
        "Topics": "Ports",
        "Time zone of its dates": "Asia/Tokyo",
        "Colour": "#123456",
        "Icon": "🚢",
        "Whole stories from their pages": "no",
        "Whole stories on the website": "yes",
        "Stories are kept for": "30d",
        "Stories that are kept": "500",
    }
    assert [one.name for one in offered.entries] == list(answers)
    for label, answer in answers.items():
        asked = await desk.press(offered, label)
        assert asked.prompt
        assert "the-harbour" in asked.prompt.question
        assert desk.desk.dispatcher.prompt(asked.prompt.question)
        action = asked.prompt.answered(answer)
        assert (await desk.desk.dispatcher.press(action, OPERATOR, CHAT)).ok, label
    (config,) = desk.roster.added
    assert (config.name, config.url, config.keep_stories) == (
        "Another",
        "https://moved.example/feed",
        500,
    )


async def test_a_source_moves_only_to_where_it_can_be_read_and_is_new(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    desk.roster.gives["https://dead.example/"] = SourceError("no such host")
    for url in ("https://dead.example/", "https://other.example/feed", "ftp://x.example/"):
        assert not (await desk.ask(f"/source edit the-harbour url:{url}")).ok
    assert desk.roster.added[0].url == URL
    moved = await desk.ask("/source edit the-harbour url:https://new.example/feed")
    assert "posted nowhere" in said(moved)


async def test_the_files_sources_are_edited_and_removed_in_the_file(desk: SourcesDesk) -> None:
    for line in ("/source edit wire every:2h", "/source remove wire"):
        refused = await desk.ask(line)
        assert not refused.ok
        assert "configuration's file" in said(refused)
    assert [one.label for one in (await desk.ask("/source wire")).buttons] == ["Test", "Pause"]


# removing


async def test_removing_says_what_becomes_of_stories_and_followers(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    await desk.desk.has(story("One", source="the-harbour"))
    put = desk.desk.store.subscriptions.put
    elsewhere = replace(CHAT, id="elsewhere")
    await put(Subscription(CHAT, TargetKind.SOURCE, "the-harbour", place="#news"))
    await put(Subscription(elsewhere, TargetKind.SOURCE, "the-harbour", place="#ships"))
    await put(Subscription(CHAT, TargetKind.SOURCE, "other"))
    asked = await desk.ask("/source remove the-harbour")
    assert asked.title == "Remove The Harbour?"
    assert asked.text[0] == "Its 1 story stays, and can be found and read."
    assert asked.text[1].startswith("2 subscriptions follow it, 1 of this chat.")
    assert asked.text[2] == "Followed in #news, #ships."
    desk.editor.policy = SourcePolicy(moderators=True)
    theirs = await desk.ask("/source remove the-harbour", MODERATOR)
    assert theirs.text == asked.text[:2]
    assert [one.label for one in asked.buttons] == [
        "Remove",
        "Remove, and end its subscriptions",
        "Keep it",
    ]
    await desk.press(asked, "Keep it")
    assert desk.roster.added

    done = await desk.press(asked, "Remove, and end its subscriptions")
    assert said(done).endswith("2 subscriptions have ended.")
    assert desk.roster.added == ()
    assert "the-harbour" not in desk.desk.dispatcher.services.sources
    left = [one.what for one in await desk.desk.store.subscriptions.of(CHAT)]
    assert left == ["other"]
    assert titles(await desk.ask("/search one")) == ["One"]


async def test_a_removed_source_comes_back_as_it_was(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    await desk.ask("/source edit the-harbour every:2h")
    await desk.desk.store.subscriptions.put(Subscription(CHAT, TargetKind.SOURCE, "the-harbour"))
    before = desk.roster.added
    done = await desk.press(await desk.ask("/source remove the-harbour"), "Remove")
    assert len(await desk.desk.store.subscriptions.of(CHAT)) == 1
    assert (await desk.press(done, "Add it again")).ok
    assert desk.roster.added == before
    again = await desk.press(done, "Add it again")
    assert not again.ok
    await desk.press(await desk.ask("/source remove the-harbour"), "Remove")
    await desk.adds(feed(f"{URL}/", "Quite another name"))
    assert [one.id for one in desk.roster.added] == ["the-harbour"]


# the whole


async def test_the_overview_says_what_a_person_can_do(desk: SourcesDesk) -> None:
    mine = await desk.ask("/source")
    assert [one.label for one in mine.buttons] == ["Add a source", "Export as OPML"]
    theirs = await desk.ask("/source", MODERATOR)
    assert theirs.buttons == ()
    assert "Only operators" in said(theirs)
    assert [one.label for one in (await desk.ask("/source wire", MODERATOR)).buttons] == ["Test"]
    assert not (await desk.ask("/source", READER)).ok
    await desk.adds(*(feed(f"https://s{n}.example/feed", f"Source {n}") for n in range(12)))
    listed = await desk.ask("/source")
    assert (len(listed.entries), listed.pages) == (10, 2)
    assert "added by Olga" in listed.entries[0].text


async def test_who_added_a_source_is_told_what_is_kept_and_forgotten(desk: SourcesDesk) -> None:
    await desk.adds(feed(URL, "The Harbour"))
    await desk.ask("/source pause wire")
    kept = {one.name: one.text for one in (await desk.ask("/privacy")).entries}
    assert kept["Sources you added or paused"] == "2 sources"
    asked = await desk.ask("/forget")
    assert "Sources you added or paused stay as they are, without your name." in asked.text
    await desk.press(asked, "Delete it")
    assert [one.id for one in desk.roster.added] == ["the-harbour"]
    listed = str((await desk.ask("/sources", MODERATOR)).entries)
    assert "added " in listed
    assert "Olga" not in listed


async def test_a_slip_in_a_verb_is_asked_about_and_a_name_of_a_source_is_none(
    desk: SourcesDesk,
) -> None:
    asked = await desk.ask("/source tset wire")
    assert said(asked).endswith("Did you mean /source test wire?")
    assert (await desk.press(asked, "/source test wire")).title == "Test of The Wire"
    assert said(await desk.ask("/source zebra")).endswith("/sources lists them all.")
    await desk.adds(feed("https://test.example/feed", "Test of Time"), feed(URL, "Adda"))
    assert (await desk.ask("/source test of time")).title == "Test of Time"
    assert (await desk.ask("/source adda")).title == "Adda"
    assert (await desk.ask("/source test test of time")).title == "Test of Test of Time"


async def test_a_desk_whose_sources_are_what_they_are_says_so(desk: SourcesDesk) -> None:
    desk.desk.dispatcher.services.source_editor = None
    assert said(await desk.ask("/source add harbour.example")).endswith("cannot be changed here.")


# the past


class ScriptedPast(PastReader):
    """A site whose posts come in pages of two, and which fails on a page that a test names."""

    def __init__(self, *stories: Story, fails_on: int = 0) -> None:
        self.stories, self.fails_on = stories, fails_on
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.asked = asyncio.Event()

    @override
    async def newest(self) -> Sequence[Story]:
        self.asked.set()
        await self.may_go.wait()
        return self.stories[:2]

    @override
    async def page(
        self, number: int, *, before: datetime | None, since: datetime | None
    ) -> PastPage:
        if number == self.fails_on:
            raise SourceError("it answers with 500")
        start = 2 * (number - 1)
        page = self.stories[start : start + 2]
        return PastPage(page, start + 2 >= len(self.stories), len(self.stories))


async def test_the_past_is_filled_in_and_goes_on_after_trouble(desk: SourcesDesk) -> None:
    await desk.desk.polls(*given("five", "six"))
    desk.roster.configured = (replace(CONFIGURED[0], url="https://wire.example"), CONFIGURED[1])
    past = ScriptedPast(*given("one", "two", "three", "four", "five", "six")[::-1], fails_on=2)
    desk.roster.past["https://wire.example"] = past
    told = await desk.ask("/source backfill wire")
    assert "0 stories added." in told.text[0]
    assert told.text[0].endswith("Then it could not be read: it answers with 500")
    assert [one.label for one in told.buttons] == ["Go on", "Show the source"]
    past.fails_on = 0
    done = await desk.press(told, "Go on")
    assert done.text[0].startswith("4 stories added. The past is there back to Nov 23, 2026.")
    assert done.text[0].endswith("The site has nothing older.")
    assert [one.label for one in done.buttons] == ["Show the source"]
    assert len((await desk.ask("/latest")).cards) == 5
    assert (await audited(desk))[-1] == ("Filled in the past of the source {target}", "The Wire")


async def test_a_past_is_filled_in_once_at_a_time_by_whoever_may(desk: SourcesDesk) -> None:
    await desk.desk.polls(*given("one", "two"))
    desk.roster.configured = (replace(CONFIGURED[0], url="https://wire.example"), CONFIGURED[1])
    past = ScriptedPast(*given("one", "two"))
    desk.roster.past["https://wire.example"] = past
    assert not (await desk.ask("/source backfill wire", MODERATOR)).ok
    past.may_go.clear()
    first = asyncio.create_task(desk.ask("/source backfill wire"))
    await past.asked.wait()
    assert "filled in already" in said(await desk.ask("/source backfill wire"))
    past.may_go.set()
    assert (await first).ok
    assert (await desk.ask("/source backfill wire")).ok


async def test_what_has_no_past_says_so(desk: SourcesDesk) -> None:
    assert "read from files" in said(await desk.ask("/source backfill wire"))
    desk.roster.past["https://other.example/feed"] = ScriptedPast(*given("one", "two"))
    refused = await desk.ask("/source backfill other")
    assert "cannot be read: its site's API gives other stories" in said(refused)
    asked = await desk.ask("/source backfill")
    assert [one.name for one in asked.entries] == ["Other News"]
