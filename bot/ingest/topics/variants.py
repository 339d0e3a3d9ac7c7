"""Variants across stories: which names are one, by their words and by what stories mean by them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.ingest.topics.model import NameCount

_AGREED = 0.7  # of the stories that say what a short name means
_SHOWN = 0.15  # of the stories with a short name alone: so many have to say what it means


def find_variants(counts: Sequence[NameCount], evidence: int) -> Mapping[str, str]:
    """Finds the names that mean others: `expo` means `osaka expo`.

    Args:
        counts: The names that stories are about.
        evidence: How many stories have to show what a name means.

    Returns:
        The keys of names, each with that of the name that it means in the end.
    """
    alone = Counter[str]()
    meant: dict[str, Counter[str]] = defaultdict(Counter)
    for one in counts:
        if one.means:
            meant[one.key][one.means] += one.stories
        else:
            alone[one.key] += one.stories
    found = {**_same_words(alone), **dict(_meant_by_stories(meant, alone, evidence))}
    return {key: follow(key, found) for key in found}


def follow(key: str, variants: Mapping[str, str]) -> str:
    """Returns the name that a name means in the end; a circle ends where it begins."""
    seen = {key}
    while (following := variants.get(key)) is not None and following not in seen:
        key = following
        seen.add(key)
    return key


def _same_words(alone: Counter[str]) -> dict[str, str]:
    """Finds names of the same words in another order, or written in one: `e-commerce`."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in alone:
        groups["".join(sorted(key.split(" ")))].append(key)
        if " " in key:
            groups[key.replace(" ", "")].append(key)
    found: dict[str, str] = {}
    for keys in groups.values():
        best = max(dict.fromkeys(keys), key=lambda one: (alone[one], one))
        found |= {key: best for key in keys if key != best and key not in found}
    return found


def _meant_by_stories(
    meant: Mapping[str, Counter[str]], alone: Counter[str], evidence: int
) -> Iterable[tuple[str, str]]:
    found = []
    for key, meanings in meant.items():
        (meaning, times), *_ = meanings.most_common(1)
        is_sure = times >= max(evidence, _AGREED * meanings.total(), _SHOWN * alone[key])
        # A longer name is one of its own where stories are about it alone.
        is_longer = len(key.split(" ")) > len(meaning.split(" ")) and alone[key] > times
        if is_sure and not is_longer and meaning in alone:
            found.append((key, meaning))
    return found
