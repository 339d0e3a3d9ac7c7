"""The Link header (RFC 8288, section 3): the links of a response, by their relations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A link is a reference in angle brackets and parameters behind it, which end at a comma.
_LINK = re.compile(r"<([^<>]*)>((?:\"(?:[^\"\\]|\\.)*\"|[^,\"])*)")
_PARAMETER = re.compile(r";\s*([^\s;,=\"]+)\s*(?:=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?")
_LONGEST = 8_190  # characters of the headers that are looked at


def linked(headers: Iterable[str], relation: str) -> Iterator[str]:
    """Yields the references of a relation as they are written, in their order.

    Args:
        headers: The Link headers of a response.
        relation: In small letters, such as `hub`.
    """
    for reference, _, _ in linked_with_types(headers, relation):
        yield reference


def linked_with_types(headers: Iterable[str], relation: str) -> Iterator[tuple[str, str, str]]:
    """Yields the references of a relation as `linked`, each with its type and its title."""
    for link in _LINK.finditer(", ".join(headers)[:_LONGEST]):
        if relation in _value(link[2], "rel").lower().split():
            yield link[1].strip(), _value(link[2], "type"), _value(link[2], "title")


def _value(parameters: str, name: str) -> str:
    """Returns a parameter's value; of two of a name the second does not count (section 3.3)."""
    named = (found for found in _PARAMETER.finditer(parameters) if found[1].lower() == name)
    first = next(named, None)
    return (first[2] or first[3] or "") if first else ""
