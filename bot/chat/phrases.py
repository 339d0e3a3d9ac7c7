"""Phrases with which people talk to the bot, in English and in the reader's language.

A catalogue brings its own phrases as the translation of each list, parted by semicolons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache

from bot.i18n import N_, Translations
from bot.text.fillers import SPOKEN, Greeting, is_greeting
from bot.text.tokenizer import is_run, whole_words


class Intent(Enum):
    """Kinds of what people mean by a line that searches for nothing."""

    HELLO = auto()
    THANKS = auto()
    GOODBYE = auto()
    NEWS = auto()
    MENU = auto()
    HELP = auto()
    STOP = auto()
    NEXT = auto()
    PREVIOUS = auto()
    CHATTER = auto()
    OPINION = auto()


PHRASES: Mapping[Intent, str] = {
    Intent.HELLO: N_(
        "hello; hi; hey; morning; good morning; good afternoon; evening; good evening; "
        "how are you; how's it going; wassup; are you there; you there; anybody there; "
        "anyone there; happy new year; merry christmas; happy holidays; happy easter"
    ),
    Intent.THANKS: N_(
        "thanks; thank you; thank you very much; many thanks; good job; great job; nice job; "
        "good work; great work; well done; good bot; nice bot; i love you; love you; love it"
    ),
    Intent.GOODBYE: N_(
        "bye; goodbye; ok bye; thanks bye; good night; see you; see ya; see you later; "
        "talk to you later; have a nice day; have a good one; "
        "take care"
    ),
    Intent.NEWS: N_(
        "news; the news; headlines; the headlines; latest news; what's new; whatsnew; surprise me; "
        "something to read; give me something to read; read me something; something good; "
        "anything interesting; what's trending; random story; a random story; i'm bored; newz; "
        "hit me"
    ),
    Intent.MENU: N_(
        "menu; the menu; main menu; start; start over; home; begin; who are you; what are you; "
        "are you a bot; are you human; what do you do; "
        "who made you; what's your name; who is this; who's this"
    ),
    Intent.HELP: N_(
        "help; help me; i need help; can you help me; commands; what commands are there; "
        "list of commands; what can you do; how does this work; what is this; "
        "how do you work; what can i ask; what can i ask you; what do you know; can you help; "
        "what are the commands; "
        "how do i use this; how do i use you; instructions; manual; i'm new here"
    ),
    Intent.STOP: N_(
        "stop; stop it; stop all; stop everything; stop posting; stop posting here; "
        "stop the news; stop sending me news; unsubscribe me; "
        "stop sending me messages; stop messaging me; no more; no more news; enough; shut up; "
        "be quiet; mute; cancel; opt out; go away; leave me alone"
    ),
    Intent.NEXT: N_("next; next page; the next page; more; show more; show me more; go on"),
    Intent.PREVIOUS: N_("back; go back; previous; previous page; the previous page"),
    Intent.CHATTER: N_(
        "yes; yes please; yep; yeah; no; nope; sure; maybe; test; ping; please; i don't know; idk"
    ),
    Intent.OPINION: N_(
        "ok; okay; k; fine; good; great; nice; nice one; cool; wow; lol; haha; perfect; got it; "
        "i see; never mind; nevermind; alright; all right; sorry; no thanks; no thank you; hm; "
        "hmm; awesome; amazing; interesting; whatever; lmao; rofl; omg; oh; aha; yay; bad bot; "
        "lovely; congrats; not interested; that's all; that is all; gtg"
    ),
}
"""Lists of phrases. OPINION is what wants no answer; CHATTER might be meant for a question."""

_POLITE = N_("please; pls; plz")
_READ = N_("read; open; show; show me; story; number")
_ARTICLES = N_("the")
_ORDINALS = N_("first; second; third; fourth; fifth; sixth; seventh; eighth; ninth; tenth")
_NUMBERS = N_("one; two; three; four; five; six; seven; eight; nine; ten")
_LAST = N_("last")
_HOW = N_("how do i; how can i; how to; how does; explain; help with")
_AFTER_ORDINALS = N_("one; story")
_GREETINGS = {
    Greeting.HELLO: Intent.HELLO,
    Greeting.THANKS: Intent.THANKS,
    Greeting.GOODBYE: Intent.GOODBYE,
}
_NUMBERED = re.compile(r"#?(?<!\d)(?P<number>\d{1,3})[.)!]?$")
# Where words follow one another without spaces, the number comes before what counts: `3番を読む`.
_COUNTED = re.compile(r"#?(?P<number>\d{1,3})\s*(?P<counter>[^\s\d].*)")
_ORDINAL = re.compile(r"(?P<number>\d{1,2})(?:st|nd|rd|th)")


_LAUGHTER = re.compile(r"(?:ha|he|hi|ja|je){2,}h?|lo+l+")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")


_STRESS = frozenset("how it its just pretty quite really s so that thats this very".split())
"""Words beside an opinion: `very interesting`."""

LAST = -1
"""The number of the last story of a list."""


def _shorten(typed: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Returns a line without letters that are drawn out: `hellooo`, and its words."""
    words = [_DRAWN_OUT.sub(r"\1", word) for word in typed]
    return " ".join(words), words


