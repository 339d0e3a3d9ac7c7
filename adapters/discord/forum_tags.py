"""Tags of forum posts: those of a forum's own that are called like a story's topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from bot.reply import Card

MAX_TAGS = 5
"""Tags of a thread (https://docs.discord.com/developers/resources/channel#channel-object)."""

_CATCH_ALL = ("other", "others", "misc", "miscellaneous", "general", "various", "news")
"""Names of tags for what fits no other, the best first."""


def choose_tags(forum: discord.ForumChannel, cards: Iterable[Card]) -> Sequence[discord.ForumTag]:
    """Returns the tags of a post: those called like its topics, then like its sources.

    Where the forum wants a tag and none fits, one is taken all the same, best a catch-all. Tags
    that only moderators may give are left to those who may manage threads.

    Args:
        forum: Where the post goes.
        cards: The stories in it, the best first.
    """
    me: discord.Member | None = forum.guild.me  # None until Discord has told of it
    manages = me is not None and forum.permissions_for(me).manage_threads
    usable = [tag for tag in forum.available_tags if manages or not tag.moderated]
    by_name = {key: tag for tag in reversed(usable) if (key := _name_key(tag.name))}
    shown = list(cards)
    wanted = [topic for card in shown for topic in card.story.topics]
    wanted += [card.source for card in shown]
    keys = dict.fromkeys(map(_name_key, wanted))
    fitting = [by_name[key] for key in keys if key in by_name][:MAX_TAGS]
    if fitting or not forum.flags.require_tag:
        return fitting
    return [by_name[name] for name in _CATCH_ALL if name in by_name][:1] or usable[:1]


def _name_key(name: str) -> str:
    """Returns a name as it is compared, without the emoji that people put beside it."""
    return "".join(filter(str.isalnum, name.casefold()))
