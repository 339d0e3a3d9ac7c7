"""Every button, link and field of the desk on the web, pressed and filled in one after another."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from event_stories import has_event
from newsdesk import desk_over
from scripted_sources import feed, make_changeable
from site_desk import Answer
from site_hostile import hostile_stories, violations
from site_login import ANNA, NEWS, OPERATOR, Browser, WebDeskRig, serving_desk
from stories import MODERATOR, NOW, batch
from test_found_topics import KOSAN, VARNA

from bot.ingest.results import FetchResult, LoadReport

pytestmark = [pytest.mark.server, pytest.mark.slow]

URL = "https://harbour.example/feed"
TYPED = ("harbour.example", "kosan", "story", "daily 8:00", "<script>x</script>")
_MOST = 4000  # requests


@dataclass
class Crawler:
    """Somebody who tries everything that pages offer, the nearest first.

    Attributes:
        rig: The desk.
        browser: Theirs.
        tried: What was tried, by what is sent.
    """

    rig: WebDeskRig
    browser: Browser
    tried: dict[str, int] = field(default_factory=dict)
    _next: deque[tuple[str, dict[str, str] | None]] = field(default_factory=deque)

    async def crawl(self, path: str) -> None:
        """Begins at a page, and goes on until nothing new is offered, or it was enough."""
        self._next.append((path, None))
        while self._next and len(self.tried) < _MOST:
            where, fields = self._next.popleft()
            known = {k: v for k, v in (fields or {}).items() if k not in {"token", "page"}}
            if (key := json.dumps([where, known], sort_keys=True)) in self.tried:
                continue
            self.rig.desk.clock.pass_(1)
            answer = await self._ask(where, fields)
            self.tried[key] = answer.status
            assert answer.status == 200, (key, answer.text)
            if "Content-Disposition" in answer.headers:
                continue
            assert violations(answer.text) == [], key
            assert answer.words("//h1|//p[@class='told']"), key
            assert "That is for a chat" not in answer.text, key
            self._next += self._offers(answer)

    async def _ask(self, where: str, fields: dict[str, str] | None) -> Answer:
        if fields is None:
            return await self.browser.get(where)
        return await self.browser.post(where, fields)

    def _offers(self, answer: Answer) -> Iterator[tuple[str, dict[str, str] | None]]:
        for one in answer.links():
            if urlsplit(one).path.startswith("/desk"):
                yield one, None
        for form in answer.page.xpath("//form[@method='post']"):
            given = dict(form.form_values())
            if "do" not in given and "line" not in given and "before" not in given:
                continue  # it logs out
            if not form.xpath(".//input[@name='line'][@type='text']|.//textarea"):
                yield str(form.get("action")), given
            elif given.get("option") or given.get("before"):
                for words in TYPED:
                    yield str(form.get("action")), {**given, "line": words}


@pytest.fixture
async def rig(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    async with desk_over(tmp_path / "found.db", find_topics=True) as desk:
        changeable = make_changeable(desk)
        changeable.roster.gives[URL] = FetchResult(tuple(hostile_stories(3)))
        changeable.finder.finds = dict.fromkeys(TYPED, (feed(URL, "<b>The Harbour"),))
        changeable.finder.finds["http://harbour.example"] = (feed(URL, "<b>The Harbour"),)
        await desk.polls(*KOSAN, *VARNA)
        await has_event(desk)
        await desk.store.ingest.write(batch(hostile_stories(5)))
        failed = LoadReport("other", NOW, error="<img src=x onerror=1>", failures=1)
        await desk.store.sources.finish_load(failed, "")
        async with serving_desk(desk, unused_tcp_port) as served:
            await desk.ask("/subscribe wire confirm:on", MODERATOR, NEWS)
            yield served


@pytest.mark.parametrize("person", [OPERATOR, ANNA])
async def test_whatever_is_offered_leads_somewhere(
    rig: WebDeskRig, person: str, caplog: pytest.LogCaptureFixture
) -> None:
    crawler = Crawler(rig, await rig.logged_in(person))
    await crawler.crawl(f"/desk?chat={NEWS.id}" if person == OPERATOR else "/desk")
    assert len(crawler.tried) > 150
    told = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert told == []
    assert (await crawler.browser.get("/desk")).status == 200
