"""Questions with times in them: which words are times is decided by what the stories hold.

`osaka expo in october 2023` is a search in a period; `october surprise` and `2023 in review` are
words where a title says so. What was understood is told, and the search without it is offered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import chain

from bot.chat.request import Request
from bot.commands.filters import ParsedFilters, parse_filters
from bot.commands.period_labels import order_label, period_label
from bot.commands.question_times import read_question, without_names
from bot.commands.timezones import zone_of
from bot.model import Story
from bot.reply import Button
from bot.search.budget import LONG, Breadth, Budget
from bot.search.query import Filter, Query, parse
from bot.search.results import SearchResult
from bot.search.search_state import EVERYTHING
from bot.search.time_expressions.atom import Certainty
from bot.search.time_expressions.calendar import Period
from bot.search.time_expressions.lexicon import lexicon
from bot.search.time_expressions.orders import Order
from bot.search.time_expressions.reading import Reading, may_hold_time
from bot.text.display import add_quotes
from bot.text.fillers import filler_slips, is_filler, is_padding
from bot.text.stopwords import is_only_stopwords, strip_stopwords
from bot.text.tokenizer import fold

# Of a question; a longer one is a pasted text, whose times are words.
_MOST_WORDS, _MOST_SIGNS = LONG + LONG // 2, 240


@dataclass(frozen=True, slots=True)
class TimedQuestion:
    """A question with times in it, understood.

    Attributes:
        asked: The rest of it, in the period and the order that it names.
        notes: What was understood.
        offers: The search without that.
        found: What was found, where it was searched for already.
    """

    asked: ParsedFilters
    notes: tuple[str, ...] = ()
    offers: tuple[Button, ...] = ()
    found: SearchResult | None = None


async def asks_for_news(request: Request, text: str, *, is_part: bool = False) -> bool:
    """Tells if a text asks for news and for none in particular; slips in it are forgiven.

    Args:
        request: The question.
        text: The text.
        is_part: True where more than that was typed.

    Raises:
        StoreError: The store cannot be read.
    """
    if is_filler(text):
        return True
    slips = filler_slips(text, is_part=is_part)
    return slips is not None and not await request.services.search.held_words(slips)


async def understand_times(request: Request, text: str) -> TimedQuestion | None:
    """Understands the times in a question; None where it has none, which costs next to nothing.

    Raises:
        StoreError: The store cannot be read.
    """
    known = lexicon(request.services.translations.language)
    if len(text) > _MOST_SIGNS or not may_hold_time(text, known):
        return None
    if len(parse(text).words) > _MOST_WORDS:
        return None
    reading = await read_question(request, text, known)
    times = await without_names(request, reading)
    if times.expressions and not await _is_in_a_title(request, times):
        return await _Understanding(request, times).answer()
    return await _as_words(request, reading) if reading.expressions else None


async def _is_in_a_title(request: Request, times: Reading) -> bool:
    """Tells if the times may as well be mere words, and a title holds all of the question.

    Typos are forgiven, in a time and in what no story holds.
    """
    rest = strip_stopwords(times.rest())
    if not rest or not all(one.is_bare and one.period for one in times.expressions):
        return False
    query = replace(parse(times.text), in_title=True)
    found = await request.services.search.find(query, breadth=Breadth.CORRECTED)
    if not found.hits or found.hits[0].partial:
        return False
    mended = {typed for typed, _taken in found.hits[0].substitutes}
    doubted = mended.intersection(parse(rest).words)
    return not (doubted and await request.services.search.held_words(sorted(doubted)))


async def _as_words(request: Request, reading: Reading) -> TimedQuestion:
    """Returns the question with its times taken as words, and offers to take them as times."""
    filters = (*_period_filters(reading.period), *_order_filters(reading.order))
    labels = [period_label(request, reading.period)] if reading.period else []
    labels += [order_label(request, reading.order)] if reading.order else []
    _ = request.gettext
    label = _("As a time: {what}") if reading.period else _("As an order: {what}")
    label = label.format(what=" · ".join(labels))
    text = " ".join([strip_stopwords(reading.rest()), *(f"{n}:{v}" for n, v in filters)])
    asked = await parse_filters(request, parse(reading.text))
    return TimedQuestion(asked, offers=(Button(label, request.registry.search(text.strip())),))


class _Understanding:
    """Finds out how a question with times is answered best."""

    def __init__(self, request: Request, times: Reading) -> None:
        self._request, self._times = request, times
        self._budget = Budget()
        self._period, self._order = times.period, times.order
        rest = times.rest()
        self._rest = strip_stopwords(rest)
        query = parse(self._rest)
        is_empty = is_filler(self._rest) or is_only_stopwords(self._rest)
        is_empty |= is_padding(self._rest)
        quoted = any(term.quoted for term in query.terms)
        self._query = replace(query, alternatives=()) if is_empty and not quoted else query

    async def answer(self) -> TimedQuestion | None:
        """Returns the question as it is answered best; None for one that is best left alone."""
        if self._query and await asks_for_news(self._request, self._times.rest(), is_part=True):
            self._query = replace(self._query, alternatives=())
        return await (self._search() if self._query else self._list())

    async def _list(self) -> TimedQuestion | None:
        _ = self._request.gettext
        if self._period is None and is_filler(self._times.text):
            return None
        typed = " ".join(one.text for one in self._times.expressions)
        label = _("Search for the words {words}").format(words=add_quotes(typed))
        plain = typed.replace('"', " ")
        offers = (Button(label, self._request.registry.search(f'"{plain}"')),)
        asked = await self._asked(self._period, self._order)
        if self._period is None:
            return TimedQuestion(asked, self._notes(), offers)
        if await self._newest(asked):
            return TimedQuestion(asked, self._notes(), offers)
        if await self._is_found_as_words():
            return None
        return TimedQuestion(await self._asked(None, self._order), self._notes_on_nothing())

    async def _search(self) -> TimedQuestion | None:
        asked = await self._asked(self._period, self._order)
        # Where the period holds no story at all, nothing needs to be searched for in it.
        is_empty = self._period is not None and await self._newest(asked) is None
        found = SearchResult(asked.query)
        if not is_empty:
            found = await self._find(asked.query, asked.within, Breadth.CORRECTED)
        if _is_sure(found):
            return self._answered(asked, found)
        if self._is_bare and (self._is_foreign or await self._is_found_as_words()):
            return None
        always = await self._asked(None, None)
        anytime = await self._find(always.query, always.within)
        if self._period is None:  # by time, what is only like the words might come first
            return TimedQuestion(always, found=anytime)
        if not (found.hits or is_empty or _is_whole(anytime)):
            found = await self._find(asked.query, asked.within)
        if not (found.hits or anytime.hits) and self._is_bare:
            return None
        if not _is_better(anytime, found):
            return self._answered(asked, found)
        is_of_words = await self._is_told_of() or (
            not _is_sure(anytime) and await self._is_meant_as_words()
        )
        told = TimedQuestion(always, self._notes_on_nothing(), found=anytime)
        return None if is_of_words else told

    def _answered(self, asked: ParsedFilters, found: SearchResult) -> TimedQuestion:
        label = self._request.gettext("Search for just {words}")
        button = Button(
            label.format(words=add_quotes(str(self._query))),
            self._request.registry.search(self._rest),
        )
        return TimedQuestion(asked, self._notes(), (button,), found)

    @property
    def _is_bare(self) -> bool:
        """True when each of the times is a word that may mean something else."""
        return all(one.is_bare for one in self._times.expressions)

    @property
    def _is_foreign(self) -> bool:
        """True when each of the times is a name in a language that is not the reader's."""
        known = lexicon(self._request.services.translations.language).foreign
        return all(fold(one.text) in known for one in self._times.expressions)

    async def _is_found_as_words(self) -> bool:
        """Tells if stories hold all the words; of a date that says more, as they stand."""
        text = self._times.text
        query = parse(text if self._is_bare else f'"{text.replace(chr(34), " ")}"')
        return _is_sure(await self._find(query, breadth=Breadth.LITERAL))

    async def _is_told_of(self) -> bool:
        """Tells if stories hold a date as it stands beside the rest: one that is told of there."""
        is_date = all(one.certainty is Certainty.NAMED for one in self._times.expressions)
        if not (is_date and self._period is not None):
            return False
        dates = " ".join(f'"{one.text.replace(chr(34), " ")}"' for one in self._times.expressions)
        query = parse(f"{self._rest} {dates}")
        return _is_sure(await self._find(query, breadth=Breadth.CORRECTED))

    async def _is_meant_as_words(self) -> bool:
        """Tells if stories hold the times as words, beside what the rest may be a typo of."""
        if not self._is_bare:
            return False
        found = await self._find(parse(self._times.text), breadth=Breadth.CORRECTED)
        if not _is_whole(found):
            return False
        mended = {word for typed, _taken in found.hits[0].substitutes for word in typed.split()}
        times = (parse(one.text).words for one in self._times.expressions)
        return mended.isdisjoint(chain.from_iterable(times))

    async def _newest(self, asked: ParsedFilters) -> Story | None:
        return await self._request.services.store.stories.newest(asked.within)

    async def _find(
        self, query: Query, within: Filter = EVERYTHING, breadth: Breadth = Breadth.PARTIAL
    ) -> SearchResult:
        """Searches within what one question may cost, however often it is searched for."""
        return await self._request.services.search.find(query, within, self._budget, breadth)

    async def _asked(self, period: Period | None, order: Order | None) -> ParsedFilters:
        """Returns the rest of the question in a period and an order, which later searches keep."""
        sort = _order_filters(order)
        query = replace(
            self._query,
            filters=(*self._query.filters, *sort),
            newest=self._query.newest or order is Order.NEWEST,
            oldest=self._query.oldest or order is Order.OLDEST,
        )
        asked = await parse_filters(self._request, query)
        if period is None:
            return asked
        since, before = period.bounds(await zone_of(self._request))
        return replace(
            asked,
            query=replace(asked.query, filters=(*asked.query.filters, *_period_filters(period))),
            within=replace(asked.within, since=since, before=before),
            labels=(*asked.labels, period_label(self._request, period)),
        )

    def _notes(self) -> tuple[str, ...]:
        """Tells what the times were taken for."""
        _ = self._request.gettext
        notes = []
        if self._period is not None:
            typed = add_quotes(" … ".join(e.text for e in self._times.expressions if e.period))
            message = _("I took {words} as a time: stories of {period}.")
            if self._period.first is None or self._period.end is None:
                message = _("I took {words} as a time: stories {period}.")
            label = period_label(self._request, self._period)
            notes.append(message.format(words=typed, period=label))
        if self._order is not None:
            typed = add_quotes(next(e.text for e in self._times.expressions if e.order))
            message = _("Newest first, because of {words}.")
            if self._order is Order.OLDEST:
                message = _("Oldest first, because of {words}.")
            notes.append(message.format(words=typed))
        return tuple(notes)

    def _notes_on_nothing(self) -> tuple[str, ...]:
        """Tells that a period holds nothing."""
        _ = self._request.gettext
        if self._period is None:
            return ()
        label = period_label(self._request, self._period)
        if not self._query:
            message = _("There are no stories from that time ({period}). Here are the latest.")
            return (message.format(period=label),)
        message = _(
            "Nothing found for {words} from that time ({period}), so this is from any time."
        )
        return (message.format(words=add_quotes(str(self._query)), period=label),)


