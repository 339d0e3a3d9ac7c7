"""Inline mode: `@bot osaka exp` in any chat offers stories to post there."""

from __future__ import annotations

import logging

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMessageContent,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from adapters.telegram.formatted_text import FormattedText, sanitize_line
from adapters.telegram.links import LinkKind, search_start
from adapters.telegram.outgoing import link_preview
from adapters.telegram.people import PLATFORM
from adapters.telegram.render import render
from adapters.telegram.responder import TelegramResponder
from adapters.telegram.rich.buttons import ButtonMaker
from adapters.telegram.rich.render import render_rich
from adapters.telegram.rich.serialization import message_json
from bot.chat.typeahead import Typeahead
from bot.model import Action, Chat, Person
from bot.reply import Card, Reply

log = logging.getLogger(__name__)

_CACHE_TIME = 60  # seconds that Telegram may cache the results of a query
_MAX_TITLE, _MAX_DESCRIPTION = 128, 200  # UTF-16 units that are shown in a list of results
_MAX_PAGES = 40


class TelegramInlineHandler:
    """Answers inline queries."""

    def __init__(self, responder: TelegramResponder) -> None:
        self._responder = responder
        self._typeahead = Typeahead()

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answers a query with a page of results; called at every pause of the typing."""
        query = update.inline_query
        if query is None:
            return
        sender = str(query.from_user.id)
        reply = await self._typeahead.run(sender, lambda: self._search(query))
        if reply is None:  # outdated: the person typed on
            return
        rich = self._responder.sender.rich
        try:
            await self._answer(query, reply, is_rich=rich.is_on)
        except TelegramError as error:  # too late, mostly: the person typed on
            if rich.refuses_inline(error):
                await self._answer_classic(query, reply)
            else:
                log.debug("an inline query could not be answered: %s", error.message)

    async def _answer_classic(self, query: InlineQuery, reply: Reply) -> None:
        try:
            await self._answer(query, reply, is_rich=False)
        except TelegramError as error:
            log.debug("an inline query could not be answered: %s", error.message)

    async def _answer(self, query: InlineQuery, reply: Reply, *, is_rich: bool) -> None:
        next_page = str(reply.page + 1) if reply.page < min(reply.pages, _MAX_PAGES) else ""
        await query.answer(
            [self._article(card, is_rich=is_rich) for card in reply.cards],
            cache_time=_CACHE_TIME if reply.ok else 0,
            is_personal=True,  # in the language of who asks
            next_offset=next_page,
            button=None if reply.cards else self._private_chat_button(query.query),
        )

    async def _search(self, query: InlineQuery) -> Reply:
        words = query.query.strip()
        registry = self._responder.dispatcher.registry
        action = registry.search(words) if words else registry.latest()
        page = ("page", str(_page(query.offset)))
        action = Action(action.command, (*action.options, page))
        # A chat of its own, so that these results are not taken for the last list that was shown
        # in the private chat with the bot.
        chat = Chat(PLATFORM, f"inline:{query.from_user.id}")
        person = Person(str(query.from_user.id), query.from_user.full_name)
        return await self._responder.reply_guard.reply_to(
            lambda: self._responder.dispatcher.press(action, person, chat)
        )

    def _article(self, card: Card, *, is_rich: bool) -> InlineQueryResultArticle:
        story = card.story
        reply = Reply("", cards=(Card(story, card.source, also=card.also, icon=card.icon),))
        description = [card.signed_source, card.snippet.text if card.snippet else story.summary]
        return InlineQueryResultArticle(
            id=story.id,
            title=_truncate(story.title, _MAX_TITLE),
            description=_truncate(" · ".join(filter(None, description)), _MAX_DESCRIPTION),
            thumbnail_url=story.image,
            input_message_content=self._rich(reply) if is_rich else self._classic(reply),
        )

    def _classic(self, reply: Reply) -> InputMessageContent:
        rendered = render(reply, self._responder.render_context)
        return InputTextMessageContent(
            rendered.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=link_preview(rendered),
        )

    def _rich(self, reply: Reply) -> InputMessageContent:
        """Renders a message without pictures: nobody could tell that one cannot be fetched."""
        context = self._responder.render_context
        buttons = ButtonMaker(self._responder.tokens, context.bot)
        rich = render_rich(reply, context, buttons, pictures=False)
        return InputMessageContent(api_kwargs={"rich_message": message_json(rich)})

    def _private_chat_button(self, words: str) -> InlineQueryResultsButton:
        """Returns the button above an empty result, to ask again in the private chat."""
        label = self._responder.render_context.words.gettext(
            "Nothing found. Ask me in a private chat"
        )
        start = search_start(" ".join(words.split())) or LinkKind.HELP
        return InlineQueryResultsButton(label, start_parameter=start)


def _page(offset: str) -> int:
    """Parses the offset, a page number that `next_offset` gave; the first page for any other."""
    page = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 4 else 1  # noqa: PLR2004 - digits
    return page if 0 < page <= _MAX_PAGES else 1


def _truncate(text: str, limit: int) -> str:
    return FormattedText.of(sanitize_line(text)).truncate(limit).text
