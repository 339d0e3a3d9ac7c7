"""Strange requests to the site and its desk: each gets an answer, and none makes a noise."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from newsdesk import TestDesk, twelve
from site_login import ANNA, OPERATOR, WebDeskRig, serving_desk
from stories import story

from adapters.web_listener import WebListener
from bot.posting.page_links import story_path

pytestmark = pytest.mark.server

BRIDGE = story("Bridge opens", "The bridge opened.")
PATHS = (
    *(
        "/../../etc/passwd",
        "/s/../../../etc/passwd",
        "/assets/../website.py",
        "/assets/",
        "//",
        "///",
    ),
    *("/%2e%2e/%2e%2e/etc/passwd", "/assets/%2e%2e%2fsite.css", "/assets/..%5csite.css"),
    *("//evil.example/", "//evil.example/s/x", "/\\evil.example", "/%5cevil.example"),
    *("/%", "/%zz", "/%00", "/%0d%0aSet-Cookie:x=y", "/topic/%0d%0aX:y", "/%ff%fe", "/\xe9"),
    *(
        "/topic/%ed%a0%80",
        "/topic/" + "a" * 4_000,
        "/topic/World/",
        "/topic/world",
        "/topic//feed.atom",
    ),
    *("/source/" + "%2f" * 300, "/source/wire%00", "/s/", "/s/x", "/s/" + "a" * 33, "/s/%C4%B1"),
    *(f"/s/{BRIDGE.id}", f"/s/{BRIDGE.id}/%0d%0aLocation:x", f"/s/{BRIDGE.id}//evil.example"),
    *(
        "/archive/0000",
        "/archive/9999",
        "/archive/2026/00",
        "/archive/2026/02/30",
        "/archive/%D9%A2%D9%A0%D9%A2%D9%A6",
    ),
    *("/sitemap/0.xml", "/sitemap/999999999.xml", "/sitemap/-1.xml", "/picture/x", "/picture/.."),
    *(
        "/?page=99999999999999999999",
        "/?page=-1",
        "/?page=%D9%A3",
        "/?page=1e9",
        "/?lang=" + "x" * 900,
    ),
    *("/?lang=../../etc", "/?lang=en&lang=de", "/?q&&&=&;", "/?" + "a=b&" * 900, "/?" + "%" * 900),
    *("/search?q=" + "(" * 1_500, "/search?q=" + "%22" * 1_500, "/search?q=%00", "/search?q=%ff"),
    *(
        "/search?q=%ed%a0%80",
        "/search?q=" + "a*" * 600,
        "/search?q=" + "-" * 900,
        "/search?q=sort:x",
    ),
    *(
        "/search?q=since:99999-99-99",
        "/search?q=%F0%9F%98%80",
        "/search?q=%E2%80%AE",
        "/search?q[]=x",
    ),
    *("/search/feed.atom", "/search/feed.atom?q=%01%08%0b", "/search/feed.json?q=%ed%a0%80"),
    *(
        "/api/",
        "/api/x",
        "/api/search",
        "/api/search?q=%00",
        "/api/latest?topic=x&source=x&since=x",
    ),
    *(
        "/api/latest?since=9999999999",
        "/api/story/x",
        "/api/suggest",
        "/api/suggest?q=" + "x" * 1_500,
    ),
    *("/oembed", "/oembed?url=http://[", "/oembed?url=javascript:x", "/oembed?format=xml&url=x"),
    *(
        "/oembed?url=" + "http://" * 100,
        "/.env",
        "/.git/config",
        "/wp-login.php",
        "/admin",
        "/desk.html",
    ),
    *(
        "/desk/../desk",
        "/desk/%2e%2e",
        "/desk//",
        "/desk/enter/",
        "/desk/enter/%00",
        "/desk/enter/a/b",
    ),
    *("/desk/enter/%22%3E%3Cscript%3E", "/desk?chat=%00", "/desk/picture?do=" + "[" * 3_000),
    *(
        "/desk/picture?do=%ed%a0%80",
        "/desk/stories?page=%00&q=%00",
        "/api/desk//",
        "/api/desk?chat=%ff",
    ),
)
QUERIES = ("", "?q=%00&page=%00&chat=%00&lang=%00", "?chat=" + "%F0%9F%98%80" * 90, "?page=0&q=%ff")
HEADERS = (
    *("Host:", "Host: evil.example", "Host: a\tb", "Host: [", "Host: x:99999999"),
    *("X-Forwarded-For: " + "1," * 900, "X-Forwarded-For: é", "X-Forwarded-For: ::1%eth0"),
    *(
        "Accept-Language: " + "de;q=" * 400,
        "Accept-Language: *",
        "Accept-Language: de;q=nan,en;q=inf",
    ),
    *("Accept-Encoding: " + "br;" * 900, "Accept-Encoding: *;q=0", "Accept-Encoding: gzip;q=x"),
    *("Cookie: dateline-desk", "Cookie: =;=;=", "Cookie: dateline-desk=\xff\xfe", 'Cookie: a="'),
    *("Cookie: " + "a=b; " * 900, "Cookie: dateline-desk=a; dateline-desk=b", "Cookie: $Version=1"),
    *("Authorization: Bearer", "Authorization: Basic =", "Authorization: Bearer \xff"),
    *("If-None-Match: \xff", "If-Modified-Since: \xff", "Range: bytes=0-999999999999999999999"),
    *("Content-Type: application/x-www-form-urlencoded; charset=nonsense", "Content-Length: 5"),
    *("Expect: 100-continue", "Expect: 999-x", "Upgrade: websocket", "Upgrade: h2c"),
    *("Connection: close, Host", "X: " + "y" * 7_000, "Origin: null", "Referer: javascript:x"),
)
METHODS = ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "X")
RAW = (
    *(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
    *(b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"),
    *(
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\r\n\r\n\r\n",
    ),
    *(b"GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n : y\r\n\r\n"),
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)
_PATIENCE = 1.0  # seconds for an answer that never ends


@pytest.fixture
async def rig(desk: TestDesk, unused_tcp_port: int) -> AsyncIterator[WebDeskRig]:
    await twelve(desk)
    await desk.has(BRIDGE)
    async with serving_desk(desk, unused_tcp_port) as served:
        yield served


async def send(rig: WebDeskRig, raw: bytes) -> bytes:
    """Sends bytes, and returns what comes back until the other side is done or waits for more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(rig.address.rpartition(":")[2]))
    told = b""
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(_PATIENCE):
            while more := await reader.read(1 << 16):
                told += more
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
    return told


