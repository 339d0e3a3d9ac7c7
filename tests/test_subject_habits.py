"""Habits of sources and words: what each is mostly on, learnt from guesses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from stories import story

from bot.ingest.subjects.assigner import SubjectAssigner
from bot.ingest.subjects.classifier import SubjectClassifier
from bot.ingest.subjects.habits import Habits, SubjectHabits

SURE, UNSURE = (0.9, 0.05, 0.05), (0.4, 0.3, 0.3)


def test_a_new_source_has_no_habits() -> None:
    habits = Habits.of_sources()
    habits.learn(("wire",), SURE)
    assert habits.leanings(("other",)) == ()


def test_what_a_source_was_on_is_likelier_the_more_often_it_was() -> None:
    habits = Habits.of_sources()
    habits.learn(("wire",), SURE)
    once = habits.leanings(("wire",))
    for _ in range(9):
        habits.learn(("wire",), SURE)
    often = habits.leanings(("wire",))
    assert once[0] > 0 > once[1] == once[2]
    assert often[0] > once[0]
    assert often[1] < once[1]


def test_sure_guesses_teach_more() -> None:
    found = {}
    for shares in (SURE, UNSURE):
        habits = Habits.of_sources()
        habits.learn(("wire",), shares)
        found[shares] = habits.leanings(("wire",))[0]
    assert found[SURE] > found[UNSURE] > 0


def test_sources_may_change() -> None:
    habits = Habits.of_sources()
    for _ in range(1_000):
        habits.learn(("wire",), SURE)
    for _ in range(200):
        habits.learn(("wire",), SURE[::-1])
    first, _, last = habits.leanings(("wire",))
    assert last > first


def test_sources_are_learnt_of_in_threads_at_once_and_so_many_kept() -> None:
    habits = Habits.of_sources()

    def learn(thread: int) -> None:
        for number in range(4_000):
            habits.learn((f"{thread} {number}",), SURE)

    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(learn, range(4))] == [None] * 4
    known = [
        habits.leanings((f"{thread} {number}",)) for thread in range(4) for number in range(4_000)
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
    assert assigner.subject_of(story(TITLE, source="elsewhere")) == ""
    assert assigner.subject_of(story(TITLE, source="ground")) == "sports"


def test_what_a_name_is_on_is_known_from_other_stories_that_have_it() -> None:
    assigner = SubjectAssigner()
    news = "Okonkwo after a long wait"
    assert assigner.subject_of(story(news, source="elsewhere")) == ""
    for number in range(20):
        told = story(f"Okonkwo: {MATCH[0]}", MATCH[1], source=f"paper {number}")
        assert assigner.subject_of(told) == "sports"
    assert assigner.subject_of(story(news, source="other")) == "sports"


def test_words_of_which_nothing_is_known_say_nothing() -> None:
    words = Habits.of_words()
    words.learn({"okonkwo", "goal"}, SURE)
    assert words.leanings({"orbix"}) == ()
    assert words.leanings({"orbix", "okonkwo"}) == words.leanings({"goal"})


def test_words_that_agree_say_more_and_those_that_do_not_less() -> None:
    words = Habits.of_words()
    for _ in range(5):
        words.learn({"okonkwo", "goal"}, SURE)
        words.learn({"share"}, SURE[::-1])
    (alone, *_), (both, *_), (mixed, *_) = map(
        words.leanings, ({"goal"}, {"goal", "okonkwo"}, {"goal", "share"})
    )
    assert both > alone > mixed


def test_what_is_told_without_end_can_still_change() -> None:
    words = Habits.of_words()
    for _ in range(60_000):
        words.learn({"okonkwo"}, (1.0, 0.0, 0.0))
    before = words.leanings({"okonkwo"})
    assert all(abs(one) < 10 for one in before)
    for _ in range(200):
        words.learn({"okonkwo"}, (0.0, 0.0, 1.0))
    after = words.leanings({"okonkwo"})
    assert after[2] > after[0]


def test_only_so_many_words_are_kept_the_newest() -> None:
    words = Habits.of_words()
    for number in range(40_000):
        words.learn({f"word{number}"}, SURE)
    assert words.leanings({"word1"}) == ()
    assert words.leanings({"word39999"})


def test_a_guess_does_not_confirm_itself() -> None:
    habits = SubjectHabits()
    for _ in range(100):
        habits.learn("wire", {"okonkwo"}, (1 / 3, 1 / 3, 1 / 3))
    assert habits.leanings("wire", {"okonkwo"}) == pytest.approx([0.0, 0.0, 0.0])


def test_what_is_on_a_word_is_read_by_its_source_too() -> None:
    habits = SubjectHabits()
    for _ in range(20):
        habits.learn("wire", {"goal"}, SURE)
    habits.learn("wire", {"okonkwo"}, UNSURE)
    habits.learn("other", {"orbix"}, UNSURE)
    assert habits.leanings("", {"okonkwo"})[0] > habits.leanings("", {"orbix"})[0] > 0


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
