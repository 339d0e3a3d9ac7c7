"""What `dateline doctor` finds, and how it says that it is mended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from aiohttp import web
from discord.http import Route
from feed_server import Answer, FeedServer
from servers.telegram.server import Server

from adapters.discord.checkup import examine_discord
from adapters.telegram.checkup import examine_telegram
from bot.app import examine
from bot.config.load import read_config
from bot.config.platforms import DiscordConfig, TelegramConfig
from bot.model import Chat
from bot.monitoring.findings import Finding, Severity
from bot.subscriptions.model import Subscription, TargetKind

ROOT = Path(__file__).parent.parent
RSS = b"<rss version='2.0'><channel><title>t</title><item><title>a</title></item></channel></rss>"


def found(findings: Iterable[Finding], text: str) -> Finding:
    """The only finding that says something."""
    (one,) = [each for each in findings if text in each.what]
    return one


async def test_configuration_store_and_sources_are_examined(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Title\n\nOSLO, Nov. 3, 2026—It rained.\n\n###\n", "utf-8")
    path = tmp_path / "config.toml"
    path.write_text(
        """
        [[sources]]
        id = "good"
        kind = "archive"
        path = "good.txt"
        [[sources]]
        id = "missing"
        kind = "archive"
        path = "nowhere.txt"
        """,
        "utf-8",
    )
    findings = [one async for one in examine(read_config(path, {}))]
    assert found(findings, "source good").severity is Severity.WELL
    missing = found(findings, "source missing")
    assert (missing.severity, bool(missing.remedy)) == (Severity.TROUBLE, True)
    assert found(findings, "store:").severity is Severity.WELL
    assert found(findings, "disk:").severity is Severity.WELL
    assert found(findings, "no chat platform").severity is Severity.TROUBLE
    assert "BotFather" in found(findings, "no chat platform").remedy
    assert found(findings, "clock:").severity is Severity.NOTE


async def test_a_store_that_cannot_be_opened_stops_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "dateline.db").write_bytes(b"this is no store at all" * 100)
    (tmp_path / "config.toml").write_text("[store]\npath = 'dateline.db'\n", "utf-8")
    findings = [one async for one in examine(read_config(tmp_path / "config.toml", {}))]
    assert found(findings, "dateline.db").severity is Severity.TROUBLE
    assert found(findings, "clock:").severity is Severity.NOTE


@pytest.mark.process  # which parses it
@pytest.mark.parametrize("status", [200, 404, 410])
async def test_a_feed_is_asked_for(tmp_path: Path, status: int) -> None:
    date = datetime.now(UTC) - timedelta(days=1)
    sent = {"Date": f"{date:%a, %d %b %Y %H:%M:%S} GMT"}
    async with FeedServer().running() as server:
        url = server.answers("/feed", Answer(RSS, status, sent))
        path = tmp_path / "config.toml"
        path.write_text(
            f"""
            [[sources]]
            id = "feed"
            kind = "feed"
            url = "{url}"
            [feeds]
            allow_hosts = ["{server.host}"]
            """,
            "utf-8",
        )
        findings = [one async for one in examine(read_config(path, {}))]
    finding = found(findings, "source feed")
    assert (finding.severity is Severity.WELL) == (status == 200)
    assert ("new address" in finding.remedy) == (status == 410)


async def telegram(server: Server, token: str, *chats: int) -> list[Finding]:
    config = TelegramConfig(api_url=server.url)
    places = [Chat("telegram", str(one)) for one in chats]
    return [one async for one in examine_telegram(config, token, places)]


async def test_telegram_s_token_and_rights_are_examined() -> None:
    async with Server() as server:
        ada = server.person("Ada")
        private = server.private(ada)
        findings = await telegram(server, server.token, private.id, -100123)
        assert found(findings, "signed in as @").severity is Severity.WELL
        assert found(findings, f"chat {private.id}:").severity is Severity.WELL
        gone = found(findings, "chat -100123")
        assert (gone.severity, gone.remedy) == (Severity.TROUBLE, "add the bot to the chat again")
        (refused,) = await telegram(server, "1" + server.token)
        assert refused.severity is Severity.TROUBLE
        assert "@BotFather" in refused.remedy
        assert server.token not in str(findings)


GUILD, NEWS, QUIET, BOT = "1000", "2001", "2002", "3000"
CAN_POST = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, read_message_history=True,
    attach_files=True, send_messages_in_threads=True,
).value  # fmt: skip


def _role(number: str, name: str, permissions: int, *, mentionable: bool = False) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "permissions": str(permissions),
        "position": 1,
        "mentionable": mentionable,
        "color": 0,
        "hoist": False,
        "managed": False,
        "flags": 0,
    }


def _channel(number: str, name: str, *denied: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "type": 0,
        "position": 0,
        "guild_id": GUILD,
        "permission_overwrites": list(denied),
    }


USER = {"id": BOT, "username": "desk", "discriminator": "0", "avatar": None, "bot": True}
DENIED = {"id": GUILD, "type": 0, "allow": "0", "deny": str(CAN_POST)}
ANSWERS: dict[str, Any] = {
    "/users/@me": USER,
    f"/guilds/{GUILD}": {
        "id": GUILD,
        "name": "Readers",
        "owner_id": "1",
        "emojis": [],
        "stickers": [],
        "features": [],
        "verification_level": 0,
        "premium_tier": 0,
        "nsfw_level": 0,
        "roles": [
            _role(GUILD, "@everyone", CAN_POST),
            _role("51", "Open", 0, mentionable=True),
            _role("52", "Closed", 0),
        ],
    },
    f"/guilds/{GUILD}/channels": [_channel(NEWS, "news"), _channel(QUIET, "quiet", DENIED)],
    f"/guilds/{GUILD}/members/{BOT}": {
        "user": USER,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "flags": 0,
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
    },
    "/oauth2/applications/@me": {
        "id": "4000",
        "name": "desk",
        "description": "",
        "icon": None,
        "summary": "",
        "rpc_origins": [],
        "bot_public": True,
        "bot_require_code_grant": False,
        "flags": 0,
        "verify_key": "00",
        "owner": USER,
        "team": None,
    },
}


def _json(body: Any, status: int = 200) -> web.Response:
    """As Discord writes it: without a charset."""
    content = json.dumps(body).encode()
    return web.Response(body=content, status=status, content_type="application/json")


@asynccontextmanager
async def discord_api(port: int) -> AsyncIterator[str]:
    """Discord's REST API, as far as it is asked; a token with `bad` in it is refused."""

    async def answer(request: web.Request) -> web.Response:
        if "bad" in request.headers.get("Authorization", ""):
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        known = ANSWERS.get(request.path)
        if known is None:
            return _json({"message": "Unknown Guild", "code": 10004}, 404)
        return _json(known)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    base = Route.BASE
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        Route.BASE = base
        await runner.cleanup()


