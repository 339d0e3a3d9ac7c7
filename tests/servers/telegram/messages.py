"""The methods of the Bot API that send, change and answer messages."""

from __future__ import annotations

from typing import Any

from servers.telegram.calls import ApiError, Args, Json, Upload
from servers.telegram.chats import Chat, Message
from servers.telegram.entities import Formatted
from servers.telegram.rules import caption_of, content_of, expect, text_of
from servers.telegram.world import Query, World

_SENDING = "chat_id message_thread_id disable_notification protect_content reply_parameters"
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def send_message(world: World, args: Args) -> Json:
    return _sent(world, args, text_of(args))


def send_photo(world: World, args: Args) -> Json:
    return _sent(world, args, caption_of(args), photo=_photo(world, args))


def _photo(world: World, args: Args) -> str | Upload:
    given = args.upload("photo") or args.text("photo")
    if isinstance(given, str) and "://" not in given:
        sent = (one for chat in world.chats.values() for one in chat.messages.values() if one.photo)
        wrong = "wrong file identifier/HTTP URL specified"
        expect(given in {message.photo_id for message in sent}, wrong)
    return given


def _sent(world: World, args: Args, formatted: Formatted, **more: Any) -> Json:
    chat = world.chat(args.text("chat_id"))
    thread, reply_to = args.number("message_thread_id") or None, _reply_to(world, chat, args)
    world.may_write(chat, thread)
    markup = args.data("reply_markup")
    world.noted(formatted, markup)
    who = {"sender_chat": chat} if chat.kind == "channel" else {"sender": world.bot}
    message = world.say(
        chat,
        text=formatted.text,
        entities=world.known(formatted),
        raw=args.text("text") or args.text("caption"),
        parse_mode=args.text("parse_mode"),
        markup=markup,
        link_preview_options=args.data("link_preview_options"),
        reply_to=reply_to,
        thread=thread if thread or not reply_to else reply_to.thread,
        by_bot=True,
        silent=args.flag("disable_notification"),
        **who,
        **more,
    )
    return world.accept(message).json(world.users)


def _reply_to(world: World, chat: Chat, args: Args) -> Message | None:
    told = args.data("reply_parameters")
    if not told:
        return None
    there = world.chat(told["chat_id"]) if "chat_id" in told else chat
    try:
        return world.message(there, told["message_id"], "message to be replied")
    except ApiError:
        if told.get("allow_sending_without_reply"):
            return None
        raise


def edit_text(world: World, args: Args) -> Json | bool:
    message = _to_edit(world, args)
    if message.photo:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    return _edited(world, message, args, text_of(args))


def edit_caption(world: World, args: Args) -> Json | bool:
    message = _to_edit(world, args)
    if not message.photo:
        raise ApiError(400, "Bad Request: there is no caption in the message to edit")
    return _edited(world, message, args, caption_of(args))


def edit_markup(world: World, args: Args) -> Json | bool:
    message = _to_edit(world, args)
    return _edited(world, message, args, message.formatted)


def _to_edit(world: World, args: Args) -> Message:
    if "inline_message_id" in args:
        found = world.by_inline_id.get(args.text("inline_message_id"))
        if found is None:
            raise ApiError(400, "Bad Request: MESSAGE_ID_INVALID")
        return found
    chat = world.chat(args.text("chat_id"))
    message = world.message(chat, args.number("message_id"), "message to edit")
    if not message.by_bot and chat.kind != "channel":
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


def _edited(world: World, message: Message, args: Args, formatted: Formatted) -> Json | bool:
    # Without a keyboard in the call, that of the message goes.
    markup = args.data("reply_markup")
    now = (formatted.text, world.known(formatted), markup or None)
    if now == (message.text, message.entities, message.markup or None):
        raise ApiError(400, _NOT_MODIFIED)
    world.noted(formatted, markup)
    message.text, message.entities, message.markup = now
    if raw := args.text("text") or args.text("caption"):
        message.raw, message.parse_mode = raw, args.text("parse_mode")
    if "text" in args:
        message.link_preview_options = args.data("link_preview_options")
    message.edits += 1
    world.changed.wake()
    return True if "inline_message_id" in args else message.json(world.users)


def delete(world: World, args: Args) -> bool:
    chat = world.chat(args.text("chat_id"))
    message = world.message(chat, args.number("message_id"), "message to delete")
    # In a private chat, a bot may delete what the other wrote, too.
    me = chat.member(world.bot)
    if chat.kind != "private" and not message.by_bot and not me.is_admin:
        raise ApiError(400, "Bad Request: message can't be deleted")
    message.deleted = True
    world.changed.wake()
    return True


def answer_callback(world: World, args: Args) -> bool:
    told = {"text": args.text("text"), "alert": args.flag("show_alert"), "url": args.text("url")}
    return _answered(world, world.callbacks.get(args.text("callback_query_id")), told)


def answer_inline(world: World, args: Args) -> bool:
    results = args.rows("results")
    told = {
        "results": results,
        "next_offset": args.text("next_offset"),
        "cache_time": args.number("cache_time", 300),
        "personal": args.flag("is_personal"),
        "button": args.data("button"),
    }
    query = world.inline.get(args.text("inline_query_id"))
    answered = _answered(world, query, told)
    for content in (one.get("input_message_content", {}) for one in results):
        if "message_text" in content:
            world.noted(content_of(content), None)
    for result in results:
        world.noted(Formatted(""), result.get("reply_markup"))
        world.links += [result["url"]] if result.get("url") else []
    return answered


def _answered(world: World, query: Query | None, told: Json) -> bool:
    if query is None or query.expired or query.answer is not None:
        raise ApiError(400, _TOO_OLD)
    query.answer = told
    world.changed.wake()
    return True


def chat_action(world: World, args: Args) -> bool:
    chat = world.chat(args.text("chat_id"))
    thread = args.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise ApiError(400, "Bad Request: message thread not found")
    return True


_EDITING = "chat_id message_id inline_message_id reply_markup"
METHODS = {
    "sendMessage": (
        send_message,
        f"{_SENDING} text parse_mode entities link_preview_options reply_markup",
    ),
    "sendPhoto": (
        send_photo,
        f"{_SENDING} photo caption parse_mode caption_entities reply_markup",
    ),
    "editMessageText": (edit_text, f"{_EDITING} text parse_mode entities link_preview_options"),
    "editMessageCaption": (edit_caption, f"{_EDITING} caption parse_mode caption_entities"),
    "editMessageReplyMarkup": (edit_markup, _EDITING),
    "deleteMessage": (delete, "chat_id message_id"),
    "answerCallbackQuery": (
        answer_callback,
        "callback_query_id text show_alert url cache_time",
    ),
    "answerInlineQuery": (
        answer_inline,
        "inline_query_id results cache_time is_personal next_offset button",
    ),
    "sendChatAction": (chat_action, "chat_id message_thread_id action"),
}
"""What each does, and the parameters of which it knows the meaning."""
