"""The target of a subscription, parsed from text: a topic, a source, a search or everything."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.chat.request import Request
from bot.commands.filters import ParsedFilters, parse_filters
from bot.commands.subscriptions.near_names import near_names
from bot.commands.subscriptions.wording import EVERYTHING_WORDS, target_name, typed_target
from bot.errors import ReaderError
from bot.search.covering import is_covered
from bot.search.query import Query, Term, parse
from bot.search.question_words import remove_stopwords
from bot.subscriptions.model import TargetKind
from bot.text.display import add_quotes
from bot.text.stopwords import STOPWORDS

_ALL_OF = re.compile(
    r"(?:all|everything|all (?:stories|news)) (?:of|from|by|in|on|about) (?P<what>.+)",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"(?:everything|all|all (?:stories|news|topics|sources)) (?:except|but|excluding|without)"
    r"(?: for)? (?P<what>.+)",
    re.IGNORECASE,
)
_NAMED = {"topic": TargetKind.TOPIC, "source": TargetKind.SOURCE}
_OFFERED = 3
_OF_TIME = frozenset({"since", "before", "sort"})


@dataclass(frozen=True, slots=True)
class Target:
    """Target of a subscription: what is to be followed.

    Attributes:
        kind: The kind of `what`.
        what: Its name, id or query, as a subscription has it; empty for everything.
        name: Its name, as readers see it.
        typed: The text that means the same when it is given to /subscribe.
        notes: Notes on how the text was understood.
        meant: Targets that were meant, for all that can be told: a name, and the text to type.
        others: Others that may have been meant.
    """

    kind: TargetKind
    what: str
    name: str
    typed: str
    notes: tuple[str, ...] = ()
    meant: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """True when the text is nothing that can be followed, but what was meant is known."""
        return self.kind is TargetKind.SEARCH and not self.what


async def parse_target(request: Request, text: str) -> Target:
    """Parses a text: the topic or the source of that name, everything, or else a search.

    Raises:
        ReaderError: It is nothing that can be followed.
        StoreError: The store cannot be read.
    """
    named = named_target(request, text)
    if named is not None:
        return named
    _refuse_exceptions(request, text)
    query, notes = _without_dates(request, parse(text))
    asked = await parse_filters(request, query)
    notes += asked.problems
    meant = _mended_filters(request, query)
    if meant and not asked.query and not asked.query.without:
        return Target(TargetKind.SEARCH, "", "", "", notes, meant)
    if not asked.query:
        return replace(_filter_target(request, asked, text), notes=notes, meant=meant)
    _refuse_stopwords(request, asked.query)
    found = await _search_target(request, asked)
    return replace(found, notes=(*notes, *found.notes), meant=(*meant, *found.meant))


def named_target(request: Request, text: str) -> Target | None:
    """Returns the topic or the source that a text names, or everything; None for none of these."""
    services, name = request.services, " ".join(text.split())
    topic, source = services.topic(name), services.source(name)
    if topic is not None:
        return _known_target(request, TargetKind.TOPIC, topic.name)
    if source is not None:
        return _known_target(request, TargetKind.SOURCE, source.id)
    if name.casefold() in EVERYTHING_WORDS:
        return _known_target(request, TargetKind.EVERYTHING, "")
    whole = _ALL_OF.fullmatch(name)
    if whole:
        return named_target(request, whole["what"])
    same = [one for one in near_names(services, name) if one.rating.is_exact]
    is_plain = ":" not in name and not any(sign in name for sign in '"“”-')
    return _known_target(request, same[0].kind, same[0].what) if same and is_plain else None


def _refuse_exceptions(request: Request, text: str) -> None:
    """Refuses `everything except football`, which would be words that no story has."""
    match = _EXCEPT.fullmatch(" ".join(text.split()))
    if match:
        told = request.gettext(
            "I can't leave {what} out of everything. Name the topics and sources that you want "
            "instead, with commas between them."
        )
        raise ReaderError(told.format(what=add_quotes(match["what"])))


def is_near_name(request: Request, text: str) -> bool:
    """Tells if a text is the name of a topic or a source, or of both all, with slips at most."""
    near = near_names(request.services, text)
    return named_target(request, text) is not None or any(one.rating.is_whole for one in near)


def _known_target(request: Request, kind: TargetKind, what: str) -> Target:
    services = request.services
    return Target(kind, what, target_name(services, kind, what), typed_target(services, kind, what))


def _without_dates(request: Request, query: Query) -> tuple[Query, tuple[str, ...]]:
    """Drops the filters that mean nothing for stories to come; returns notes on them, too."""
    _ = request.gettext
    dropped = [f"{name}:{value}" for name, value in query.filters if name in _OF_TIME]
    kept = tuple(one for one in query.filters if one[0] not in _OF_TIME)
    note = _("I left out {filter}: a subscription posts only new stories, as they come in.")
    notes = tuple(note.format(filter=add_quotes(one)) for one in dropped)
    return replace(query, filters=kept, newest=False, oldest=False), notes


def _filter_target(request: Request, asked: ParsedFilters, text: str) -> Target:
    """Returns the target of filters without words: a topic, a source, or a search."""
    topic, source = asked.within.topic, asked.within.source
    if topic is None and source is None:
        message = request.gettext("There is nothing to search for in {words}.")
        told = (*asked.problems, message.format(words=add_quotes(text)))
        raise ReaderError(request.words.join_sentences(*told))
    if topic is not None and source is None and not asked.query.without:
        return _known_target(request, TargetKind.TOPIC, topic)
    if source is not None and topic is None and not asked.query.without:
        return _known_target(request, TargetKind.SOURCE, source)
    what = _query_text(asked, asked.query)
    return Target(TargetKind.SEARCH, what, add_quotes(what), what)


def _refuse_stopwords(request: Request, query: Query) -> None:
    """Refuses a query of stopwords alone: nearly every story holds them."""
    if any(all(map(_is_stopword, group)) for group in query.alternatives):
        message = request.gettext(
            "Nearly every story contains {words}. Please use a more distinctive word."
        )
        raise ReaderError(message.format(words=add_quotes(str(query))))


def _is_stopword(term: Term) -> bool:
    is_phrase = term.quoted and len(term.words) > 1
    return not is_phrase and STOPWORDS.issuperset(term.words)


async def _search_target(request: Request, asked: ParsedFilters) -> Target:
    _ = request.gettext
    services, query = request.services, asked.query
    what = _query_text(asked, query)
    found = await services.search.find(query, asked.within)
    notes, others = _notes_on_length(request, query), [*_corrected_search(asked, found.suggestion)]
    as_it_is = found.hits and not (found.partial or found.corrected or _without_question(asked))
    as_it_is = as_it_is and not is_covered(query)  # a search has such in pieces, or by other names
    is_new = not as_it_is and not await services.store.search.candidates(query, asked.within, 1)
    meant, similar = _near_targets(request, query, is_new=is_new)
    if is_new:
        notes.append(_("No story so far contains {words}.").format(words=add_quotes(str(query))))
        meant = meant or _without_question(asked)
    taken = {name.casefold() for name, _typed in (*meant, *similar)}
    others = [one for one in dict.fromkeys(others) if one[1].casefold() not in taken]
    if meant or others or similar:
        names = request.words.join(name for name, _typed in (*meant, *others, *similar))
        notes.append(_("Did you mean {names}?").format(names=names))
    return Target(
        TargetKind.SEARCH, what, add_quotes(what), what, tuple(notes), meant, (*others, *similar)
    )


def _notes_on_length(request: Request, query: Query) -> list[str]:
    _ = request.gettext
    note = _("That search is very long, so I kept only the part of it that is shown here.")
    return [note] if query.cut else []


_Others = tuple[tuple[str, str], ...]


def _near_targets(request: Request, query: Query, *, is_new: bool) -> tuple[_Others, _Others]:
    """Finds topics and sources with near names, for a query of plain words.

    Returns:
        Those that were meant, since no story has the words as typed; and those that may have been.
    """
    is_plain = len(query.alternatives) == 1 and not any(term.quoted for term in query.terms)
    if query.filters or query.without or not is_plain:
        return (), ()
    near = near_names(request.services, str(query))[:_OFFERED]
    named = [_known_target(request, one.kind, one.what) for one in near]
    typed = tuple((one.name, one.typed) for one in named)
    return (typed, ()) if is_new else ((), typed)


def _mended_filters(request: Request, query: Query) -> _Others:
    """Returns the query with topics and sources that are called nearly as its filters say."""
    mended, is_mended = [], False
    for name, value in query.filters:
        known = {"topic": request.services.topic, "source": request.services.source}.get(name)
        near = (
            near_names(request.services, value, _NAMED[name]) if known and not known(value) else ()
        )
        is_mended = is_mended or bool(near)
        mended.append((name, near[0].what if near else value))
    if not is_mended:
        return ()
    text = f"{query} {replace(query, filters=tuple(mended)).filter_text}".strip()
    (name, value), *more = mended
    if more or query:
        return ((add_quotes(text), text),)
    return ((target_name(request.services, _NAMED[name], value), text),)


def _corrected_search(asked: ParsedFilters, words: str) -> tuple[tuple[str, str], ...]:
    """Returns the search for corrected words, with the same filters."""
    if not words:
        return ()
    text = _query_text(asked, replace(parse(words), without=asked.query.without))
    return ((add_quotes(text), text),)


def _without_question(asked: ParsedFilters) -> tuple[tuple[str, str], ...]:
    """Returns the search without the words of a question around it, where it has such."""
    core = remove_stopwords(asked.query)
    if core == asked.query:
        return ()
    text = _query_text(asked, core)
    return ((add_quotes(text), text),)


def _query_text(asked: ParsedFilters, query: Query) -> str:
    """Writes a search as a person would type it, its filters as the configuration names them."""
    within = asked.within
    filters = [("topic", within.topic), ("source", within.source)]
    if asked.query.in_title:
        filters.append(("in", "title"))
    named = tuple((name, value) for name, value in filters if value)
    return f"{query} {replace(query, filters=named).filter_text}".strip()
