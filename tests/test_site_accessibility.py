"""Accessibility of the site and of the desk: axe finds nothing serious, and the keyboard suffices.

https://github.com/dequelabs/axe-core
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from browser import CHROMIUM, Tab, open_tab
from newsdesk import TestDesk, twelve
from site_login import NEWS, OPERATOR, WebDeskRig, serving_desk
from stories import MODERATOR, NOW, story

from bot.ingest.results import LoadReport
from bot.posting.page_links import story_path
from bot.web.desk import PAGES

_AXE = find_spec("axe_core_python")
pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium"),
    pytest.mark.skipif(_AXE is None, reason="axe is not installed: requirements-dev.txt has it"),
]

_SERIOUS = """axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.html).join(" ")}`))"""
HEBREW = story("הגשר נפתח סוף סוף", "הגשר נפתח ביום שני, אחרי שנה.", language="he")
SITE = ("/", "/topics", "/sources", "/archive", "/search?q=story", "/search", "/nope")


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with open_tab() as opened:
        yield opened


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    await twelve(desk)
    await desk.has(HEBREW)
    await desk.ask("/subscribe wire daily 8:00 confirm:on", MODERATOR, NEWS)
    await desk.store.sources.finish_load(LoadReport("wire", NOW, error="503", failures=1), "")
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


async def faults(tab: Tab) -> list[str]:
    """What axe finds serious in the page that is shown."""
    assert _AXE
    assert _AXE.submodule_search_locations
    script = Path(_AXE.submodule_search_locations[0]) / "axe.min.js"
    await tab.evaluate(f"{script.read_text('utf-8')};0")
    found = await tab.evaluate(_SERIOUS)
    assert isinstance(found, list)
    return found


async def test_axe_finds_nothing_serious(tab: Tab, rig: WebDeskRig) -> None:
    await tab.size(390, 900)
    await tab.media(prefers_color_scheme="dark")
    await tab.show(f"{rig.address}{await rig.link(OPERATOR, 'Ada')}")
    assert await faults(tab) == []
    await tab.submit("main form")
    pages = ("", "/subscriptions", "/sources", *(f"/{one}" for one in PAGES))
    desk = [f"/desk{one}?chat={NEWS.id}" for one in (*pages, "/why?q=story")]
    for path in (*SITE, story_path(HEBREW), *desk):
        await tab.show(f"{rig.address}{path}")
        assert await faults(tab) == [], path
    for page, form in (
        *(("tokens", ".presses form"), ("sources", ".deed form")),
        ("stories", ".card form"),  # its event, with the field to put another story to it
    ):
        await tab.show(f"{rig.address}/desk/{page}")
        await tab.submit(form)
        assert await faults(tab) == [], page
    await tab.size(1_280, 900)
    await tab.media(prefers_color_scheme="light")
    for path in ("/search?q=story", story_path(HEBREW), "/desk", "/desk/subscriptions"):
        await tab.show(f"{rig.address}{path}")
        assert await faults(tab) == [], path


async def press(tab: Tab, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
        code = {"Tab": 9, "Enter": 13}[key]
        await tab.call(
            *("Input.dispatchKeyEvent",), type=kind, key=key, windowsVirtualKeyCode=code, **text
        )


async def test_all_is_reached_by_the_keyboard_and_seen_when_it_is(
    tab: Tab, rig: WebDeskRig
) -> None:
    await tab.show(f"{rig.address}{await rig.link(OPERATOR, 'Ada')}")
    await tab.submit("main form")
    for path in ("/", "/desk/subscriptions"):
        await tab.show(f"{rig.address}{path}")
        await press(tab, "Tab")
        assert await tab.evaluate("document.activeElement.className") == "skip"
        assert await tab.evaluate("document.activeElement.getBoundingClientRect().width > 20")
        await press(tab, "Enter")
        assert await tab.evaluate("document.activeElement.id") == "main"
        await tab.show(f"{rig.address}{path}")
        reached, count = set[str](), int(await tab.evaluate(_WANTED))
        for _ in range(count):
            await press(tab, "Tab")
            seen = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert await tab.evaluate(seen), path
            reached.add(await tab.evaluate(_PLACE))
        assert len(reached) == count, path


_WANTED = """[...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select")].filter(one => one.tabIndex >= 0).length"""
_PLACE = """[...document.querySelectorAll("*")].indexOf(document.activeElement).toString()"""
