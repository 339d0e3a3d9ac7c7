"""`/search`: stories by words, and the search that stands in for an unknown topic."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.registry import Command, Kind, Option, nearest
from bot.commands.request import Request, story_page, window
from bot.i18n import N_
from bot.query import parse
from bot.reply import Action, Button, Reply
from bot.search import Found
from bot.text import in_quotes


async def search(request: Request) -> Reply:
    """Answers `/search`."""
    words = request.text("words")
    reply = await results(request, words)
    _ = request.gettext
    return replace(reply, title=_("Stories about {words}").format(words=in_quotes(words)))


async def results(request: Request, words: str) -> Reply:
    """One page of what a search finds, with notes on how, and without a title."""
    found = await request.services.search.find(parse(words))
    if not found.hits:
        return _nothing(request, words)
    limit, offset = window(request)
    hits = found.hits[offset : offset + limit]
    scores = {hit.id: hit.score for hit in hits}
    stories = await request.services.store.stories([hit.id for hit in hits])
    reply = story_page(request, stories, len(found.hits), [scores[s.id] for s in stories])
    return replace(reply, notes=_notes(request, found))


async def search_instead(request: Request, topic: str) -> Reply:
    """What a search finds for a topic that there is not, saying so and offering those like it."""
    _ = request.gettext
    reply = await results(request, topic)
    names = [known.name for known in request.services.topics]
    near = nearest(topic, names)
    note = _("There is no topic {name}; this is what a search for it finds.")
    if not reply.cards:
        note = _("There is no topic {name}, and a search for it finds nothing.")
    offers = tuple(Button(name, Action("topic", (("name", name),))) for name in near)
    hint = (
        (_("Did you mean the topic {names}?").format(names=", ".join(map(in_quotes, near))),)
        if near
        else ()
    )
    return replace(
        reply,
        title=_("Stories about {words}").format(words=in_quotes(topic)),
        notes=(note.format(name=in_quotes(topic)), *hint, *reply.notes),
        text=(),
        buttons=(*offers, *reply.buttons),
    )


def _notes(request: Request, found: Found) -> tuple[str, ...]:
    _ = request.gettext
    notes = []
    if found.corrected:
        notes.append(_("Showing results for {query}.").format(query=in_quotes(found.corrected)))
    if found.partial:
        notes.append(_("No story holds all of these words; these hold some of them."))
    return tuple(notes)


def _nothing(request: Request, words: str) -> Reply:
    _ = request.gettext
    return Reply(
        request.command.name,
        text=(
            _("Nothing found for {words}.").format(words=in_quotes(words)),
            _("Try fewer or other words, or look through the topics."),
        ),
        buttons=(
            Button(_("Topics"), Action("topics")),
            Button(_("Latest stories"), Action("latest")),
        ),
    )


SEARCH = Command(
    "search",
    N_("Find stories by words"),
    search,
    (
        Option("words", Kind.QUERY, N_("What to look for"), required=True, rest=True),
        Option("page", Kind.PAGE, N_("Which page to show"), hidden=True),
    ),
    details=(
        N_("Finds the stories that hold all the words, those with them in the title first."),
        N_(
            "“Words in quotes” must stand together, -word leaves out stories that hold it, and OR "
            "between words takes either."
        ),
        N_("A misspelled word is mended when no story holds it as it is typed."),
    ),
    examples=("/search osaka expo", '/search "cloud service" -amazon', "/search robots OR rockets"),
)
