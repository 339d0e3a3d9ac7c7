"""Fillers and greetings: lines to a news bot that search for nothing.

`news`, `what's new?` and `show me the headlines` ask for the latest stories; `hello` and `thanks`
ask for nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.counted_stories import without_counts
from bot.text.english import is_english_word
from bot.text.tokenizer import fold_widths, whole_words

_LETTERS = re.compile(r"[^\W_]+")
_LONG = 5  # letters of a filler of which a slip is known
_LONG_ALONE = 7  # likewise of one that is all that was typed
SPOKEN = {"u": "you", "r": "are", "ur": "your", "thnx": "thanks", "gud": "good", "wat": "what"}
"""Words as people write them on a phone, each with the one that is meant."""

_WORLDWIDE = ("in", "the", "world")


@cache
def _folded(names: str) -> frozenset[str]:
    return frozenset(whole_words(names))


# A line of fillers has one of these and, around it, none but those of the next list.
_NEWS = _folded(
    """
    breaking happen happened happening happens headline headlines latest new newest news newsflash
    recent recently stories update updates aktuelles artikel
    berichte meldung meldungen nachrichten neues neuigkeiten schlagzeilen
    articles noticia noticias novedades titulares
    ニュース 新闻 新聞 消息 新消息 最新消息 最新新闻 最新新聞 最新ニュース 뉴스 소식
    """
)
_AROUND_NEWS = _folded(
    """
    a about again all and any anybody anything are article articles at be been bot can could current
    daily day did do does else every everything fetch find for from get getting gimme give go goes
    going good got had has have hear hello here hey hi i in interesting is just know lately let lets
    like list ll look me more morning most much my now of ok okay on one or our out please pls post
    posts read reading report reports s see send show some something story summary t tell than that
    the then there these thing things this to today todays tonight tonights top up want was we were
    what whats which with would yesterday yesterdays you your aktuelle aktuellen aus das der die es
    gab gibts gabs gib gibt heute ich ist mal mir passiert sind was wie zeig zeige
    algo dame de dia el favor hay hoy las los muestrame nuevas por que recientes ultimas ultimos ver
    bitte danke gracias hallo hiya hola howdy sup thanks thx yo
    """
)
# Of a run without spaces, what is news and what is said around it.
_NEWS_IN_RUN = re.compile("ニュース|新着|新闻|新聞|消息|头条|頭條|뉴스|소식")
_AROUND_IN_RUN = re.compile(
    "最新|最近|今日|今天|本日|今|新しい|新|主な|何か|なにか|何が|何|お|を|の|は|が|に|"
    "ありますか|あります|あるの|ある|"
    "教えて|見せて|知りたい|ちょうだい|ください|下さい|ですか|です|か|一下|有没有|有沒有|有什么|有什麼|什么|什麼|"
    "请|請|给我|給我|告诉我|告訴我|我想看|我想|我要|看看|看|吗|嗎|呢|的|오늘의|오늘|최신|최근|새로운|새|무슨|뭐|"
    "있어요|있나요|있어|있니|알려|보여|줘요|줘|주세요|좀|의|은|는|이|가|을|를"
)
_FILLERS = _NEWS | _AROUND_NEWS
_PHRASES = frozenset(
    {
        ("what", "s", "up"),
        ("whats", "up"),
        ("what", "s", "going", "on"),
        ("whats", "going", "on"),
        ("what", "is", "going", "on"),
        ("what", "did", "i", "miss"),
        ("what", "have", "i", "missed"),
        ("catch", "me", "up"),
        ("was", "ist", "los"),
        ("was", "ist", "passiert"),
        ("was", "geht"),
        ("was", "war"),
        ("anything", "i", "should", "know"),
        ("was", "war", "los"),
        ("was", "geschah"),
        ("was", "passierte"),
        ("was", "gab", "es"),
        ("was", "geht", "ab"),
        ("what", "should", "i", "read"),
        ("what", "should", "i", "know"),
        ("show", "me", "something"),
        ("tell", "me", "something"),
        ("tell", "me", "something", "new"),
        ("surprise", "me"),
        ("what", "else"),
        ("que", "pasa"),
        ("que", "paso"),
        ("que", "ha", "pasado"),
        ("que", "hay"),
        ("que", "hay", "de", "nuevo"),
    }
)


class Greeting(Enum):
    """Kinds of lines that ask for nothing."""

    HELLO = auto()
    THANKS = auto()
    GOODBYE = auto()


# The first of these that a line has says what it is: `ok thanks bye` takes leave.
_GREETINGS = {
    Greeting.GOODBYE: "bye goodbye cya gn ciao tschuss adios さようなら おやすみ おやすみなさい"
    " またね 再见 再見 晚安 拜拜 안녕히 잘자 수고하세요",
    Greeting.THANKS: """
    thank thanks thankyou thx thanx ty tysm cheers danke dankeschon vielen merci gracias ありがとう
    ありがとうね ありがとうございます ありがとうございました どうも どうもありがとう
    谢谢 謝謝 感谢 感謝 多谢 多謝 谢谢你 謝謝你 감사합니다 감사해요 고마워 고마워요 고맙습니다
    """,
    Greeting.HELLO: """
    gm hello helo hallo hi hii hiya hey heya heyy howdy greetings yo sup moin servus hola bonjour
    こんにちは こんばんは おはよう おはようございます はじめまして やあ
    你好 您好 大家好 早上好 晚上好 下午好 早安 안녕 안녕하세요 반가워 반갑습니다
    """,
}
_AROUND_GREETINGS = _folded(
    """
    a abend afternoon again all and are awesome bot buddy cool dank day dear doing evening everybody
    everyone folks for friend friends good great guten guys have help helping how is it kind later
    lot lovely man mate morgen morning much my nice night now ok okay perfect really see sehr so tag
    besten bitte dir euch ihnen buenas buenos dias estas herzlichen muchas noches que tal tardes
    todos team that thats the there this to tons u ur very vielen wonderful you your
    """
)
_NIGHT = frozenset({"good", "night"})
# Together these greet, too: "good morning", "guten Abend", "how are you".
_WISHES = frozenset({"good", "guten", "how", "buenos", "buenas"})
_WISHED = frozenset(
    "morning afternoon evening day night morgen tag abend are doing dias noches tardes".split()
)


def is_filler(text: str) -> bool:
    """Tells if a text asks for news and for none in particular."""
    found = without_counts([SPOKEN.get(word, word) for word in whole_words(text)])
    return _is_filler(found) or (not text.isascii() and _is_filler_in_runs(text))


def _is_filler(found: tuple[str, ...]) -> bool:
    if found in _PHRASES or (found[: -len(_WORLDWIDE)] in _PHRASES and _ends_worldwide(found)):
        return True
    found = found[: -len(_WORLDWIDE)] if _ends_worldwide(found) else found
    around = found and _FILLERS.issuperset(found)
    return bool(around) and not _NEWS.isdisjoint(found)


def _ends_worldwide(found: tuple[str, ...]) -> bool:
    return found[-len(_WORLDWIDE) :] == _WORLDWIDE


def filler_slips(text: str, *, is_part: bool = False) -> Sequence[str] | None:
    """Returns the words with a slip of a text that asks for news alone: `what happend`.

    They are what nobody means, unless stories hold them. None for a text that asks for more.

    Args:
        text: The text.
        is_part: True where more than that was typed, such as a time.
    """
    slips, meant = [], []
    typed = whole_words(text)
    if len(typed) == 1 and len(typed[0]) < _LONG_ALONE and not is_part:
        return None  # it may be a name: `Neuss` is no slip of the German `neues`
    for word in typed:
        filler = word if word in _FILLERS else _meant_filler(word)
        if not filler:
            return None
        meant.append(filler)
        slips += [word] if filler != word else []
    return slips if slips and _is_filler(tuple(meant)) else None


@cache
def _long_fillers() -> Sequence[str]:
    return sorted(word for word in _FILLERS if len(word) >= _LONG)


def _meant_filler(word: str) -> str:
    """Returns the longer filler that a word is which is none: one slip makes it another."""
    if len(word) < _LONG or is_english_word(word):
        return ""
    plural = f"{word[:-2]}ies"
    if word.endswith("ys") and plural in _NEWS:
        return plural  # `storys`
    near = process.extractOne(word, _long_fillers(), scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else ""


def is_padding(text: str) -> bool:
    """Tells if a text is only what is said around a question for news: `給我看`, `hey`."""
    runs = "".join(_LETTERS.findall(text))
    if not runs or text.isascii():
        return bool(runs) and _AROUND_NEWS.issuperset(whole_words(text))
    return not _AROUND_IN_RUN.sub("", fold_widths(runs))


def _is_filler_in_runs(text: str) -> bool:
    """Tells if a text of runs without spaces asks for news alone: `何かニュースある`."""
    plain = fold_widths("".join(_LETTERS.findall(text)))
    rest = _NEWS_IN_RUN.sub("", plain)
    return rest != plain and not _AROUND_IN_RUN.sub("", rest)


def is_greeting(text: str) -> Greeting | None:
    """Returns the kind of a text that only greets, thanks or takes leave; None for any other."""
    found = frozenset(whole_words(text))
    if not found:
        return None
    own = {kind: _folded(names) for kind, names in _GREETINGS.items()}
    if _AROUND_GREETINGS.union(*own.values()).issuperset(found):
        kinds = (kind for kind, names in own.items() if not names.isdisjoint(found))
        kind = next(kinds, None)
        if kind is not None:
            return kind
    if _NIGHT.issubset(found) and _AROUND_GREETINGS.issuperset(found):
        return Greeting.GOODBYE
    is_hello = not (_WISHES.isdisjoint(found) or _WISHED.isdisjoint(found))
    return Greeting.HELLO if is_hello and _AROUND_GREETINGS.issuperset(found) else None
