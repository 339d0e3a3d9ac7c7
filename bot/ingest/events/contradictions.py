"""Contradictions: what two headlines cannot both tell of one thing.

Something rises and falls, is the best and the worst, is a report on oil and one on shares. Such
headlines share most of their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise

from bot.ingest.events.figures import differ
from bot.ingest.events.synonyms import stems_of
from bot.ingest.events.terms import EventTerms

_OPPOSITES = """
    up rise | down fall loss
    flat steady unchanged fluctuate mixed waver | up rise
    flat steady unchanged fluctuate mixed waver | down fall
    best | worst
    high | low
    leak rumor rumour tipped | confirm official officially
    win | lose loss defeat
    guilty convict | acquit innocent
    accelerate speed hasten | slow delay
    accept approve | reject block
    confirm | deny
    likely | unlikely
    strong stronger | weak weaker
    support | oppose against
    resume restart | halt
    allow lift | ban
    more | less fewer
    open reopen | close closure shut
    arrest jail | free
    escape | intercept seize capture catch halt
    hire | sack fire
    raise | cut
    beat | miss
    profit | loss
    buy | sell
    first | last
    emerging developing | advanced developed
    consider mull | pass approve reject sign
    near | seal sign reach complete
    begin | end
    missing | found rescue safe
    issue impose | lift
    cfo | ceo chairman
    industrial | transportation
    positive | negative
    uphold | overturn quash annul void reverse strike
    expand | shrink shrank contract
    extend prolong renew | end expire
    ease relax loosen | tighten toughen
    pass | veto fail
    grant | deny refuse
    join enter | leave quit exit withdraw
    stay remain | leave quit exit depart
    launch | scrap cancel shelve axe
    arrest jail | release
    praise hail | criticize criticise slam condemn
    recognize recognise | reject
    convict | clear
    legalize legalise | ban outlaw
    send deploy | withdraw recall
    weaken | strengthen
    boost hike | slash
    survive | kill
    agree | reject
"""

# What reports on markets are about; one of another market is another one.
_MARKETS = """
    share stock equities index dow futures nasdaq wallstreet nikkei sensex nifty ftse dax
    oil crude brent wti petroleum
    gold silver bullion
    copper metal aluminium aluminum zinc nickel
    bond treasuries gilt yield
    dollar euro yen yuan rupee pound currency forex
    gasoline gas
    wheat corn soybean grain
"""
_SHARES = 0
"""The number of the market of shares, which there is one of in each region."""

# By what stands before `shares` or `markets`, a line for a region.
_REGIONS = """
    america
    world global
    asia emerging
    china shanghai mainland
    hongkong
    japan tokyo
    india mumbai
    europe
    britain london
    germany frankfurt
    canada toronto
    australia sydney
"""
_HOME = frozenset({0, 1})
"""The numbers of the regions that may be meant where none is named."""

# What of a company's figures is told, a line for each.
_ASPECTS = """
    sale revenue turnover
    profit earnings income eps
    forecast outlook guidance
    upgrade downgrade
"""

# Who acts, a line for each institution: a parliament's inquiry is not a prosecutor's.
_ACTORS = """
    congress congressional senate senator lawmaker parliament mp
    court criminal doj judge jury justice prosecutor
    ftc nhtsa regulator sec agency
"""

# What is measured in many places: a headline that names a place is of that place alone.
_MEASURED = "diesel fuel gas gasoline home house jobless rent unemployment weather"
# Which place that is goes without saying where the headline stands.
_LOCAL = "area city county district local province region regional state town valley"
_MEASURES = "average cost forecast price rate"

_Pairs = tuple[tuple[AbstractSet[str], AbstractSet[str]], ...]


def contradict(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two stories say opposite things, other figures, or are about other markets."""
    mine, theirs = frozenset(one.words), frozenset(other.words)
    return (
        _say_opposites(mine, theirs)
        or _are_apart(markets(one), markets(other))
        or _are_apart(_regions_of(one.words), _regions_of(other.words))
        or _are_apart(_lines_of(mine, _aspects()), _lines_of(theirs, _aspects()))
        or _are_apart(_lines_of(mine, _actors()), _lines_of(theirs, _actors()))
        or _have_other_sides(one, other)
        or _are_measured_elsewhere(one, other)
        or differ(one.figures, other.figures)
    )


def _say_opposites(mine: AbstractSet[str], theirs: AbstractSet[str]) -> bool:
    return any(
        (_is_only(mine, one, other) and _is_only(theirs, other, one))
        or (_is_only(mine, other, one) and _is_only(theirs, one, other))
        for one, other in _opposites()
    )


def _is_only(words: AbstractSet[str], side: AbstractSet[str], other: AbstractSet[str]) -> bool:
    return not words.isdisjoint(side) and words.isdisjoint(other)


def _are_apart(mine: AbstractSet[int], theirs: AbstractSet[int]) -> bool:
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def markets(one: EventTerms) -> frozenset[int]:
    """Returns the numbers of the markets that a title is about."""
    return _lines_of(one.words, _markets())


def _regions_of(words: tuple[str, ...]) -> frozenset[int]:
    """Returns the numbers of the regions whose shares a title tells of."""
    markets_, regions = _markets(), _regions()
    named = frozenset(
        regions[before]
        for before, word in pairwise(words)
        if before in regions and (word == "market" or markets_.get(word) == _SHARES)
    )
    return named or (_HOME if _SHARES in map(markets_.get, words) else frozenset())


def _lines_of(words: Iterable[str], lines: Mapping[str, int]) -> frozenset[int]:
    return frozenset(lines[word] for word in words if word in lines)


def _have_other_sides(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two titles tell of a match or a case, and each has a side that the other lacks."""
    mine, theirs = set(one.sides).difference(other.words), set(other.sides).difference(one.words)
    return bool(mine and theirs)


def _are_measured_elsewhere(one: EventTerms, other: EventTerms) -> bool:
    """Tells if two titles have a measure of places, and one a place or figure that none has there.

    What rises `in the state` rises in one that a reader of that paper knows.
    """
    return (
        _has_measure(one)
        and _has_measure(other)
        and _place_and_figures(one) != _place_and_figures(other)
    )


def _place_and_figures(one: EventTerms) -> tuple[frozenset[str], bool]:
    """Returns where a title measures, and if it says how much."""
    return _local_words().intersection(one.title).union(one.names), bool(one.figures)


def _has_measure(one: EventTerms) -> bool:
    return all(not words.isdisjoint(one.title) for words in _measure_words())


@cache
def _local_words() -> frozenset[str]:
    return stems_of(_LOCAL)


@cache
def _measure_words() -> tuple[AbstractSet[str], AbstractSet[str]]:
    return stems_of(_MEASURED), stems_of(_MEASURES)


@cache
def _regions() -> dict[str, int]:
    return _numbered(_REGIONS)


@cache
def _actors() -> dict[str, int]:
    return _numbered(_ACTORS)


@cache
def _aspects() -> dict[str, int]:
    return _numbered(_ASPECTS)


@cache
def _opposites() -> _Pairs:
    pairs = (line.split("|") for line in _OPPOSITES.strip().splitlines())
    return tuple((stems_of(one), stems_of(other)) for one, other in pairs)


@cache
def _markets() -> dict[str, int]:
    return _numbered(_MARKETS)


def _numbered(lines: str) -> dict[str, int]:
    """Returns for the stems of the words of some lines the numbers of these."""
    return {
        stem: number
        for number, line in enumerate(lines.strip().splitlines())
        for stem in stems_of(line)
    }
