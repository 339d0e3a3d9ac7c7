"""Hostile stories on the website: no page of them can run anything, or reach another host."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hostile import EXAMPLES
from lxml import etree
from newsdesk import desk_over
from site_desk import serving_site
from site_hostile import ATTACKS, hostile_stories, violations
from stories import batch

from bot.posting.page_links import story_path

pytestmark = [pytest.mark.server, pytest.mark.slow]

_LISTS = 20  # stories of a page


async def test_no_page_of_hostile_stories_runs_anything(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    stories = hostile_stories(EXAMPLES)
    async with desk_over(tmp_path / "dateline.db", topics=()) as desk:
        await desk.store.ingest.write(batch(stories))
        async with serving_site(desk, unused_tcp_port) as reader:
            paths = [f"/?page={page}" for page in range(1, EXAMPLES // _LISTS + 1)]
            for path in (*paths, *map(story_path, stories)):
                answer = await reader.get(path)
                assert answer.status == 200, path
                assert violations(answer.text) == [], path
            for path in ("/feed.atom", "/sitemap.xml"):
                etree.fromstring((await reader.get(path)).body)
            for path in ("/feed.json", "/api/latest"):
                json.loads((await reader.get(path)).body)


async def test_no_hostile_address_is_repeated_as_it_came(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    async with desk_over(tmp_path / "dateline.db") as desk:
        await desk.has(*hostile_stories(3))
        async with serving_site(desk, unused_tcp_port) as reader:
            for attack in ATTACKS[:25]:
                for name in ("q", "page", "lang", "x"):
                    for path in ("/", "/search", "/topics", "/nope"):
                        asking = reader.session.get(reader.address + path, params={name: attack})
                        async with asking as answer:
                            assert violations(await answer.text()) == [], (path, name, attack)
