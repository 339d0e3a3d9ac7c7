"""The names in a story, counted, and the variants of each joined."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.ingest.topics.capitals import capital_runs, is_acronym
from bot.ingest.topics.word_sets import COUNTRIES, english_words
from bot.model import Story
from bot.text.name_keys import name_key

_SMALL = frozenset("of the and for de on".split())
_SHORT = 4  # letters of what may be an abbreviation
_SHORTEST_COUNTRY = 3  # letters of a country in a table of matches
_BRACKETED = re.compile(r"\(([A-Z][A-Za-z]{1,5})\)")
_BEFORE, _MOST_WORDS = 100, 8  # signs and words before an abbreviation in which its meaning stands


@dataclass(slots=True)
class Mentions:
    """The mentions of a name in a story.

    Attributes:
        key: The name's key.
        count: How often.
        certain: How often where not just anything is capitalised.
        in_title: True when the headline has it.
        in_lead: True when the first paragraph has it.
        forms: As it is written, and how often.
        short: The keys of shorter names for it.
        words: The words of the key.
    """

    key: str
    count: int = 0
    certain: int = 0
    in_title: bool = False
    in_lead: bool = False
    forms: Counter[str] = field(default_factory=Counter)
    short: set[str] = field(default_factory=set)
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.key.split(" ")

    def count_in(self, form: str, text: int, *, is_certain: bool) -> None:
        """Counts a mention in a text, of which the headline is number 0."""
        self.count += 1
        self.certain += is_certain
        self.in_title |= not text
        self.in_lead |= text == 1
        self.forms[form] += 1

    def add(self, other: Mentions) -> None:
        """Takes in the mentions by another name, which means this one."""
        self.count += other.count
        self.certain += other.certain
        self.in_title |= other.in_title
        self.in_lead |= other.in_lead
        self.short |= {other.key, *other.short}

    @property
    def form(self) -> str:
        """The form that is written most often."""
        return max(self.forms, key=self.forms.__getitem__)


def name_mentions(story: Story, texts: Iterable[str], *, english: bool) -> dict[str, Mentions]:
    """Counts the names in a story.

    Args:
        story: The story, whose own place is no name in it.
        texts: The headline, and the paragraphs.
        english: True when it is English, so that an English word is no name.
    """
    found: dict[str, Mentions] = {}
    place = name_key(story.place)
    for at, text in enumerate(texts):
        for run in capital_runs(text):
            words = run.words
            if not (english or run.is_certain) and len(words) > 1:
                words = words[1:]  # which is capitalised since it begins the sentence
            form = " ".join(words)
            key = name_key(form)
            if key and key != place and not key.isdigit():
                one = found.setdefault(key, Mentions(key))
                one.count_in(form, at, is_certain=run.is_certain or words != run.words)
    return {key: one for key, one in found.items() if _is_name(one, english=english)}


def _is_name(one: Mentions, *, english: bool) -> bool:
    """Tells if what is capitalised is a name, where it may be just the beginning of a sentence."""
    if one.certain or _is_code(one.form):
        return True
    if len(one.words) > 1:
        return one.count > 1 or not all(map(_is_word, one.words))
    return english and not _is_word(one.key) and not _is_word(one.form.lower())


def _is_word(word: str) -> bool:
    return word in english_words()


def join_variants(
    found: dict[str, Mentions], stated: Mapping[str, str] | None = None
) -> dict[str, Mentions]:
    """Joins the names of one thing: `Kono` is Taro Kono, `MOF` the Ministry of Finance.

    Args:
        found: The names.
        stated: The keys of abbreviations, with those of what the text says that they mean.
    """
    by_start, by_end, by_initials = (defaultdict[str, list[Mentions]](list) for _ in range(3))
    for one in found.values():
        by_start[one.words[0]].append(one)
        if len(one.words) > 1:
            by_end[one.words[-1]].append(one)
            for initials in _initials(one):
                by_initials[initials].append(one)
    joined = dict(found)
    for one in sorted(found.values(), key=lambda each: (len(each.words), each.key)):
        longer = [other for other in by_end[one.words[-1]] if _is_end(one, other)]
        if not one.certain:  # a headline in capitals, cut at an everyday word: `Bigg Boss`
            longer += [other for other in by_start[one.words[0]] if _is_start(one, other)]
        if _is_code(one.form):
            longer = by_initials[one.key] or _meant(one, found, stated or {})
        kept = [other for other in by_start[one.words[0]] if _is_addition(one, other)]
        into = [other for other in longer or kept if other.key in joined]
        if into:
            max(into, key=lambda other: (other.count, other.key)).add(one)
            del joined[one.key]
    return joined


def _meant(one: Mentions, found: dict[str, Mentions], stated: Mapping[str, str]) -> list[Mentions]:
    """Returns what an abbreviation means: what stands before it in brackets, or `IND` for India."""
    if one.key in stated:
        return [found[stated[one.key]]]
    if not (_SHORTEST_COUNTRY <= len(one.key) <= _SHORT and one.form.isupper()):
        return []
    longer = (other for other in found.values() if len(other.key) > len(one.key))
    return [each for each in longer if each.key in COUNTRIES and each.key.startswith(one.key)]


def stated_abbreviations(texts: Iterable[str], found: Collection[str]) -> dict[str, str]:
    """Returns the keys of abbreviations that stand behind what they mean: `Bitcoin (BTC)`."""
    stated: dict[str, str] = {}
    for text in texts:
        for match in _BRACKETED.finditer(text):
            short = name_key(match[1])
            if short not in found:
                continue
            words = text[max(0, match.start() - _BEFORE) : match.start()].split()[-_MOST_WORDS:]
            keys = (name_key(" ".join(words[at:])) for at in range(len(words)))
            meant = next((key for key in keys if key in found and _abbreviates(short, key)), "")
            if meant and meant != short:
                stated.setdefault(short, meant)
    return stated


def _abbreviates(short: str, key: str) -> bool:
    """Tells if the signs of an abbreviation stand in a name in their order, the first one first."""
    rest = iter(key)
    return short[:1] == key[:1] and len(short) < len(key) and all(sign in rest for sign in short)


def _initials(one: Mentions) -> set[str]:
    """Returns the abbreviations of a name, with and without its small words: `MOF`, `BOJ`."""
    large = (word[0] for word in one.words if word not in _SMALL)
    return {"".join(word[0] for word in one.words), "".join(large)}


def _is_end(one: Mentions, other: Mentions) -> bool:
    """Tells if a name ends another: `Kono`, `Osaka Expo`; a country ends that of a company."""
    size = len(one.words)
    if size >= len(other.words) or one.key in COUNTRIES or other.words[-size:] != one.words:
        return False
    return other.words[-size - 1] not in _SMALL


def _is_start(one: Mentions, other: Mentions) -> bool:
    """Tells if a name surely goes on behind what is one: `Bigg`, where the text has `Bigg Boss`."""
    size = len(one.words)
    if not other.certain or one.key in COUNTRIES or size >= len(other.words):
        return False
    return other.words[:size] == one.words


def _is_addition(one: Mentions, other: Mentions) -> bool:
    """Tells if a name is a more frequent one with everyday words: `NTT Law`, `BYD EV`."""
    start = len(other.words)
    if len(one.words) <= start or other.count < 2 * one.count or other.key in COUNTRIES:
        return False
    rest = one.words[start:]
    return one.words[:start] == other.words and all(
        _is_word(word) or len(word) < _SHORT for word in rest
    )


def _is_code(form: str) -> bool:
    """Tells if a name is an abbreviation, or has a number: no longer name is meant by a part."""
    return is_acronym(form) or any(map(str.isdigit, form))
