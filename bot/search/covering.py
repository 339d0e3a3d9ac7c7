"""Covering: of stories with some pieces of a question without spaces, those first that hold more.

A story that holds all of it, in pieces, holds what was typed, as one that holds all words does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from math import log

from bot.search.abbreviated_runs import find_whole_name
from bot.search.budget import SECONDS, Budget
from bot.search.ideographs import WORK, near_letters
from bot.search.ports import Candidate, SearchStore
from bot.search.query import Filter, Query, Term
from bot.search.ranking import Fit, RankedStory, sort_ranked
from bot.search.run_cover import Cover, CoveringText
from bot.search.run_question import RunQuestion
from bot.search.vocabulary import Vocabulary
from bot.text.run_questions import particle_at_end
from bot.text.tokenizer import fold, is_run, words

_RUN = re.compile("[\u3400-\u9fff]+|[\uac00-\ud7a3]+")
_HANGUL = "\uac00"
_LONGEST_QUESTION = 40  # letters of a question that is parted; a longer one is a pasted text
_SHORTEST, _LONGEST = 2, 4  # letters of a word that may be short for a name, or have a wrong one
_NAMES = 3  # words of a question that may be
_SHARE = 0.6  # of the best story's share of the question, that others need to be shown beside it
_MOST = 0.5  # of a question's weight, by which a story is no mere guess
_COMMON = 0.4  # the least weight of a letter for standing in pairs that many stories have
_LEAST_STORIES = 100  # that letters are held to be rare or common among: runs are not counted so
_TURN = 10  # stories that are looked at in one go
_TEXT, _READ = 0.6, 4_000  # what the same is worth in a text, and letters of one that are read
_COVERED = 9  # how much what is held in pieces counts beside what is held in pairs of letters


def is_covered(query: Query) -> bool:
    """Tells if a question has runs without spaces that stories may hold in pieces."""
    terms = query.terms
    if all(term.typed.isascii() for term in terms):
        return False  # as nearly all questions
    is_plain = len(query.alternatives) == 1 and not any(term.quoted for term in terms)
    size = sum(len(term.typed) for term in terms)
    return (
        is_plain
        and size <= _LONGEST_QUESTION
        and any(any(map(is_run, term.words)) for term in terms)
    )


async def candidates_by_letters(
    store: SearchStore, asked: Query, within: Filter, limit: int, budget: Budget
) -> Sequence[Candidate]:
    """Finds stories whose titles hold the letters of a short word: that of a name, or with a slip.

    Raises:
        StoreError: The store cannot be read.
    """
    shorts = _short_words(asked)
    groups = [group for word in shorts for group in _letter_groups(word)]
    if not groups or not budget.spend(WORK):
        return ()
    query = replace(asked, alternatives=tuple(groups), in_title=True)
    found = await store.candidates(query, within, limit, texts=True, seconds=SECONDS)
    return [one for one in found if _is_like(fold(one.title), shorts)]


def _is_like(title: str, shorts: Sequence[str]) -> bool:
    """Tells if a folded title holds a name that a word is short for, or two letters of one near."""
    return any(
        find_whole_name(one, title)
        or (near_letters(one).search(title) if one < _HANGUL else find_whole_name(one[:-1], title))
        for one in shorts
    )


def _short_words(asked: Query) -> list[str]:
    found = (
        word
        for term in asked.terms
        for run in _RUN.findall(term.typed.replace("的", " "))
        for word in (run[: particle_at_end(run)],)
        if _SHORTEST <= len(word) <= _LONGEST
    )
    return list(dict.fromkeys(map(fold, found)))[:_NAMES]


def _letter_groups(word: str) -> Iterable[tuple[Term, ...]]:
    """Yields the terms of all letters of a word or, of three and more, of each two of them."""
    letters = list(dict.fromkeys(words(" ".join(word))))
    for group in combinations(letters, min(len(letters), _SHORTEST)):
        yield tuple(Term((letter,)) for letter in group)


async def prefer_covered(
    ranked: Sequence[RankedStory], asked: Query, vocabulary: Vocabulary
) -> list[RankedStory]:
    """Ranks stories by how much of a question without spaces they hold, in pieces.

    Those that hold all of it count as such, and alone where there are any.
    """
    if not is_covered(asked):
        return list(ranked)

    def rarity(pair: str) -> float:
        stories = max(vocabulary.stories, _LEAST_STORIES)
        count = min(max(vocabulary.count(pair), 1), stories)
        return max(log(1 + stories / count) / log(1 + stories), _COMMON)

    terms = enumerate(asked.terms)
    is_alone = len(asked.terms) == 1
    questions = [
        RunQuestion(term.typed, rarity, leads=not at, is_alone=is_alone) for at, term in terms
    ]
    covered = list[tuple[RankedStory, Cover]]()
    for at, one in enumerate(ranked, 1):
        covered.append((one, _cover(one, questions, asked)))
        if not at % _TURN:
            await asyncio.sleep(0)  # others are answered meanwhile
    whole = [pair for pair in covered if pair[1].is_whole and not pair[1].names]
    least = max((cover.share for _, cover in covered), default=0) * _SHARE
    kept = whole or [pair for pair in covered if pair[1].share >= least]
    return sort_ranked(_with_cover(*pair) for pair in kept)


def _cover(one: RankedStory, questions: Sequence[RunQuestion], asked: Query) -> Cover:
    """Returns what a title and a summary hold of a question or, of less value, the whole story."""
    candidate = one.candidate
    summary = "" if asked.in_title else candidate.summary
    cover = _cover_by(CoveringText(candidate.title, summary), questions)
    if cover.share >= min(_TEXT, one.score) or not candidate.text or asked.in_title:
        return cover
    text = CoveringText(candidate.title, f"{summary}\n{candidate.text[:_READ]}", has_names=False)
    of_text = _cover_by(text, questions)
    if of_text.share * _TEXT <= cover.share:
        return cover
    return Cover(of_text.total * (1 - of_text.share * _TEXT), of_text.total, is_whole=False)


def _cover_by(text: CoveringText, questions: Sequence[RunQuestion]) -> Cover:
    return sum((question.cover(text) for question in questions), Cover(0, 0))


def _with_cover(one: RankedStory, cover: Cover) -> RankedStory:
    # What is found by a name, or in spite of a wrong letter, has none of its pairs of letters.
    is_found_otherwise = bool(cover.names) or cover.share >= _MOST
    is_without_pairs = is_found_otherwise and one.fit is Fit.GUESS
    pairs = cover.share if is_without_pairs else one.score
    score = (pairs + _COVERED * cover.share) / (1 + _COVERED)
    if not cover.is_whole:
        return replace(one, score=score, fit=Fit.SOME if is_without_pairs else one.fit)
    return replace(one, score=score, fit=Fit.FORM, names=cover.names)
