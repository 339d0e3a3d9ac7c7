"""The public page of a Telegram channel, `t.me/s/name`, whose posts have no titles and no links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.sources.feed.dates import read_date
from adapters.sources.feed.html_text import clean_line
from adapters.sources.feed.model import ParsedItem
from adapters.sources.page.document import Element, PageTree
from bot.model import Paragraph

_POST = re.compile(r"[A-Za-z]\w{3,31}/[0-9]+", re.ASCII)
_BACKGROUND = re.compile(r"url\(\s*[\"']?([^\"')\s]+)")
_PICTURES = (
    "tgme_widget_message_photo_wrap", "tgme_widget_message_video_thumb",
    "tgme_widget_message_roundvideo_thumb", "link_preview_image", "link_preview_right_image",
)  # fmt: skip


def is_telegram(document: PageTree) -> bool:
    """Tells if a page is built as those of Telegram's channels."""
    return next(_messages(document), None) is not None


def channel_title(document: PageTree) -> str:
    """Returns the channel's name; empty for none."""
    metas = (meta for meta in document.root.iter("meta") if meta.get("property") == "og:title")
    return clean_line(next((meta.get("content", "") for meta in metas), ""))


def telegram_items(document: PageTree) -> Iterator[ParsedItem]:
    """Yields the posts of a channel, the newest first as feeds have them."""
    for message in reversed(list(_messages(document))):
        if "service_message" not in message.get("class", ""):
            yield _item(message, document)


def _messages(document: PageTree) -> Iterator[Element]:
    for element in document.root.iter("div"):
        if _has(element, "tgme_widget_message") and _POST.fullmatch(element.get("data-post", "")):
            yield element


def _item(message: Element, document: PageTree) -> ParsedItem:
    url = f"https://t.me/{message.get('data-post')}"
    paragraphs = tuple(map(Paragraph, _lines(message)))
    date = next(filter(None, (each.get("datetime") for each in message.iter("time"))), "")
    found = read_date(date)
    return ParsedItem(
        guid=url,
        url=url,
        summary=" ".join(each.text for each in paragraphs),
        paragraphs=paragraphs,
        published=found.moment if found else None,
        image=_picture(message, document),
        has_zone=found.has_zone if found else True,
    )


def _lines(message: Element) -> Iterator[str]:
    """Yields the lines of a post's text; that of a post which it answers is not its own."""
    texts = [each for each in message.iter("div") if _has(each, "tgme_widget_message_text")]
    own = [each for each in texts if not _has(each, "js-message_reply_text")]
    for text in own[:1]:
        yield from filter(None, map(clean_line, _in_order(text).split("\n")))


def _in_order(element: Element) -> str:
    """Returns the words of an element in their order, each line break as one."""
    parts = [element.text or ""]
    for child in element:
        parts.append("\n" if child.tag == "br" else _in_order(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _picture(message: Element, document: PageTree) -> str | None:
    for element in message.iter("a", "i", "div"):
        if any(_has(element, name) for name in _PICTURES):
            found = _BACKGROUND.search(element.get("style", ""))
            if found and (url := document.address(found[1])):
                return url
    return None


def _has(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()
