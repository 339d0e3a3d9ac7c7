"""The JSON objects that the API returns: users, members, channels, guilds, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from itertools import count
from typing import Any

from servers.discord.attachments import attachment_payload
from servers.discord.component_rules import walk
from servers.discord.world import (
    DM,
    FORUMS,
    GROUP_DM,
    MANAGE_GUILD,
    MEMBER,
    THREADS,
    Channel,
    Guild,
    Message,
    Tag,
    User,
)

JSON = dict[str, Any]
_JOINED = "2020-01-01T00:00:00+00:00"


def user(person: User) -> JSON:
    """Returns a user object."""
    return {
        "id": str(person.id),
        "username": person.name.lower(),
        "global_name": person.name,
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
        "public_flags": 0,
    }


def member(guild: Guild, person: User, *, permissions: bool = False) -> JSON:
    """Returns a member object; `permissions` adds those that interactions carry."""
    payload: JSON = {
        "user": user(person),
        "nick": None,
        "avatar": None,
        "roles": _role_ids(guild, person),
        "joined_at": _JOINED,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
    }
    if permissions:
        payload["permissions"] = str(guild.members[person.id])
    return payload


def channel(one: Channel, position: int = 0) -> JSON:
    """Returns a channel object."""
    payload: JSON = {"id": str(one.id), "type": one.kind, "last_message_id": None}
    if one.kind in {DM, GROUP_DM}:
        payload["recipients"] = [user(person) for person in one.people]
        if one.kind == GROUP_DM:
            payload |= {"name": one.name, "owner_id": str(one.people[0].id), "icon": None}
        return payload
    assert one.guild is not None
    payload |= {"guild_id": str(one.guild.id), "name": one.name}
    if one.kind in THREADS:
        return payload | _thread(one)
    if one.kind in FORUMS:
        payload |= {"available_tags": [*map(_tag, one.tags)], "flags": one.requires_tag << 4}
    return payload | {
        "position": position,
        "permission_overwrites": _overwrites(one),
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
    }


def _tag(one: Tag) -> JSON:
    whole = {"id": str(one.id), "name": one.name, "moderated": one.moderated}
    return whole | {"emoji_id": None, "emoji_name": None}


def _thread(one: Channel) -> JSON:
    assert one.guild is not None
    assert one.parent is not None
    return {
        "parent_id": str(one.parent.id),
        "owner_id": str((one.owner or one.guild.owner).id),
        "applied_tags": [str(tag.id) for tag in one.tags],
        "flags": 0,
        "rate_limit_per_user": 0,
        "message_count": len(one.messages),
        "member_count": 1,
        "total_message_sent": len(one.messages),
        "thread_metadata": {
            "archived": one.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": _JOINED,
            "locked": one.locked,
            "create_timestamp": _JOINED,
        },
    }


def _overwrites(one: Channel) -> list[JSON]:
    """Returns permissions that a channel denies or grants.

    They are everybody's, for the bot has no role of its own here.
    """
    assert one.guild is not None
    denied, granted = MEMBER & ~one.bot_may, one.bot_may & ~MEMBER
    rule = {"id": str(one.guild.id), "type": 0, "allow": str(granted), "deny": str(denied)}
    people = [
        {"id": str(person), "type": 1, "allow": "0", "deny": str(denied)}
        for person, denied in one.denied.items()
    ]
    return [*([rule] if denied or granted else []), *people]


def _role_ids(guild: Guild, person: User) -> list[str]:
    """Returns the roles of a member; what they may manage they may by a role, too."""
    roles = [str(role) for role, members in guild.roles.items() if person.id in members]
    manages = guild.members.get(person.id, 0) & MANAGE_GUILD
    return [*roles, str(_managers(guild))] if manages and person is not guild.owner else roles


def _managers(guild: Guild) -> int:
    """Returns the id of the role of those who manage a guild."""
    return guild.id + 1


def _role(id_: int, name: str, *, mentionable: bool = False, permissions: int = MEMBER) -> JSON:
    return {
        "id": str(id_),
        "name": name,
        "permissions": str(permissions),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": mentionable,
        "flags": 0,
    }


def role_payload(one: Guild, role: int) -> JSON:
    """Returns a role object of a guild."""
    return _role(role, f"Role {role}", mentionable=role in one.mentionable)


def guild(one: Guild, bot: User) -> JSON:
    """Returns a guild as in GUILD_CREATE for a bot without the members intent."""
    roles = [_role(one.id, "@everyone")]
    roles += (role_payload(one, role) for role in one.roles)
    roles.append(_role(_managers(one), "Managers", permissions=MEMBER | MANAGE_GUILD))
    empty = (
        "emojis stickers voice_states presences stage_instances guild_scheduled_events"
        " soundboard_sounds"
    )
    there = [each for each in one.channels if not each.gone]
    threads = [each for each in one.threads if not (each.gone or each.archived)]
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner.id),
        "preferred_locale": one.locale,
        "features": [],
        "roles": roles,
        "channels": [channel(each, position) for position, each in enumerate(there)],
        "threads": [channel(each) for each in threads],
        "members": [member(one, bot)],
        "member_count": len(one.members) + 1,
        "large": False,
        "unavailable": False,
        "joined_at": _JOINED,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_flags": 0,
        "afk_timeout": 300,
    } | {key: [] for key in empty.split()}


def message(one: Message, application: int) -> JSON:
    """Returns a message object."""
    now = datetime.now(UTC).isoformat()
    payload: JSON = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "author": user(one.author),
        "content": one.body.get("content") or "",
        "embeds": [{"type": "rich"} | each for each in one.embeds],
        "components": _with_ids(one.components),
        "flags": one.flags,
        "type": 20 if one.interaction else 0,
        "timestamp": now,
        "edited_timestamp": now if one.edits else None,
        "attachments": [attachment_payload(each) for each in one.attachments],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
    }
    if one.body.get("nonce") is not None:
        payload["nonce"] = one.body["nonce"]
    if one.interaction:
        payload["interaction_metadata"] = one.interaction
        payload |= {"application_id": str(application), "webhook_id": str(application)}
    return payload


def _with_ids(components: Sequence[Mapping[str, Any]]) -> list[JSON]:
    copied = deepcopy([dict(one) for one in components])
    numbers = count(1)
    for one in walk(copied):
        assert isinstance(one, dict)
        one.setdefault("id", next(numbers))
    return copied
