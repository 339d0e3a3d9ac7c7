"""Outgoing messages: where a reply goes, who sees it, and in which forms it can be sent."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden

from adapters.telegram.rendered_message import RenderedMessage
from adapters.telegram.rich.blocks import RichMessage
from adapters.telegram.rich.sending import RichSender
from bot.posting.rate_limiter import ANYBODY
from bot.posting.rates import Flow
from bot.reply import Picture, Upload

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person who alone sees a message in a group, and what they did to be answered.

    Attributes:
        user: Their id.
        query: The id of the callback query of their press; None for none.
        answers: The id of the ephemeral message of theirs that is answered; None for none.
        in_place: True to show them the message in place of the one whose button they pressed.
    """

    user: int
    query: str | None = None
    answers: int | None = None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """The chat, the topic and the message that a reply goes to.

    Attributes:
        chat: The id of the chat.
        thread: The id of the forum topic; None for none.
        answers: The id of the message that is answered; None for none.
        flow: The flow that it counts to, where people share the messages of a chat.
        mention: The person that a question for words is put to, where it answers no message of
            theirs; None for nobody.
        receiver: Who alone is to see it, in a group; None for everybody.
    """

    chat: int
    thread: int | None = None
    answers: int | None = None
    flow: Flow = ANYBODY
    mention: User | None = None
    receiver: Receiver | None = None


class ClassicReply(NamedTuple):
    """A reply in the form that every server knows.

    Attributes:
        rendered: The message.
        buttons: What stands below it; None for nothing.
    """

    rendered: RenderedMessage
    buttons: InlineKeyboardMarkup | ForceReply | None = None


class OutgoingReply:
    """A reply that is about to be sent, in one form or the other."""

    def __init__(
        self, make_classic: Callable[[], ClassicReply], rich: RichMessage | None = None
    ) -> None:
        """Takes the forms.

        Args:
            make_classic: Renders the classic form, which few servers still need beside the other.
            rich: The reply as a rich message; None to send the classic form at once.
        """
        self.rich = rich
        self._make_classic = make_classic
        self._classic: ClassicReply | None = None

    def classic(self) -> ClassicReply:
        """Returns the classic form, rendered once."""
        if self._classic is None:
            self._classic = self._make_classic()
        return self._classic

    @property
    def upload(self) -> Upload | None:
        """The picture or file that is sent in place of a text; a rich message has none."""
        return None if self.rich else self.classic().rendered.upload


def inline_keyboard(
    buttons: InlineKeyboardMarkup | ForceReply | None,
) -> InlineKeyboardMarkup | None:
    """Returns the buttons of a message that is edited, which can ask for no words."""
    return buttons if isinstance(buttons, InlineKeyboardMarkup) else None


def link_preview(rendered: RenderedMessage, *, wanted: bool = True) -> LinkPreviewOptions:
    """Returns the link preview of a message."""
    if not (wanted and rendered.preview):
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(
        url=rendered.preview,
        prefer_large_media=rendered.is_picture or None,
        show_above_text=rendered.is_picture or None,
    )


def with_text_instead(
    upload: Upload | None,
    send_upload: Callable[[int, Upload], Awaitable[T]],
    send_text: Callable[[int], Awaitable[T]],
) -> Callable[[int], Awaitable[T]]:
    """Returns the attempt that sends a picture or a file or, if Telegram refuses that, the text."""
    if upload is None:
        return send_text

    async def attempt(chat: int) -> T:
        try:
            return await send_upload(chat, upload)
        except (BadRequest, Forbidden) as error:
            log.warning("%s was refused in chat %d: %s", upload.name, chat, error.message)
            return await send_text(chat)

    return attempt


def reply_attempt(
    bot: Bot, rich: RichSender, reply: OutgoingReply, place: Mapping[str, Any], *, preview: bool
) -> Callable[[int], Awaitable[Message]]:
    """Returns the attempt that sends a reply to a chat, in the best form that the server takes.

    Args:
        bot: The bot.
        rich: Sends the rich form.
        reply: The reply.
        place: Parameters that say where in the chat it goes, and who sees it.
        preview: Whether links have a preview.
    """
    given = {name: value for name, value in place.items() if value is not None}

    async def send_text(chat: int) -> Message:
        if reply.rich and (sent := await rich.send(bot, chat, reply.rich, given)):
            return sent
        rendered, buttons = reply.classic()
        return await bot.send_message(
            chat,
            rendered.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=link_preview(rendered, wanted=preview),
            reply_markup=buttons,
            api_kwargs=given,
        )

    async def send_upload(chat: int, upload: Upload) -> Message:
        rendered, buttons = reply.classic()
        shown: Any = {
            "caption": rendered.caption,
            "parse_mode": ParseMode.HTML,
            "filename": upload.name,
            "reply_markup": buttons,
            "api_kwargs": given,
        }
        if isinstance(upload, Picture):
            return await bot.send_photo(chat, upload.content, **shown)
        return await bot.send_document(chat, upload.content, **shown)

    return with_text_instead(reply.upload, send_upload, send_text)


def input_media(upload: Upload, caption: str) -> InputMediaPhoto | InputMediaDocument:
    """Returns a picture or a file as it takes the place of what a message shows."""
    media = InputMediaPhoto if isinstance(upload, Picture) else InputMediaDocument
    return media(upload.content, caption, ParseMode.HTML, filename=upload.name)
