"""The making of the table of subjects: what is read, learnt, and rounded."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tools.labelled_headlines import Headline, read_headlines
from tools.softmax_regression import Sparse, fit, minimise
from tools.subject_glosses import labelled
from tools.subject_weights import Labels, learn, table

from bot.ingest.subjects.classifier import SubjectClassifier

WORDS = {
    "sports": "goal match striker league coach referee".split(),
    "business": "profit shares bank merger revenue investor".split(),
    "health": "vaccine doctor hospital virus patient surgery".split(),
}


def headlines() -> list[Headline]:
    """Headlines of two words of one subject, in every pair."""
    return [
        _headline(f"{one} and {other} today", subject)
        for subject, words in WORDS.items()
        for one in words
        for other in words
    ]


def _headline(title: str, subject: str, url: str = "") -> Headline:
    return Headline(title, "", url, "wire", "", frozenset({subject}), is_labelled=True)


def test_words_of_labelled_headlines_tell_their_subjects() -> None:
    made = table(learn([Labels(headlines(), 1.0)]))
    classifier = SubjectClassifier(made)
    for subject, words in WORDS.items():
        assert {classifier.guess(word).subject for word in words} == {subject}
        assert classifier.guess(" ".join(words[:3])).probability > 0.5
    assert classifier.guess("ferry").known == 0


def test_a_broader_set_teaches_words_that_the_first_has_not() -> None:
    broad = [
        _headline(f"spaniel regatta {word}", "sports") for word in "one two three four".split()
    ]
    made = table(learn([Labels(headlines(), 1.0), Labels(broad, 1.0)]))
    assert SubjectClassifier(made).guess("regatta").subject == "sports"


def test_a_section_of_one_site_alone_is_not_learnt() -> None:
    pages = [
        _headline("match", "sports", f"https://{host}.example/{section}/{n}")
        for n in range(6)
        for host, section in (("a", "terrace"), ("b", "stands"), ("c", "stands"))
    ]
    made = table(learn([Labels([*headlines(), *pages], 1.0)]))
    assert ("/stands" in made.rows, "/terrace" in made.rows) == (True, False)


@pytest.mark.parametrize(
    ("fields", "subjects", "is_labelled"),
    [
        ({"cats": ["sports"]}, {"sports"}, True),
        ({"cats": ["sports", "general"]}, {"sports"}, True),
        ({"cats": ["science/technology"]}, {"science", "technology"}, True),
        ({"cats": [], "url": "https://e.org/world/a"}, {"world"}, False),
        ({"cats": ["general"], "url": "https://e.org/world/politics/a"}, {"politics"}, False),
        ({"cats": [], "url": "https://e.org/news/uk-politics-60123456"}, {"politics"}, False),
    ],
)
def test_labels_count_before_sections(
    tmp_path: Path, fields: dict[str, object], subjects: set[str], *, is_labelled: bool
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "T", "desc": "D", **fields}) + "\n\n", "utf-8")
    (found,) = read_headlines(path)
    assert found.subjects == subjects
    assert found.is_labelled == is_labelled


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cats": ["general"]},
        {"cats": ["gardening"], "url": "https://e.org/sport/a"},
        {"cats": ["sports", "health"], "url": "https://e.org/sport/a"},
        {"cats": [], "url": "https://e.org/sport/health/a"},
    ],
)
def test_headlines_without_one_subject_are_left_out(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"title": "T", "desc": None, **fields}))
    assert read_headlines(path) == []


def test_a_regression_finds_what_separates_the_classes() -> None:
    rows = [[0], [0, 2], [1], [1, 2]]
    examples = Sparse(
        np.array([column for row in rows for column in row]),
        np.ones(6),
        np.array([0, 1, 3, 4]),
        3,
    )
    start = np.zeros((3, 2)), np.zeros(2)
    weights, _ = fit(examples, np.array([0, 0, 1, 1]), np.ones(4), 1e-3, start, 50)
    assert weights[0, 0] > 1 > -1 > weights[0, 1]
    assert weights[1, 1] > 1 > -1 > weights[1, 0]
    assert abs(weights[2]).max() < 0.01


@pytest.mark.parametrize("start", [(-1.2, 1.0), (3.0, -2.0), (0.0, 0.0)])
def test_the_valley_of_rosenbrock_is_followed_to_its_end(start: tuple[float, float]) -> None:
    def banana(point: np.ndarray) -> tuple[float, np.ndarray]:
        x, y = point
        slope = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
        return float((1 - x) ** 2 + 100 * (y - x * x) ** 2), np.array(slope)

    assert minimise(banana, np.array(start), 200) == pytest.approx([1, 1], abs=1e-3)


SYNSETS = """
  1 This is the licence.
00000001 04 n 02 sport 0 athletics 0 002 ~ 00000002 n 0000 -c 00000003 v 0000 | a game; "he plays"
00000002 04 n 01 Water_Polo 0 001 @ 00000001 n 0000 | a sport with a ball in a pool
00000004 04 n 01 disease 0 001 ~ 00000005 n 0000 | an illness
00000005 04 n 01 athlete's_foot 0 002 @ 00000004 n 0000 @ 00000006 n 0000 | itching toes
00000006 04 n 01 athlete 0 001 ~ 00000005 n 0000 | one who does a sport
"""
SENSES = """
  1 This is the licence.
sport n 1 2 ~ -c 1 1 00000001
disease n 1 1 ~ 1 1 00000004
athlete n 1 1 ~ 1 1 00000006
"""


def test_glosses_are_on_the_subjects_of_what_they_lie_below(tmp_path: Path) -> None:
    (tmp_path / "data.noun").write_text(SYNSETS.strip("\n"), "latin-1")
    (tmp_path / "index.noun").write_text(SENSES.strip("\n"), "latin-1")
    verb = "00000003 30 v 01 ski 0 001 ;c 00000001 n 0000 01 + 01 00 | move on skis"
    (tmp_path / "data.verb").write_text(verb, "latin-1")
    for name in ("adj", "adv"):
        (tmp_path / f"data.{name}").write_text("", "latin-1")
    found = {synset.names: (subject, synset.gloss) for synset, subject in labelled(tmp_path)}
    assert found == {
        ("sport", "athletics"): ("sports", "a game; "),
        ("Water_Polo",): ("sports", "a sport with a ball in a pool"),
        ("ski",): ("sports", "move on skis"),
        ("disease",): ("health", "an illness"),
        ("athlete",): ("sports", "one who does a sport"),
    }
