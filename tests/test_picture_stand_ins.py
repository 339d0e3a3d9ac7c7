"""The stand-ins take pictures as the platforms do, and refuse what these refuse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scripted_renderer import png
from servers.discord.attachments import MOST_BYTES, attach, attachment_violations, check_size
from servers.discord.calls import ApiError, Call
from servers.discord.component_rules import V2
from servers.discord.world import Ids
from servers.telegram.calls import Upload
from servers.telegram.chats import Chat
from servers.telegram.server import Server, ada, chat, server
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest
from telegram_stock import bot

__all__ = ["ada", "bot", "chat", "server"]

GALLERY = [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}]
ENTRY = {"id": 0, "filename": "a.png", "description": "A picture"}


# Telegram


async def test_a_photo_takes_the_place_of_a_text_and_no_text_that_of_a_photo(
    server: Server, bot: Bot, chat: Chat
) -> None:
    sent = await bot.send_message(chat.id, "Hello")
    media = InputMediaPhoto(png(), "<b>Osaka</b>", "HTML", filename="a.png")
    await bot.edit_message_media(media, chat.id, sent.message_id)
    message = await server.next_message(chat)
    assert isinstance(message.photo, Upload)
    assert (message.photo.content, message.text, message.edits) == (png(), "Osaka", 1)
    assert message.marked("bold") == ["Osaka"]
    await bot.edit_message_media(InputMediaPhoto(png(9, 9), "Two"), chat.id, sent.message_id)
    assert (message.photo.content, message.text) == (png(9, 9), "Two")
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("Hello", chat.id, sent.message_id)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(2, 50), "PHOTO_INVALID_DIMENSIONS"),
        (png(9_999, 1_000), "PHOTO_INVALID_DIMENSIONS"),
        (png() + b"x" * (10 << 20), "file is too big for a photo"),
    ],
    ids=["no picture", "too narrow", "too large", "too many bytes"],
)
async def test_what_is_no_photo_is_refused(
    server: Server, bot: Bot, chat: Chat, content: bytes, reason: str
) -> None:
    with pytest.raises(BadRequest, match="(?i)" + reason):
        await bot.send_photo(chat.id, content, filename="a.png")
    assert server.refused.pop().method == "sendPhoto"


async def test_a_group_may_allow_no_photos(server: Server, bot: Bot) -> None:
    group = server.supergroup("Readers")
    group.no_photos = True
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to send photos"):
        await bot.send_photo(group.id, png())


# Discord


def call(body: Any, **files: bytes) -> Call:
    named = {at: (name.replace("_", "."), one) for at, (name, one) in enumerate(files.items())}
    return Call("POST", "/channels/1/messages", "", {}, {}, body, 0.0, files=named)


def shown(**more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": GALLERY, "attachments": [ENTRY], **more}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (shown(), []),
        ({"type": 4, "data": shown()}, []),
        ({"content": "x", "attachments": [ENTRY]}, []),
        ({"content": "x"}, ["file 0, a.png, is not among the attachments"]),
        (shown(attachments=[{**ENTRY, "filename": "b.png"}]), None),
        (shown(attachments=[{**ENTRY, "description": " "}]), None),
        (shown(components=[]), ["a.png is attached, but not shown"]),
        (shown(attachments=[ENTRY, {"id": 1, "filename": "b.png"}]), None),
    ],
)
def test_files_and_what_names_them_belong_together(body: Any, expected: list[str] | None) -> None:
    found = list(attachment_violations(call(body, a_png=b"x")))
    assert found == expected if expected is not None else found


def test_a_picture_that_is_shown_must_be_attached() -> None:
    found = list(attachment_violations(call(shown(attachments=[]))))
    assert found == ["a.png is shown, but not attached"]


def test_a_message_keeps_replaces_and_loses_its_files() -> None:
    first = call(shown(), a_png=b"one")
    attach(first, None, Ids())
    (kept,) = first.body["attachments"]
    assert (kept["content"], kept["description"]) == (b"one", "A picture")
    message: Any = SimpleNamespace(attachments=[kept])

    again = call({"attachments": [{"id": kept["id"]}]})
    attach(again, message, Ids())
    assert again.body["attachments"] == [kept]
    other = call(shown(), a_png=b"two")
    attach(other, message, Ids())
    assert [one["content"] for one in other.body["attachments"]] == [b"two"]
    none = call({"attachments": []})
    attach(none, message, Ids())
    assert none.body["attachments"] == []


def test_a_request_may_be_too_large() -> None:
    check_size(call({}, a_png=b"x" * MOST_BYTES))
    with pytest.raises(ApiError) as caught:
        check_size(call({}, a_png=b"x" * (MOST_BYTES + 1)))
    assert (caught.value.status, caught.value.body["code"]) == (413, 40005)
