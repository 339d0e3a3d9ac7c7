"""The website in a real browser: quiet, still, on its own host alone, and whole without scripts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from browser import CHROMIUM, Tab, open_tab, open_tabs
from newsdesk import desk_over, twelve
from site_desk import Reader, serving_site
from site_hostile import hostile_stories
from stories import batch, story

from bot.posting.page_links import story_path

pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium"),
]

_HOSTILE = int(os.environ.get("EXAMPLES", "12"))  # stories that are shown
_TABS = 1 if _HOSTILE < 100 else 4  # of which each waits for the browser most of the time
_SHIFT = """new Promise(done => {
    let shift = 0
    new PerformanceObserver(list => list.getEntries().forEach(one => shift += one.value))
        .observe({type: "layout-shift", buffered: true})
    setTimeout(() => done(shift), 50)
})"""
HEBREW = story("הגשר נפתח סוף סוף", "הגשר נפתח ביום שני, אחרי שנה.", language="he")
LONG = story("Donaudampfschifffahrtsgesellschaftskapitän" * 4, "W" * 400, summary="x" * 300)


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with open_tab() as opened:
        yield opened


@pytest.fixture
async def reader(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Reader]:
    base = f"http://127.0.0.1:{unused_tcp_port}"
    async with desk_over(tmp_path / "dateline.db") as desk:
        await twelve(desk)
        await desk.has(HEBREW, LONG, *hostile_stories(30))
        async with serving_site(desk, unused_tcp_port, base=base) as opened:
            yield opened


async def test_pages_are_quiet_still_and_stay_at_home(tab: Tab, reader: Reader) -> None:
    paths = ["/", "/?page=2", "/?page=3", "/topics", "/sources", "/archive", "/search?q=story"]
    for width in (390, 1280):
        await tab.size(width, 900)
        for path in (*paths, story_path(HEBREW), story_path(LONG)):
            visit = await tab.show(f"{reader.address}{path}")
            assert visit.console == [], path
            elsewhere = [one for one in visit.requests if not one.startswith(reader.address)]
            assert elsewhere == [], path
            assert await tab.evaluate(_SHIFT) < 0.01, path
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert await tab.evaluate(wide) <= 0, path
    await tab.show(f"{reader.address}{story_path(HEBREW)}")
    direction = "getComputedStyle(document.querySelector('.text p')).direction"
    assert await tab.evaluate(direction) == "rtl"


async def test_hostile_stories_are_inert(tmp_path: Path, unused_tcp_port: int) -> None:
    base, stories = f"http://127.0.0.1:{unused_tcp_port}", hostile_stories(_HOSTILE)
    lists = [f"/?page={page + 1}" for page in range(-(-_HOSTILE // 20))]
    paths = iter((*lists, *map(story_path, stories)))

    async def visit_all(tab: Tab) -> None:
        await tab.size(320, 240)  # painting a page costs more than loading it
        for path in paths:
            visit = await tab.show(f"{base}{path}")
            while any("status of 503" in one for one in visit.console):  # four tabs at once
                visit = await tab.show(f"{base}{path}")
            assert visit.console == [], path
            assert [one for one in visit.requests if not one.startswith(base)] == [], path
            assert await tab.evaluate("document.documentElement.dataset.owned") is None, path

    async with desk_over(tmp_path / "dateline.db", topics=()) as desk:
        await desk.store.ingest.write(batch(stories))
        async with serving_site(desk, unused_tcp_port, base=base), open_tabs(_TABS) as tabs:
            await asyncio.gather(*map(visit_all, tabs))


async def test_suggestions_come_while_somebody_types(tab: Tab, reader: Reader) -> None:
    await tab.show(f"{reader.address}/")
    await tab.evaluate(
        "q = document.querySelector('#q'); q.focus(); q.value = 'stor';"
        " q.dispatchEvent(new Event('input'))"
    )
    offered = """new Promise(done => {
        const look = () => document.querySelector("#suggestions option")
            ? done(document.querySelector("#suggestions option").value) : setTimeout(look, 20)
        look()
    })"""
    assert await tab.evaluate(offered) == "story"


async def test_without_scripts_everything_is_there(tab: Tab, reader: Reader) -> None:
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    visit = await tab.show(f"{reader.address}/search?q=story+3")
    assert visit.console == []
    told = await tab.call("DOM.getDocument", depth=-1)
    found = await tab.call("DOM.getOuterHTML", nodeId=told["root"]["nodeId"])
    assert "Story 3" in found["outerHTML"]
