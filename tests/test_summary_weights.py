"""The weights of summaries, learnt, and the measure that judges them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from bench.rouge import rouge
from bench.summary_stories import read_labelled
from tools.summary_weights import fit, rows

from bot.ingest.summaries.features import NAMES


def test_rouge_counts_words_pairs_and_the_longest_common_row() -> None:
    found = rouge("The ferry sailed late", "the ferries sail on time")
    assert found.one == pytest.approx(2 * 3 / 9)  # the, ferri, sail
    assert found.two == pytest.approx(2 * 2 / 7)
    assert found.longest == pytest.approx(2 * 3 / 9)
    assert rouge("ferries", "ferry", stem=False).one == 0
    assert rouge("", "ferry").one == 0
    assert rouge("b a", "a b").longest == pytest.approx(0.5)


def test_what_is_learnt_is_what_the_summaries_take(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for n in range(30):
            told = f"The {n}th ferry of the town sails from its harbour."
            rest = f"Birds number {n} sang over hills. Nobody counted clouds {n} that evening."
            line = {"title": f"A ferry {n}", "body": f"{rest}\n{told}", "summary": told}
            lines.write(json.dumps(line) + "\n")
    stories = read_labelled(path)
    assert len(stories) == 30
    learnt = dict(zip(NAMES, fit(row for one in stories for row in rows(one)), strict=True))
    assert learnt["title precision"] + learnt["title recall"] > 0 > learnt["early"]
