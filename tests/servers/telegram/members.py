"""Who uses Telegram, and what they are in a chat."""

from __future__ import annotations

from dataclasses import dataclass

from servers.telegram.calls import Json

_RIGHTS = (
    "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats"
    " can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories"
    " can_edit_stories can_delete_stories"
).split()
_IN_CHANNELS = ("can_post_messages", "can_edit_messages")
_WRITING = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos"
    " can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages"
    " can_add_web_page_previews"
).split()
_REST = (
    "can_react_to_messages can_edit_tag can_change_info can_invite_users can_pin_messages"
    " can_manage_topics"
).split()


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    def json(self) -> Json:
        told: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            told["username"] = self.username
        return told if self.is_bot else {**told, "language_code": self.language}


_GONE = frozenset({"left", "kicked"})

ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
"""Whom Telegram names as the sender of what an anonymous admin writes."""

TELEGRAM = User(777000, "Telegram")
"""Whom it names as the sender of what it hands on from a channel to its group."""


@dataclass(eq=False)
class Member:
    """What somebody is in a chat: creator, administrator, member, restricted, left or kicked.

    Attributes:
        writes: Whether they may write: said of a channel's administrators and of the restricted.
        present: Whether they are there: said of the restricted.
    """

    user: User
    status: str = "member"
    anonymous: bool = False
    writes: bool = True
    present: bool = True

    @property
    def is_admin(self) -> bool:
        return self.status in {"creator", "administrator"}

    @property
    def is_there(self) -> bool:
        return self.present if self.status == "restricted" else self.status not in _GONE

    def json(self, kind: str) -> Json:
        """As the API tells it of a chat of a kind."""
        told: Json = {"user": self.user.json(), "status": self.status}
        if self.status == "creator":
            return {**told, "is_anonymous": self.anonymous}
        if self.status == "administrator":
            rights = {**dict.fromkeys(_RIGHTS, True)}
            rights |= dict.fromkeys(_IN_CHANNELS, self.writes) if kind == "channel" else {}
            return {**told, "is_anonymous": self.anonymous, **rights}
        if self.status == "restricted":
            may = {**dict.fromkeys(_WRITING, self.writes), **dict.fromkeys(_REST, False)}
            return {**told, "is_member": self.present, **may, "until_date": 0}
        return {**told, "until_date": 0} if self.status == "kicked" else told
