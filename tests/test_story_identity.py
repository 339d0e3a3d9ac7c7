"""Which stories of a feed are new: what each poll posts, and what is kept in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from feed_plays import Event, parsed
from newsdesk import ScriptedSource
from stories import HandClock

from adapters.sources.feed.stories import stories
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.poller import Poller
from bot.ingest.results import FetchResult
from bot.model import Chat, Source, Story
from bot.posting.router import SubscriptionRouter
from bot.search.query import Filter
from bot.subscriptions.model import Subscription, TargetKind
from store.sqlite import SqliteStore

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Source("feed", "Town News", "feed", timedelta(minutes=30))
ROOM = Chat("test", "room")
LONG = (
    "The council of the harbour town met for six hours and agreed in the end to buy the two old "
    "cranes, to keep the night ferry, and to raise the fee for berths by four percent."
)


def item(number: int | str, title: str, text: str, at: datetime, **given: object) -> Event:
    """An item with a guid and a page of its own, unless they are given."""
    url = f"https://town.example/{number}"
    base = Event(str(number), at, f"id-{number}", url, title, text, at)
    return replace(base, **given)  # type: ignore[arg-type]


def others(count: int = 3, since: datetime = NOW - DAY) -> list[Event]:
    """Other items of the feed, the newest first, each an hour older than the one before it."""
    return [
        item(f"other-{n}", f"Harbour story {n}", f"Text of story {n}.", since - n * HOUR)
        for n in range(count)
    ]


async def play(path: Path, *polls: Sequence[Event]) -> tuple[list[int], list[Story]]:
    """Polls the feed with these items, and returns what each poll posted, and all stories."""
    clock = HandClock(NOW)
    source = ScriptedSource(FEED)
    posted = [0]
    async with await SqliteStore.open(path / "d.db") as store:
        await store.subscriptions.put(Subscription(ROOM, TargetKind.SOURCE, "feed", made=NOW - DAY))
        router = SubscriptionRouter(store.subscriptions)
        poller = Poller(store, clock, [source], StoryEnricher(), router=router)
        for number, given in enumerate(polls):
            found = stories(parsed(given), "feed", clock.now())
            source.gives = [FetchResult(tuple(found), signature=str(number))]
            (report,) = await poller.load()
            assert not report.error
            posted.append(len(await store.outbox.of_chat(ROOM, 100)))
            clock.pass_(60)
        kept = await store.stories.latest(Filter(), 100)
    return [after - before for before, after in pairwise(posted)], [*kept.stories]


# New stories that bear an older one's title


@pytest.mark.parametrize("window", [1, 2, 3, 5])
@pytest.mark.parametrize("is_linked", [True, False])
async def test_an_alert_is_new_whatever_was_called_so_before(
    tmp_path: Path, window: int, *, is_linked: bool
) -> None:
    alerts = [
        item(n, "Light earthquake near the coast", "A light quake was felt.", NOW - DAY + n * HOUR)
        for n in range(window + 4)
    ]
    if is_linked:
        alerts = [replace(one, guid=one.url) for one in alerts]
    polls = [alerts[n : n + window][::-1] for n in range(5)]
    posted, kept = await play(tmp_path, *polls)
    assert (posted, len(kept)) == ([0, 1, 1, 1, 1], window + 4)


@pytest.mark.parametrize("window", [1, 3, 4])
@pytest.mark.parametrize("step", [3 * HOUR, DAY, 7 * DAY])
async def test_reports_of_one_title_at_one_address_are_stories_of_their_own(
    tmp_path: Path, window: int, step: timedelta
) -> None:
    reports = [
        item(
            n,
            "Police report",
            f"Report {n}: {3 * n} patrols, {n} calls.",
            NOW - DAY - (7 - n) * step,
            url="https://town.example/police",
        )
        for n in range(window + 3)
    ]
    polls = [reports[n : n + window][::-1] for n in range(4)]
    posted, kept = await play(tmp_path, *polls)
    assert (posted, len(kept)) == ([0, 1, 1, 1], window + 3)


@pytest.mark.parametrize("step", [3 * HOUR, DAY, 7 * DAY])
@pytest.mark.parametrize(
    ("title", "text"),
    [("Service back to normal", "All systems run."), ("Open thread", LONG)],
)
async def test_a_feed_of_one_item_that_is_replaced_by_its_like(
    tmp_path: Path, step: timedelta, title: str, text: str
) -> None:
    polls = [[item(n, title, text, NOW - DAY - (3 - n) * step)] for n in range(3)]
    posted, kept = await play(tmp_path, *polls)
    assert (posted, len(kept)) == ([0, 1, 1], 3)


@pytest.mark.parametrize("has_guid", [True, False])
async def test_one_item_a_day_with_the_same_title_and_link(
    tmp_path: Path, *, has_guid: bool
) -> None:
    texts = ["Cranes are what all talk of.", "Ferries run late.", "A storm has come up at sea."]
    polls = [
        [
            item(
                n,
                "Morning briefing",
                text,
                NOW - (4 - n) * DAY,
                url="https://town.example/briefing",
                guid=f"mb-{n}" if has_guid else "",
            )
        ]
        for n, text in enumerate(texts)
    ]
    posted, kept = await play(tmp_path, *polls)
    assert (posted, len(kept)) == ([0, 1, 1], 3)


@pytest.mark.parametrize("days", [30, 91, 364, 730])
async def test_the_same_notice_comes_again(tmp_path: Path, days: int) -> None:
    first = item(1, "Office closed on Monday", "The office is closed.", NOW - DAY - days * DAY)
    again = item(2, first.title, first.text, NOW - 4 * DAY)
    news = others(1)
    posted, kept = await play(tmp_path, [first], news, [*news, again])
    assert (posted, len(kept)) == ([0, 1, 1], 3)


async def test_a_numbered_letter_is_no_correction_of_the_one_before(tmp_path: Path) -> None:
    letters = [item(n, f"Town letter {n}", f"{LONG} {n}", NOW - DAY + n * HOUR) for n in range(4)]
    letters = [replace(one, guid=one.url) for one in letters]
    posted, kept = await play(
        tmp_path, [letters[0]], [letters[1]], letters[2:0:-1], letters[3:1:-1]
    )
    assert (posted, len(kept)) == ([0, 1, 1, 1], 4)


# Two items of one guid


@pytest.mark.parametrize("link", ["own", "one for both", ""])
async def test_two_items_of_one_guid_stay_two_when_they_swap_places(
    tmp_path: Path, link: str
) -> None:
    one, two = others(2)
    given: dict[str, object] = {"guid": "same"}
    if link != "own":
        given["url"] = "https://town.example/all" if link else ""
    one, two = replace(one, **given), replace(two, **given)  # type: ignore[arg-type]
    posted, kept = await play(tmp_path, [one, two], [two, one], [one, two], [two, one])
    assert (posted, len(kept)) == ([0, 0, 0, 0], 2)


async def test_one_guid_for_all_and_a_window_of_one_or_two(tmp_path: Path) -> None:
    a, b, c, d = (
        replace(item(n, title, f"{title} it was.", NOW - DAY + n * HOUR), guid="same")
        for n, title in enumerate(["Cranes sold", "Ferry late", "Storm ahead", "Fair opens"])
    )
    posted, kept = await play(tmp_path, [a], [b, a], [b], [c], [d, c], [c, d], [d])
    assert (posted, len(kept)) == ([0, 1, 0, 1, 1, 0, 0], 4)


# Stories that were there before


@pytest.mark.parametrize("age", [20 * DAY, 60 * DAY, 365 * DAY])
@pytest.mark.parametrize("gone", [1, 2])
async def test_an_old_item_that_takes_the_place_of_one_that_was_deleted(
    tmp_path: Path, age: timedelta, gone: int
) -> None:
    shown = others(5)
    old = item("old", "A story of long ago", "It was long ago.", NOW - age)
    after = [one for at, one in enumerate(shown) if at != gone]
    posted, kept = await play(tmp_path, shown, [*after, old], [*after, old])
    assert (posted, len(kept)) == ([0, 0, 0], 6)


async def test_a_feed_that_shows_more_of_its_past_posts_none_of_it(tmp_path: Path) -> None:
    past = [
        item(f"past-{n}", f"What was {n}", f"It was {n}.", NOW - (3 + n) * DAY) for n in range(9)
    ]
    posted, kept = await play(tmp_path, others(), [*others(), *past])
    assert (posted, len(kept)) == ([0, 0], 12)


# Corrections


CORRECTIONS = [
    ("Mayor recieves cranes", "Mayor receives cranes", LONG.replace("percent", "per cent")),
    ("Night ferry to be keptt", "Night ferry to be kept", f"{LONG} So said the mayor."),
    ("Six hours of talks on cranes", "Six hours of talks: cranes to be bought", f"At last: {LONG}"),
    ("Cranes for the harbor", "Cranes for the harbour", LONG),
]


@pytest.mark.parametrize(("wrong", "right", "text"), CORRECTIONS)
@pytest.mark.parametrize("later", [timedelta(), HOUR, 20 * HOUR])
@pytest.mark.parametrize("has_guid", [True, False])
async def test_title_link_and_date_are_corrected_together(
    tmp_path: Path, wrong: str, right: str, text: str, later: timedelta, *, has_guid: bool
) -> None:
    def written(title: str, body: str, at: datetime) -> Event:
        url = f"https://town.example/{title.lower().replace(' ', '-')}"
        return item(0, title, body, at, url=url, guid=url if has_guid else "")

    at = NOW - DAY - timedelta(minutes=30)
    before, after = written(wrong, LONG, at), written(right, text, at + later)
    rest = others()
    posted, kept = await play(tmp_path, [before, *rest], [after, *rest], [after, *rest])
    assert posted == [0, 0, 0]
    assert right in {one.title for one in kept}
    assert len(kept) == 1 + len(rest)


@pytest.mark.parametrize("shift", [HOUR, -HOUR, 9 * HOUR, None])
@pytest.mark.parametrize("count", [2, 4, 12])
async def test_a_new_engine_renames_all_and_gives_full_texts(
    tmp_path: Path, shift: timedelta | None, count: int
) -> None:
    before = others(count)
    after = [
        replace(
            one,
            guid=f"https://new.example/?p={one.uid}",
            url=f"https://new.example/p/{one.uid}/",
            text=f"Full {one.uid}. {LONG}",
            date=one.at.replace(hour=0, minute=0) if shift is None else one.at + shift,
        )
        for one in before
    ]
    new = item("new", "Fair opens", "The fair has opened.", NOW - HOUR)
    posted, kept = await play(tmp_path, before, after, [new, *after])
    assert (posted, len(kept)) == ([0, 0, 1], count + 1)


async def test_new_guids_for_all_and_a_new_story_at_once(tmp_path: Path) -> None:
    before = others(6)
    after = [replace(one, guid=f"urn:{one.uid}") for one in before]
    new = item("new", "Fair opens", "The fair has opened.", NOW - HOUR)
    posted, kept = await play(tmp_path, before, [new, *after[:5]])
    assert (posted, len(kept)) == ([0, 1], 7)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("is_spread", [True, False])
async def test_a_feed_that_dates_all_anew_keeps_the_first_dates(
    tmp_path: Path, count: int, *, is_spread: bool
) -> None:
    def dated(hour: int) -> list[Event]:
        return [
            replace(one, date=NOW - DAY + hour * HOUR - is_spread * at * timedelta(minutes=1))
            for at, one in enumerate(others(count))
        ]

    posted, kept = await play(tmp_path, dated(0), dated(1), dated(2))
    assert posted == [0, 0, 0]
    assert {one.published for one in kept} == {one.date for one in dated(0)}


async def test_one_date_that_is_corrected_is_taken(tmp_path: Path) -> None:
    first, *rest = others(4)
    later = replace(first, date=first.at + HOUR)
    _, kept = await play(tmp_path, [first, *rest], [later, *rest])
    assert first.at + HOUR in {one.published for one in kept}
