"""Methods about the bot itself (profile, commands) and about the members of a chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from servers.telegram.calls import ApiError, Arguments, Json
from servers.telegram.chats import Chat
from servers.telegram.members import WRITING, User
from servers.telegram.world import World

Scope = tuple[str, int, int]
_GIFTS = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels"
_PERMISSIONS = (
    *WRITING,
    *"can_change_info can_invite_users can_pin_messages can_manage_topics can_edit_tag".split(),
    "can_react_to_messages",
)


@dataclass(eq=False)
class BotProfile:
    """The bot's commands and descriptions, by scope and language."""

    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def commands_for(self, person: User, chat: Chat) -> dict[str, str]:
        """Returns the commands that a person is shown in a chat: names and descriptions."""
        admin = chat.member(person).is_admin
        for scope in _scopes(person, chat, admin=admin):
            for language in (person.language, ""):
                if (found := self.commands.get((scope, language))) is not None:
                    return {one["command"]: one["description"] for one in found}
        return {}


def _scopes(person: User, chat: Chat, *, admin: bool) -> list[Scope]:
    """Returns the scopes in order of priority."""
    if chat.kind == "private":
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    here: list[Scope] = [("chat_member", chat.id, person.id)]
    here += [("chat_administrators", chat.id, 0)] if admin else []
    here += [("chat", chat.id, 0)]
    here += [("all_chat_administrators", 0, 0)] if admin else []
    return [*here, ("all_group_chats", 0, 0), ("default", 0, 0)]


def get_me(world: World, _args: Arguments) -> Json:
    can = dict.fromkeys(("can_join_groups", "supports_inline_queries"), True)
    can |= {"can_read_all_group_messages": world.reads_all}
    lacks = "can_connect_to_business has_main_web_app has_topics_enabled"
    lacks += " allows_users_to_create_topics can_manage_bots supports_guest_queries"
    return {**world.bot.json(), **can, **dict.fromkeys(lacks.split(), False)}


def get_chat(world: World, args: Arguments) -> Json:
    chat = world.chat(args.text("chat_id"))
    gifts = dict.fromkeys(_GIFTS.split(), True)
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if chat.kind in {"group", "supergroup"}:
        more["permissions"] = dict.fromkeys(_PERMISSIONS, not chat.silent)
    return {**chat.json(), **more}


def get_admins(world: World, args: Arguments) -> list[Json]:
    chat = world.chat(args.text("chat_id"))
    if chat.kind == "private":
        raise ApiError(400, "Bad Request: there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.is_admin]
    # Other bots are left out, unless they are asked for.
    fields = (one for one in admins if not one.user.is_bot or one.user is world.bot)
    return [member.json(chat.kind) for member in fields]


def get_member(world: World, args: Arguments) -> Json:
    chat = world.chat(args.text("chat_id"))
    user = world.users.get(args.number("user_id"))
    if user is None:
        raise ApiError(400, "Bad Request: user not found")
    return chat.member(user).json(chat.kind)


def _scope(world: World, args: Arguments) -> tuple[Scope, str]:
    scope: Json = args.data("scope") or {"type": "default"}
    chat = world.chat(scope["chat_id"]).id if "chat_id" in scope else 0
    return (scope["type"], chat, scope.get("user_id", 0)), args.text("language_code")


class ProfileMethods:
    """Methods that set or get the bot's commands and descriptions."""

    def __init__(self, profile: BotProfile) -> None:
        self._profile = profile

    def set_commands(self, world: World, args: Arguments) -> bool:
        self._profile.commands[_scope(world, args)] = args.rows("commands")
        return True

    def get_commands(self, world: World, args: Arguments) -> list[Json]:
        return self._profile.commands.get(_scope(world, args), [])

    def delete_commands(self, world: World, args: Arguments) -> bool:
        self._profile.commands.pop(_scope(world, args), None)
        return True

    def set_text(self, name: str) -> Any:
        """Returns the method that sets a text."""

        def method(_world: World, args: Arguments) -> bool:
            self._profile.texts[name, args.text("language_code")] = args.text(name)
            return True

        return method

    def get_text(self, name: str) -> Any:
        """Returns the method that gets a text."""

        def method(_world: World, args: Arguments) -> Json:
            return {name: self._profile.texts.get((name, args.text("language_code")), "")}

        return method

    def all(self) -> dict[str, tuple[Any, str]]:
        """Returns each method with the parameters that it models."""
        return {
            "getMe": (get_me, ""),
            "getChat": (get_chat, "chat_id"),
            "getChatAdministrators": (get_admins, "chat_id"),
            "getChatMember": (get_member, "chat_id user_id"),
            "setMyCommands": (self.set_commands, "commands scope language_code"),
            "getMyCommands": (self.get_commands, "scope language_code"),
            "deleteMyCommands": (self.delete_commands, "scope language_code"),
            "setMyDescription": (self.set_text("description"), "description language_code"),
            "getMyDescription": (self.get_text("description"), "language_code"),
            "setMyShortDescription": (
                self.set_text("short_description"),
                "short_description language_code",
            ),
            "getMyShortDescription": (self.get_text("short_description"), "language_code"),
        }
