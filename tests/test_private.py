"""No address is shown, logged or kept with its credentials; what is kept is its owner's alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_server import Answer, FeedServer
from newsdesk import TestDesk
from process import running
from stories import batch, story

from adapters.sources.feed.factory import open_feed_sources
from adapters.sources.web.errors import FetchError
from adapters.sources.web.redirects import RedirectChain
from bot.config.load import read_config
from bot.config.permissions import is_readable_by_others, permission_warnings
from bot.config.schema import FeedsConfig
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.secrets import Secrets
from bot.text.urls import hide_credentials, without_credentials
from store.schema import STEPS
from store.sqlite import SqliteStore

pytestmark = [pytest.mark.process, pytest.mark.server]

PASSWORD = "CANARYpassw0rd"  # noqa: S105 - nobody's
RSS = b"<rss version='2.0'><channel><title>t</title>%s</channel></rss>"
ITEM = b"<item><title>ok</title><link>https://e.org/1</link></item>"
BROKEN = (RSS % (ITEM * 2))[:-60]

posix = pytest.mark.skipif(os.name != "posix", reason="the system knows no such permissions")


@pytest.fixture(autouse=True)
def _careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(RSS % ITEM),
        Answer(BROKEN),
        Answer(b"<html><body>Hello</body></html>", headers={"Content-Type": "text/html"}),
        Answer(b"nonsense"),
        Answer(status=500),
        Answer(status=301, headers={"Location": f"http://me:{PASSWORD}@[::1"}),
        Answer(status=302, headers={"Location": f"//me:{PASSWORD}@127.0.0.2/x"}),
        Answer(status=301, headers={"Location": "/"}),
    ],
)
async def test_no_password_of_a_feed_gets_into_reports_or_the_store(
    answer: Answer, desk: TestDesk
) -> None:
    async with (
        FeedServer().running() as server,
        open_feed_sources(FeedsConfig(allow_hosts=frozenset({server.host})), desk.clock) as feeds,
    ):
        server.answers("/", answer)
        url = f"http://me:{PASSWORD}@{server.host}/"
        poller = Poller(
            desk.store, desk.clock, [feeds.web_feed(desk.wire.source, url)], StoryEnricher(())
        )
        reports = await poller.load()
        states = await desk.store.sources.states()
        assert server.asked[0].headers["Authorization"].startswith("Basic ")
    assert PASSWORD not in repr((reports, states))


async def test_a_feed_with_a_password_is_asked_with_it_each_time(desk: TestDesk) -> None:
    async with (
        FeedServer().running() as server,
        open_feed_sources(FeedsConfig(allow_hosts=frozenset({server.host})), desk.clock) as feeds,
    ):
        server.answers("/", Answer(RSS % ITEM, headers={"ETag": '"1"'}), Answer(status=304))
        source = feeds.web_feed(desk.wire.source, f"http://me:{PASSWORD}@{server.host}/")
        first = await source.fetch()
        assert (await source.fetch(first.signature)).unchanged
        assert all("Authorization" in asked.headers for asked in server.asked)
    assert server.asked[1].headers["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    "url",
    [
        f"http://me:{PASSWORD}@[::1",
        f"http://me:{PASSWORD}@e.org:99999/",
        f"ftp://me:{PASSWORD}@e.org/",
        f"http://{PASSWORD}@/",
        f"http://me:{PASSWORD}@x@[::1]@?x",
    ],
)
def test_an_error_about_an_address_does_not_repeat_its_password(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        RedirectChain(url)
    with pytest.raises(FetchError) as redirected:
        RedirectChain("http://e.org/").follow(302, url)
    assert PASSWORD not in f"{raised.value} {redirected.value}"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("see http://me:pw@e.org/x", "see http://[hidden]@e.org/x"),
        ("“https://me@e.org” and ftp://a:b@c", "“https://[hidden]@e.org” and ftp://[hidden]@c"),
        ("http://a:b@c@e.org/", "http://[hidden]@e.org/"),
        ("write to me@e.org about http://e.org/@me", "write to me@e.org about http://e.org/@me"),
        ("http://e.org/?to=me@e.org#a@b", "http://e.org/?to=me@e.org#a@b"),
    ],
)
def test_credentials_are_hidden_wherever_a_url_stands(text: str, hidden: str) -> None:
    assert hide_credentials(text) == hidden == Secrets().hide(text)
    assert without_credentials(text) == hidden.replace("[hidden]@", "")


def dateline(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "DATELINE" not in name},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_command_line_shows_and_keeps_no_password(tmp_path: Path) -> None:
    source = f'[[sources]]\nid = "a"\nkind = "feed"\nurl = "http://me:{PASSWORD}@127.0.0.1:1/x"\n'
    (tmp_path / "config.toml").write_text(f'{source}[store]\npath = "news.db"\n', "utf-8")
    (tmp_path / "config.toml").chmod(0o600)
    commands = (
        ("--debug", "load"),
        ("ask", "/reload"),
        ("ask", "/sources"),
        ("export",),
        ("check",),
    )
    shown = [dateline(tmp_path, *command) for command in commands]
    assert PASSWORD not in "".join(one.stdout + one.stderr for one in shown)
    assert "xmlUrl" in shown[3].stdout
    assert "1 feed without user and password" in shown[3].stderr
    kept = [file.read_bytes() for file in tmp_path.iterdir() if "news.db" in file.name]
    assert kept
    assert PASSWORD.encode() not in b"".join(kept)
    assert PASSWORD in dateline(tmp_path, "export", "--passwords").stdout


@posix
def test_what_is_imported_is_its_owners_alone_and_not_shown(tmp_path: Path) -> None:
    feed = f'<outline text="A" xmlUrl="http://me:{PASSWORD}@e.org/f"/>'
    bad = f'<outline text="B" xmlUrl="ftp://me:{PASSWORD}@e.org/f"/>'
    opml = f'<opml version="2.0"><body>{feed}{bad}</body></opml>'
    (tmp_path / "feeds.opml").write_text(opml, "utf-8")
    shown = [dateline(tmp_path, "import", *more, "feeds.opml") for more in (["--dry-run"], [])]
    assert PASSWORD not in "".join(one.stdout + one.stderr for one in shown)
    assert PASSWORD in (tmp_path / "config.toml").read_text("utf-8")
    assert mode(tmp_path / "config.toml") == 0o600
    exported = dateline(tmp_path, "export", "--passwords", "-o", "out.opml")
    assert (exported.returncode, mode(tmp_path / "out.opml")) == (0, 0o600)


@posix
async def test_the_store_and_its_copies_are_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    async with await SqliteStore.open(path) as store:
        await store.ingest.write(batch([story("1")]))
        assert {mode(file) for file in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 3
    path.chmod(0o644)
    async with await SqliteStore.open(path, (*STEPS, ("CREATE TABLE more (x)",))):
        assert {mode(file) & 0o007 for file in tmp_path.iterdir()} == {0}
    assert [mode(copy) for copy in tmp_path.glob("*.bak")] == [0o600]


@posix
async def test_what_the_group_of_a_store_may_do_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    await (await SqliteStore.open(path)).aclose()
    path.chmod(0o664)
    await (await SqliteStore.open(path)).aclose()
    assert mode(path) == 0o660


@posix
async def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "diary"
    path.write_text("my diary\n" * 1_000, "utf-8")
    path.chmod(0o644)
    with pytest.raises(Exception, match="is no Dateline store"):
        await SqliteStore.open(path)
    assert mode(path) == 0o644


@posix
@pytest.mark.parametrize(
    ("bits", "warned"), [(0o600, False), (0o400, False), (0o644, True), (0o604, True)]
)
def test_a_secret_that_others_can_read_gets_a_warning(
    tmp_path: Path, bits: int, *, warned: bool
) -> None:
    token, config = tmp_path / "token", tmp_path / "config.toml"
    token.write_text("123456:" + "A" * 30, "utf-8")
    source = f'[[sources]]\nid = "a"\nkind = "feed"\nurl = "http://me:{PASSWORD}@e.org/"\n'
    config.write_text(f'{source}[telegram]\ntoken_file = "token"\n', "utf-8")
    token.chmod(bits)
    config.chmod(bits)
    warnings = list(permission_warnings(read_config(config, {})))
    assert len(warnings) == (2 if warned else 0)
    assert is_readable_by_others(token) is warned
    checked = dateline(tmp_path, "check")
    assert checked.returncode == 0
    assert ("others on this machine can read the token of telegram" in checked.stderr) is warned
    assert PASSWORD not in checked.stderr


@posix
async def test_the_start_warns_of_a_token_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123456:" + "A" * 30, "utf-8")
    (tmp_path / "token").chmod(0o644)
    platform = '[telegram]\ntoken_file = "token"\napi_url = "http://127.0.0.1:1"\n'
    async with running(tmp_path, platform) as process:
        assert process.stderr
        line = (await process.stderr.readline()).decode()
    assert "WARNING" in line
    assert "others on this machine can read the token of telegram" in line


@posix
def test_an_import_into_a_file_that_others_can_read_gets_a_warning(tmp_path: Path) -> None:
    feed = f'<outline text="A" xmlUrl="http://me:{PASSWORD}@e.org/f"/>'
    (tmp_path / "feeds.opml").write_text(f'<opml version="2.0"><body>{feed}</body></opml>', "utf-8")
    (tmp_path / "config.toml").write_text("", "utf-8")
    (tmp_path / "config.toml").chmod(0o644)
    imported = dateline(tmp_path, "import", "feeds.opml")
    assert imported.returncode == 0
    assert "others on this machine can read the password of a feed" in imported.stderr
    assert mode(tmp_path / "config.toml") == 0o644
