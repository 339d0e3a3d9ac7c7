"""Methods that send, edit and delete messages, and answer queries."""

from __future__ import annotations

import time
from typing import Any

from servers.telegram.calls import ApiError, Arguments, Json, UnmodelledError, Upload
from servers.telegram.chats import Chat, Message
from servers.telegram.entities import ParsedText
from servers.telegram.ephemeral import delete_ephemeral, ephemeral_message, receiver_of
from servers.telegram.members import Member, User
from servers.telegram.rich import reading
from servers.telegram.rules import caption_of, content_of, require, text_of
from servers.telegram.world import PendingQuery, World

_SEND_PARAMS = (
    "chat_id message_thread_id disable_notification protect_content reply_parameters"
    " ephemeral_message_parameters"
)
_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)
_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"

_DELETABLE = 48 * 3_600  # seconds
_MAX_DOWNLOAD = 20 << 20  # bytes; https://core.telegram.org/bots/api#getfile


def send_message(world: World, args: Arguments) -> Json:
    return _send(world, args, text_of(args))


def send_photo(world: World, args: Arguments) -> Json:
    _check_photos_allowed(world, world.chat(args.text("chat_id")))
    return _send(world, args, caption_of(args), photo=_photo(world, args))


def send_document(world: World, args: Arguments) -> Json:
    _check_documents_allowed(world, world.chat(args.text("chat_id")))
    return _send(world, args, caption_of(args), document=_document(args))


def get_file(world: World, args: Arguments) -> Json:
    found = world.document(args.text("file_id"))
    if found is None:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if found.file["file_size"] > _MAX_DOWNLOAD:
        raise ApiError(400, "Bad Request: file is too big")
    return {**found.file, "file_path": f"documents/{found.document_id}"}


def _check_documents_allowed(world: World, chat: Chat) -> None:
    if chat.no_documents and not chat.member(world.bot).is_admin:
        raise ApiError(400, "Bad Request: not enough rights to send documents to the chat")


def _document(args: Arguments) -> Upload:
    given = args.upload("document")
    if given is None:
        raise UnmodelledError("a document that is no uploaded file")
    require(given.content, "file must be non-empty")
    return given


def send_rich(world: World, args: Arguments) -> Json:
    rich = args.data("rich_message")
    return _send(world, args, ParsedText(reading(rich)), rich=rich)


def _check_photos_allowed(world: World, chat: Chat) -> None:
    if chat.no_photos and not chat.member(world.bot).is_admin:
        raise ApiError(400, "Bad Request: not enough rights to send photos to the chat")


def _photo(world: World, args: Arguments) -> str | Upload:
    given = args.upload("photo") or args.text("photo")
    if isinstance(given, str) and "://" not in given:
        sent = (one for chat in world.chats.values() for one in chat.messages.values() if one.photo)
        wrong = "wrong file identifier/HTTP URL specified"
        require(given in {message.photo_id for message in sent}, wrong)
    return given


