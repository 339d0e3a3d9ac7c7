"""A small stock discord.py client, to test the local Discord with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands
from servers.discord.server import A_TOKEN, Server

QUIET = discord.AllowedMentions.none()
Interaction = discord.Interaction["Example"]


class Next(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"next:(?P<page>\d+)"
):
    """A button that outlives the process: all it needs stands in its custom_id."""

    def __init__(self, page: int) -> None:
        button = discord.ui.Button[discord.ui.View](label="Next", custom_id=f"next:{page}")
        super().__init__(button)
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, interaction: Any, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Next:
        del interaction, item
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(
            embed=page(self.page), view=buttons(self.page), allowed_mentions=QUIET
        )


class Pick(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=r"pick:(?P<of>\w+)"
):
    """A menu of stories."""

    def __init__(self, of: str) -> None:
        options = [discord.SelectOption(label=f"Story {n}", value=str(n)) for n in (1, 2)]
        menu = discord.ui.Select[discord.ui.View](
            custom_id=f"pick:{of}", options=options, placeholder="Read a story"
        )
        super().__init__(menu)

    @classmethod
    async def from_custom_id(
        cls, interaction: Any, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Pick:
        del interaction, item
        return cls(match["of"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        chosen = self.item.values[0]
        await interaction.followup.send(f"Story {chosen}", ephemeral=True)


class Example(discord.AutoShardedClient):
    """The client.

    Attributes:
        pause: The event that /slow waits for.
        heard: The events that were received.
    """

    def __init__(self, intents: discord.Intents | None = None) -> None:
        chosen = intents or discord.Intents(guilds=True)
        # By default a client waits two seconds for guilds before it is ready.
        super().__init__(intents=chosen, allowed_mentions=QUIET, guild_ready_timeout=0.0)
        self.tree = app_commands.CommandTree(self)
        self.pause, self.reached = asyncio.Event(), asyncio.Event()
        self.heard: list[str] = []
        self.met = asyncio.Event()

    async def setup_hook(self) -> None:
        own: list[app_commands.Command[Any, ..., Any] | app_commands.ContextMenu]
        own = [search, slow, followed, manage, broken, related]
        for command in own:
            self.tree.add_command(command)
        self.add_dynamic_items(Next, Pick)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait five seconds between shards, as clients do for the real Discord's sake."""

    async def on_socket_event_type(self, event: str) -> None:
        self.heard.append(event)
        self.met.set()

    async def until_heard(self, event: str) -> None:
        while event not in self.heard:
            self.met.clear()
            await self.met.wait()


def page(number: int) -> discord.Embed:
    return discord.Embed(title=f"Page {number}", url="https://example.org/latest")


def buttons(number: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(Next(number + 1))
    view.add_item(discord.ui.Button(label="Site", url="https://example.org"))
    view.add_item(Pick("latest"))
    return view


@app_commands.command()
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def search(interaction: Interaction, words: str, page_number: int = 1) -> None:
    """Find stories."""
    embed = page(page_number)
    embed.description = f"{words} in {interaction.locale}, context {interaction.context.to_array()}"
    await interaction.response.send_message(embed=embed, view=buttons(page_number))


@search.autocomplete("words")
async def suggested(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    del interaction
    names = [name for name in ("Osaka Expo", "Tokyo") if name.lower().startswith(current)]
    return [app_commands.Choice(name=name, value=name) for name in names]


@app_commands.command()
async def slow(interaction: Interaction, *, first: bool = False) -> None:
    """Answer when told to; `first` asks for time first."""
    if first:
        await interaction.response.defer(ephemeral=True, thinking=True)
    interaction.client.reached.set()
    await interaction.client.pause.wait()
    if first:
        await interaction.edit_original_response(content="Done.", allowed_mentions=QUIET)
        await interaction.followup.send("And more.", ephemeral=True)
    else:
        await interaction.response.send_message("Done.")


@app_commands.command()
async def followed(interaction: Interaction) -> None:
    """Defer, follow twice, answer twice."""
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("One", wait=True)
    second = await interaction.followup.send("Two", wait=True)
    await second.edit(content="Two!", allowed_mentions=QUIET)
    await interaction.delete_original_response()


@app_commands.command()
@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
async def manage(interaction: Interaction) -> None:
    """For moderators."""
    manages = interaction.permissions.manage_guild
    await interaction.response.send_message("Yes." if manages else "No.", ephemeral=True)


@app_commands.context_menu(name="Related stories")
async def related(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"Like {message.content}", ephemeral=True)


@app_commands.command()
async def broken(interaction: Interaction) -> None:
    """Send what Discord refuses."""
    embed = discord.Embed(title="x" * 257)
    try:
        await interaction.response.send_message(embed=embed)
    except discord.HTTPException as error:
        await interaction.response.send_message(f"{error.code}")


@asynccontextmanager
async def connected(server: Server, example: Example | None = None) -> AsyncIterator[Example]:
    """A client that is connected to a server."""
    async with example or Example() as client:
        running = asyncio.create_task(client.start(A_TOKEN))
        ready = asyncio.create_task(server.ready())
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        await ready
        yield client
        await client.close()
        await running
