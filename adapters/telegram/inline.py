"""Inline mode: `@bot osaka exp` in any chat offers stories to post there."""

from __future__ import annotations

import logging

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.answering import TelegramAnswering
from adapters.telegram.links import LinkKind, search_start
from adapters.telegram.people import PLATFORM
from adapters.telegram.render import render
from adapters.telegram.rich import Rich, one_line
from adapters.telegram.sending import preview_of
from bot.model import Action, Chat, Person
from bot.reply import Card, Reply

log = logging.getLogger(__name__)

_CACHED = 60  # seconds for which Telegram may answer the same query by itself
_TITLE, _TOLD = 128, 200  # UTF-16 units of what a list of results shows
_MOST_PAGES = 40


class InlineQueries:
    """Answers inline queries."""

    def __init__(self, answering: TelegramAnswering) -> None:
        self._answering = answering

    async def asked(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers what is being typed; called at every pause of the typing."""
        query = update.inline_query
        if query is None:
            return
        reply = await self._found(query)
        next_page = str(reply.page + 1) if reply.page < min(reply.pages, _MOST_PAGES) else ""
        try:
            await query.answer(
                [self._result(card) for card in reply.cards],
                cache_time=_CACHED if reply.ok else 0,
                next_offset=next_page,
                button=None if reply.cards else self._way_out(query.query),
            )
        except TelegramError as error:  # too late, mostly: the person typed on
            log.debug("an inline query could not be answered: %s", error.message)

    async def _found(self, query: InlineQuery) -> Reply:
        words = query.query.strip()
        registry = self._answering.dispatcher.registry
        action = registry.search(words) if words else registry.latest()
        page = ("page", str(_page(query.offset)))
        action = Action(action.command, (*action.options, page))
        # A chat of its own: numbers of lists that are only glanced at are not to be remembered
        # for the chat with the bot.
        chat = Chat(PLATFORM, f"inline:{query.from_user.id}")
        person = Person(str(query.from_user.id), query.from_user.full_name)
        return await self._answering.reply_guard.reply_to(
            lambda: self._answering.dispatcher.press(action, person, chat)
        )

    def _result(self, card: Card) -> InlineQueryResultArticle:
        story = card.story
        alone = Reply("", cards=(Card(story, card.source),))
        shown = render(alone, self._answering.render_context)
        about = [card.source, card.snippet.text if card.snippet else story.summary]
        return InlineQueryResultArticle(
            id=story.id,
            title=_cut(story.title, _TITLE),
            description=_cut(" · ".join(filter(None, about)), _TOLD),
            thumbnail_url=story.image,
            input_message_content=InputTextMessageContent(
                shown.html, parse_mode=ParseMode.HTML, link_preview_options=preview_of(shown)
            ),
        )

    def _way_out(self, words: str) -> InlineQueryResultsButton:
        """For a search that finds nothing: the private chat, where more is said."""
        label = self._answering.render_context.words.gettext("Nothing found. Ask me in private")
        start = search_start(" ".join(words.split())) or LinkKind.HELP
        return InlineQueryResultsButton(label, start_parameter=start)


def _page(offset: str) -> int:
    """The page that an offset names; the first for what nobody gave."""
    page = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 4 else 1  # noqa: PLR2004 - digits
    return page if 0 < page <= _MOST_PAGES else 1


def _cut(text: str, limit: int) -> str:
    return Rich.of(one_line(text)).cut(limit).text
