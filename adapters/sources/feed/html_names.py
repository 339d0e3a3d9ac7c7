"""Names of HTML's elements, and what tells a text for HTML."""

from __future__ import annotations

import re
from html.entities import html5

# Tags by which a title, which may be text or HTML, is known for HTML.
_IN_TITLES = frozenset(
    "a abbr acronym address article aside b big blockquote br center cite code dd del dfn div dl "
    "dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe "
    "img input ins kbd li main mark noscript object ol p picture pre q s samp script section small "
    "source span strike strong style sub sup svg table tbody td tfoot th thead time tr tt u ul var "
    "video wbr".split()
)
HTML_NAMES = _IN_TITLES | frozenset(
    "applet area audio base basefont bdi bdo bgsound blink body button canvas caption col colgroup "
    "data datalist details dialog dir frame frameset head hgroup html keygen label legend link "
    "listing map marquee math menu menuitem meta meter nav nobr noembed noframes optgroup option "
    "output param plaintext progress rb rp rt rtc ruby select slot spacer summary template "
    "textarea title track xmp".split()
)
"""All elements of HTML in small letters, those of old versions, too."""

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# A tag with a value, though it may be cut short; a comment or declaration; what Word leaves behind.
_MARKUP = re.compile(
    r"</?(?P<name>[a-zA-Z][a-zA-Z0-9]*+)(?P<rest>[\s/][^<>]*+)?(?:>|\Z)"
    r"|<!--|<!\[(?:CDATA\[|if|endif)|<!doctype\s|<\?xml\b|</?(?:o|v|w|m|st1):[a-z]",
    re.IGNORECASE,
)
_CUSTOM = re.compile(r"</([a-z][a-z0-9]*-[a-z0-9-]*)>", re.IGNORECASE)
_BARE_ATTRIBUTES = frozenset(
    "allowfullscreen async autofocus autoplay checked compact controls default defer disabled "
    "download hidden inert ismap itemscope loop multiple muted nomodule noshade novalidate nowrap "
    "open playsinline readonly required reversed selected".split()
)


def has_entity(text: str) -> bool:
    """Returns True for a text with an entity, named or numeric."""
    return "&" in text and _ENTITY.search(text) is not None


def has_markup(text: str) -> bool:
    """Returns True for a text with any tag of HTML's in it: one is enough.

    Signs such as those of `a<b and c>d` are no tag: they would be one with attributes that HTML
    does not know.
    """
    if any(map(_is_markup, _MARKUP.finditer(text))):
        return True
    return any(f"<{name}" in text for name in set(_CUSTOM.findall(text)))


def is_html_title(text: str) -> bool:
    """Returns True for a text with a tag that is closed, and no tag but HTML's own.

    Titles such as `Using the <b> tag` are shown as they are.
    """
    tags = [found[1].lower() for found in _TAG.finditer(text)]
    if not all(tag in _IN_TITLES for tag in tags):
        return False
    return "</" in text or any(tag in {"br", "img", "hr"} for tag in tags) or _has_html5(text)


def are_attributes(text: str) -> bool:
    """Returns True for what may stand behind the name of a tag; False for words of a sentence."""
    return "=" in text or all(word in _BARE_ATTRIBUTES for word in text.lower().strip(" /").split())


def _is_markup(found: re.Match[str]) -> bool:
    name, rest = found["name"], found["rest"] or ""
    if name is None:
        return True
    if name.lower() not in HTML_NAMES:
        return False
    return are_attributes(rest) if found[0].endswith(">") else "=" in rest  # cut short


def _has_html5(text: str) -> bool:
    return any(found[0][1] == "#" or found[0][1:] in html5 for found in _ENTITY.finditer(text))
