"""What is done at the desk on the web in a real browser: without a script, on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browser import CHROMIUM, Tab, open_tab
from event_stories import LATER, QUAKE, has_event
from feed_server import FeedServer
from newsdesk import OTHER, WIRE, ScriptedSource, TestDesk, desk_over
from site_login import NEWS, OPERATOR, WebDeskRig, serving_desk
from test_found_topics import KOSAN
from test_source_served import Room, page, rss

from bot.model import Person

pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium"),
]

_TEXT = "document.querySelector('main').innerText"
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with open_tab() as opened:
        await opened.call("Emulation.setScriptExecutionDisabled", value=True)
        await opened.size(390, 900)
        yield opened


async def log_in(tab: Tab, rig: WebDeskRig) -> None:
    await tab.show(f"{rig.address}{await rig.link(OPERATOR, 'Olga')}")
    await tab.submit("main form")


async def press(tab: Tab, label: str) -> str:
    """Presses the first button with a label; returns what the page says then."""
    marked = (
        "[...document.querySelectorAll('main form')].find(one => one.method == 'post' &&"
        f" one.querySelector('button')?.textContent.trim() == '{label}').id = 'pressed'"
    )
    assert await tab.evaluate(marked) == "pressed", label
    return await _after(tab, "#pressed")


async def fill(tab: Tab, field: str, words: str) -> str:
    """Fills in a field and sends its form; returns what the page says then."""
    await tab.evaluate(f"document.querySelector('#{field}').value = {words!r}")
    return await _after(tab, f"form:has(#{field})")


async def _after(tab: Tab, form: str) -> str:
    visit = await tab.submit(form)
    assert visit.console == []
    assert await tab.evaluate(_WIDE) <= 0
    return str(await tab.evaluate(_TEXT))


async def test_a_source_is_found_shown_added_tested_and_paused(
    tab: Tab, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with FeedServer().running() as site:
        room = Room(tmp_path, site)
        site.answers("/", page("/feed.xml"))
        site.answers("/feed.xml", rss("one", "two"))
        async with room.opened() as app:
            desk = TestDesk(
                *(app.dispatcher, app.store, room.clock),
                *(ScriptedSource(WIRE), ScriptedSource(OTHER)),
            )
            async with serving_desk(desk, unused_tcp_port) as rig:
                await log_in(tab, rig)
                await tab.show(f"{rig.address}/desk/sources")
                preview = await fill(tab, "add", site.url("/"))
                assert "Add The Harbour?" in preview
                assert "All about one" in preview
                assert "is a source now" in await press(tab, "Add")
                await press(tab, "Show the source")
                assert "Read 2 stories" in await press(tab, "Test")
                await press(tab, "Show the source")
                assert "is paused" in await press(tab, "Pause")
                await app.poller.poll_due()
                assert not (await room.ask("/latest")).cards
                assert "is checked again" in await press(tab, "Resume")
                await app.poller.poll_due()
                assert len((await room.ask("/latest")).cards) == 2
                visit = await tab.show(f"{rig.address}/desk/audit")
                assert visit.console == []
                assert "Added the source" in str(await tab.evaluate(_TEXT))


async def test_events_topics_and_subscriptions_are_mended(
    tab: Tab, tmp_path: Path, unused_tcp_port: int
) -> None:
    moderator = Person(OPERATOR, moderator=True)
    async with (
        desk_over(tmp_path / "found.db", find_topics=True) as desk,
        serving_desk(desk, unused_tcp_port) as rig,
    ):
        await desk.polls(*KOSAN)
        await has_event(desk)
        await desk.ask("/subscribe wire confirm:on", moderator, NEWS)
        await log_in(tab, rig)

        await tab.show(f"{rig.address}/desk/stories?q=tsunami+warning+lifted")
        await press(tab, "Its event")
        assert "is no longer part" in await press(tab, "Not of this event")
        await tab.show(f"{rig.address}/desk/stories?q=tsunami+warning+lifted")
        await press(tab, "Its event")
        assert "now tells the same as" in await fill(tab, "same", QUAKE[0].title)
        event = await desk.store.events.of_story(LATER.id)
        assert event
        assert QUAKE[0].id in {one.id for one in event.stories}

        await tab.show(f"{rig.address}/desk/topics?q=Kosan")
        await press(tab, "Edit topic")
        await press(tab, "Rename it")
        assert "is called" in await fill(tab, "answer", "Kosan Lines")
        await tab.show(f"{rig.address}/desk/topics?q=Kosan+Lines")
        await press(tab, "Edit topic")
        assert "is hidden" in await press(tab, "Hide it")
        assert desk.dispatcher.services.topic("Kosan Lines") is None

        await tab.show(f"{rig.address}/desk/subscriptions?chat={NEWS.id}")
        await press(tab, "Pause")
        assert [one.paused for one in await desk.store.subscriptions.of(NEWS)] != [""]
        await tab.show(f"{rig.address}/desk/subscriptions?chat={NEWS.id}")
        await press(tab, "Resume")
        assert [one.paused for one in await desk.store.subscriptions.of(NEWS)] == [""]
        await tab.show(f"{rig.address}/desk/subscriptions?chat={NEWS.id}")
        await press(tab, "End it")
        assert not await desk.store.subscriptions.of(NEWS)