class PhraseBook:
    """The phrases of one language, and English ones, which everybody may type."""

    def __init__(self, translations: Translations) -> None:
        self._intents = {
            phrase: intent
            for intent, listed in PHRASES.items()
            for phrase in _phrases(listed, translations)
        }
        self._polite = _listed_words(_POLITE, translations)
        self._read = _listed_words(_READ, translations)
        self._articles = _listed_words(_ARTICLES, translations)
        self._after_ordinals = _listed_words(_AFTER_ORDINALS, translations)
        self._ordinals = {
            word: number
            for english in (_ORDINALS, _NUMBERS)
            for listed in (english, translations.gettext(english))
            for number, phrase in enumerate(listed.split(";"), 1)
            for word in whole_words(phrase)
        } | dict.fromkeys(_listed_words(_LAST, translations), LAST)
        self._how = _phrases(_HOW, translations)

    def intent(self, line: str) -> Intent | None:
        """Returns what a line means as a whole; None when it may be searched for."""
        typed = [SPOKEN.get(word, word) for word in whole_words(line)]
        line = " ".join(typed)
        return self._meaning(line, typed) or self._meaning(*_shorten(typed))

    def _meaning(self, line: str, typed: Sequence[str]) -> Intent | None:
        greeting = is_greeting(line)
        meant = self._intents.get(tuple(typed)) or self._intents.get(tuple(self._plain(typed)))
        told = [word for word in typed if word not in _STRESS]
        if not meant and told and all(map(self._is_opinion, told)):
            meant = Intent.OPINION  # `ok cool`
        return meant or (_GREETINGS[greeting] if greeting else None)

    def _is_opinion(self, word: str) -> bool:
        is_laughter = _LAUGHTER.fullmatch(word) is not None
        return is_laughter or self._intents.get((word,)) is Intent.OPINION

    def command_to_explain(self, line: str) -> str:
        """Returns the last word of a line such as `how do i subscribe`; an empty text for none."""
        *words, last = ["", *self._plain(whole_words(line))]
        return last if tuple(words[1:]) in self._how else ""

    def bare_number(self, line: str) -> int | None:
        """Returns the number that a line is, such as `2`, `#2.` or `the second one`; else None."""
        counted, counter = self._split_counted(line)
        if counter:
            return counted if self._after_ordinals.issuperset(counter) else None
        words, number = self._split_number(line)
        return number if self._articles.issuperset(words) else None

    def number_to_read(self, line: str) -> int | None:
        """Returns the number of the story that a line asks to read, such as `read 2`."""
        counted, counter = self._split_counted(line)
        if counter and self._read.issuperset(counter):
            return counted
        words, number = self._split_number(line)
        told = [word for word in words if word not in self._articles]
        return number if told and self._read.issuperset(told) else None

    def _plain(self, words: Sequence[str]) -> Sequence[str]:
        """Returns words without `please` at either end."""
        left = list(words)
        while left and left[-1] in self._polite:
            left.pop()
        while left and left[0] in self._polite:
            left.pop(0)
        return left

    def _split_counted(self, line: str) -> tuple[int | None, Sequence[str]]:
        """Splits a line into a number and the run of words behind it; no words for any other."""
        match = _COUNTED.fullmatch(unicodedata.normalize("NFKC", line.strip()))
        words = self._plain(whole_words(match["counter"])) if match else []
        is_counter = match is not None and bool(words) and all(map(is_run, words))
        return (int(match["number"]), words) if match and is_counter else (None, ())

    def _split_number(self, line: str) -> tuple[Sequence[str], int | None]:
        """Splits a line into the words before a number at its end, and that; None for no number."""
        match = _NUMBERED.search(line.strip())
        if match:
            return self._plain(whole_words(line.strip()[: match.start()])), int(match["number"])
        words = list(self._plain(whole_words(line)))
        place = words[:-1] if len(words) > 1 and words[-1] in self._after_ordinals else words
        if not words or self._ordinal(place[-1]) is None:
            place = words
        return place[:-1], self._ordinal(place[-1]) if place else None

    def _ordinal(self, word: str) -> int | None:
        match = _ORDINAL.fullmatch(word)
        return int(match["number"]) if match else self._ordinals.get(word)


@lru_cache(8)
def phrase_book(translations: Translations) -> PhraseBook:
    """Returns the phrases of one language, read once."""
    return PhraseBook(translations)


def is_wordless(line: str) -> bool:
    """Tells if a line holds no letter and no digit: a thumb, a smiley, three dots."""
    return not any(sign.isalnum() for sign in line)


def _phrases(listed: str, translations: Translations) -> frozenset[tuple[str, ...]]:
    both = f"{listed};{translations.gettext(listed)}"
    typed = (*both.split(";"), *both.replace("'", "").split(";"))  # `im new here`
    return frozenset(filter(None, (tuple(whole_words(phrase)) for phrase in typed)))


def _listed_words(listed: str, translations: Translations) -> frozenset[str]:
    """Returns the single words of a list of phrases."""
    return frozenset(word for phrase in _phrases(listed, translations) for word in phrase)
