"""Canaries: secrets of every kind, of which a process that logs everything must not sing."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path

import aiohttp
import pytest
from process import running
from servers.telegram.people import Person
from servers.telegram.server import Server
from site_login import Browser

pytestmark = pytest.mark.process

CANARY = "canary-Zwitscher-93af17c0"
"""Begins each secret of the configuration."""

CONFIG = """
[bot]
source_editors = "moderators"
[monitoring]
listen = ""
[web]
listen = "{at}"
public_url = "http://{at}"
[telegram]
api_url = "{url}"
rich = false
operators = [{operators}]
[feeds]
allow_hosts = ["127.0.0.1:9"]
"""
SOURCE = """
[[sources]]
id = "closed"
kind = "feed"
url = "http://127.0.0.1:9/{canary}-in-url?key={canary}-in-query"
allow_hosts = ["127.0.0.1"]
headers = {{ Authorization = "Bearer {canary}-header" }}
cookie = "{canary}-cookie=1"
proxy = "http://ada:{canary}-proxy@127.0.0.1:9"
"""
COMMANDS = (
    "/reload config",
    "/source test closed",
    "/source closed",
    "/source add http://ada:{canary}-typed@127.0.0.1:9/feed",
    "/reload closed",
    "/status",
    "/sources",
    "/why https://news.example/{canary}-typed",
    "/template",
    "/settings",
    "/audit",
    "/chats",
    "/privacy",
)
PAGES = ("", "/sources", "/subscriptions", "/posts", "/audit", "/settings", "/topics", "/nowhere")


async def _ask(server: Server, person: Person, line: str) -> str:
    chat = server.private(person)
    asked = await person.says(chat, line)
    (told, *_rest) = await server.replies(chat, after=asked)
    links = [one.url for one in told.entities if one.url]
    return " ".join((told.text, *links))


async def _visit_desk(address: str, link: str) -> set[str]:
    """Logs in, looks at all and forges a form; returns the secrets that were used for that."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        browser = Browser(address, session)
        entered = await browser.press(await browser.get(link), "Log in")
        assert entered.status == 303
        shown = [await browser.get(f"/desk{page}") for page in PAGES]
        assert [one.status for one in shown[:3]] == [200] * 3
        forged = f"{CANARY}-form"
        refused = await browser.post("/desk/do", {"token": forged, "line": f"/reload {forged}"})
        assert refused.status >= 400
        assert (await browser.get(f"/desk/enter/{CANARY}-link")).status < 500
        assert CANARY not in "".join(one.text for one in shown)
        return {*browser.cookies.values(), link.rpartition("/")[2]}


async def test_no_secret_is_logged_at_any_level(tmp_path: Path, unused_tcp_port: int) -> None:
    at = f"127.0.0.1:{unused_tcp_port}"
    async with Server(patience=240) as server:
        # Each asks once: who asks faster than anyone can read is asked to wait.
        people = [server.person(f"Ada {number}") for number in range(len(COMMANDS) + 3)]
        operators = ", ".join(str(one.id) for one in people)
        given = {"at": at, "url": server.url, "operators": operators, "canary": CANARY}
        token = {"DATELINE_TELEGRAM_TOKEN": server.token}
        async with running(tmp_path, CONFIG.format(**given), "--debug", **token) as process:
            config = tmp_path / "config.toml"
            before = config.read_text("utf-8") + SOURCE.format(**given)
            config.write_text(before, "utf-8")
            told = [await _ask(server, people.pop(), one.format(**given)) for one in COMMANDS]
            link = re.search(r"/desk/enter/[\w-]+", await _ask(server, people.pop(), "/desk"))
            assert link, told
            used = await _visit_desk(f"http://{at}", link[0])
            config.write_text(before.replace(f'"{CANARY}-cookie=1"', f'["{CANARY}-cookie"]'))
            told.append(await _ask(server, people.pop(), "/reload config"))
            process.send_signal(signal.SIGHUP)
            await asyncio.sleep(0)
            told.append(await _ask(server, people.pop(), "/status"))
            process.terminate()
            out, err = (text.decode() for text in await process.communicate())
    assert process.returncode == 0, err
    assert "GET" in err or "getUpdates" in err  # everything is logged indeed
    secrets = {server.token, server.token.partition(":")[2], *used}
    secrets |= {f"{CANARY}-{one}" for one in ("header", "cookie", "proxy", "link", "form")}
    assert {one for one in secrets if one in out + err} == set()
    secrets |= {f"{CANARY}-in-query"}
    assert {one for one in secrets if any(one in text for text in told)} == set()
