"""A stock client within simcord."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest
from discord_example import Example
from discord_sim import simulated, violations_of


@pytest.mark.slow
async def test_a_client_within_simcord() -> None:
    async with simulated(Example()) as env:
        channel = env.create_guild().create_text_channel("general")
        ada = env.guild.add_member(env.create_user("ada"))
        assert (await ada.autocomplete(channel, "search", "words", "osa"))[0]["name"] == (
            "Osaka Expo"
        )
        answer = (await ada.slash(channel, "search", words="osaka")).response
        assert answer is not None
        pressed = await ada.click(answer.message, label="Next")
        assert pressed.acknowledged
        last = channel.last_message
        assert last is not None
        assert last.embeds[0].title == "Page 2"
        chosen = await ada.select(answer.message, ["2"])
        assert [(one.content, one.ephemeral) for one in chosen.followups] == [("Story 2", True)]
        related = await ada.context_menu(channel, "Related stories", answer.message)
        assert related.ephemeral


async def send_loudly(without: Path) -> None:
    async with simulated(Example()) as env:
        channel = env.create_guild().create_text_channel("general")
        target = env.bot.get_partial_messageable(channel.id)
        await target.send("<@1>", allowed_mentions=discord.AllowedMentions.all())
        assert violations_of(env, spec=without) == violations_of(env) != []


async def test_what_simcord_lets_pass_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="allows unwanted mentions"):
        await send_loudly(tmp_path / "none.json")
