"""Debris that publishing systems leave in stories, known by its wording.

The phrases stand at the end or the beginning of a text, or are paragraphs of their own, and tell
nothing. What a source adds to its stories in words of its own is found by `bot.ingest.boilerplate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from bot.ingest.debris_phrases import (
    ABSTRACT,
    APPEARED,
    APPEARED_BEHIND,
    ARROWS,
    DATE_LINE,
    DATED,
    ENDINGS,
    MODULES,
    READ_ON,
    SUBMITTED,
    TARGETS,
    WHOLE_TEXTS,
    WORD_SETTINGS,
)
from bot.model import Paragraph

_WINDOW = 700  # characters at the end of a paragraph in which debris is looked for
_MAX_TURNS = 12  # pieces at the end of one text
_LEFT_OVER = " \t|–—-:•·《「『"
_TITLE_BEGINS = 3  # words by which it is known
_SHORTEST_TITLE = 8  # letters of a title of one word that may be repeated by chance
_DECORATION = " \t.,:;|…»›→>⟶➔▶\"'“”‘’«()[]{}–—-《》「」『』"
_ABOUT = re.compile(r"(?:about|of|on|über|von|de|sur|a|om) ", re.IGNORECASE)
_CUT_MARK = re.compile(r" ?(?:\[(?:…|\.{3})\]|\((?:…|\.{3})\))$")
_ADDRESSES = re.compile(r"https?://\S{1,2000}")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"\s*[.!?…]+[\"”’»)]*(?:\s+|$)|(?: ?:| [–—|-]) (?=[\"“„«(]?[^\W\d_])")
# As news aggregators name a publisher behind a headline: a few words, none of which begins small
# but an address, and for some the address behind a dash.
_PUBLISHER = re.compile(r"\s(?:[^\W_][^\s!?]{0,30}\s?){1,5}(?:[|–—-]\s[^\W_][^\s!?]{0,30})?")


def strip_debris(paragraphs: Sequence[Paragraph], title: str, byline: str) -> list[Paragraph]:
    """Returns the paragraphs of a text without debris.

    Args:
        paragraphs: The text.
        title: The story's headline, which many texts repeat.
        byline: Its author, whom some put before the text.
    """
    kept = [one for one in paragraphs if not MODULES.fullmatch(one.text)]
    if len(kept) > 1 and DATE_LINE.fullmatch(kept[0].text):
        kept = kept[1:]
    kept = _strip_opening(kept, lambda text: _without_heading(text, title, byline))
    kept = _strip_closing(kept, lambda text: _without_ending(text, title, byline))
    return [] if len(kept) == 1 and WHOLE_TEXTS.fullmatch(kept[0].text) else kept


def _strip_opening(kept: list[Paragraph], strip: Callable[[str], str]) -> list[Paragraph]:
    while kept:
        text = strip(kept[0].text)
        if text == kept[0].text:
            break
        kept = [Paragraph(text, kept[0].heading), *kept[1:]] if text else kept[1:]
    return kept


def _strip_closing(kept: list[Paragraph], strip: Callable[[str], str]) -> list[Paragraph]:
    for _ in range(_MAX_TURNS):
        if not kept:
            break
        text = strip(kept[-1].text)
        if text == kept[-1].text:
            break
        kept = [*kept[:-1], Paragraph(text, kept[-1].heading)] if text else kept[:-1]
    return kept


def _without_heading(text: str, title: str, byline: str) -> str:
    """Returns a text without its own title, and without author and date, before it."""
    if made_by_program := ABSTRACT.match(text) or WORD_SETTINGS.match(text):
        return text[made_by_program.end() :]
    end = _end_of_title(text, title)
    rest = text[end:]
    if submitted := SUBMITTED.match(rest):
        author = submitted["author"].strip(" ,|–—-")
        if end or submitted["by"] or _is_author(author, byline):
            return rest[submitted.end() :].lstrip(_LEFT_OVER)
    if not end:
        return text
    if not _ADDRESSES.sub("", rest).strip() or _is_publisher(rest):
        return ""
    closing = _SENTENCE_END.match(rest)
    return rest[closing.end() :] if closing else text


def _is_publisher(rest: str) -> bool:
    """Returns True for the name of a publisher, and nothing else, behind a headline."""
    if not _PUBLISHER.fullmatch(rest):
        return False
    is_text = any(word[0].islower() and "." not in word for word in rest.split())
    return not is_text and not rest.endswith(".")


def _end_of_title(text: str, title: str) -> int:
    """Returns where the title ends that a text begins with; 0 where it does not."""
    wanted = _words(title)
    found = list(islice(_WORD.finditer(text), len(wanted)))
    if not wanted or [each[0].casefold() for each in found] != wanted:
        return 0
    end = found[-1].end()
    is_sure = len(wanted) > 1 or len(title) >= _SHORTEST_TITLE or not _WORD.search(text, end)
    return end if is_sure else 0


def _without_ending(text: str, title: str, byline: str) -> str:
    """Returns a text without the last piece of debris at its end."""
    start = max(len(text) - _WINDOW, 0)
    ending = ENDINGS.search(text, start)
    appeared = APPEARED.search(text, start)
    dated = DATED.search(text, start)
    if appeared and _quotes(appeared[0], title):
        ending = ending or appeared
    if (behind := APPEARED_BEHIND.search(text, start)) and title:
        before, told, between = text[: behind.start()].rpartition(title)
        if told and not between.strip(_DECORATION):
            return before.removesuffix("投稿 ").rstrip(_LEFT_OVER)
    if dated and _is_author(dated["author"].strip(), byline):
        ending = ending or dated
    if ending:
        return text[: ending.start()].rstrip(_LEFT_OVER)
    for found in reversed(list(READ_ON.finditer(text, start))):
        if not found[0][0].islower() and _is_target(text[found.end() :], title):
            return text[: found.start()].rstrip(_LEFT_OVER + "[(→»")
    return _CUT_MARK.sub(lambda found: " …" if _ends_sentence(text, found) else "…", text)


def _ends_sentence(text: str, cut: re.Match[str]) -> bool:
    return text[: cut.start()].endswith((".", "!", "?"))


def _is_target(rest: str, title: str) -> bool:
    """Returns True for what an invitation to read on leads to, and no more."""
    bare = rest.strip(_DECORATION)
    if not bare or TARGETS.fullmatch(bare) or rest.rstrip().endswith(tuple(ARROWS)):
        return True
    words, headline = _words(_ABOUT.sub("", bare, count=1)), _words(title)
    shorter = min(len(words), len(headline))
    return shorter > 0 and words[:shorter] == headline[:shorter]


def _is_author(text: str, byline: str) -> bool:
    """Returns True for the author's name, and for one word, which a user's name is."""
    return text != "" and (text == byline or " " not in text)


def _quotes(text: str, title: str) -> bool:
    """Returns True for a text in which the beginning of the title stands."""
    words, headline = _words(text), _words(title)[:_TITLE_BEGINS]
    length = len(headline)
    return any(words[at : at + length] == headline for at in range(len(words) - length + 1))


def _words(text: str) -> list[str]:
    return [each[0].casefold() for each in _WORD.finditer(text)]
