"""What somebody means who asks to follow something: a topic, a source, or a search."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.command import nearest
from bot.chat.request import Request
from bot.commands.filters import ParsedFilters, understood
from bot.commands.subscriptions.wording import name_of, typed
from bot.errors import ReaderError
from bot.search.expansion import remove_stopwords
from bot.search.query import Query, Term, parse
from bot.subscriptions.model import TargetKind
from bot.text.display import in_quotes
from bot.text.stopwords import STOPWORDS

_OF_TIME = frozenset({"since", "before", "sort"})


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be followed.

    Attributes:
        kind: What `what` is.
        what: As a subscription has it.
        name: As readers see it.
        typed: What means the same when it is given to /subscribe.
        notes: How it was understood.
        others: What may have been meant instead: what to call it, and what to give to /subscribe.
    """

    kind: TargetKind
    what: str
    name: str
    typed: str
    notes: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()


async def wanted(request: Request, text: str) -> Target:
    """What a text means: the topic or the source that is called so, or else a search.

    Raises:
        ReaderError: It is nothing that can be followed.
        StoreError: The store cannot be read.
    """
    services, name = request.services, " ".join(text.split())
    topic, source = services.topic(name), services.source(name)
    if topic is not None:
        return _known(request, TargetKind.TOPIC, topic.name)
    if source is not None:
        return _known(request, TargetKind.SOURCE, source.id)
    query, notes = _timeless(request, parse(text))
    asked = understood(request, query)
    notes += asked.problems
    if not asked.query:
        return replace(_filtered(request, asked, text), notes=notes)
    _check(request, asked.query)
    found = await _searched(request, asked)
    return replace(found, notes=(*notes, *found.notes))


def _known(request: Request, kind: TargetKind, what: str) -> Target:
    services = request.services
    return Target(kind, what, name_of(services, kind, what), typed(services, kind, what))


def _timeless(request: Request, query: Query) -> tuple[Query, tuple[str, ...]]:
    """The query without filters that mean nothing for stories to come, and what to say of that."""
    _ = request.gettext
    dropped = [f"{name}:{value}" for name, value in query.filters if name in _OF_TIME]
    kept = tuple(one for one in query.filters if one[0] not in _OF_TIME)
    note = _("{filter} was left out: only what is new is posted, as it comes.")
    notes = tuple(note.format(filter=in_quotes(one)) for one in dropped)
    return replace(query, filters=kept, newest=False), notes


def _filtered(request: Request, asked: ParsedFilters, text: str) -> Target:
    """What filters without words mean: a topic, a source, or what is of both."""
    topic, source = asked.within.topic, asked.within.source
    if topic is None and source is None:
        message = request.gettext("There is no word to look for in {words}.")
        told = (*asked.problems, message.format(words=in_quotes(text)))
        raise ReaderError(" ".join(told))
    if topic is not None and source is None and not asked.query.without:
        return _known(request, TargetKind.TOPIC, topic)
    if source is not None and topic is None and not asked.query.without:
        return _known(request, TargetKind.SOURCE, source)
    what = _text(asked, asked.query)
    return Target(TargetKind.SEARCH, what, in_quotes(what), what)


def _check(request: Request, query: Query) -> None:
    """Refuses what nearly every story holds."""
    if any(all(map(_is_stopword, group)) for group in query.alternatives):
        message = request.gettext(
            "Nearly every story holds {words}. Name a word that tells one from another."
        )
        raise ReaderError(message.format(words=in_quotes(str(query))))


def _is_stopword(term: Term) -> bool:
    is_phrase = term.quoted and len(term.words) > 1
    return not is_phrase and STOPWORDS.issuperset(term.words)


async def _searched(request: Request, asked: ParsedFilters) -> Target:
    _ = request.gettext
    services, query = request.services, asked.query
    what = _text(asked, query)
    found = await services.search.find(query, asked.within)
    notes, others = [], [*_meant(asked, found.corrected or found.suggestion)]
    as_it_is = found.hits and not (found.partial or found.corrected or _core(asked))
    if not as_it_is and not await services.store.search.candidates(query, asked.within, 1):
        notes.append(_("No story so far holds {words}.").format(words=in_quotes(str(query))))
        others += _core(asked)
    others = list(dict.fromkeys((*others, *_near(request, query))))
    if others:
        names = ", ".join(name for name, _typed in others)
        notes.append(_("Did you mean {names}?").format(names=names))
    return Target(TargetKind.SEARCH, what, in_quotes(what), what, tuple(notes), tuple(others))


def _near(request: Request, query: Query) -> tuple[tuple[str, str], ...]:
    """The topics and sources that are called something like it, where it is plain words."""
    is_plain = len(query.alternatives) == 1 and not any(term.quoted for term in query.terms)
    if query.filters or query.without or not is_plain:
        return ()
    services = request.services
    topics = [_known(request, TargetKind.TOPIC, one.name) for one in services.topics]
    sources = [_known(request, TargetKind.SOURCE, one.id) for one in services.sources.values()]
    named = {one.name: one.typed for one in (*sources, *topics)}
    return tuple((name, named[name]) for name in nearest(str(query), named))


def _meant(asked: ParsedFilters, words: str) -> tuple[tuple[str, str], ...]:
    """The search for other words, with the same filters."""
    if not words:
        return ()
    text = _text(asked, replace(parse(words), without=asked.query.without))
    return ((in_quotes(text), text),)


def _core(asked: ParsedFilters) -> tuple[tuple[str, str], ...]:
    """The search without the words of a question around it, where it has such."""
    core = remove_stopwords(asked.query)
    if core == asked.query:
        return ()
    text = _text(asked, core)
    return ((in_quotes(text), text),)


def _text(asked: ParsedFilters, query: Query) -> str:
    """A search as a person would type it, with its filters as the configuration names them."""
    within = asked.within
    filters = [("topic", within.topic), ("source", within.source)]
    if asked.query.in_title:
        filters.append(("in", "title"))
    named = tuple((name, value) for name, value in filters if value)
    return f"{query} {replace(query, filters=named).filter_text}".strip()