def _send(world: World, args: Arguments, formatted: ParsedText, **more: Any) -> Json:
    chat = world.chat(args.text("chat_id"))
    thread, reply_to = args.number("message_thread_id") or None, _reply_to(world, chat, args)
    world.check_writable(chat, thread)
    markup = args.data("reply_markup")
    receiver = receiver_of(world, chat, args)
    _record_reach(world, formatted, args)
    add = world.add_message
    if receiver:
        add, more = world.add_ephemeral, {**more, **_for_one(world, receiver, args)}
    who = {"sender_chat": chat} if chat.kind == "channel" else {"sender": world.bot}
    message = add(
        chat,
        text=formatted.text,
        entities=world.known_entities(formatted),
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
    return world.record_sent(message).json(world.users)


def _for_one(world: World, receiver: User, args: Arguments) -> Json:
    """Returns the fields of what one person alone sees."""
    given = args.data("ephemeral_message_parameters")
    query = world.callbacks.get(str(given.get("callback_query_id", "")))
    is_in_place = query and given.get("replace_callback_query_message")
    return {"receiver": receiver, "replaces": query.message if query and is_in_place else None}


def _record_reach(world: World, formatted: ParsedText, args: Arguments) -> None:
    """Records the links and mentions in what is sent or edited."""
    if rich := args.data("rich_message"):
        world.record_rich_reach(rich)
        formatted = ParsedText("")
    world.record_reach(formatted, args.data("reply_markup"))


def _reply_to(world: World, chat: Chat, args: Arguments) -> Message | None:
    answer = args.data("reply_parameters")
    if not answer:
        return None
    if "ephemeral_message_id" in answer:
        asked = chat.ephemeral.get(answer["ephemeral_message_id"])
        if asked is None or asked.deleted:
            raise ApiError(400, "Bad Request: message to be replied not found")
        return asked
    there = world.chat(answer["chat_id"]) if "chat_id" in answer else chat
    try:
        return world.message(there, answer["message_id"], "message to be replied")
    except ApiError:
        if answer.get("allow_sending_without_reply"):
            return None
        raise


def edit_text(world: World, args: Arguments) -> Json | bool:
    message = _find_editable(world, args)
    if message.photo or message.document:
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    rich = args.data("rich_message")
    formatted = ParsedText(reading(rich)) if rich else text_of(args)
    return _edit(world, message, args, formatted, rich)


def edit_caption(world: World, args: Arguments) -> Json | bool:
    message = _find_editable(world, args)
    if not (message.photo or message.document):
        raise ApiError(400, "Bad Request: there is no caption in the message to edit")
    return _edit(world, message, args, caption_of(args))


def edit_media(world: World, args: Arguments) -> Json | bool:
    """Puts a photo or a file in the place of a text or of another photo or file."""
    message = _find_editable(world, args)
    media = args.data("media")
    if media["type"] == "document":
        given = Arguments({**args.values, **media, "document": media["media"]})
        _check_documents_allowed(world, message.chat)
        message.photo, message.document = None, _document(given)
        return _edit(world, message, given, caption_of(given))
    given = Arguments({**args.values, **media, "photo": media["media"]})
    require(media["type"] == "photo", "only photos and documents are modelled")
    _check_photos_allowed(world, message.chat)
    photo = _photo(world, given)
    require(not message.inline_id or isinstance(photo, str), "inline messages take no new file")
    message.photo, message.document = photo, None
    return _edit(world, message, given, caption_of(given))


def edit_markup(world: World, args: Arguments) -> Json | bool:
    message = _find_editable(world, args)
    return _edit(world, message, args, message.formatted, message.rich)


def _find_editable(world: World, args: Arguments) -> Message:
    if "ephemeral_message_id" in args:
        return ephemeral_message(world, args)
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


def _edit(
    world: World,
    message: Message,
    args: Arguments,
    formatted: ParsedText,
    rich: Json | None = None,
) -> Json | bool:
    # Without a keyboard in the call, that of the message goes.
    markup = args.data("reply_markup")
    now = (formatted.text, world.known_entities(formatted), markup or None, rich)
    was = (message.text, message.entities, message.markup or None, message.rich)
    if "media" not in args and now == was:
        raise ApiError(400, _NOT_MODIFIED)
    if not message.inline_id:
        world.count_message(message.chat)
    _record_reach(world, formatted, args)
    message.text, message.entities, message.markup, message.rich = now
    if raw := args.text("text") or args.text("caption"):
        message.raw, message.parse_mode = raw, args.text("parse_mode")
    if "text" in args:
        message.link_preview_options = args.data("link_preview_options")
    message.edits += 1
    world.changed.wake()
    is_told = message.inline_id == "" and not message.ephemeral
    return message.json(world.users) if is_told else True


def _may_delete(me: Member, message: Message) -> bool:
    """Tells if the bot may delete a message (https://core.telegram.org/bots/api#deletemessage)."""
    match message.chat.kind:
        case "private":
            return True
        case "group":
            return message.by_bot or me.is_admin
        case "channel":
            return me.is_admin and (me.deletes or (message.by_bot and me.writes))
    return message.by_bot or (me.is_admin and me.deletes)


def delete(world: World, args: Arguments) -> bool:
    chat = world.chat(args.text("chat_id"))
    message = world.message(chat, args.number("message_id"), "message to delete")
    is_old = time.time() - message.date > _DELETABLE
    if is_old or not _may_delete(chat.member(world.bot), message):
        raise ApiError(400, "Bad Request: message can't be deleted")
    message.deleted = True
    world.changed.wake()
    return True


def answer_callback(world: World, args: Arguments) -> bool:
    answer = {"text": args.text("text"), "alert": args.flag("show_alert"), "url": args.text("url")}
    return _answer_query(world, world.callbacks.get(args.text("callback_query_id")), answer)


def answer_inline(world: World, args: Arguments) -> bool:
    results = args.rows("results")
    answer = {
        "results": results,
        "next_offset": args.text("next_offset"),
        "cache_time": args.number("cache_time", 300),
        "personal": args.flag("is_personal"),
        "button": args.data("button"),
    }
    query = world.inline.get(args.text("inline_query_id"))
    was_answered = _answer_query(world, query, answer)
    for content in (one.get("input_message_content", {}) for one in results):
        if "rich_message" in content:
            world.record_rich_reach(content["rich_message"])
        elif "message_text" in content:
            world.record_reach(content_of(content), None)
    for result in results:
        world.record_reach(ParsedText(""), result.get("reply_markup"))
        world.links += [result["url"]] if result.get("url") else []
    return was_answered


def _answer_query(world: World, query: PendingQuery | None, answer: Json) -> bool:
    if query is None or query.expired or query.answer is not None:
        raise ApiError(400, _TOO_OLD)
    query.answer = answer
    world.changed.wake()
    return True


def chat_action(world: World, args: Arguments) -> bool:
    chat = world.chat(args.text("chat_id"))
    thread = args.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise ApiError(400, "Bad Request: message thread not found")
    if (thread or 0) in chat.closed and not chat.member(world.bot).is_admin:
        raise ApiError(400, "Bad Request: TOPIC_CLOSED")
    return True


_EPHEMERAL_PARAMS = "chat_id receiver_user_id ephemeral_message_id reply_markup"
_EDIT_PARAMS = "chat_id message_id inline_message_id reply_markup"
METHODS = {
    "sendMessage": (
        send_message,
        f"{_SEND_PARAMS} text parse_mode entities link_preview_options reply_markup",
    ),
    "sendRichMessage": (send_rich, f"{_SEND_PARAMS} rich_message reply_markup"),
    "sendPhoto": (
        send_photo,
        f"{_SEND_PARAMS} photo caption parse_mode caption_entities reply_markup",
    ),
    "sendDocument": (
        send_document,
        f"{_SEND_PARAMS} document caption parse_mode caption_entities reply_markup",
    ),
    "getFile": (get_file, "file_id"),
    "editMessageText": (
        edit_text,
        f"{_EDIT_PARAMS} text parse_mode entities link_preview_options rich_message",
    ),
    "editMessageCaption": (edit_caption, f"{_EDIT_PARAMS} caption parse_mode caption_entities"),
    "editMessageMedia": (edit_media, f"{_EDIT_PARAMS} media"),
    "editMessageReplyMarkup": (edit_markup, _EDIT_PARAMS),
    "editEphemeralMessageText": (
        edit_text,
        f"{_EPHEMERAL_PARAMS} text parse_mode entities link_preview_options rich_message",
    ),
    "editEphemeralMessageMedia": (edit_media, f"{_EPHEMERAL_PARAMS} media"),
    "deleteEphemeralMessage": (delete_ephemeral, "chat_id receiver_user_id ephemeral_message_id"),
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
"""Each method, with the parameters that it models."""