def _is_sure(found: SearchResult) -> bool:
    """Tells if stories hold all the words that were searched for."""
    first = found.hits if found.query.by_time else found.hits[:1]
    return bool(found.hits) and not any(hit.corrected or hit.partial for hit in first)


def _is_whole(found: SearchResult) -> bool:
    """Tells if stories hold all that was searched for, or what it may be a typo of."""
    return bool(found.hits) and not found.partial


def _is_better(anytime: SearchResult, found: SearchResult) -> bool:
    """Tells if other times have what was asked for, and a period has only something like it."""
    if not anytime.hits:
        return False
    partial = found.partial and not anytime.partial
    return not found.hits or partial or bool(found.corrected and not anytime.corrected)


def _order_filters(order: Order | None) -> tuple[tuple[str, str], ...]:
    return (("sort", order.value),) if order else ()


def _period_filters(period: Period | None) -> tuple[tuple[str, str], ...]:
    """Returns the filters that a person would write for a period."""
    filters = []
    if period and period.first:
        filters.append(("since", _moment(period.first, period.opens)))
    if period and period.end and period.closes:
        filters.append(("before", _moment(period.end - timedelta(days=1), period.closes)))
    elif period and period.end:
        filters.append(("before", period.end.isoformat()))
    return tuple(filters)


def _moment(day: date, at: time) -> str:
    return day.isoformat() if at == time.min else f"{day.isoformat()}T{at:%H:%M}"
