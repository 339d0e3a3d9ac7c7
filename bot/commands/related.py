"""`/related`: stories similar to a story or a text (more like this)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.request import Request, story_page, window
from bot.commands.last_list import ask_which_story
from bot.commands.story_lookup import find_by_number_or_id
from bot.i18n import N_
from bot.model import Story
from bot.reply import Button, Reply
from bot.search.query import MAX_QUERY
from bot.search.results import Hit
from bot.text.display import add_quotes
from bot.text.tokenizer import whole_words, words

_FOUND = 30
_TITLE_WORDS = 12  # a longer text is no title, and is taken as it is
_OTHERS = 3  # stories that the same words may mean, offered


@dataclass(frozen=True, slots=True)
class _Meant:
    """The story that others are to be related to, how it was found, and what else may be meant."""

    story: Story
    notes: tuple[str, ...] = ()
    others: tuple[Button, ...] = ()


async def related(request: Request) -> Reply:
    """Answers `/related`."""
    typed, text = request.text("story"), request.text("text")
    meant = None if text else await _find_story(request, typed)
    if meant is None:
        return await _related_to_text(request, text or typed)
    _ = request.gettext
    hits = await request.services.related.to_story(meant.story, _FOUND)
    title = _("Related to {title}").format(title=add_quotes(meant.story.title))
    reply = await _page(request, hits, title)
    return replace(reply, notes=meant.notes, buttons=(*reply.buttons, *meant.others))


async def related_to_which(request: Request) -> Reply:
    """Answers `/related` without a story: shows the last list."""
    title = request.gettext("Related to which story?")
    return await ask_which_story(request, title, request.registry.related)


async def _related_to_text(request: Request, text: str) -> Reply:
    hits = await request.services.related.to_text(text, _FOUND)
    title = request.gettext("Stories most like {words}").format(words=add_quotes(text))
    return await _page(request, hits, title)


async def _page(request: Request, hits: Sequence[Hit], title: str) -> Reply:
    limit, offset = window(request)
    scores = {hit.id: hit.score for hit in hits[offset : offset + limit]}
    stories = await request.services.store.stories.by_ids(list(scores))
    reply = story_page(request, stories, len(hits), [scores[story.id] for story in stories])
    reply = replace(reply, title=title)
    return reply if hits else _no_results(request, reply)


async def _find_story(request: Request, typed: str) -> _Meant | None:
    """Finds the story that a text names; None when it is a text of its own."""
    named = await find_by_number_or_id(request, typed)
    if named:
        return _Meant(named.stories[0], named.notes)
    if len(whole_words(typed[:MAX_QUERY])) > _TITLE_WORDS:
        return None
    hits = await request.services.search.find_by_title(typed)
    if not hits or hits[0].partial:
        return None
    found = await request.services.store.stories.by_ids([hit.id for hit in hits[: _OTHERS + 1]])
    return _choice(request, typed, found) if found else None


def _choice(request: Request, typed: str, found: Sequence[Story]) -> _Meant:
    """Takes the likeliest of several stories, says so, and offers the others."""
    _ = request.gettext
    if not set(words(typed)) & set(words(found[0].title)):
        note = _("No headline says {words}, so I took the story that does.")
    elif len(found) == 1:
        return _Meant(found[0])
    else:
        note = _("Several stories fit {words}, so I took the likeliest.")
    read = Button(_("Read it"), request.registry.read(found[0].id))
    others = (Button(one.title, request.registry.related(one.id)) for one in found[1:])
    return _Meant(found[0], (note.format(words=add_quotes(typed)),), (read, *others))


def _no_results(request: Request, reply: Reply) -> Reply:
    _ = request.gettext
    buttons = (
        Button(_("Topics"), request.registry.topics()),
        Button(_("Latest stories"), request.registry.latest()),
    )
    return replace(reply, text=(_("No related stories found."),), buttons=buttons)


RELATED = Command(
    "related",
    N_("Find related stories"),
    related,
    (
        Option(
            "story",
            OptionKind.STORY,
            N_("A story, given as for /read, or any text"),
            required=True,
            rest=True,
        ),
        Option(
            "text",
            OptionKind.QUERY,
            N_("Text to find similar stories for"),
            hidden=True,
            instead_of="story",
        ),
        PAGE,
    ),
    details=(
        N_(
            "Shows the stories that share the most distinctive words with a story, closest "
            "match first."
        ),
        N_("Given any other text, it shows the stories most like that text."),
    ),
    examples=("/related 3", "/related {words}"),
    purpose=Purpose.RELATED,
    bare=related_to_which,
    quoted_option="text",
)
