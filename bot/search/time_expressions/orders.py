"""Orders of stories by their time: `newest`, `most recent`, `oldest first`, `what's new`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.search.time_expressions.atom import Certainty
from bot.search.time_expressions.calendar import Period
from bot.search.time_expressions.tokens import Tokens
from bot.search.time_expressions.word_lists import Kind

_BETWEEN = 3  # words that a question for the last story on something names it by


class Order(Enum):
    """Orders of stories by their time."""

    NEWEST = "new"
    OLDEST = "old"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A time expression among tokens.

    Attributes:
        after: The place of the first token behind it.
        period: The period that it names; None for an order.
        order: The order that it asks for; None for a period.
        certainty: How sure it is.
    """

    after: int
    period: Period | None = None
    order: Order | None = None
    certainty: Certainty = Certainty.SURE


def read_order(tokens: Tokens, at: int) -> Phrase | None:
    """Reads the order that is asked for at a place; None for none."""
    by = tokens.skip(at, Kind.SORTED)
    if tokens.has(by, Kind.BY) and tokens.has(by + 1, Kind.NEWEST, Kind.OLDEST, Kind.TIME):
        order = Order.OLDEST if tokens.has(by + 1, Kind.OLDEST) else Order.NEWEST
        return Phrase(tokens.skip(by + 2, Kind.FIRST), order=order)
    place = tokens.skip(at, Kind.THE)
    if _is_count(tokens, place) and tokens.has(place + 1, Kind.NEWEST, Kind.OLDEST):
        place += 1  # three latest
    place = place + 1 if tokens.text(place) == "very" else place
    if tokens.has(place, Kind.MOST) and tokens.has(place + 1, Kind.RECENT, Kind.OLD):
        is_recent = tokens.has(place + 1, Kind.RECENT)
        return _sorted(tokens, place + 2, Order.NEWEST if is_recent else Order.OLDEST)
    if tokens.has(place, Kind.NEWEST):
        return _sorted(tokens, place + 1, Order.NEWEST)
    if tokens.has(place, Kind.OLDEST):
        return _sorted(tokens, place + 1, Order.OLDEST)
    if tokens.has(place, Kind.WHAT):
        place = tokens.skip(place + 1, Kind.IS)
        return Phrase(place + 1, order=Order.NEWEST) if tokens.has(place, Kind.NEW) else None
    return _order_of_stories(tokens, at, place)


def _order_of_stories(tokens: Tokens, at: int, place: int) -> Phrase | None:
    """Reads the words that mean an order only of stories: `first story`, `last article`."""
    is_stories = tokens.has(place + 1, Kind.NOUN)
    if tokens.has(place, Kind.FIRST):
        certainty = Certainty.SURE if is_stories else Certainty.BARE
        return Phrase(place + 1 + is_stories, order=Order.OLDEST, certainty=certainty)
    if tokens.has(at, Kind.LATELY):
        return Phrase(at + 1, order=Order.NEWEST, certainty=Certainty.BARE)
    recent = tokens.has(place, Kind.RECENT)
    if tokens.number(place, Kind.SIDE) == -1 and tokens.has(place + 1, Kind.NUMBER):
        counted = tokens.has(place + 2, Kind.NOUN)
        return Phrase(place + 3, order=Order.NEWEST) if counted else None
    is_last = tokens.number(place, Kind.SIDE) == -1
    if is_stories and (recent or is_last):
        return Phrase(place + 2, order=Order.NEWEST)
    if (recent and place == at) or (is_last and _ends_as_stories(tokens, place + 1)):
        return Phrase(place + 1, order=Order.NEWEST, certainty=Certainty.BARE)
    return None


def _ends_as_stories(tokens: Tokens, at: int) -> bool:
    """Tells if a few ordinary words follow, and `story` at the end: `last tram story`."""
    end = len(tokens) - 1
    between = range(at, end)
    is_short = 0 < len(between) <= _BETWEEN
    return is_short and tokens.has(end, Kind.NOUN) and not any(map(tokens.means_something, between))


def _is_count(tokens: Tokens, at: int) -> bool:
    """Tells if a number of stories stands at a place."""
    return (tokens.number(at, Kind.NUMBER) or 0) > 1


def _sorted(tokens: Tokens, after: int, order: Order) -> Phrase:
    counted = after + _is_count(tokens, after)  # latest 3
    end = tokens.skip(tokens.skip(counted, Kind.NOUN), Kind.FIRST)
    certainty = Certainty.SURE if end > after else Certainty.BARE
    return Phrase(end, order=order, certainty=certainty)
