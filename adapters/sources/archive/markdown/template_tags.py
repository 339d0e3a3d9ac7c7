"""Removes from a post what its site's generator would replace: Liquid, shortcodes, attributes.

Liquid is Jekyll's (https://jekyllrb.com/docs/liquid/), shortcodes are Hugo's
(https://gohugo.io/content-management/shortcodes/), lists of attributes are kramdown's.
Every pattern is bounded, so a hostile text takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_HIGHLIGHT = re.compile(r"\{%-? *(?:end)?highlight\b[^%}\n]{0,200}-?%\}")
_SHORTCODE = re.compile(
    r"\{\{(?:<[^>]{0,500}(?:>(?!\}\})[^>]{0,200}){0,4}>|"
    r"%[^%]{0,500}(?:%(?!\}\})[^%]{0,200}){0,4}%)\}\}"
)
_LIQUID = re.compile(r"\{%[^%]{0,500}(?:%(?!\})[^%]{0,200}){0,4}%\}|\{\{[^{}]{0,500}\}\}")
_TABLE_OF_CONTENTS = re.compile(
    r"^[*+\d.-]+ .{0,80}\n\{: ?:?toc[^}\n]{0,80}\}[ \t]*$", re.MULTILINE
)
_ATTRIBUTES = re.compile(r"\{::?[^}\n]{0,200}\}")
_HEADING_ID = re.compile(r"^(#{1,6} .{1,300}?)[ \t]*\{[#.][^{}\n]{0,100}\}[ \t#]*$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"(?<!`)(?P<ticks>`{1,3})(?!`)[^`]{1,500}(?P=ticks)(?!`)")
_RAW = ("{% raw %}", "{% endraw %}")


def strip_template_tags(text: str) -> str:
    """Returns a post without template tags; what stands between a pair of them stays.

    Code stays as it is, and comments go with what is in them.
    """
    text = _without(text, "{% comment %}", "{% endcomment %}")
    text = _HIGHLIGHT.sub("\n```\n", text) if "{%" in text else text
    return "".join(map_outside_code(text, _strip))


def map_outside_code(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Yields the parts of a Markdown text, code as it is and the rest changed."""
    prose: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if fence:
            yield line
            if found and found["fence"].startswith(fence) and not line[found.end() :].strip():
                fence = ""
        elif found:
            yield from _change_prose("".join(prose), change)
            prose.clear()
            fence = found["fence"]
            yield line
        else:
            prose.append(line)
    yield from _change_prose("".join(prose), change)


def _change_prose(text: str, change: Callable[[str], str]) -> Iterator[str]:
    at = 0
    for code in _INLINE_CODE.finditer(text):
        yield change(text[at : code.start()])
        yield code[0]
        at = code.end()
    yield change(text[at:])


def _strip(text: str) -> str:
    if "{" not in text:
        return text
    text = _HEADING_ID.sub(r"\1", _TABLE_OF_CONTENTS.sub("", text))
    parts = []
    while True:
        before, opening, rest = text.partition(_RAW[0])
        parts.append(_ATTRIBUTES.sub("", _LIQUID.sub("", _SHORTCODE.sub("", before))))
        raw, _, text = rest.partition(_RAW[1])
        parts.append(raw)
        if not opening:
            return "".join(parts)


def _without(text: str, opening: str, closing: str) -> str:
    """Removes what stands between two tags, with them."""
    parts = []
    while True:
        before, found, rest = text.partition(opening)
        parts.append(before)
        _, closed, after = rest.partition(closing)
        if not closed:
            return "".join((*parts, rest)) if found else "".join(parts)
        text = after
