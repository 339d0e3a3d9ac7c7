"""One emoji, and what is none."""

from __future__ import annotations

import pytest

from bot.text.emoji import is_emoji


@pytest.mark.parametrize(
    "text",
    "🗞️ 🗞 📰 ⚓ ☀️ ☀ ⭐ ©️ ‼️ 🇯🇵 🇪🇺 1️⃣ #⃣ 👍🏽 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🪿 🫨".split(),
)
def test_one_emoji_is_one_however_many_characters_it_takes(text: str) -> None:
    assert is_emoji(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a", "1", "#", "News", "日", "é", "→", "📰📰", "📰 ", "📰x", "📰\n", "🇯"),
        *(":news:", "<:a:1>", "<b>", "\u200d", "\ufe0f", "👩\u200d", "\u200d👩", "\U000e0067"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_emoji(text)
