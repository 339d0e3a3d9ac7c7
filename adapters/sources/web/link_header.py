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
    for link in _LINK.finditer(", ".join(headers)[:_LONGEST]):
        if relation in _relations(link[2]):
            yield link[1].strip()


def _relations(parameters: str) -> list[str]:
    """Returns the relations of a link; a second parameter `rel` does not count (section 3.3)."""
    named = (found for found in _PARAMETER.finditer(parameters) if found[1].lower() == "rel")
    first = next(named, None)
    return (first[2] or first[3] or "").lower().split() if first else []
