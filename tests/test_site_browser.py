"""The website in a real browser: quiet, still, on its own host alone, and whole without scripts."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from itertools import islice
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
_OPENED = 10  # pages of which one is opened by its address: the rest are written over it
_WRITTEN = """(async paths => {
    const wrong = []
    for (const path of paths) {
        let answer = await fetch(path)
        while (answer.status == 503) answer = await fetch(path)  // four tabs ask at once
        const text = await answer.text()
        document.open()
        const loaded = new Promise(done => addEventListener("load", done, {once: true}))
        document.write(text)
        document.close()
        await loaded
        if (!answer.ok || document.documentElement.dataset.owned) wrong.push(path)
    }
    return wrong
})(%s)"""
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
    # Opening a page costs several times what its own parsing, styling and scripts do. What is
    # written over it is parsed and run by the same rules, under the policy of the page below.
    base, stories = f"http://127.0.0.1:{unused_tcp_port}", hostile_stories(_HOSTILE)
    lists = [f"/?page={page + 1}" for page in range(-(-_HOSTILE // 20))]
    paths = iter((*lists, *map(story_path, stories)))

    async def visit_all(tab: Tab) -> None:
        await tab.size(320, 240)  # painting a page costs more than loading it
        while some := list(islice(paths, _OPENED)):
            visit = await tab.show(f"{base}{some[0]}")
            while any("status of 503" in one for one in visit.console):
                visit = await tab.show(f"{base}{some[0]}")
            assert await tab.evaluate("document.documentElement.dataset.owned") is None, some[0]
            assert await tab.evaluate(_WRITTEN % json.dumps(some[1:])) == []
            assert [one for one in visit.console if "status of 503" not in one] == [], some
            assert [one for one in visit.requests if not one.startswith(base)] == [], some

    async with desk_over(tmp_path / "dateline.db", topics=()) as desk:
        await desk.store.ingest.write(batch(stories))
        async with serving_site(desk, unused_tcp_port, base=base), open_tabs(_TABS) as tabs:
            await asyncio.gather(*map(visit_all, tabs))


async def test_what_would_run_in_a_written_page_is_told(tab: Tab, reader: Reader) -> None:
    visit = await tab.show(f"{reader.address}/")
    attack = "<img src=//evil.example/x onerror=1><script>1</script>"
    await tab.evaluate(f"window.fetch = async () => new Response({json.dumps(attack)})")
    assert await tab.evaluate(_WRITTEN % '["/"]') == []
    told = " ".join(visit.console)
    assert "script-src" in told  # the policy has kept both from running
    assert "img-src" in told


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


async def test_what_is_found_is_shown_while_somebody_types(tab: Tab, reader: Reader) -> None:
    await tab.show(f"{reader.address}/search?lang=de")
    typed = """new Promise(done => {
        const q = document.querySelector("#q"), found = document.querySelector("#found")
        q.focus()
        q.value = %s
        q.dispatchEvent(new Event("input"))
        const count = () => found.querySelectorAll("article").length
        const look = () => found.textContent.includes(%s) ? done(count()) : setTimeout(look, 20)
        look()
    })"""
    assert await tab.evaluate(typed % ('"story 3"', '"Story 3"'))
    here = await tab.evaluate("[location.href, document.querySelector('#told').textContent]")
    assert here[0] == f"{reader.address}/search?q=story+3&lang=de"
    assert "story 3" in here[1]
    assert await tab.evaluate("document.activeElement.id") == "q"
    feeds = "[...document.querySelectorAll('footer a')].map(one => one.getAttribute('href'))"
    assert any("/search/feed.atom?q=story+3" in one for one in await tab.evaluate(feeds))
    for words in ("script", "onerror", "evil.example"):  # what hostile stories have in their texts
        await tab.evaluate(typed % (json.dumps(words), json.dumps(words)))
        assert await tab.evaluate("document.documentElement.dataset.owned") is None
    assert tab.visit.console == []
    assert [one for one in tab.visit.requests if not one.startswith(reader.address)] == []


async def test_without_scripts_everything_is_there(tab: Tab, reader: Reader) -> None:
    await tab.call("Emulation.setScriptExecutionDisabled", value=True)
    visit = await tab.show(f"{reader.address}/search?q=story+3")
    assert visit.console == []
    told = await tab.call("DOM.getDocument", depth=-1)
    found = await tab.call("DOM.getOuterHTML", nodeId=told["root"]["nodeId"])
    assert "Story 3" in found["outerHTML"]
