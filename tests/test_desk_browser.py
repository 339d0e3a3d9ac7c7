"""The desk on the web in a real browser: log in, look, and do something, without a script."""

from __future__ import annotations

import pytest
from browser import CHROMIUM, open_tab
from newsdesk import TestDesk, twelve
from site_login import NEWS, OPERATOR, serving_desk
from stories import NOW

from bot.ingest.results import LoadReport

pytestmark = [
    pytest.mark.server,
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt install chromium"),
]

_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_HEADING = "document.querySelector('h1').textContent"


async def test_somebody_logs_in_and_follows_something_on_a_phone_and_a_desk(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    await twelve(desk)
    await desk.store.sources.finish_load(LoadReport("wire", NOW, error="x" * 300, failures=1), "")
    async with serving_desk(desk, unused_tcp_port) as rig, open_tab() as tab:
        await tab.call("Emulation.setScriptExecutionDisabled", value=True)
        visit = await tab.show(f"{rig.address}{await rig.link(OPERATOR, 'Ada')}")
        await tab.submit("main form")
        assert await tab.evaluate(_HEADING) == "Status"
        for width in (390, 1280):
            await tab.size(width, 900)
            for path in ("", "/subscriptions", "/sources", "/stories", f"/audit?chat={NEWS.id}"):
                visit = await tab.show(f"{rig.address}/desk{path}")
                assert visit.console == [], path
                assert [one for one in visit.requests if not one.startswith(rig.address)] == []
                assert await tab.evaluate(_WIDE) <= 0, path
        await tab.evaluate("document.querySelector('#line').value = '/subscribe wire'")
        await tab.submit(".line")
        await tab.submit(".presses.main form")
        assert len(await desk.store.subscriptions.of(NEWS)) == 1
