"""What people type: the latest of each wins, and nobody waits for another's keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.chat.typeahead import Typeahead


@dataclass
class Searches:
    """Searches that end when a test lets them, and cooldowns likewise.

    Attributes:
        now: What the clock shows, in seconds.
        began: The queries that were run, in order.
        ends: Sets the end of each.
        rests: The cooldowns that are waited for.
        seconds: And how long each of them is.
    """

    now: float = 0.0
    began: list[str] = field(default_factory=list)
    ends: dict[str, asyncio.Event] = field(default_factory=dict)
    rests: list[asyncio.Event] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def search(self, query: str) -> Callable[[], Awaitable[str]]:
        async def searching() -> str:
            self.began.append(query)
            self.ends[query] = asyncio.Event()
            await self.ends[query].wait()
            return query.upper()

        return searching

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.rests.append(asyncio.Event())
        await self.rests[-1].wait()

    async def end(self, *queries: str, rested: bool = True) -> None:
        for query in queries:
            self.ends[query].set()
        await settle()
        if rested:
            for rest in self.rests:
                rest.set()
            await settle()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def searches() -> Searches:
    return Searches()


@pytest.fixture
def typeahead(searches: Searches) -> Typeahead:
    return Typeahead(
        concurrent=1, cooldown=3, owed=0.6, sleep=searches.sleep, clock=lambda: searches.now
    )


async def test_of_ten_keys_the_first_and_the_last_are_searched(
    typeahead: Typeahead, searches: Searches
) -> None:
    typed = ["osaka expo"[:length] for length in range(1, 11)]
    asked = []
    for query in typed:
        asked.append(asyncio.create_task(typeahead.run("ada", searches.search(query))))
        await settle()
    await searches.end("o")
    await searches.end("osaka expo")
    assert await asyncio.gather(*asked) == ["O", *[None] * 8, "OSAKA EXPO"]
    assert searches.began == ["o", "osaka expo"]


async def test_who_types_fast_keeps_nobody_waiting(
    typeahead: Typeahead, searches: Searches
) -> None:
    asked = [asyncio.create_task(typeahead.run("ada", searches.search("a0")))]
    await settle()
    for n in range(1, 60):
        asked.append(asyncio.create_task(typeahead.run("ada", searches.search(f"a{n}"))))
        if n in (20, 40):
            other = {20: "ben", 40: "cleo"}[n]
            asked.append(asyncio.create_task(typeahead.run(other, searches.search(other))))
        await settle()
    await searches.end("a0", rested=False)
    # Ada's next comes after those who were there before.
    await searches.end("ben", rested=False)
    await searches.end("cleo")
    await searches.end("a59")
    assert searches.began == ["a0", "ben", "cleo", "a59"]
    assert [one for one in await asyncio.gather(*asked) if one] == ["A0", "BEN", "CLEO", "A59"]


async def test_people_who_type_at_once_take_turns(typeahead: Typeahead, searches: Searches) -> None:
    people = ["ada", "ben", "cleo"]
    asked = [
        asyncio.create_task(typeahead.run(person, searches.search(f"{person}{n}")))
        for n in range(5)
        for person in people
    ]
    await settle()
    assert searches.began == ["ada4"]  # of all that each had typed until then, the last
    for person in people:
        await searches.end(f"{person}4")
    assert searches.began == ["ada4", "ben4", "cleo4"]
    assert len([one for one in await asyncio.gather(*asked) if one]) == 3


async def answer(typeahead: Typeahead, searches: Searches, query: str, took: float) -> None:
    """Lets one query of Ada's take some seconds, without the cooldown after it."""
    asked = asyncio.create_task(typeahead.run("ada", searches.search(query)))
    await settle()
    searches.now += took
    await searches.end(query, rested=False)
    assert await asked == query.upper()


@pytest.mark.parametrize(
    ("took", "waits"), [(0.01, []), (0.19, []), (0.3, [0.3]), (0.5, [0.9]), (60, [1.0])]
)
async def test_who_costs_much_waits_long_but_not_for_ever(
    typeahead: Typeahead, searches: Searches, took: float, waits: list[float]
) -> None:
    await answer(typeahead, searches, "a", took)
    assert searches.seconds == [pytest.approx(seconds) for seconds in waits]


async def test_who_types_without_a_pause_waits_when_they_owe_too_much(
    typeahead: Typeahead, searches: Searches
) -> None:
    for key in "abc":  # each costs .3 s, of which .1 s pass while the next is searched
        await answer(typeahead, searches, key, 0.1)
    assert searches.seconds == [pytest.approx(0.1)]
    late = asyncio.create_task(typeahead.run("ada", searches.search("d")))
    await settle()
    assert searches.began == list("abc")
    searches.rests[-1].set()
    await settle()
    await searches.end("d")
    assert await late == "D"


async def test_what_is_owed_is_forgotten_with_time(
    typeahead: Typeahead, searches: Searches
) -> None:
    for key in "abcdefgh":
        await answer(typeahead, searches, key, 0.1)
        searches.now += 0.3
    assert searches.seconds == []


async def test_an_error_reaches_who_asked_and_nobody_else(
    typeahead: Typeahead, searches: Searches
) -> None:
    async def broken() -> str:
        raise LookupError("a mistake")

    with pytest.raises(LookupError, match="a mistake"):
        await typeahead.run("ada", broken)
    other = asyncio.create_task(typeahead.run("ben", searches.search("ben")))
    await settle()
    await searches.end("ben")
    assert await other == "BEN"


async def test_who_waits_no_longer_costs_nothing(typeahead: Typeahead, searches: Searches) -> None:
    first = asyncio.create_task(typeahead.run("ada", searches.search("a")))
    late = asyncio.create_task(typeahead.run("ben", searches.search("b")))
    await settle()
    late.cancel()
    await settle()
    await searches.end("a")
    assert await first == "A"
    assert searches.began == ["a"]
    for rest in searches.rests:
        rest.set()
    again = asyncio.create_task(typeahead.run("ben", searches.search("bb")))
    await settle()
    await searches.end("bb")
    assert await again == "BB"
