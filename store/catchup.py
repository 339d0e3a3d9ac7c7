"""What is new to somebody, and when they last looked."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.model import Person
from bot.ports import Listing
from store.codec import to_micros, to_story, to_time
from store.connection import Connections
from store.stories import STORY

_NEW = "seen > :seen AND published >= iif(date_only, :day, :published)"


async def looked(connections: Connections, platform: str, person: Person) -> datetime | None:
    """See `bot.ports.Store.looked`."""
    name = _name(platform, person)
    rows = await connections.rows("SELECT at FROM looks WHERE person = ?", (name,))
    return to_time(rows[0]["at"]) if rows else None


async def look(connections: Connections, platform: str, person: Person, at: datetime) -> None:
    """See `bot.ports.Store.look`."""
    async with connections.transaction() as writer:
        await writer.execute(
            """
            INSERT INTO looks (person, at) VALUES (?, ?)
            ON CONFLICT (person) DO UPDATE SET at = max(at, excluded.at)
            """,
            (_name(platform, person), to_micros(at)),
        )


async def new_since(
    connections: Connections, seen: datetime, published: datetime, limit: int
) -> Listing:
    """See `bot.ports.Store.new_since`."""
    midnight = datetime.combine(published.astimezone(UTC), time.min, UTC)
    values = {
        "seen": to_micros(seen),
        "published": to_micros(published),
        "day": to_micros(midnight),
        "limit": limit,
    }
    rows = await connections.rows(
        f"{STORY} JOIN (SELECT row FROM stories WHERE {_NEW} ORDER BY published DESC, row DESC"
        " LIMIT :limit) AS chosen ON chosen.row = stories.row"
        " ORDER BY stories.published DESC, stories.row DESC",
        values,
    )
    total = await connections.rows(f"SELECT count(*) FROM stories WHERE {_NEW}", values)
    return Listing(tuple(map(to_story, rows)), total[0][0])


def _name(platform: str, person: Person) -> str:
    """A person's name in the store."""
    return f"{platform}:{person.id}"
