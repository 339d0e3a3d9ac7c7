"""The cache of answers: each is made once for each state of the store."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b

from adapters.web.content import Content

_MOST_BYTES = 24 << 20
_FRESH = 60.0  # seconds; what no revision tells is seen then, such as summaries made anew


@dataclass(slots=True)
class CachedResponse:
    """An answer that was made.

    Attributes:
        content: The answer.
        etag: What its bytes are told by.
        mark: What it is told from another answer by, whatever its bytes.
        modified: When it was first seen to be like this.
        revision: The store's state that it shows.
        made: The monotonic second in which it was made.
        packed: Its body by the encodings that were asked for so far.
        is_dated: False where another one has been sent with the same date, or soon will be: who
            knows the date alone need not have this one.
    """

    content: Content
    etag: str
    mark: str
    modified: datetime
    revision: str
    made: float
    packed: dict[str, bytes] = field(default_factory=dict)
    is_dated: bool = True

    @property
    def size(self) -> int:
        """Its bytes in memory, roughly."""
        return 1_024 + len(self.content.body) + sum(map(len, self.packed.values()))


def as_cached(
    content: Content, now: datetime, revision: str = "", made: float = 0
) -> CachedResponse:
    """Returns an answer with what its bytes are told by."""
    etag = _digest(content.body)
    mark = _digest(content.identity) if content.identity else etag
    modified = now.replace(microsecond=0)
    return CachedResponse(content, etag, mark, modified, revision, made, is_dated=content.is_kept)


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=12).hexdigest()


def _following(before: CachedResponse, made: CachedResponse) -> CachedResponse:
    """Returns what was made in place of another answer: that one again where it is the same.

    A date has seconds: of two answers within one, the second has none, until it is made anew.
    """
    is_later = made.modified > before.modified
    if before.mark != made.mark:
        return replace(made, is_dated=is_later)
    same = replace(before, revision=made.revision, made=made.made)
    return same if before.is_dated else replace(same, modified=made.modified, is_dated=is_later)


class ResponseCache:
    """Keeps answers by what they depend on; those that were not asked for longest go first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._kept: OrderedDict[tuple[str, ...], CachedResponse] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0

    def get(self, key: tuple[str, ...], revision: str, now: float) -> CachedResponse | None:
        """Returns an answer that shows a state of the store; None for none."""
        kept = self._kept.get(key)
        if kept is None or kept.revision != revision or now - kept.made > _FRESH:
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: tuple[str, ...], made: CachedResponse) -> CachedResponse:
        """Keeps an answer; returns it, or the one before it where that is the same."""
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= before.size
            made = _following(before, made)
        self._kept[key] = made
        self._bytes += made.size
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size
        return made

    def note_packed(self, kept: CachedResponse, encoding: str, body: bytes) -> None:
        """Keeps the body of an answer in an encoding."""
        kept.packed[encoding] = body
        if any(kept is one for one in self._kept.values()):
            self._bytes += len(body)
