"""What `dateline doctor` finds of the website: where it listens, its public address and its hub."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from certificates import OPENSSL, certified
from newsdesk import TestDesk
from raw_server import raw_server, saying
from site_desk import serving_site

from adapters.web.checkup import examine_web
from bot.config.schema import WebConfig
from bot.monitoring.findings import Finding, Severity

pytestmark = pytest.mark.server

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
GONE = "127.0.0.1:1"  # where nobody listens: port 1 is of nothing in use


@asynccontextmanager
async def front(
    answer: Answering, tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[str]:
    """A web server in front, and its address without a scheme."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def forwarding(to: str, **headers: str) -> Answering:
    """Forwards as a web server does, with some headers."""

    async def answer(request: web.Request) -> web.Response:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{to}{request.path_qs}", headers=headers) as got,
        ):
            return web.Response(body=await got.read(), status=got.status)

    return answer


def answering(status: int, text: str = "Welcome to nginx!", **headers: str) -> Answering:
    """Says the same to everybody."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers=headers)

    return answer


async def examined(listen: str, public_url: str = "", hub: str = "") -> Sequence[Finding]:
    """What is found of a site with these settings."""
    config = WebConfig(listen=listen, public_url=public_url, hub=hub)
    return [one async for one in examine_web(config)]


def told(findings: Sequence[Finding], setting: str) -> tuple[Severity, str, str]:
    """The last finding about a setting: how bad it is, what it is, and what mends it."""
    one = [each for each in findings if each.what.startswith(f"web.{setting}: ")][-1]
    return one.severity, one.what, one.remedy


async def test_a_site_that_runs_behind_its_web_server_is_well(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with front(forwarding(listen, **{"X-Forwarded-For": "203.0.113.9"})) as public:
        url = f"http://{public}"
        async with serving_site(desk, unused_tcp_port, base=url):
            findings = await examined(listen, url, hub=url)
    assert [one.severity for one in findings] == [Severity.WELL] * 3
    assert told(findings, "listen")[1] == f"web.listen: Dateline answers at {listen}"
    assert told(findings, "public_url")[1].endswith("leads here")


async def test_a_web_server_that_hides_who_asks_is_told_how_not_to(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with (
        front(forwarding(listen)) as public,
        serving_site(desk, unused_tcp_port, base=f"http://{public}"),
    ):
        severity, _, remedy = told(await examined(listen, f"http://{public}"), "public_url")
    assert severity is Severity.TROUBLE
    assert "X-Forwarded-For" in remedy


async def test_readers_without_a_web_server_in_front_need_nobody_to_say_who_they_are(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with serving_site(desk, unused_tcp_port, base=f"http://{listen}"):
        findings = await examined(listen, f"http://{listen}")
    assert {one.severity for one in findings} == {Severity.WELL}


async def test_a_site_that_runs_with_another_address_is_to_be_restarted(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with serving_site(desk, unused_tcp_port, base="https://old.example"):
        severity, what, remedy = told(await examined(listen, f"http://{listen}"), "listen")
    assert severity is Severity.NOTE
    assert "https://old.example" in what
    assert remedy.startswith("restart")


@pytest.mark.parametrize("text", ["Welcome to nginx!", "[]", '{"address": 1}', "[" * 9_000])
async def test_another_program_is_not_taken_for_the_site(text: str) -> None:
    async with front(answering(200, text)) as taken:
        findings = await examined(taken, f"http://{taken}")
    severity, what, remedy = told(findings, "listen")
    assert (severity, "another program" in what, "ss -ltnp" in remedy) == (
        Severity.TROUBLE,
        True,
        True,
    )
    assert told(findings, "public_url")[0] is Severity.TROUBLE


async def test_what_speaks_no_http_is_another_program() -> None:
    async with raw_server(saying(b"SSH-2.0-OpenSSH_9.2\r\n"), greets=True) as server:
        findings = await examined(server.host, f"http://{server.host}")
    assert told(findings, "listen")[0] is Severity.TROUBLE
    assert "does not speak HTTP" in told(findings, "public_url")[1]


@pytest.mark.parametrize(
    ("listen", "said"),
    [("192.0.2.7:8080", "no such address"), ("no.such.host.invalid:8080", "web.listen")],
)
async def test_an_address_that_cannot_be_listened_on_is_named(listen: str, said: str) -> None:
    severity, what, remedy = told(await examined(listen), "listen")
    assert severity is Severity.TROUBLE
    assert said in what
    assert "127.0.0.1" in remedy


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_web_server_in_front_of_nothing_is_well_while_nothing_runs(
    unused_tcp_port: int, status: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with front(answering(status)) as public:
        findings = await examined(listen, f"http://{public}")
    assert told(findings, "listen")[0] is Severity.WELL
    severity, _, remedy = told(findings, "public_url")
    assert (severity, remedy) == (Severity.NOTE, "start Dateline, and ask again")


async def test_an_address_that_leads_on_is_named_where_it_ends(
    desk: TestDesk, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    there = {"Location": f"http://{listen}/api/site"}
    async with (
        front(answering(301, **there)) as public,
        serving_site(desk, unused_tcp_port, base=f"http://{listen}"),
    ):
        severity, _, remedy = told(await examined(listen, f"http://{public}"), "public_url")
    assert severity is Severity.TROUBLE
    assert remedy == f"set it to http://{listen}"


@pytest.mark.parametrize(
    ("url", "said", "remedy"),
    [
        ("https://no.such.host.invalid", "nobody knows the name no.such.host.invalid", "DNS"),
        (f"https://{GONE}", "nobody answers", "open its port"),
        (f"http://{GONE}/news", "nobody answers", "open its port"),
    ],
)
async def test_a_public_address_that_leads_nowhere_says_why(
    unused_tcp_port: int, url: str, said: str, remedy: str
) -> None:
    found = told(await examined(f"127.0.0.1:{unused_tcp_port}", url), "public_url")
    assert found[0] is Severity.TROUBLE
    assert said in found[1]
    assert remedy in found[2]


@pytest.mark.process  # openssl
@pytest.mark.skipif(not OPENSSL, reason="makes its certificates with openssl")
async def test_a_certificate_that_nobody_trusts_is_named(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    tls, _ = await certified(tmp_path, "IP:127.0.0.1")
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with front(answering(200), tls) as public:
        severity, what, _ = told(await examined(listen, f"https://{public}"), "public_url")
    assert severity is Severity.TROUBLE
    assert "the certificate is not valid (self-signed certificate)" in what
    async with front(answering(200)) as plain:
        assert "HTTPS" in told(await examined(listen, f"https://{plain}"), "public_url")[1]


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("http://no.such.host.invalid", Severity.TROUBLE),
        ("http://no.such.host.internal", None),
        ("http://192.168.255.255:1", None),
    ],
)
async def test_logins_in_the_clear_are_troubling_beyond_a_private_network(
    unused_tcp_port: int, url: str, severity: Severity | None
) -> None:
    findings = await examined(f"127.0.0.1:{unused_tcp_port}", url)
    plain = [one.severity for one in findings if "without HTTPS" in one.what]
    assert plain == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        (200, Severity.WELL),
        (400, Severity.WELL),  # what a hub says that is asked for nothing
        (405, Severity.WELL),
        (404, Severity.TROUBLE),
        (500, Severity.TROUBLE),
    ],
)
async def test_the_hub_is_asked_for(unused_tcp_port: int, status: int, severity: Severity) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    async with front(answering(status)) as hub:
        findings = await examined(listen, f"http://{GONE}", f"http://{hub}")
    assert told(findings, "hub")[0] is severity


async def test_a_hub_is_told_of_nothing_without_a_public_address(unused_tcp_port: int) -> None:
    findings = await examined(f"127.0.0.1:{unused_tcp_port}", hub=f"http://{GONE}")
    assert told(findings, "hub")[0] is Severity.NOTE
    assert told(findings, "public_url")[0] is Severity.NOTE
    found = await examined(f"127.0.0.1:{unused_tcp_port}", f"http://{GONE}", f"http://{GONE}")
    assert told(found, "hub")[0] is Severity.TROUBLE


@pytest.mark.process
@pytest.mark.slow
async def test_the_command_says_what_it_finds_of_the_site(
    desk: TestDesk, tmp_path: Path, unused_tcp_port: int
) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    web_table = f'[web]\nlisten = "{listen}"\nhub = "http://{GONE}"\n'
    (tmp_path / "config.toml").write_text(f'[store]\npath = "d.db"\n{web_table}', "utf-8")
    command = (sys.executable, "-m", "bot.cli", "--config", str(tmp_path / "config.toml"), "doctor")
    async with serving_site(desk, unused_tcp_port, base=f"http://{listen}"):
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said = (await process.communicate())[0].decode()
    assert process.returncode == 8
    assert f"ok      web.listen: Dateline answers at {listen}\n" in said
    assert "note    web.public_url: there is none" in said
    assert "note    web.hub: it is told of nothing without web.public_url\n        -> set" in said
