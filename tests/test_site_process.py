"""The website beside the bot: one process, one port for site, webhook and hubs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from newsdesk import TestDesk
from sample_desk import SAMPLES_NOW
from stories import HandClock

from adapters.web_listener import WebListener
from bot.app import SAMPLES, App, open_app
from bot.app.website import open_website
from bot.config.load import sample_config
from bot.config.schema import Config, FeedsConfig, MonitoringConfig, WebConfig
from bot.errors import PlatformError

pytestmark = [pytest.mark.server, pytest.mark.slow]


async def test_without_a_token_the_site_is_served_alone_and_ends(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    at = f"127.0.0.1:{unused_tcp_port}"
    web = WebConfig(listen=at, public_url=f"http://{at}", proxy_pictures=True)
    config = replace(
        sample_config(SAMPLES, tmp_path, {}),
        web=web,
        monitoring=MonitoringConfig(listen=""),
        feeds=FeedsConfig(websub=True),
    )
    stop = asyncio.Event()
    async with open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
        running = asyncio.create_task(app.run(stop))
        async with aiohttp.ClientSession() as session:
            page = await _first(session, f"http://{at}/")
            assert "News from" in page
            callback = f"http://{at}/websub/{'a' * 43}"
            async with session.get(callback, params={"hub.mode": "subscribe"}) as told:
                assert told.status in {400, 404}  # hubs call at the same port
            async with session.post(f"http://{at}/") as told:
                assert told.status == 405
            async with session.get(f"http://{at}/desk") as told:
                assert (told.status, told.headers["Cache-Control"]) == (403, "no-store")
        status = await _status(app)
        while "Longest lag of the last minute" not in status:  # which is measured twice a second
            await asyncio.sleep(0.02)
            status = await _status(app)
        assert status["Version"].startswith("Dateline ")
        reply = await app.ask("/latest")
        assert {card.story.url for card in reply.cards} != {None}
        assert all(f"http://{at}/s/" in str(card.story.url) for card in reply.cards)
        stop.set()
        await running


async def _status(app: App) -> dict[str, str]:
    """What `/status` tells while the bot runs."""
    return {one.name: one.text for one in (await app.ask("/status")).entries}


async def _first(session: aiohttp.ClientSession, address: str) -> str:
    """Returns a page once it is there."""
    while True:
        try:
            async with session.get(address) as answer:
                if answer.status == 200:
                    return await answer.text()
        except aiohttp.ClientConnectionError:
            pass
        await asyncio.sleep(0.02)


async def test_site_webhook_and_hubs_share_a_port_where_they_are_at_the_same(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    shared = WebListener(f"127.0.0.1:{unused_tcp_port}")
    for at, is_shared in ((str(shared), True), ("127.0.0.1:8080", False)):
        website = open_website(Config(web=WebConfig(listen=at)), desk.dispatcher, shared)
        assert website
        assert (website.listener is shared) == is_shared


async def test_a_place_that_is_taken_is_told(tmp_path: Path, unused_tcp_port: int) -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", unused_tcp_port)
    web = WebConfig(listen=f"127.0.0.1:{unused_tcp_port}")
    config = replace(
        sample_config(SAMPLES, tmp_path, {}), web=web, monitoring=MonitoringConfig(listen="")
    )
    async with taken, open_app(config, clock=HandClock(SAMPLES_NOW)) as app:
        with pytest.raises(PlatformError, match=r"web\.listen: cannot listen on"):
            await app.run(asyncio.Event())
