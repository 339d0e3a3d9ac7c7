"""When to ask again, by what an answer says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from feed_server import Answer, FeedServer

from adapters.sources.web.errors import FetchError
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer().running() as running:
        yield running


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    async with Fetcher(Politeness(allow_hosts=(server.host,), pause=0)) as made:
        yield made


def _dated(value: str) -> str:
    """`in 60` becomes the time in a minute, as HTTP writes it."""
    start, _, seconds = value.partition("in ")
    if start or not seconds:
        return value
    return format_datetime(datetime.now(UTC) + timedelta(seconds=float(seconds)), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 120),
        ("0", 60),
        ("1", 60),
        ("9" * 5_000, 604_800),
        ("in 7200", 7_200),
        ("in -7200", 60),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 604_800),
        ("90.5", 90.5),
        ("300s", 300),
        ("300 seconds", 300),
        ("6m30s", 390),
        ("2 minutes", 120),
        ("1h", 3_600),
        ("120, 300", 120),
        ("-5", None),
        ("5 apples", None),
        ("soon", None),
        ("Fri, 99 Foo 2023 00:00:00 GMT", None),
        ("", None),
    ],
)
async def test_who_is_asked_to_wait_knows_how_long(
    server: FeedServer, fetcher: Fetcher, status: int, said: str, wait: float | None
) -> None:
    url = server.answers("/", Answer(status=status, headers={"Retry-After": _dated(said)}))
    with pytest.raises(FetchError) as raised:
        await fetcher.fetch(url)
    assert raised.value.wait == (None if wait is None else pytest.approx(wait, abs=60))
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("given", "fresh"),
    [
        ({}, 0),
        ({"Cache-Control": "max-age=300"}, 300),
        ({"Cache-Control": 'private, MAX-AGE="300"'}, 300),
        ({"Cache-Control": "max-age=300, max-age=9000"}, 300),
        ({"Cache-Control": "s-maxage=300"}, 0),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "900"}, 0),
        ({"Cache-Control": "max-age=99999999999999999999999"}, 86_400),
        ({"Cache-Control": "max-age=" + "9" * 5_000}, 86_400),
        ({"Cache-Control": "max-age=-1"}, 0),
        ({"Cache-Control": "max-age"}, 0),
        ({"Cache-Control": "no-store, max-age=300"}, 0),
        ({"Cache-Control": "no-cache"}, 0),
        ({"Cache-Control": "max-age=0", "Expires": "in 3600"}, 0),
        ({"Expires": "in 3600"}, 3_600),
        ({"Expires": "in -3600"}, 0),
        ({"Expires": "in 9999999"}, 86_400),
        ({"Expires": "0"}, 0),
        (
            {"Expires": "Wed, 29 Nov 2023 10:10:00 GMT", "Date": "Wed, 29 Nov 2023 10:00:00 GMT"},
            600,
        ),
    ],
)
async def test_how_long_a_page_stays_fresh(
    server: FeedServer, fetcher: Fetcher, given: dict[str, str], fresh: float
) -> None:
    sent = {name: _dated(value) for name, value in given.items()}
    page = await fetcher.fetch(server.answers("/", Answer(headers=sent)))
    assert page.fresh_for == pytest.approx(fresh, abs=60 if "Expires" in given else 0)
