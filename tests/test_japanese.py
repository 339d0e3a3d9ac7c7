"""Particles in Japanese runs: what of a run, folded, may tell stories apart."""

from __future__ import annotations

import pytest

from bot.text.japanese import content_pairs, in_kana
from bot.text.tokenizer import words


@pytest.mark.parametrize(
    ("run", "kept"),
    [
        ("熊が出た", "熊 出"),
        ("国会の火事", "国会 会の 火事"),
        ("駅で火事", "驿 火事"),
        ("お米の値上がり", "お米 米の 値上 上が がり"),
        ("雨と風", "雨 风"),  # the last letter begins no other pair
        ("値上げ", "値上 上げ"),
        ("おにぎり", "おに にぎ ぎり"),
        ("東京", "东京"),
        ("の山", "の山"),  # all of a run that is a particle and one letter
    ],
)
def test_particles_and_what_begins_behind_them_tell_nothing(run: str, kept: str) -> None:
    assert content_pairs(words(run)) == kept.split()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("熊", ["クマ"]),
        ("熊被害", ["クマ被害"]),
        ("海老", ["エビ"]),
        ("鹿", []),
        ("bear", []),
        ("東京", []),
    ],
)
def test_animals_and_food_are_written_in_kana_too(typed: str, written: list[str]) -> None:
    assert list(in_kana(words(typed))) == [tuple(words(one)) for one in written]
