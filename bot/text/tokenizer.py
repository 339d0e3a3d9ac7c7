"""The tokenizer: cuts texts into words in any script, and folds case and accents."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"(?<![^\W_])[^\W_]+\Z")  # tried once a word, not once a letter
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")

# Scripts that are written without spaces, or in which a word carries its particles: ideographs,
# kana and Hangul. Their words are compared by pairs of letters.
_RUN = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)


# Compatibility forms: of full or half width, enclosed, squared, and radicals. Runs of them are
# folded as one, since a half-width kana and its mark are two signs.
_WIDTHS = re.compile("[\u2e80-\u2fdf\u3200-\u33ff\uf900-\ufaff\uff01-\uffee]+")

# Signs of texts in Latin and Cyrillic letters: each is folded by itself, and none is of a run.
# Nearly all texts are made of these alone, and are spared the ways of Unicode.
_EASY = re.compile(
    "[\0-\u02ff\u0400-\u045f\u2000-\u206f\u20a0-\u20bf\u2190-\u27bf\U0001f300-\U0001faff]*"
)


def words(text: str) -> list[str]:
    """Tokenizes a text into words as they are compared: lower case, without accents and marks.

    `It's a café` gives `it`, `s`, `a`, `cafe`. A run of letters of a script without spaces gives
    each pair of neighbours: `大阪万博` gives `大阪`, `阪万`, `万博`.
    """
    return words_of_folded(fold(text))


def words_of_folded(plain: str) -> list[str]:
    """Tokenizes a text that is folded already, as `words` does."""
    found = _WORD.findall(plain)
    if plain.isascii() or _EASY.fullmatch(plain) or not _RUN.search(plain):
        return found
    return [piece for word in found for piece in _pieces(word, last=False)]


def whole_words(text: str) -> list[str]:
    """Tokenizes a text as `words` does, but keeps runs of letters in one piece."""
    return _WORD.findall(fold(text))


def cut_words(text: str, limit: int, cost: Callable[[Sequence[str]], int] = len) -> str:
    """Cuts a text behind its first words, so that what is left costs at most a limit.

    Args:
        text: The text.
        limit: What its words, as `words` gives them, may cost.
        cost: Returns what words cost; more words never cost less.
    """
    if cost(words(text)) <= limit:
        return text
    ends = range(len(text))
    end = bisect_right(ends, limit, key=lambda end: cost(words(text[:end]))) - 1
    if text[end - 1 : end + 1].isalnum() and not is_run(text[end - 1]):
        return _LAST_WORD.sub("", text[:end])  # a part of a word is another word
    return text[:end]


def fold(text: str) -> str:
    """Folds a text: lower case, no accents."""
    plain = text.lower()
    if plain.isascii():
        return plain
    return _fold_accents(plain) if _EASY.fullmatch(plain) else _fold(plain)


def _fold(plain: str) -> str:
    folded = _fold_marks(fold_widths(plain).lower() if _WIDTHS.search(plain) else plain)
    return folded.translate(_east_asian_folds()) if _RUN.search(folded) else folded


def _fold_marks(plain: str) -> str:
    # Only above and below Latin letters are marks left out: in other scripts they tell one word
    # from another. A final sigma is a sigma.
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", bare).replace("ς", "σ")


def fold_widths(text: str) -> str:
    """Folds full-width letters, half-width kana and enclosed signs (`ＮＴＴ`, `ﾏｲ`, `㈱`)."""
    return _WIDTHS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


@cache
def _east_asian_folds() -> Mapping[int, str]:
    """Returns katakana as hiragana, and traditional and Japanese ideographs as simplified ones."""
    signs, others = (
        resources.files("bot.text").joinpath("han_variants.txt").read_text("utf-8").splitlines()
    )
    kana = {katakana: chr(katakana - 0x60) for katakana in range(0x30A1, 0x30F7)}
    plain = {ord(sign): other for sign, other in zip(signs, others, strict=True)}
    # A form may be listed with one that is listed with another: what is folded stays as it is.
    return kana | {sign: _end_of(other, plain) for sign, other in plain.items()}


def _end_of(sign: str, folds: Mapping[int, str]) -> str:
    while (other := folds.get(ord(sign))) is not None:
        sign = other
    return sign


def fold_in_place(text: str) -> str:
    """Folds a text so that each sign is still where it was.

    A sign of which `fold` makes none or several stays as it is.
    """
    if text.isascii():
        return text.lower()
    flat = _fold_accents(text)
    if _RUN.search(flat):
        flat = flat.translate(_east_asian_folds())
    lower = flat.lower()
    if len(lower) == len(flat):
        return lower
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in flat)


def _fold_accents(text: str) -> str:
    """Replaces each sign that has an accent by the one sign that it is without."""
    flat, marked = _accent_folds()
    # A pattern finds the few such signs of a text; `str.translate` would look each sign up.
    return marked.sub(lambda match: flat[match[0]], text)


@cache
def _accent_folds() -> tuple[dict[str, str], re.Pattern[str]]:
    signs = map(chr, range(0x80, 0x2000))
    folds = ((sign, _fold(sign.lower())) for sign in signs)
    flat = {sign: fold for sign, fold in folds if fold != sign and len(fold) == 1}
    return flat, re.compile(f"[{''.join(flat)}]")


def is_run(word: str) -> bool:
    """Tells if a word is of a script without spaces: Chinese, Japanese, Korean."""
    return not word.isascii() and _RUN.fullmatch(word) is not None


def grams(text: str) -> str:
    """Returns the bigrams to index beside a text, for words of scripts without spaces.

    Each pair of neighbours and, at the end of a run, its last letter alone: so every pair, every
    row of pairs and every single letter (as the beginning of a pair) can be looked up. Words of
    other scripts are there only where they touch such a run or are of full width.
    """
    if text.isascii() or _EASY.fullmatch(text):
        return ""
    is_wide = _WIDTHS.search(text) is not None
    if not is_wide and not _RUN.search(text):
        return ""
    found = _WORD.findall(fold(text))
    # The index itself sees what is not wide.
    seen = frozenset(_WORD.findall(_fold_marks(text.lower())) if is_wide else found)
    found = [word for word in found if _RUN.search(word) or word not in seen]
    return " ".join(piece for word in found for piece in _pieces(word, last=True))


def unite(found: Sequence[str]) -> str:
    """Returns what `words` cut into these: pairs of a run become one run again."""
    text, before = "", ""
    for word in found:
        is_next = len(before) > 1 and is_run(before) and is_run(word) and before[1] == word[0]
        text += word[1:] if is_next else word
        before = word
    return text


def gram_phrase(found: Sequence[str]) -> list[str]:
    """Returns the phrase of `grams` that stands where words, as `words` makes them, are in a row.

    Its last piece may be only the prefix of what stands there: a single letter, of a pair.
    """
    row: list[str] = []
    for word, following in zip(found, (*found[1:], ""), strict=True):
        row.append(word)
        # Where one run ends and the next word begins, the index holds the last letter alone.
        if following and len(word) > 1 and is_run(word) and word[1] != following[0]:
            row.append(word[1])
    return row


def _pieces(word: str, *, last: bool) -> list[str]:
    pieces: list[str] = []
    end = 0
    for run in _RUN.finditer(word):
        pieces += [word[end : run.start()]] if run.start() > end else []
        pieces += _pairs(run[0], last=last)
        end = run.end()
    return [*pieces, word[end:]] if end < len(word) else pieces


def _pairs(run: str, *, last: bool) -> list[str]:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*pairs, run[-1]] if last or not pairs else pairs
