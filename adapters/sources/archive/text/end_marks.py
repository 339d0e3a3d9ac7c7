"""Decides which lines end a story: `###`, `-30-`, `ENDS`, `* * *`, `---` and their like.

The same rule ends stories in one archive and parts of a story in another, so a mark is judged by
what follows it in the whole archive: where stories end, a title and a dateline come next.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from adapters.sources.archive.text.datelines import opens_with_dateline, read_dateline
from adapters.sources.archive.text.lines import (
    TextLine,
    clean_line,
    is_decoration,
    is_title,
    read_by,
)
from adapters.sources.archive.text.signs import DASHES

LINES_UNDER_TITLE = 2
"""Lines that may stand between a title and its dateline, unless one is a standfirst."""

_SHORT_LINE = 120  # characters; only a mark with noise behind it is longer
_LONGEST_LINE = 1_000
_LONGEST_TITLE = 200
_LOOKED_AT = 10  # lines, in which a title, a wrapped standfirst and a dateline have room
_PROOF = 2  # stories after one mark that prove another to be none
_BRACKETS = rf"[{DASHES}*(\[/ ]"


class MarkKind(Enum):
    """Kinds of marks."""

    HASHES = auto()
    HASHES_AND_NOISE = auto()
    THIRTY = auto()
    ZERO = auto()
    END = auto()
    STARS = auto()
    DASHES = auto()
    OTHER_RULE = auto()


_RULES = frozenset({MarkKind.STARS, MarkKind.DASHES, MarkKind.OTHER_RULE})
_HASHES = frozenset({MarkKind.HASHES, MarkKind.HASHES_AND_NOISE})

_PATTERNS = {
    MarkKind.HASHES: r"#{3,}(?: ?#+)*|#(?: #){2,}",
    MarkKind.HASHES_AND_NOISE: r"(?s:###.*)",
    MarkKind.THIRTY: rf"[{DASHES}]+ ?30 ?[{DASHES}]+|\( ?30 ?\)",
    MarkKind.ZERO: rf"[{DASHES}]+ ?(?:0|[oO]0[oO]|oOo) ?[{DASHES}]+",
    MarkKind.END: rf"(?i:{_BRACKETS}+(?:the )?ends?[{DASHES}*)\]/. ]*)|(?:THE )?ENDS?\.?|Ends\.?|"
    r"(?i:ends? ?[-–—/*]+)|[（(【](?:了|終|終わり|おわり|完|以上|끝)[)）】]|"
    rf"(?i:{_BRACKETS}+(?:fin|fine|fim|ende|slutt?|konec|koniec|loppu|einde|конец)"
    rf"[{DASHES}*)\]/. ]*)",
    MarkKind.STARS: r"[*＊](?: ?[*＊]){2,}|⁂",
    MarkKind.DASHES: rf"[{DASHES}](?: ?[{DASHES}]){{2,}}",
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
_FIRST_SIGNS = frozenset("#*＊⁂=_~·•+.([（【/tTeE" + DASHES)


def mark_kind(line: str) -> MarkKind | None:
    """Returns the kind of mark that a clean line is; None when it is none."""
    if line[:1] not in _FIRST_SIGNS:
        return None
    for kind, pattern in _COMPILED.items():
        if pattern.fullmatch(line):
            return kind
    is_rule = is_decoration(line) and len(line.replace(" ", "")) > 2  # noqa: PLR2004 - `--` and `..` are none
    return MarkKind.OTHER_RULE if is_rule else None


def is_rule(kind: MarkKind | None) -> bool:
    """Returns True for a kind that as often parts a story as it ends one."""
    return kind in _RULES


@dataclass(frozen=True, slots=True)
class EndMarks:
    """The kinds of marks that end stories in one archive.

    Attributes:
        always: Those that do wherever they stand.
        before_titles: Those that do where a title comes next, and else part a story.
        are_missing: True when the archive has no marks at all.
    """

    always: frozenset[MarkKind]
    before_titles: frozenset[MarkKind] = frozenset()
    are_missing: bool = False


DEFAULT_ENDS = EndMarks(frozenset(MarkKind) - _RULES)
"""The marks that end stories where nothing is known of an archive."""


@dataclass(slots=True)
class MarkEvidence:
    """Evidence about the marks of one archive.

    Attributes:
        seen: How many marks of each kind something follows.
        openings: How many of those a title and a dateline follow, or another mark.
        titles: How many something follows that looks like a title.
        marks: How many marks there are, but for rules under titles.
    """

    seen: Counter[MarkKind] = field(default_factory=Counter)
    openings: Counter[MarkKind] = field(default_factory=Counter)
    titles: Counter[MarkKind] = field(default_factory=Counter)
    marks: int = 0

    def end_marks(self, *, needs_dateline: bool) -> EndMarks:
        """Returns the kinds that end stories.

        Args:
            needs_dateline: False when stories may have none, so that a title is enough.
        """
        proven = {kind for kind in MarkKind if self._mostly(self.openings[kind], kind)}
        words = {kind for kind in MarkKind if not is_rule(kind) and self._is_end(kind, proven)}
        rules = proven & _RULES
        if not (needs_dateline or proven):
            rules = {kind for kind in _RULES if self._mostly(self.titles[kind], kind)}
        has_others = any(self.openings[kind] for kind in words)
        sure = {kind for kind in rules if not has_others and self._nearly_always(kind)}
        return EndMarks(frozenset(words | sure), frozenset(rules - sure), self.marks == 0)

    def add(self, following: _Following) -> None:
        """Counts a mark by what follows it."""
        if not following.is_underline:
            self.marks += 1
            self.seen[following.kind] += 1
            self.openings[following.kind] += following.is_opening
            self.titles[following.kind] += following.is_title

    def _is_end(self, kind: MarkKind, proven: set[MarkKind]) -> bool:
        """Returns True unless the kind plainly means something else here, and another an end."""
        if kind not in _HASHES or any(self.openings[each] for each in _HASHES):
            return True
        others = max((self.openings[other] for other in proven), default=0)
        return others < _PROOF or self.seen[kind] == 0

    def _nearly_always(self, kind: MarkKind) -> bool:
        return 0 < self.seen[kind] * 9 <= self.openings[kind] * 10

    def _mostly(self, count: int, kind: MarkKind) -> bool:
        return 0 < self.seen[kind] * 2 <= count * 3


@dataclass(slots=True)
class _Following:
    """The words behind a mark, as many as a title and a dateline may take."""

    kind: MarkKind
    under_title: bool
    lines: list[str] = field(default_factory=list)
    first_of_block: list[bool] = field(default_factory=list)
    after_gap: bool = False
    after_rule: bool = False

    def add(self, line: str) -> bool:
        """Adds a line; returns True once no more are needed."""
        if not line:
            self.after_gap = True
        elif self.after_rule and not opens_with_dateline(line):
            return True  # the rule is none under a title
        else:
            self.lines.append(line)
            self.first_of_block.append(self.after_gap)
            self.after_gap = self.after_rule = False
        return len(self.lines) >= _LOOKED_AT

    @property
    def is_underline(self) -> bool:
        """True for a rule between a title and its dateline."""
        is_under = self.under_title and is_rule(self.kind) and bool(self.lines)
        return is_under and opens_with_dateline(self.lines[0])

    @property
    def is_opening(self) -> bool:
        """True when a story begins here."""
        if not self.lines:
            return True  # another mark comes at once
        first, *others = self.lines
        if len(first) > _LONGEST_TITLE:
            return False
        if has_dateline(others) or any(map(opens_with_dateline, self._later_blocks())):
            return True
        return _is_date(first) and is_title(others[0] if others else "")

    @property
    def is_title(self) -> bool:
        """True when what follows looks like a title of its own."""
        stands_alone = len(self.lines) > 1 and (self.first_of_block[1] or read_by(self.lines[1]))
        return bool(stands_alone) and is_title(self.lines[0])

    def _later_blocks(self) -> Iterator[str]:
        pairs = zip(self.lines, self.first_of_block, strict=True)
        yield from (line for line, is_first in pairs if is_first)


def has_dateline(under_title: Sequence[str]) -> bool:
    """Returns True when a dateline stands in the first lines under a title, wrapped or not."""
    lines = under_title[: LINES_UNDER_TITLE + 1]
    wrapped = map(" ".join, pairwise(under_title[: LINES_UNDER_TITLE + 2]))
    return any(map(opens_with_dateline, lines)) or any(map(opens_with_dateline, wrapped))


def weigh_marks(lines: Iterable[TextLine]) -> MarkEvidence:
    """Reads an archive's raw lines once, and gathers what its marks are followed by."""
    evidence = MarkEvidence()
    pending: list[_Following] = []
    before = ""
    for _, raw in lines:
        if not pending and len(raw) > _SHORT_LINE and not raw.startswith("###"):
            before = raw
            continue
        line = clean_line(raw[:_LONGEST_LINE])
        kind = mark_kind(line)
        if kind is None:
            pending = [each for each in pending if not _is_complete(each, line, evidence)]
            before = line or before
        else:
            pending = [each for each in pending if not _is_cut(each, kind, evidence)]
            pending.append(_Following(kind, is_title(before)))
    for each in pending:
        if each.lines:
            evidence.add(each)
        else:
            evidence.marks += 1
    return evidence


def _is_complete(following: _Following, line: str, evidence: MarkEvidence) -> bool:
    if not following.add(line):
        return False
    evidence.add(following)
    return True


def _is_cut(following: _Following, kind: MarkKind, evidence: MarkEvidence) -> bool:
    """Returns True when the next mark ends what follows a mark; a rule may stand under a title."""
    if is_rule(kind) and len(following.lines) == 1 and not following.after_rule:
        following.after_rule = is_title(following.lines[0])
        if following.after_rule:
            return False
    evidence.add(following)
    return True


def _is_date(line: str) -> bool:
    dateline = read_dateline(line)
    return dateline is not None and not dateline.place and not dateline.rest
