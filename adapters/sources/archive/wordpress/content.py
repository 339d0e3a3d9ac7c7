"""Turns the content of a WordPress post into HTML, as WordPress does before it shows it.

In the editor of old, blank lines part paragraphs (`wpautop`); the editor of today marks its blocks
with comments; either may hold shortcodes, which plugins replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_PRE = re.compile(r"<(?P<end>/)?pre(?=[\s>])", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[(?P<end>/)?(?P<name>[A-Za-z][\w-]{0,40})(?P<rest>(?:[ =\t\n][^\[\]<>]{0,500})?)/?\]"
)
_WITH_VALUE = re.compile(r"[\w-]\s{0,9}=")
_PAGE_BUILDERS = ("et_pb_", "vc_", "fusion_", "su_", "av_", "elementor", "nectar_", "mk_")
_KNOWN = frozenset(
    "gallery caption wp_caption embed audio video playlist code sourcecode youtube vimeo tweet "
    "contact-form contact-form-7 googlemaps instagram soundcloud spotify polldaddy poll toc more "
    "wpforms ninja_form gravityform sharethis jetpack_subscription_form recent_posts "
    "archives".split()
)
# What stands inside these is no text: an address, or what describes a picture.
_WITH_ADDRESS = frozenset({"embed", "youtube", "vimeo", "tweet", "audio", "video", "playlist"})
_CAPTIONS = frozenset({"caption", "wp_caption"})
_IMAGE = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)


def content_html(content: str) -> str:
    """Returns the HTML of a post's content, without shortcodes."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    if "[" in text:
        text = _strip_shortcodes(text)
    if "\n" not in text:
        return text
    return "".join(_parted(text))


def _parted(text: str) -> Iterator[str]:
    """Yields the text with paragraphs parted, but for what is preformatted."""
    at = 0
    is_preformatted = False
    for tag in _PRE.finditer(text):
        if bool(tag["end"]) == is_preformatted:
            part = text[at : tag.start()]
            yield part if is_preformatted else _BLANK_LINES.sub("<br><br>", part)
            at, is_preformatted = tag.start(), not is_preformatted
    yield _BLANK_LINES.sub("<br><br>", text[at:])


def _strip_shortcodes(text: str) -> str:
    """Removes shortcodes, and with some of them what they enclose; `[sic]` and `[1]` stay."""
    closed = {found["name"]: found.start() for found in _SHORTCODE.finditer(text) if found["end"]}
    kept: list[str] = []
    at = 0
    enclosing = ""
    for found in _SHORTCODE.finditer(text):
        name = found["name"]
        if enclosing:
            if found["end"] and name == enclosing:
                kept.extend(_IMAGE.findall(text[at : found.start()]))
                at, enclosing = found.end(), ""
            continue
        if not _is_shortcode(found, closed):
            continue
        kept.append(text[at : found.start()])
        at = found.end()
        if name in _WITH_ADDRESS | _CAPTIONS and closed.get(name, 0) >= at:
            enclosing = name
    kept.append(text[at:])
    return "".join(kept)


def _is_shortcode(found: re.Match[str], closed: Mapping[str, int]) -> bool:
    name = found["name"]
    return (
        name in closed
        or name.lower() in _KNOWN
        or name.startswith(_PAGE_BUILDERS)
        or _WITH_VALUE.search(found["rest"]) is not None
    )
