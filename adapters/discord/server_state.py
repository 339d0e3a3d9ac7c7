"""State of a server, as Discord tells of it and as the events that come leave it.

A session that goes on in another process needs it: Discord tells it whole only to one that begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

State = dict[str, Any]
"""A server as GUILD_CREATE tells it: https://docs.discord.com/developers/events/gateway-events."""

_UNUSED = (
    "emojis",
    "guild_scheduled_events",
    "presences",
    "soundboard_sounds",
    "stage_instances",
    "stickers",
    "voice_states",
)


def unknown_server(server: str) -> State:
    """Returns the state of a server of which nothing but its id is known, as READY names it."""
    return {"id": server, "unavailable": True}


def trimmed(server: Mapping[str, Any], me: str) -> State:
    """Leaves out what the bot has no use for; of the members it keeps only itself.

    Args:
        server: What GUILD_CREATE tells.
        me: The bot's own id.
    """
    kept = {key: value for key, value in server.items() if key not in _UNUSED}
    members = [one for one in server.get("members", ()) if one.get("user", {}).get("id") == me]
    return {**kept, "members": members, "unavailable": False}


def server_of(event: str, data: Mapping[str, Any]) -> str:
    """Returns the id of the server whose state an event changes; empty for one of no matter."""
    if event in {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}:
        return str(data["id"])
    return str(data.get("guild_id", "")) if event in _CHANGES else ""


def changed(state: State, event: str, data: Mapping[str, Any], me: str) -> State | None:
    """Returns the state that an event leads to; None when the bot is in the server no more.

    Args:
        state: The state before.
        event: The event's name; see `server_of` for those that matter.
        data: What it tells.
        me: The bot's own id.
    """
    if event == "GUILD_CREATE":
        return {**state, "unavailable": True} if data.get("unavailable") else trimmed(data, me)
    if event == "GUILD_DELETE":
        return {**state, "unavailable": True} if data.get("unavailable") else None
    if event == "GUILD_UPDATE":
        return {**state, **{key: data[key] for key in data if key not in _UNUSED}}
    return {**state, **_CHANGES[event](state, data, me)}


_Change = Callable[[State, Mapping[str, Any], str], State]


def _without(listed: Iterable[State], gone: str) -> list[State]:
    return [one for one in listed if one["id"] != gone]


def _put(key: str) -> _Change:
    def put(state: State, data: Mapping[str, Any], me: str) -> State:
        del me
        return {key: [*_without(state.get(key, ()), data["id"]), dict(data)]}

    return put


def _remove(key: str) -> _Change:
    def remove(state: State, data: Mapping[str, Any], me: str) -> State:
        del me
        return {key: _without(state.get(key, ()), data["id"])}

    return remove


def _update_thread(state: State, data: Mapping[str, Any], me: str) -> State:
    """Takes a change of a thread; GUILD_CREATE names only those that are not archived."""
    is_archived = data.get("thread_metadata", {}).get("archived")
    return (_remove if is_archived else _put)("threads")(state, data, me)


def _remove_channel(state: State, data: Mapping[str, Any], me: str) -> State:
    del me
    gone = data["id"]
    threads = [one for one in state.get("threads", ()) if one.get("parent_id") != gone]
    return {"channels": _without(state.get("channels", ()), gone), "threads": threads}


def _put_role(state: State, data: Mapping[str, Any], me: str) -> State:
    del me
    role = data["role"]
    return {"roles": [*_without(state.get("roles", ()), role["id"]), role]}


def _remove_role(state: State, data: Mapping[str, Any], me: str) -> State:
    del me
    return {"roles": _without(state.get("roles", ()), data["role_id"])}


def _sync_threads(state: State, data: Mapping[str, Any], me: str) -> State:
    """Takes the list of threads that the bot sees by now: of some channels, or of all."""
    del me
    parents = data.get("channel_ids")
    told = [*data.get("threads", ())]
    ids = {one["id"] for one in told}
    others = [
        one
        for one in state.get("threads", ())
        if parents is not None and one.get("parent_id") not in parents and one["id"] not in ids
    ]
    return {"threads": [*others, *told]}


def _update_member(state: State, data: Mapping[str, Any], me: str) -> State:
    """Takes a change of the bot's own membership, such as another role; of no other member's."""
    if data["user"]["id"] != me:
        return {}
    (before,) = state.get("members") or ({},)
    told = {key: data[key] for key in data if key != "guild_id"}
    return {"members": [{**before, **told}]}


_CHANGES: Mapping[str, _Change] = {
    "GUILD_ROLE_CREATE": _put_role,
    "GUILD_ROLE_UPDATE": _put_role,
    "GUILD_ROLE_DELETE": _remove_role,
    "GUILD_MEMBER_UPDATE": _update_member,
    "CHANNEL_CREATE": _put("channels"),
    "CHANNEL_UPDATE": _put("channels"),
    "CHANNEL_DELETE": _remove_channel,
    "THREAD_CREATE": _put("threads"),
    "THREAD_UPDATE": _update_thread,
    "THREAD_DELETE": _remove("threads"),
    "THREAD_LIST_SYNC": _sync_threads,
}
