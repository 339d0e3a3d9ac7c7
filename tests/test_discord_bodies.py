"""Bodies of all that discord.py sends pass the checks, and need each exemption."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord_example import QUIET, Example, connected
from servers.discord.server import Server, server
from servers.discord.spec import EXEMPTIONS, SPEC, Exemption, Spec

__all__ = ["server"]

URL = "https://example.org"


def full_embed() -> discord.Embed:
    embed = discord.Embed(title="Title", description="Text", url=URL, colour=1)
    embed.timestamp = datetime.now(UTC)
    embed.set_author(name="Author", url=URL, icon_url=f"{URL}/a.png")
    embed.set_footer(text="Footer", icon_url=f"{URL}/a.png")
    embed.set_thumbnail(url=f"{URL}/a.png").set_image(url=f"{URL}/a.png")
    return embed.add_field(name="Name", value="Value", inline=True)


def full_view() -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label="One", emoji="📰", custom_id="one", disabled=True))
    view.add_item(ui.Button(label="Site", url=URL))
    option = discord.SelectOption(
        label="A", value="a", description="An A", emoji="📰", default=True
    )
    view.add_item(ui.Select(custom_id="menu", options=[option], min_values=0, placeholder="Which"))
    return view


def laid_out() -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay("# Title"),
        ui.Separator(),
        ui.Section("Text", accessory=ui.Button(label="Read", custom_id="read")),
        ui.ActionRow(ui.Button(label="Site", url=URL)),
        ui.MediaGallery(discord.MediaGalleryItem(f"{URL}/a.png", description="A picture")),
        accent_colour=discord.Colour.red(),
    )
    return ui.LayoutView(timeout=None).add_item(box)


def picture() -> discord.File:
    return discord.File(io.BytesIO(b"x"), "a.png", description="A picture")


@app_commands.command(nsfw=False)
@app_commands.rename(there="channel")
@app_commands.choices(kind=[app_commands.Choice(name="One", value="1")])
async def everything(  # noqa: PLR0913, PLR0917 # an option of each kind
    interaction: discord.Interaction[Any],
    words: app_commands.Range[str, 1, 20],
    kind: str,
    count: app_commands.Range[int, 1, 5] = 1,
    part: float = 1.0,
    there: discord.TextChannel | None = None,
    who: discord.Member | None = None,
) -> None:
    """Answer in every way."""
    del words, kind, count, part, there, who
    view = full_view()
    await interaction.response.send_message("x", view=view, embed=full_embed(), ephemeral=True)
    await interaction.edit_original_response(view=None, embeds=[], content="y")
    later = await interaction.followup.send(embed=full_embed(), silent=True, wait=True)
    await later.edit(content="z", allowed_mentions=QUIET)
    await interaction.followup.send(view=laid_out())
    await (await interaction.original_response()).edit(content="k", allowed_mentions=QUIET)
    await later.delete()


async def post_everything(client: Example, channel: int, person: int) -> None:
    target = client.get_partial_messageable(channel)
    sent = await target.send("x", embeds=[full_embed()], view=full_view(), file=picture())
    await sent.edit(content="y", attachments=[], embeds=[full_embed()], allowed_mentions=QUIET)
    await sent.edit(view=None, suppress=True)
    await sent.reply("z", silent=True)
    out = await target.send(view=laid_out())
    await out.edit(view=laid_out(), allowed_mentions=QUIET)
    await (await client.fetch_user(person)).send("x")


async def talk_everywhere(client: Example, channel: int, forum: int) -> None:
    talk, place = await client.fetch_channel(forum), await client.fetch_channel(channel)
    assert isinstance(talk, discord.ForumChannel)
    assert isinstance(place, discord.TextChannel)
    await (await place.send("x")).create_thread(name="About x")
    opened = await talk.create_thread(
        name="New", applied_tags=talk.available_tags, view=laid_out(), allowed_mentions=QUIET
    )
    await opened.thread.edit(name="Newer", archived=False)
    assert [one.id for one in await talk.guild.active_threads()][-1] == opened.thread.id
    assert [one async for one in talk.archived_threads(limit=5)] == []


async def do_everything(server: Server) -> None:
    readers = server.guild("Readers")
    ada, forum = server.person("Ada", readers), server.forum(readers, "talk", "News")
    async with connected(server) as client:
        await post_everything(client, readers.channel.id, ada.id)
        await talk_everywhere(client, readers.channel.id, forum.id)
        client.tree.add_command(everything)
        await client.tree.sync()
        await (await client.application_info()).edit(description="A desk of news.")
        answer = await ada.command(readers, "everything", words="x", kind="1")
        await answer.until(lambda: answer.followups and answer.followups[0].deleted)
        shown = await ada.command(readers, "search", words="x")
        await ada.presses(shown, "Next")


async def test_all_that_discord_py_sends_passes(server: Server) -> None:
    await do_everything(server)
    assert server.refused == []
    assert [call for call in server.calls if call.status >= 400] == []


@pytest.mark.skipif(not SPEC.exists(), reason=f"there is no {SPEC.name} beside us")
@pytest.mark.parametrize("exempt", EXEMPTIONS, ids=lambda one: f"{one.schema}-{one.name}")
async def test_every_exemption_is_needed(server: Server, exempt: Exemption) -> None:
    document = json.loads(SPEC.read_text(encoding="utf-8"))
    stricter = Spec(document, exempt=[one for one in EXEMPTIONS if one is not exempt])
    await do_everything(server)
    found = [
        text
        for call in server.calls
        for text in stricter.violations(call.method, call.path, call.body)
    ]
    assert found
