"""Habits of sources: what each is mostly on, learnt from guesses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from stories import story

from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.classifier import SubjectClassifier
from bot.ingest.subjects.habits import SourceHabits

SURE, UNSURE = (0.9, 0.05, 0.05), (0.4, 0.3, 0.3)


def test_a_new_source_has_no_habits() -> None:
    habits = SourceHabits()
    habits.learn("wire", SURE)
    assert habits.leanings("other") == ()


def test_what_a_source_was_on_is_likelier_the_more_often_it_was() -> None:
    habits = SourceHabits()
    habits.learn("wire", SURE)
    once = habits.leanings("wire")
    for _ in range(9):
        habits.learn("wire", SURE)
    often = habits.leanings("wire")
    assert once[0] > 0 > once[1] == once[2]
    assert often[0] > once[0]
    assert often[1] < once[1]


def test_sure_guesses_teach_more() -> None:
    found = {}
    for shares in (SURE, UNSURE):
        habits = SourceHabits()
        habits.learn("wire", shares)
        found[shares] = habits.leanings("wire")[0]
    assert found[SURE] > found[UNSURE] > 0


def test_sources_may_change() -> None:
    habits = SourceHabits()
    for _ in range(1_000):
        habits.learn("wire", SURE)
    for _ in range(200):
        habits.learn("wire", SURE[::-1])
    first, _, last = habits.leanings("wire")
    assert last > first


def test_sources_are_learnt_of_in_threads_at_once_and_so_many_kept() -> None:
    habits = SourceHabits()

    def learn(thread: int) -> None:
        for number in range(4_000):
            habits.learn(f"{thread} {number}", SURE)

    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(learn, range(4))] == [None] * 4
    known = [
        habits.leanings(f"{thread} {number}") for thread in range(4) for number in range(4_000)
    ]
    assert sum(map(bool, known)) == 10_000


def test_the_shares_of_a_guess_are_those_of_its_words_alone() -> None:
    classifier = SubjectClassifier()
    leanings = [5.0 if at == 2 else 0.0 for at in range(8)]
    plain, led = classifier.guess("Thoughts"), classifier.guess("Thoughts", leanings=leanings)
    assert plain.shares == led.shares
    assert sum(led.shares) == pytest.approx(1)
    assert led.subject == "business"
    assert led.probability > plain.probability


TITLE = "Record for Okonkwo after long wait"
MATCH = ("Striker scores twice as the club wins the cup final", "The goalkeeper saved a penalty.")


def test_a_story_that_says_little_is_read_by_its_source() -> None:
    assigner = SubjectAssigner()
    assert assigner.subject_of(story(TITLE, source="ground")) == ""
    for _ in range(5):
        assert assigner.subject_of(story(*MATCH, source="ground")) == "sports"
    assert assigner.subject_of(story(TITLE, source="ground")) == "sports"
    assert assigner.subject_of(story(TITLE, source="elsewhere")) == ""


def test_a_clear_story_is_on_what_it_is_whatever_its_source_is_on() -> None:
    assigner = SubjectAssigner()
    for _ in range(100):
        assigner.subject_of(story(*MATCH, source="ground"))
    told = story("Shares fall as profit misses forecasts of investors", "", source="ground")
    assert assigner.subject_of(told) == "business"


def test_foreign_words_teach_nothing() -> None:
    assigner = SubjectAssigner()
    for _ in range(50):
        assigner.subject_of(
            story("大阪万博の開幕", "会場には多くの人が集まった。", source="ground")
        )
    assert assigner.subject_of(story(*MATCH, source="ground")) == "sports"
