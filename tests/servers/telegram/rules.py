"""The Bot API's prose rules: limits and forms that its description does not have."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import parse_qs, urlsplit

from servers.telegram.calls import Arguments, Json, RefusedError, Upload
from servers.telegram.entities import Entity, ParsedText, caption_text, message_text, utf16_units
from servers.telegram.rich import check_rich

_ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document"
    " choose_sticker find_location record_video_note upload_video_note".split()
)
_BUTTON_LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})
_STYLES = frozenset({"", "danger", "success", "primary"})
_WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
_DEEP_LINKS = frozenset({"start", "startgroup", "startchannel", "startapp"})
_PNG = b"\x89PNG\r\n\x1a\n"
_MAX_PHOTO, _MAX_SIDES, _MAX_RATIO = 10 << 20, 10_000, 20  # bytes; pixels of width and height
_MAX_DOCUMENT = 50 << 20  # bytes
_MEDIA_OF_RESULTS = ("url", "thumbnail_url", "photo_url", "gif_url", "mpeg4_url", "video_url")


def require(holds: object, reason: str) -> None:
    """Refuses the call unless a condition holds."""
    if not holds:
        raise RefusedError(reason)


def text_of(args: Arguments) -> ParsedText:
    """Parses the text of a message."""
    return message_text(args.text("text"), args.text("parse_mode"), args.rows("entities"))


def caption_of(args: Arguments) -> ParsedText:
    """Parses the caption of a photo."""
    given = args.rows("caption_entities")
    return caption_text(args.text("caption"), args.text("parse_mode"), given)


def content_of(content: Json) -> ParsedText:
    """Parses the text of a message that an inline result becomes."""
    text, mode = content.get("message_text", ""), content.get("parse_mode", "")
    return message_text(text, mode, content.get("entities", ()))


def check_rules(method: str, args: Arguments) -> None:
    """Checks a call against the rules of its method.

    Raises:
        RefusedError: It violates one.
    """
    for rule in _RULES.get(method, ()):
        rule(args)


def _text(args: Arguments) -> None:
    _links(text_of(args).entities)
    _preview(args.data("link_preview_options") or {})


def _rich(args: Arguments) -> None:
    rich = args.data("rich_message")
    require(isinstance(rich, dict), "rich_message must be an object")
    check_rich(rich)


def _edited_text(args: Arguments) -> None:
    if "rich_message" in args:
        require("text" not in args, "text and rich_message must not be given both")
        _rich(args)
    else:
        _text(args)


def _caption(args: Arguments) -> None:
    _links(caption_of(args).entities)


def _preview(options: Json) -> None:
    if "url" in options:
        _url(options["url"], "link preview URL", ("http", "https"))


def _picture(upload: Upload) -> None:
    """Checks an uploaded photo (https://core.telegram.org/bots/api#sendphoto)."""
    require(len(upload.content) <= _MAX_PHOTO, "file is too big for a photo")
    if upload.content.startswith(_PNG):
        width, height = struct.unpack_from(">LL", upload.content, 16)
        require(width + height <= _MAX_SIDES, "PHOTO_INVALID_DIMENSIONS")
        require(max(width, height) <= _MAX_RATIO * min(width, height), "PHOTO_INVALID_DIMENSIONS")
    require(
        upload.content.startswith(_PNG) or not upload.name.endswith(".png"), "IMAGE_PROCESS_FAILED"
    )


def _media(args: Arguments) -> None:
    media = args.data("media") or {}
    if media["type"] == "document":
        _document(Arguments({**args.values, "document": media["media"]}))
    else:
        _photo(Arguments({**args.values, "photo": media["media"]}))
    given = Arguments({**args.values, **media})
    _links(caption_of(given).entities)


def _photo(args: Arguments) -> None:
    if upload := args.upload("photo"):
        _picture(upload)
    photo = args.text("photo") if isinstance(args.values.get("photo"), str) else ""
    if photo.startswith("attach://"):
        require(args.upload("photo"), f"there is no file {photo}")
    elif "://" in photo:
        _url(photo, "photo URL", ("http", "https"))


def _document(args: Arguments) -> None:
    if upload := args.upload("document"):
        require(len(upload.content) <= _MAX_DOCUMENT, "file is too big")


def _links(entities: Iterable[Entity]) -> None:
    for entity in entities:
        if entity.type == "text_link":
            _url(entity.url, "link")


def _url(url: str, what: str, schemes: Sequence[str] = ("http", "https", "tg")) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RefusedError(f"{what} '{url}' is invalid") from None
    require(parts.scheme in schemes and parts.netloc, f"{what} '{url}' is invalid")
    require(not re.search(r"\s", url), f"{what} '{url}' is invalid: it has a blank")
    if parts.netloc in {"t.me", "telegram.me"}:
        for name in _DEEP_LINKS & parse_qs(parts.query, keep_blank_values=True).keys():
            _start_parameter(parse_qs(parts.query, keep_blank_values=True)[name][0])


def _start_parameter(parameter: str) -> None:
    require(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", parameter), f"START_PARAM_INVALID: {parameter!r}")


def _markup(args: Arguments) -> None:
    markup = args.data("reply_markup") or {}
    check_keyboard(markup)
    if "input_field_placeholder" in markup:
        length = utf16_units(markup["input_field_placeholder"])
        require(1 <= length <= 64, f"input field placeholder has {length} characters")


def _inline_markup(args: Arguments) -> None:
    markup = args.data("reply_markup") or {}
    require(not markup or "inline_keyboard" in markup, "inline keyboard expected")
    check_keyboard(markup)


def check_keyboard(markup: Json) -> None:
    """Checks an inline keyboard."""
    rows = markup.get("inline_keyboard", [])
    require(sum(map(len, rows)) <= 100, "reply markup is too long")
    for row in rows:
        require(len(row) <= 8, "reply markup has a row of more than 8 buttons")
        for button in row:
            _button(button)


def _button(button: Json) -> None:
    require(button.get("text", "").strip(), "inline keyboard button text must be non-empty")
    actions = sorted(button.keys() - _BUTTON_LOOKS)
    require(len(actions) == 1, f"a button must have exactly one action, not {actions}")
    require(button.get("style", "") in _STYLES, "invalid button style specified")
    if "callback_data" in button:
        size = len(button["callback_data"].encode())
        require(1 <= size <= 64, f"BUTTON_DATA_INVALID: {size} bytes")
    if "url" in button:
        _url(button["url"], "inline keyboard button URL")


def _answer(args: Arguments) -> None:
    require(
        utf16_units(args.text("text")) <= 200, "MESSAGE_TOO_LONG: the answer to a callback query"
    )
    if "url" in args:
        _url(args.text("url"), "URL")


def _results(args: Arguments) -> None:
    results = args.rows("results")
    require(len(results) <= 50, f"RESULTS_TOO_MUCH: {len(results)}")
    require(len(args.text("next_offset").encode()) <= 64, "NEXT_OFFSET_INVALID")
    ids = [str(result.get("id", "")) for result in results]
    require(len(set(ids)) == len(ids), "RESULT_ID_DUPLICATE")
    for result in results:
        _result(result)
    if button := args.data("button"):
        require(len(button.keys() - {"text"}) == 1, "an inline results button needs one action")
        _start_parameter(button.get("start_parameter", "x"))


def _result(result: Json) -> None:
    require(1 <= len(result["id"].encode()) <= 64, f"RESULT_ID_INVALID: {result['id']!r}")
    check_keyboard(result.get("reply_markup", {}))
    for name in _MEDIA_OF_RESULTS:
        if name in result:
            _url(result[name], name, ("http", "https"))
    if result["type"] == "article":
        require(result.get("title", "").strip(), "ARTICLE_TITLE_EMPTY")
    if "rich_message" in (content := result.get("input_message_content", {})):
        check_rich(content["rich_message"])
    elif "message_text" in content:
        _links(content_of(content).entities)
        _preview(content.get("link_preview_options", {}))
    caption_text(result.get("caption", ""), result.get("parse_mode", ""))


def _commands(args: Arguments) -> None:
    commands = args.rows("commands")
    require(len(commands) <= 100, "BOT_COMMANDS_TOO_MUCH")
    names = [str(one.get("command", "")) for one in commands]
    require(len(set(names)) == len(names), "a bot command is there twice")
    for name, one in zip(names, commands, strict=True):
        require(re.fullmatch(r"[a-z0-9_]{1,32}", name), f"BOT_COMMAND_INVALID: {name!r}")
        length = utf16_units(one.get("description", ""))
        require(1 <= length <= 256, f"BOT_COMMAND_DESCRIPTION_INVALID: {name} has {length}")


def _language(args: Arguments) -> None:
    code = args.text("language_code")
    require(not code or re.fullmatch(r"[a-z]{2}", code), "invalid language code specified")


def _at_most(name: str, limit: int) -> Callable[[Arguments], None]:
    def rule(args: Arguments) -> None:
        require(utf16_units(args.text(name)) <= limit, f"{name} is longer than {limit}")

    return rule


def _action(args: Arguments) -> None:
    require(args.text("action") in _ACTIONS, "wrong parameter action in request")


def _webhook(args: Arguments) -> None:
    if not (url := args.text("url")):
        return
    parts = urlsplit(url)
    require(parts.scheme == "https", "bad webhook: An HTTPS URL must be provided for webhook")
    ports = ", ".join(map(str, sorted(_WEBHOOK_PORTS)))
    require((parts.port or 443) in _WEBHOOK_PORTS, f"bad webhook: only ports {ports} are open")
    require(1 <= args.number("max_connections", 40) <= 100, "max_connections must be 1 to 100")
    secret = args.text("secret_token")
    allowed = not secret or re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret)
    require(allowed, "secret token contains unallowed characters")


def _polling(args: Arguments) -> None:
    require(1 <= args.number("limit", 100) <= 100, "limit must be 1 to 100")
    require(0 <= args.number("timeout") <= 50, "timeout must be at most 50 seconds")


_RULES: dict[str, tuple[Callable[[Arguments], None], ...]] = {
    "sendMessage": (_text, _markup),
    "sendRichMessage": (_rich, _markup),
    "sendPhoto": (_photo, _caption, _markup),
    "sendDocument": (_document, _caption, _markup),
    "editMessageText": (_edited_text, _inline_markup),
    "editEphemeralMessageText": (_edited_text, _inline_markup),
    "editEphemeralMessageMedia": (_media, _inline_markup),
    "editMessageCaption": (_caption, _inline_markup),
    "editMessageMedia": (_media, _inline_markup),
    "editMessageReplyMarkup": (_inline_markup,),
    "answerCallbackQuery": (_answer,),
    "answerInlineQuery": (_results,),
    "setMyCommands": (_commands, _language),
    "deleteMyCommands": (_language,),
    "getMyCommands": (_language,),
    "setMyDescription": (_at_most("description", 512), _language),
    "setMyShortDescription": (_at_most("short_description", 120), _language),
    "sendChatAction": (_action,),
    "setWebhook": (_webhook,),
    "getUpdates": (_polling,),
}
