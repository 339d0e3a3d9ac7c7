"""Users, and their membership in chats."""

from __future__ import annotations

from dataclasses import dataclass

from servers.telegram.calls import Json

_RIGHTS = (
    "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats"
    " can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories"
    " can_edit_stories can_delete_stories"
).split()
_IN_CHANNELS = ("can_post_messages", "can_edit_messages")
WRITING = (
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
    """A user account, of a person or a bot."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    def json(self) -> Json:
        fields: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            fields["username"] = self.username
        return fields if self.is_bot else {**fields, "language_code": self.language}


_ABSENT = frozenset({"left", "kicked"})

ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
"""The sender that Telegram names for what an anonymous admin writes."""

TELEGRAM = User(777000, "Telegram")
"""The sender that it names for what it forwards from a channel to its group."""


@dataclass(eq=False)
class Member:
    """A membership: creator, administrator, member, restricted, left or kicked.

    Attributes:
        writes: True if they may write; for a channel's administrators and the restricted.
        present: True if they are in the chat; for the restricted.
        deletes: True if they may delete the messages of others; for administrators.
    """

    user: User
    status: str = "member"
    anonymous: bool = False
    writes: bool = True
    present: bool = True
    deletes: bool = True

    @property
    def is_admin(self) -> bool:
        return self.status in {"creator", "administrator"}

    @property
    def is_there(self) -> bool:
        return self.present if self.status == "restricted" else self.status not in _ABSENT

    def json(self, kind: str) -> Json:
        """Returns the ChatMember object, as of a kind of chat."""
        fields: Json = {"user": self.user.json(), "status": self.status}
        if self.status == "creator":
            return {**fields, "is_anonymous": self.anonymous}
        if self.status == "administrator":
            rights = {**dict.fromkeys(_RIGHTS, True)}
            rights |= dict.fromkeys(_IN_CHANNELS, self.writes) if kind == "channel" else {}
            rights |= {"can_delete_messages": self.deletes}
            return {**fields, "is_anonymous": self.anonymous, **rights}
        if self.status == "restricted":
            may = {**dict.fromkeys(WRITING, self.writes), **dict.fromkeys(_REST, False)}
            return {**fields, "is_member": self.present, **may, "until_date": 0}
        return {**fields, "until_date": 0} if self.status == "kicked" else fields
