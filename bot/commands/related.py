"""`/related`: stories similar to a story or a text (more like this)."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.command import PAGE, Command, Option, OptionKind, Purpose
from bot.chat.request import Request, story_page, window
from bot.commands.story_lookup import StoryMatches, find_by_number_or_id, find_by_title
from bot.i18n import N_
from bot.reply import Button, Reply
from bot.search.query import MAX_QUERY
from bot.text.display import add_quotes
from bot.text.tokenizer import whole_words

_FOUND = 30
_TITLE_WORDS = 12  # a longer text is no title, and is taken as it is


async def related(request: Request) -> Reply:
    """Answers `/related`."""
    _ = request.gettext
    typed = request.text("story")
    text = request.text("text")
    named = None if text else await _find_story(request, typed)
    typed = text or typed
    if named:
        story = named.stories[0]
        hits = await request.services.related.to_story(story, _FOUND)
        title = _("Related to {title}").format(title=add_quotes(story.title))
    else:
        hits = await request.services.related.to_text(typed, _FOUND)
        title = _("Stories most like {words}").format(words=add_quotes(typed))
    limit, offset = window(request)
    scores = {hit.id: hit.score for hit in hits[offset : offset + limit]}
    stories = await request.services.store.stories.by_ids(list(scores))
    reply = story_page(request, stories, len(hits), [scores[story.id] for story in stories])
    reply = replace(reply, title=title, notes=named.notes if named else ())
    return reply if hits else _no_results(request, reply)


async def _find_story(request: Request, typed: str) -> StoryMatches | None:
    """Returns the one story that the text names; None when it is a text of its own."""
    named = await find_by_number_or_id(request, typed)
    if named or len(whole_words(typed[:MAX_QUERY])) > _TITLE_WORDS:
        return named
    found = await find_by_title(request, typed)
    return StoryMatches(found) if len(found) == 1 else None


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
    examples=("/related 3", "/related the cost of the crematorium"),
    purpose=Purpose.RELATED,
    quoted_option="text",
)