def follows(channel: str, role: str = "", server: str = GUILD) -> Subscription:
    return Subscription(
        Chat("discord", channel, house=server), TargetKind.EVERYTHING, "", role=role
    )


@pytest.mark.server
async def test_discord_s_token_rights_and_roles_are_examined(unused_tcp_port: int) -> None:
    followed = [
        *(follows(NEWS), follows(NEWS, "51"), follows(NEWS, "52"), follows(NEWS, "53")),
        *(follows(QUIET), follows("2003"), follows("9", server="9999")),
    ]
    async with discord_api(unused_tcp_port) as api:
        config = DiscordConfig(api_url=api)
        findings = [one async for one in examine_discord(config, "good", followed)]
        (refused,) = [one async for one in examine_discord(config, "bad", followed)]
    assert "Reset Token" in refused.remedy
    assert found(findings, "signed in as desk").severity is Severity.WELL
    assert found(findings, "#news (Readers): posts can").severity is Severity.WELL
    assert found(findings, "@Open can be mentioned").severity is Severity.WELL
    closed = found(findings, "@Closed notifies nobody")
    assert (closed.severity, "Mention Everyone" in closed.remedy) == (Severity.TROUBLE, True)
    assert found(findings, "was deleted").severity is Severity.TROUBLE
    quiet = found(findings, "#quiet (Readers)")
    assert quiet.severity is Severity.TROUBLE
    assert "Send Messages" in quiet.remedy
    assert found(findings, "channel 2003").severity is Severity.NOTE
    assert found(findings, "not in the server 9999").severity is Severity.TROUBLE


UNITS = ("dateline.service", "dateline@.service")


@pytest.mark.process
@pytest.mark.parametrize("name", UNITS)
def test_the_unit_of_systemd_is_rated_well(name: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    unit = str(ROOT / "contrib/systemd" / name)
    command = [analyze, "security", "--offline=true", "--threshold=20", unit]  # tenths: 2.0
    rated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout[-300:]


def test_one_of_several_processes_has_the_same_sandbox() -> None:
    one, several = (
        (ROOT / "contrib/systemd" / name).read_text("utf-8").partition("# The sandbox")[2]
        for name in UNITS
    )
    assert one == several != ""


@pytest.mark.process
@pytest.mark.parametrize("name", UNITS)
def test_a_mistake_in_the_configuration_is_not_tried_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.toml").write_text("[bot]\npage_size = 0\n", "utf-8")
    unit = (ROOT / "contrib/systemd" / name).read_text("utf-8").splitlines()
    settings = [line.partition("=")[::2] for line in unit if "=" in line]
    (command,) = [value for setting, value in settings if setting == "ExecStart"]
    ran = subprocess.run(
        [sys.executable, "-m", "bot.cli", *command.split()[1:]],
        cwd=tmp_path,
        env={**os.environ, "DATELINE_CONFIG": ""},
        capture_output=True,
        check=False,
    )
    assert str(ran.returncode) in dict(settings)["RestartPreventExitStatus"].split()
    # systemd looks at the exit status of ExecStart alone.
    assert not [setting for setting, _ in settings if setting in {"ExecStartPre", "ExecCondition"}]


def test_the_workers_may_limit_themselves_under_systemd() -> None:
    unit = (ROOT / "contrib/systemd/dateline.service").read_text("utf-8")
    refused = [line for line in unit.splitlines() if line.startswith("SystemCallFilter=~")]
    assert refused
    assert not any("@resources" in line for line in refused)
