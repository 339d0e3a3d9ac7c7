"""Turns footnotes, which CommonMark does not know, into numbers and paragraphs at the end."""

from __future__ import annotations

import re

from adapters.sources.archive.markdown.template_tags import map_outside_code

_DEFINITION = re.compile(r" {0,3}\[\^(?P<name>[^\]\s]{1,60})\]:[ \t]*(?P<text>.*)")
_REFERENCE = re.compile(r"\[\^(?P<name>[^\]\s]{1,60})\]")


def number_footnotes(text: str) -> str:
    """Returns a Markdown text with its footnotes as `[1]`, and their texts at its end."""
    if "[^" not in text:
        return text
    body, notes = _take_definitions(text)
    order: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found["name"].casefold()
        return rf"\[{order.setdefault(name, len(order) + 1)}\]" if name in notes else found[0]

    numbered = "".join(map_outside_code(body, lambda part: _REFERENCE.sub(number, part)))
    for name in notes:
        order.setdefault(name, len(order) + 1)  # a note that nothing refers to is shown, too
    ends = [rf"\[{place}\] {notes[name]}" for name, place in order.items()]
    return "\n\n".join((numbered.rstrip("\n"), *ends)) + "\n"


def _take_definitions(text: str) -> tuple[str, dict[str, str]]:
    """Splits the definitions off, with the lines that belong to them."""
    notes: dict[str, list[str]] = {}
    body: list[str] = []
    current: list[str] | None = None
    for line in text.split("\n"):
        found = _DEFINITION.match(line)
        if found:
            current = notes.setdefault(found["name"].casefold(), [])
            current.append(found["text"])
        elif current is not None and line.strip() and (line[:1] in " \t" or _goes_on(current)):
            current.append(line.strip())
        elif current is not None and not line.strip():
            current.append("")
        else:
            current = None
            body.append(line)
    return "\n".join(body), {name: _joined(lines) for name, lines in notes.items()}


def _goes_on(lines: list[str]) -> bool:
    """Returns True when the last line of a note is no blank: the next one goes on (lazily)."""
    return bool(lines[-1])


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
