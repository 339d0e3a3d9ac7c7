"""Syncs the application's description with Discord, which the bot's profile shows."""

from __future__ import annotations

import logging

import discord

from adapters.discord.failures import REQUEST_ERRORS

log = logging.getLogger(__name__)

_MAX_DESCRIPTION = 400
"""Characters (https://docs.discord.com/developers/resources/application)."""


async def sync_profile(client: discord.Client, description: str, *, allowed: bool) -> None:
    """Sets the description where it differs and that is allowed; else says in the log that it does.

    Errors are logged only: the profile is no more than a welcome.
    """
    wanted = description[:_MAX_DESCRIPTION]
    try:
        application = await client.application_info()
        if application.description.strip() == wanted:
            return
        if allowed:
            await application.edit(description=wanted)
        elif application.description:
            log.info(
                "Discord: the application's description is not what [desk] says; "
                "discord.profile = true would set it"
            )
    except REQUEST_ERRORS as error:
        log.warning("Discord: could not set the description: %s", error)
