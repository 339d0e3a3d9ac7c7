"""The past of a source is filled in by its site's API; nobody hears of it as news."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from newsdesk import TestDesk
from page_parsers import FeedsHere
from stories import NOW
from wordpress_site import NEWEST, Post, WordPressSite

from adapters.sources.feed.source import FeedSource
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.fetcher import Fetcher
from adapters.sources.web.politeness import Politeness
from adapters.sources.wordpress.past import WordPressPast
from bot.errors import SourceError
from bot.ingest.backfill import Backfill
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.model import Source
from bot.search.query import Filter

pytestmark = pytest.mark.server

BAY = Source("bay", "Bay", "feed", timedelta(minutes=15))


class Site:
    """A site, its feed as a source, and backfills of that."""

    def __init__(self, site: WordPressSite, desk: TestDesk, fetcher: Fetcher) -> None:
        self.site = site
        self.desk = desk
        self.fetcher = fetcher.allowing(AllowedHosts([site.host]))
        self.waits: list[float] = []
        self.use("/feed/")

    def use(self, path: str) -> None:
        url = self.site.url + path
        feed = FeedSource(BAY, url, self.fetcher, FeedsHere(), self.desk.clock)
        desk = self.desk
        self.poller = Poller(desk.store, desk.clock, [feed], StoryEnricher(), chance=lambda: 0.5)
        self._url = url

    async def load(self) -> None:
        (report,) = await self.poller.load()
        assert report.error == ""

    def backfill(self) -> Backfill:
        reader = WordPressPast("bay", self._url, self.fetcher, FeedsHere(), self.desk.clock)
        return Backfill("bay", reader, self.poller, self.desk.store.backfills, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def titles(self) -> list[str]:
        listing = await self.desk.store.stories.latest(Filter(), 200, 0)
        return [story.title for story in listing.stories]


@pytest.fixture
async def bay(desk: TestDesk) -> AsyncIterator[Site]:
    async with (
        WordPressSite().running() as site,
        Fetcher(Politeness(pause=0.0, timeout=5.0)) as fetcher,
    ):
        yield Site(site, desk, fetcher)


async def test_all_of_a_sites_past_is_added_once(bay: Site) -> None:
    await bay.load()
    report = await bay.backfill().run()
    assert (report.added, report.is_done, report.error) == (120, True, "")
    assert report.oldest == Post(130).at
    titles = await bay.titles()
    assert (len(titles), len(set(titles))) == (130, 130)
    again = await bay.backfill().run(again=True)
    assert (again.added, again.is_done) == (0, True)


async def test_a_known_story_stays_as_the_feed_gave_it(bay: Site) -> None:
    await bay.load()
    before = await bay.desk.store.ingest.fingerprints("bay")
    await bay.backfill().run(most=30)
    after = await bay.desk.store.ingest.fingerprints("bay")
    assert {key: after[key] for key in before} == before
    (poll,) = await bay.poller.load()
    assert (poll.new, poll.changed, poll.unchanged) == (0, 0, 10)


async def test_it_ends_at_its_bound_and_goes_on_from_there(bay: Site) -> None:
    await bay.load()
    first = await bay.backfill().run(most=20)
    assert (first.added, first.is_done) == (40, False)  # whole pages: 50, of which 10 were known
    second = await bay.backfill().run(most=20)
    third = await bay.backfill().run()
    assert (first.added + second.added + third.added, third.is_done) == (120, True)
    asked = len(bay.site.asked)
    assert (await bay.backfill().run()).is_done
    assert len(bay.site.asked) == asked  # nothing is left to ask for


async def test_it_asks_for_nothing_older_than_wanted(bay: Site) -> None:
    await bay.load()
    report = await bay.backfill().run(since=NEWEST - timedelta(days=10))
    assert report.is_done
    listing = await bay.desk.store.stories.latest(Filter(), 200, 0)
    oldest = min(story.published for story in listing.stories)
    assert NEWEST - timedelta(days=11) < oldest < NEWEST - timedelta(days=9)
    assert (await bay.backfill().run()).added > 0  # without a bound, the rest


async def test_nobody_hears_of_it_as_news(bay: Site) -> None:
    await bay.load()
    state = (await bay.desk.store.sources.states())["bay"]
    assert state.loaded_at is not None
    bay.desk.clock.pass_(3 * 3600)
    await bay.backfill().run()
    fresh = await bay.desk.store.stories.new_since(state.loaded_at, NOW - timedelta(days=90), 99)
    assert fresh.total == 0


async def test_a_site_that_asks_to_wait_is_waited_for(bay: Site) -> None:
    await bay.load()
    bay.site.failures = [(429, {"Retry-After": "90"})]
    with pytest.raises(SourceError, match=r"429|left alone"):
        await bay.backfill().run()
    assert bay.waits
    assert max(bay.waits) <= 120


async def test_what_came_before_an_error_is_kept(bay: Site) -> None:
    await bay.load()
    backfill = bay.backfill()
    await backfill.run(most=20)
    await backfill.reader.newest()
    bay.site.failures = [(200, {}), (500, {}), (500, {}), (500, {})]
    with pytest.raises(SourceError):
        await bay.backfill().run()
    bay.site.failures = []
    assert len(await bay.titles()) == 50
    assert (await bay.backfill().run()).is_done
    assert len(await bay.titles()) == 130


async def test_fewer_are_asked_for_where_a_site_fails_at_many(bay: Site) -> None:
    bay.site.largest = 20
    await bay.load()
    assert (await bay.backfill().run(most=60)).added >= 60
    assert any("per_page=20" in path for path in bay.site.asked)


async def test_a_category_fills_in_its_own_past(bay: Site) -> None:
    bay.site.category = [Post(n) for n in range(3, 131, 4)]
    bay.use("/category/fish/feed/")
    await bay.load()
    report = await bay.backfill().run()
    assert (report.added, report.is_done) == (len(bay.site.category) - 10, True)
    assert len(await bay.titles()) == len(bay.site.category)


async def test_another_feeds_past_is_refused_in_words(bay: Site) -> None:
    with pytest.raises(SourceError, match="other stories than this source"):
        await bay.backfill().run()  # nothing is known yet
    bay.site.has_api = False
    with pytest.raises(SourceError, match="WordPress"):
        await bay.backfill().run()
    assert await bay.titles() == []


async def test_a_site_that_names_no_api_may_have_one_where_it_usually_is(bay: Site) -> None:
    bay.site.has_api = False
    bay.site.generator = "<generator>https://wordpress.org/?v=6.7</generator>"
    await bay.load()
    assert (await bay.backfill().run(most=10)).added > 0


async def test_requests_are_few(bay: Site) -> None:
    await bay.load()
    bay.site.asked.clear()
    await bay.backfill().run()
    assert len(bay.site.asked) <= 6  # the feed, the home page, the newest, and three pages
