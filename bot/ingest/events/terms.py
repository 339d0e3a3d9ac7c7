"""Terms of stories: what of a title and a lead is compared to tell one event from another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from sys import intern

from bot.ingest.events.abbreviations import join_names
from bot.ingest.events.clauses import main_clause
from bot.ingest.events.figures import Figure, read_figures, write_out
from bot.ingest.events.headline_forms import NEWS, form_of
from bot.ingest.events.marks import tickers, without_marks, without_slugs
from bot.ingest.events.phrases import join_phrases
from bot.ingest.events.synonyms import synonyms
from bot.model import Story
from bot.text.english import common_words
from bot.text.stemming import new_stemmer
from bot.text.stopwords import EXTENDED_STOPWORDS
from bot.text.tokenizer import is_run, words

TITLE, LEAD = 2, 1
"""The weights of words of the title and of the lead. Small whole numbers take no room."""

_LEAD_WORDS = 40  # words of the lead that are looked at
_LEAD_SIGNS = 600
_MOST_TERMS = 24  # of one story
_SHINGLES = 80  # bytes of a sketch, from which on a text is long enough to tell a copy by

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_INSIDE_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
_TITLE_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\W_]+")
_AND = re.compile(r"(?<=\b[A-Z])\s?&\s?(?=[A-Z]\b)")
_POSSESSIVE = re.compile(r"['’]s\b")
_AMERICA = re.compile(r"\b(?:U\.S\.A?\.?|USA?)(?=[^\w.$]|\Z)")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|per cent\b|pct\b|pc\b)")
_QUOTE = re.compile(r"(?<!\w)['‘\"“](\w[^'’\"”‘“]{1,40}?)['’\"”](?!\w)")
_CUT = ("...", "…")  # at the end of a title of which there is more
_SMALL = 3  # letters of a word that is small within a title, at most
_SIDES_OF = re.compile(r"(?<!\w)(\w+)['’)]* (?:vs?\.?|versus) ['‘(]*(\w+)")
_UPDATE_MARK = re.compile(
    r"\s*(?:[([](?:\d\d?|\+?video|update[ds]?(?: \d)?|correct(?:ed|s))[)\]]"
    r"|(?:\s--?|\s?[–—])\s*(?:\d(?:st|nd|rd|th) )?updated?)\s*\Z",
    re.IGNORECASE,
)

# Words that say little of what a story is about, and all of how it differs from another.
_SIDES = frozenset("against down first last less more open up".split())
_DENIALS = frozenset("no not never without won't don't doesn't isn't can't cannot wouldn't".split())
_HEDGES = frozenset(
    "consider could hint likely may maybe might possible possibly unlikely would".split()
)
_KEPT = _SIDES | _DENIALS | _HEDGES

_CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    morning afternoon evening night daily weekly monthly
    """.split()
)
# What stands before a name and says who that is, not what is told of them.
_ADDRESSES = frozenset(
    """
    actor actress author chairman chancellor countess director doctor duchess duke emperor king
    mayor minister musician pope president prime prince princess professor queen rapper secretary
    senator singer sir superstar
    """.split()
)
_FORMATS = frozenset(
    """
    analysis brief briefing briefs exclusive factbox highlights live opinion photo photos picture
    pictures preview recap review roundup snapshot video videos watch wire wrap
    """.split()
)
# What readers' questions are full of, and headlines tell.
_TELLING = frozenset("call check cover pull question send share train".split())
# Verbs that any headline may have.
_LIGHT = frozenset(
    """
    bring brings bringing brought gets getting gives giving holds keep keeps kept keeping make makes
    making made puts putting saw see sees seen seeing sets takes taking took taken takes become
    becomes becoming became appears remain remains stay stays
    """.split()
)
_STOPWORDS = (
    EXTENDED_STOPWORDS.difference(_TELLING)
    | _FORMATS
    | frozenset("as but corp he her his inc ltd new not nyse plc she up us".split())
    | _LIGHT
)


@dataclass(frozen=True, slots=True)
class EventTerms:
    """The terms of a story that are compared with those of others.

    There is one for each story of the last days: tuples of shared strings take the least room.

    Attributes:
        title: The stems of the title, each once.
        lead: Those of the lead that are not in the title.
        words: The title's words in their order, as they are compared.
        names: Stems of the title's names: people, places, organisations.
        shingles: A sketch of the text, see `bot.ingest.similarity`; empty for a short one.
        form: The form of the title, see `form_of`.
        figures: What the title counts.
        main: The stems of the title's main clause; empty where that is all of it.
        sides: Those of the words beside `vs`: who plays, or goes to court.
        is_cut: Whether the title is cut off: it ends with three dots.
    """

    title: tuple[str, ...]
    lead: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    shingles: bytes = b""
    form: str = NEWS
    figures: tuple[Figure, ...] = ()
    main: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def deed(self) -> frozenset[str]:
        """Returns the stems of what the title tells, without names and subordinate clauses."""
        return frozenset(self.main or self.title).difference(self.names)

    def has_name_of(self, other: EventTerms) -> bool:
        """Tells if a name of another's title is here; who is `MacArthur` there is `Mac Arthur`."""
        compounds = map("".join, pairwise(self.words))
        return not set(other.names).isdisjoint(chain(self.stems, compounds))

    @property
    def denies(self) -> bool:
        """Tells if the title says that something is not so."""
        return not _stems(_DENIALS).isdisjoint(self.words)

    @property
    def hedges(self) -> bool:
        """Tells if the title says that something may be so."""
        return not _stems(_HEDGES).isdisjoint(self.words)

    @property
    def stems(self) -> tuple[str, ...]:
        """Returns the stems of title and lead."""
        return (*self.title, *self.lead)

    @property
    def weights(self) -> Mapping[str, int]:
        """Returns the stems with the weights of where they stand."""
        return dict.fromkeys(self.lead, LEAD) | dict.fromkeys(self.title, TITLE)


