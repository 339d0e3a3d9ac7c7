"""`/search`: stories by words, and what `/topic` and `/latest` answer to a typo in a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose, Question
from bot.chat.request import Request, story_page, window
from bot.commands.filters import ParsedFilters, parse_filters
from bot.commands.timed_questions import TimedQuestion, asks_for_news, understand_times
from bot.commands.timezones import in_own_zone
from bot.commands.topic_names import similar_topics
from bot.i18n import N_
from bot.model import Story
from bot.reply import Button, Reply
from bot.search.held_phrases import is_title
from bot.search.query import parse
from bot.search.results import Hit, SearchResult
from bot.search.snippets import make_snippet
from bot.text.display import add_quotes, typed_value

_OFFERS = 2  # buttons for other words, which a story on the page was found by


async def search(request: Request) -> Reply:
    """Answers `/search`."""
    request = await in_own_zone(request)
    text = request.text("words")
    timed = await understand_times(request, text)
    if (
        timed is None
        and await asks_for_news(request, text)
        and not await is_title(request.services.store.search, text)
    ):
        return await _latest(request)
    timed = timed or TimedQuestion(await parse_filters(request, parse(text)))
    asked = timed.asked
    reply = await (
        _results_page(request, asked, timed.found)
        if asked.query
        else _filtered_page(request, asked, lists_all=bool(timed.notes))
    )
    return replace(
        reply,
        title=_title(request, asked, reply),
        notes=(*asked.problems, *timed.notes, *reply.notes),
        buttons=(*reply.buttons, *timed.offers),
    )


async def list_period(request: Request, text: str) -> Reply | None:
    """Lists the stories of a period, or of a topic in it; None where a text names other things."""
    timed = await understand_times(request, text)
    if timed is None:
        return None
    notes: tuple[str, ...] = ()
    topic = request.services.topic(str(timed.asked.query))
    if topic:
        text = f"topic:{typed_value(topic.name)} {timed.asked.query.filter_text}"
        notes = timed.notes
    elif timed.asked.query:
        return None
    page = {name: value for name, value in request.options.items() if name == "page"}
    reply = await search(replace(request, command=SEARCH, options={"words": text, **page}))
    return replace(reply, notes=(*notes, *reply.notes))


async def _latest(request: Request) -> Reply:
    """Answers a question for news, and for none in particular."""
    command = request.registry.get(request.registry.latest().command)
    if command is None:
        raise AssertionError("a registered action has a command")
    page = {name: value for name, value in request.options.items() if name == "page"}
    return await command.handler(replace(request, command=command, options=page))


def _title(request: Request, asked: ParsedFilters, reply: Reply) -> str:
    _ = request.gettext
    if asked.problems and not (asked.query or asked.labels or reply.cards):
        return ""
    words = str(asked.query) or request.text("words")
    title = _("Stories about {words}").format(words=add_quotes(words))
    if asked.query.oldest and not asked.query:
        return _("Stories: {what}").format(what=" · ".join(asked.labels))
    if asked.labels and not asked.query:
        return _("Latest stories: {what}").format(what=" · ".join(asked.labels))
    if reply.cards and not asked.query:
        return _("Latest stories")
    return " · ".join((title, *asked.labels))


async def search_unknown_topic(request: Request, topic: str) -> Reply:
    """Searches for the name of an unknown topic, and offers topics with similar names (typos)."""
    _ = request.gettext
    reply = await _results_page(request, ParsedFilters(parse(topic)))
    near = await similar_topics(request, topic)
    note = _("There is no topic {name}. Here is what searching for it found.")
    if not reply.cards:
        note = _("There is no topic {name}, and searching for it found nothing.")
    offers = tuple(Button(name, request.registry.topic(name)) for name in near)
    names = request.words.join(map(add_quotes, near))
    hint = (_("Did you mean the topic {names}?").format(names=names),) if near else ()
    offered = {button.action for button in offers}
    others = (button for button in reply.buttons if button.action not in offered)
    return replace(
        reply,
        title=_("Stories about {words}").format(words=add_quotes(topic)),
        notes=(note.format(name=add_quotes(topic)), *hint, *reply.notes),
        text=(),
        buttons=(*offers, *others),
    )


async def _filtered_page(
    request: Request, asked: ParsedFilters, *, lists_all: bool = False
) -> Reply:
    """Returns a page of the newest stories that fit filters without words.

    Without filters there are none, but with `lists_all`.
    """
    _ = request.gettext
    if not (asked.query.filters or lists_all):
        text = _("There is nothing to search for in {words}.")
        if asked.problems:
            text = _("That leaves nothing to search for.")
        return await _no_results(
            request, asked, text.format(words=add_quotes(request.text("words")))
        )
    limit, offset = window(request)
    listing = await request.services.store.stories.latest(
        asked.within, limit, offset, oldest_first=asked.query.oldest, once=True
    )
    if not listing.total:
        return await _no_results(request, asked, _("No stories match that."))
    reply = story_page(request, listing.stories, listing.total)
    if asked.query.without:
        note = _("I left out {words}: it works only alongside a word to search for.")
        reply = replace(reply, notes=(note.format(words=add_quotes(str(asked.query))),))
    return reply


async def _results_page(
    request: Request, asked: ParsedFilters, found: SearchResult | None = None
) -> Reply:
    """Returns a page of search results, with notes on corrections, without a title."""
    _ = request.gettext
    found = found or await request.services.search.find(asked.query, asked.within)
    if request.services.meaning is not None:
        found = await request.services.meaning.complete(found, asked.within)
    if not found.hits:
        text = _("Nothing found for {words}.").format(words=add_quotes(str(asked.query)))
        reply = await _no_results(request, asked, text)
        return replace(reply, notes=(too_long(request),)) if found.cut else reply
    found = found.without_repeats()
    limit, offset = window(request)
    hits = {hit.id: hit for hit in found.hits[offset : offset + limit]}
    stories = await _read_stories(request, tuple(hits.values()))
    scores = [hits[story.id].score for story in stories]
    enough = len(found.query.terms)
    shown = [make_snippet(one, found.marks, found.prefix, enough) for one in stories]
    reply = story_page(request, stories, len(found.hits), scores, shown)
    notes, offers = _corrections(request, asked, found)
    return replace(reply, notes=notes, buttons=(*reply.buttons, *offers))


async def _read_stories(request: Request, hits: Sequence[Hit]) -> Sequence[Story]:
    """Returns the stories of one page, which are at hand where few were found."""
    made = [hit.make_story() for hit in hits if hit.make_story is not None]
    if len(made) == len(hits):
        return made
    return await request.services.store.stories.by_ids([hit.id for hit in hits])


def _corrections(
    request: Request, asked: ParsedFilters, found: SearchResult
) -> tuple[tuple[str, ...], tuple[Button, ...]]:
    """Returns notes on corrected typos and partial matches, and buttons for other searches."""
    _ = request.gettext
    limit, offset = window(request)
    page = found.hits[offset : offset + limit]
    whole = [hit for hit in page if not (hit.partial or hit.by_meaning)]
    notes, offers = _substitutions(request, asked, whole)
    partial = [hit for hit in page if hit.partial]
    if partial and not whole:
        notes.append(_("No story contains all of these words. These contain some of them."))
    elif partial:
        notes.append(_("The last ones contain only some of these words."))
    notes += _notes_on_meaning(request, page, offset + 1)
    told = (hit for hit in page if hit.partial or not hit.corrected)
    for typed, taken in dict.fromkeys(pair for hit in told for pair in hit.substitutes):
        note = _("I took {typed} for {taken}.")
        notes.append(note.format(typed=add_quotes(typed), taken=add_quotes(taken)))
    if found.cut:
        notes.append(too_long(request))
    return tuple(notes), tuple(offers)


def _notes_on_meaning(request: Request, page: Sequence[Hit], first: int) -> Sequence[str]:
    """Returns notes on stories that were found by meaning.

    Args:
        request: The question.
        page: What is shown.
        first: The number of the first of these.
    """
    _ = request.gettext
    numbers = [str(number) for number, hit in enumerate(page, first) if hit.by_meaning]
    if not numbers:
        return ()
    if len(numbers) == len(page):
        return (_("No story contains all of these words. These were found by meaning."),)
    return (_("Found by meaning: {numbers}.").format(numbers=request.words.join(numbers)),)


def _substitutions(
    request: Request, asked: ParsedFilters, hits: Sequence[Hit]
) -> tuple[list[str], list[Button]]:
    """Returns notes on what stories were found by where that is not what was typed."""
    _ = request.gettext
    others = list(dict.fromkeys(hit.corrected for hit in hits if hit.corrected))
    if not others:
        return [], []
    if not hits[0].corrected:
        note = _("Also showing results for {queries}.")
        offers = [_search_button(request, asked, one, one) for one in others[:_OFFERS]]
        return [note.format(queries=_join_quoted(request, others))], offers
    exact = " ".join(f'"{" ".join(term.words)}"' for term in asked.query.terms)
    label = _("Search for exactly {words}").format(words=add_quotes(str(asked.query)))
    note = _("Showing results for {query}.").format(query=_join_quoted(request, others))
    return [note], [_search_button(request, asked, exact, label)]


def _join_quoted(request: Request, texts: Sequence[str]) -> str:
    """Joins texts for a note, each in quotation marks."""
    return request.words.join(map(add_quotes, texts))


def too_long(request: Request) -> str:
    """Says that not all of a long question was searched for."""
    return request.gettext("That is a lot to search for, so I searched for only part of it.")


def _search_button(request: Request, asked: ParsedFilters, words: str, label: str) -> Button:
    """Makes a button that searches for other words with the same filters."""
    text = f"{words} {asked.query.filter_text}".strip()
    return Button(label, request.registry.search(text))


async def _no_results(request: Request, asked: ParsedFilters, text: str) -> Reply:
    """Says that nothing was found, and offers what leads to something instead."""
    _ = request.gettext
    buttons = []
    if asked.query and asked.query.filters:
        words = str(asked.query)
        if (await request.services.search.find(parse(words))).hits:
            label = _("{words} without filters").format(words=add_quotes(words))
            buttons.append(Button(label, request.registry.search(words)))
    fewer = await request.services.search.relax(asked.query)
    if fewer:
        buttons.append(_search_button(request, asked, str(fewer), add_quotes(str(fewer))))
    if len(asked.query.words) == 1:
        others = await request.services.search.near_words(asked.query)
        buttons += [_search_button(request, asked, o, add_quotes(o)) for o in others[:_OFFERS]]
    near = await similar_topics(request, str(asked.query))
    buttons += [Button(name, request.registry.topic(name)) for name in near]
    buttons += [
        Button(_("Topics"), request.registry.topics()),
        Button(_("Latest stories"), request.registry.latest()),
    ]
    hint = _("Try fewer or different words, or browse the topics.")
    return Reply(request.command.name, text=(text, hint), buttons=tuple(buttons))


SEARCH = Command(
    "search",
    N_("Search for stories"),
    search,
    (
        Option("words", OptionKind.QUERY, N_("What to search for"), required=True, rest=True),
        PAGE,
    ),
    details=(
        N_(
            "Type what you remember. Typos, unfinished words and whole questions are fine, "
            "and the best match comes first."
        ),
        N_(
            "“Words in quotes” must appear exactly as typed, -word leaves out stories that "
            "contain it, and OR between words accepts either."
        ),
        N_(
            "Filters: topic:name, source:name, since: and before: with a date (2d, 3w, "
            "yesterday, 2023-10, 2023-10-21), in:title for words in titles only, sort:new for "
            "newest first, sort:old for oldest first. Put a value of several words in quotes."
        ),
    ),
    examples=(
        "/search {words}",
        '/search "{phrase}" -{other}',
        "/search {word} OR {other} since:1y",
    ),
    purpose=Purpose.SEARCH,
    aliases=("find",),
    questions=(Question("words", N_("What would you like to search for?"), N_("some words")),),
    quoted_option="words",
)