async def break_off(rig: WebDeskRig, raw: bytes) -> None:
    """Sends bytes, and goes."""
    _, writer = await asyncio.open_connection("127.0.0.1", int(rig.address.rpartition(":")[2]))
    writer.write(raw)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


def request(path: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Connection: close", *headers)
    if not any(one.startswith("Host:") for one in headers):
        lines += ("Host: x",)
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def judge(answer: bytes, of: object) -> int:
    """Makes sure that an answer is none of a failure, and harmless; returns its status."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    assert status < 500 or status == 501, (of, answer[:300])
    names = [one.partition(b":")[0].lower() for one in head.split(b"\r\n")[1:]]
    assert len(set(names)) == len(names), of
    assert b"set-cookie" not in names or b'=""' in head, of  # but one that is taken away
    assert b"Traceback" not in body, of
    assert b"root:" not in body, of
    if status in {301, 302, 303}:
        where = next(one for one in head.split(b"\r\n") if one.lower().startswith(b"location"))
        assert where[10:].strip().startswith(b"/"), of
        assert not where[10:].strip().startswith((b"//", b"/\\")), of
    if status == 200 and not head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain"):
        assert b"Content-Security-Policy" in head, of
        assert b"nosniff" in head, of
    assert b"aiohttp" not in head or status == 400, of  # of what is no HTTP
    return status


def noises(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


async def test_odd_addresses_get_answers(rig: WebDeskRig, caplog: pytest.LogCaptureFixture) -> None:
    for path in PATHS:
        for method in ("GET", "HEAD"):
            answer = await send(rig, request(path, method=method))
            judge(answer, path)
            if method == "HEAD":
                assert answer.partition(b"\r\n\r\n")[2] == b"" or b" 400 " in answer[:20], path
    assert noises(caplog) == []


async def test_odd_addresses_of_the_desk_get_answers_for_who_is_in_too(
    rig: WebDeskRig, caplog: pytest.LogCaptureFixture
) -> None:
    for person in (OPERATOR, ANNA):
        browser = await rig.logged_in(person)
        (cookie,) = [f"Cookie: {name}={value}" for name, value in browser.cookies.items()]
        pages = (
            "",
            "/subscriptions",
            "/sources",
            "/stories",
            "/why",
            "/topics",
            "/trends",
            "/audit",
        )
        for page in (*pages, "/tokens", "/posts", "/settings", "/picture", "/do", "/x"):
            for query in QUERIES:
                judge(await send(rig, request(f"/desk{page}{query}", cookie)), (page, query))
                rig.desk.clock.pass_(5)
    assert noises(caplog) == []


async def test_odd_headers_get_answers(rig: WebDeskRig, caplog: pytest.LogCaptureFixture) -> None:
    for header in HEADERS:
        for path in ("/", story_path(BRIDGE), "/feed.atom", "/desk", "/api/desk", "/search?q=x"):
            body = b"abcde" if header.startswith("Content-Length") else b""
            judge(await send(rig, request(path, header, body=body)), (header, path))
            rig.desk.clock.pass_(60)
    assert noises(caplog) == []


async def test_odd_methods_get_answers(rig: WebDeskRig, caplog: pytest.LogCaptureFixture) -> None:
    for method in METHODS:
        for path in ("/", "/s/x", "/feed.atom", "/api/latest", "/desk", "/desk/do", "/api/desk"):
            status = judge(await send(rig, request(path, method=method)), (method, path))
            assert status != 200 or method in {"HEAD", "GET"}, (method, path)
            rig.desk.clock.pass_(60)
    assert noises(caplog) == []


async def test_what_is_hardly_http_gets_an_answer_or_none(
    rig: WebDeskRig, caplog: pytest.LogCaptureFixture
) -> None:
    for raw in RAW:
        answer = await send(rig, raw)
        if answer:
            judge(answer, raw)
    assert noises(caplog) == []
    assert (await rig.browser().get("/")).status == 200


async def test_forms_that_break_off_or_are_packed_wrongly_make_no_noise(
    rig: WebDeskRig, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await rig.logged_in(OPERATOR)
    (cookie,) = [f"Cookie: {name}={value}" for name, value in browser.cookies.items()]
    form = "Content-Type: application/x-www-form-urlencoded"
    own = (cookie, f"Origin: {rig.address}")
    chunked = "Transfer-Encoding: chunked"
    for path in ("/desk/do", "/desk/enter", "/desk/leave"):
        for headers, body in (
            ((form, "Content-Length: 99"), b"token="),
            ((form, chunked), b"5\r\nab"),
            ((form, chunked), b"zz\r\nabcde\r\n0\r\n\r\n"),
            ((form, chunked), b"ffffffffffffffffff\r\nx"),
            ((form, "Content-Length: 4", "Content-Encoding: gzip"), b"abcd"),
            ((form + "; charset=utf-7", "Content-Length: 4"), b"+AD-"),
            ((form + "; charset=rot13", "Content-Length: 4"), b"abcd"),
            ((form, "Content-Length: 8"), b"a=%ff%fe"),
            ((form, "Content-Length: 6"), b"\xff\xfe\x00=\x00\x00"),
            (("Content-Type: multipart/form-data; boundary=x", "Content-Length: 5"), b"--x\r\n"),
            (("Content-Type: multipart/form-data", "Content-Length: 1"), b"x"),
            (("Content-Type: x", "Content-Length: 1"), b"x"),
        ):
            answer = await send(rig, request(path, *own, *headers, method="POST", body=body))
            if answer:
                judge(answer, (path, headers, body))
            rig.desk.clock.pass_(60)
    assert (await browser.get("/desk")).status == 200
    assert noises(caplog) == []


async def test_forms_that_go_on_for_a_while_and_break_off_make_no_noise(
    rig: WebDeskRig, caplog: pytest.LogCaptureFixture
) -> None:
    form = "Content-Type: application/x-www-form-urlencoded"
    for headers in ((form, "Content-Length: 99"), (form, "Transfer-Encoding: chunked")):
        for _ in range(3):
            head = request("/desk/enter", f"Origin: {rig.address}", *headers, method="POST")
            await break_off(rig, head + b"4\r\nkey=")
    while (status := (await rig.browser().get("/desk")).status) == 503:
        await asyncio.sleep(0.02)  # those of one address take turns
    assert status == 403
    assert noises(caplog) == []


async def test_bodies_that_break_off_are_the_fault_of_no_handler(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    read = asyncio.Queue[bytes]()

    async def take(asked: web.Request) -> web.Response:
        await read.put(await asked.read())
        return web.Response()

    head = request("/", "Transfer-Encoding: chunked", method="POST")
    listener = WebListener(f"127.0.0.1:{unused_tcp_port}")
    async with listener.handling(take):
        for body in (b"zz\r\n", b"", b"1\r\na\r\n", b"1\r\na\r\n0\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
            writer.write(head)
            await asyncio.sleep(0.05)
            writer.write(body)
            await writer.drain()
            if body.endswith(b"0\r\n\r\n"):
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()
        assert read.get_nowait() == b"a"
        await asyncio.sleep(0.05)
    assert noises(caplog) == []