class TermReader:
    """Reads the terms of stories. It has a stemmer of its own: for one thread at a time."""

    def __init__(self) -> None:
        self._stemmer = new_stemmer()
        self._synonyms = synonyms()

    def read_story(self, story: Story, shingles: bytes = b"") -> EventTerms:
        """Returns the terms of a story: of its title, and of its summary or else its beginning."""
        lead = story.summary or (story.paragraphs[0].text if story.paragraphs else "")
        return self.read(story.title, lead, shingles)

    def read(self, title: str, lead: str = "", shingles: bytes = b"") -> EventTerms:
        """Returns the terms of a title and a lead.

        Args:
            title: The title.
            lead: The first sentences, or a summary; empty for none.
            shingles: A sketch of the text, see `bot.ingest.similarity`; empty for none.
        """
        written = write_out(without_marks(title))
        plain = _plain(written)
        main = main_clause(plain)
        mine = tuple(dict.fromkeys(self._stems(_words(plain))))[:_MOST_TERMS]
        rest = self._stems(_words(lead[:_LEAD_SIGNS])[:_LEAD_WORDS])
        fresh = tuple(dict.fromkeys(stem for stem in rest if stem not in mine))
        return EventTerms(
            mine,
            fresh[: _MOST_TERMS - len(mine)],
            tuple(map(self._stem, _title_words(plain))),
            tuple({self._stem(name): None for name in _names(plain)}),
            shingles if len(shingles) >= _SHINGLES else b"",
            form_of(without_slugs(title)),
            read_figures(written, self._stem),
            tuple(self._stems(_words(main))) if main != plain else (),
            (
                *self._stems(
                    side.casefold() for side in chain.from_iterable(_SIDES_OF.findall(plain))
                ),
                *tickers(title),
            ),
            title.rstrip().endswith(_CUT),
        )

    def _stem(self, word: str) -> str:
        stem = self._stemmer(word)
        return intern(self._synonyms.get(stem, stem))  # tens of thousands of stories share each

    def _stems(self, found: Iterable[str]) -> list[str]:
        return [self._stem(word) for word in found if is_term(word)]


def _words(text: str) -> list[str]:
    """Returns a text's words, its numbers in one piece."""
    return words(_INSIDE_NUMBER.sub("", _plain(text)))


def _plain(text: str) -> str:
    """Returns a text without endings of genitives, and with `L&T` as one word."""
    text = join_names(_PERCENT.sub(" percent", _AMERICA.sub("America", text)))
    text = join_phrases(text)
    return _AND.sub("", _POSSESSIVE.sub("", text))


def is_term(word: str) -> bool:
    """Tells if a word, in small letters, says anything about an event."""
    return word not in _STOPWORDS and (len(word) > 1 or word.isdigit() or is_run(word))


def is_date(stem: str) -> bool:
    """Tells if a stem tells of no event: a number, or a word of the calendar."""
    return stem.isdigit() or stem in _stems(_CALENDAR)


@cache
def _stems(words_: frozenset[str]) -> frozenset[str]:
    known, stem = synonyms(), new_stemmer()
    return frozenset(known.get(one, one) for one in map(stem, words_))


def is_address(stem: str) -> bool:
    """Tells if a stem is of a form of address or a calling: it goes with a name."""
    return stem in _stems(_ADDRESSES)


def _title_words(title: str) -> list[str]:
    """Returns a title's words, its numbers whole, without words that say nothing."""
    found = (word.replace("’", "'").casefold() for word in _TITLE_WORD.findall(title))
    return [word for word in found if word not in _STOPWORDS or word in _KEPT]


def is_number(word: str) -> bool:
    """Tells if a word of `EventTerms.words` is a number."""
    return _NUMBER.fullmatch(word) is not None


def _names(title: str) -> list[str]:
    """Returns what are names in a title.

    They are what no dictionary has, what alone is capitalised, and what is so within quotes, as
    works are (`'Cosmos' premieres`).
    """
    found = [word for word in _TITLE_WORD.findall(title) if not word[0].isdigit()]
    is_sentence = _is_sentence_case(found)
    quoted = _quoted(title)
    names = []
    for at, word in enumerate(found):
        plain = "".join(words(word))
        if not is_term(plain) or plain in _CALENDAR or is_run(plain):
            continue
        is_capital = is_sentence and at > 0 and word[0].isupper()
        is_rare = word[0].isupper() and plain not in common_words()
        if is_capital or is_rare or word in quoted:
            names.append(plain)
    return names


def _quoted(title: str) -> set[str]:
    """Returns the words of what stands in quotes, where all its long words are capitalised."""
    quotes = (_TITLE_WORD.findall(one) for one in _QUOTE.findall(title))
    return {
        word
        for quote in quotes
        if all(not word[0].islower() for word in quote if len(word) > _SMALL)
        for word in quote
    }


def _is_sentence_case(found: Sequence[str]) -> bool:
    """Tells if capital letters mean names: most words of the title are small."""
    capitals = sum(word[0].isupper() for word in found)
    return capitals * 2 <= len(found)
