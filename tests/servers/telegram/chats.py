"""Chats, messages and buttons, as the API's objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from servers.telegram.calls import Json, Upload
from servers.telegram.entities import Entity, ParsedText
from servers.telegram.members import Member, User
from servers.telegram.rich import button_rows, received


@dataclass(eq=False)
class Chat:
    """A chat; a supergroup may be a forum.

    Attributes:
        topics: The names of a forum's topics, by their ids.
        ephemeral: What one person alone sees, by ids of their own.
        closed: The ids of topics that only administrators write in; 0 for General.
        silent: True if only administrators write in a group.
        no_photos: True if only administrators send photos in a group.
        no_documents: True if only administrators send files in a group.
        ended: True if its owner, or the person, has deleted it.
    """

    id: int
    kind: str
    title: str
    username: str = ""
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    ephemeral: dict[int, Message] = field(default_factory=dict, repr=False)
    topics: dict[int, str] = field(default_factory=dict, repr=False)
    closed: set[int] = field(default_factory=set, repr=False)
    silent: bool = False
    no_photos: bool = False
    no_documents: bool = False
    ended: bool = False
    moved_to: Chat | None = field(default=None, repr=False)
    discussion: Chat | None = field(default=None, repr=False)  # a channel's group
    last_id: int = 0

    def json(self) -> Json:
        named = "first_name" if self.kind == "private" else "title"
        fields: Json = {"id": self.id, "type": self.kind, named: self.title}
        if self.username:
            fields["username"] = self.username
        return {**fields, "is_forum": True} if self.forum else fields

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def topic(self, name: str) -> int:
        """Creates a topic in a forum; its id is that of the message that created it."""
        assert self.forum, f"{self.title} is no forum"
        thread = self.next_id()
        self.topics[thread] = name
        return thread

    def member(self, user: User) -> Member:
        """Returns the membership of a user; one who never was here has left."""
        return self.members.get(user.id, Member(user, "left"))


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(eq=False, repr=False)
class Message:
    """A message in its current state.

    Attributes:
        text: The text or the caption, parsed.
        raw: The text as the bot sent it, with its markup.
        photo: The URL, the file or the id that the bot sent.
        document: A file that the bot or a person sent.
        rich: The rich message that the bot sent; its text is then what people read in it.
        edits: The number of edits.
        by_bot: True if the bot sent it; in a channel, the sender does not show that.
        ephemeral: The id of an ephemeral message, whose `id` is 0; 0 for all others.
        receiver: Who alone sees it, beside its sender; for ephemeral messages.
        replaces: The message in whose place it is shown; for ephemeral messages.
        expired: True if it is gone, or can no longer be answered; for ephemeral messages.
        post: The channel's post that Telegram forwarded to its group as this message.
    """

    id: int
    chat: Chat
    date: int
    sender: User | None = None
    sender_chat: Chat | None = None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    raw: str = ""
    parse_mode: str = ""
    photo: str | Upload | None = None
    document: Upload | None = None
    rich: Json | None = None
    markup: Json | None = None
    link_preview_options: Json | None = None
    reply_to: Message | None = None
    thread: int | None = None
    edits: int = 0
    deleted: bool = False
    by_bot: bool = False
    silent: bool = False
    via_bot: User | None = None
    post: Message | None = None
    inline_id: str = ""
    ephemeral: int = 0
    receiver: User | None = None
    replaces: Message | None = None
    expired: bool = False
    service: Json = field(default_factory=dict)

    def __repr__(self) -> str:
        who = self.sender_chat.title if self.sender_chat else self.sender and self.sender.name
        shown = "".join(f" [{button.text}]" for button in self.buttons)
        return f"{self.chat.title} #{self.id} {who}: {self.text or self.service}{shown}"

    @property
    def formatted(self) -> ParsedText:
        return ParsedText(self.text, self.entities)

    @property
    def rows(self) -> list[list[Button]]:
        """The buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        rows = [*(button_rows(self.rich) if self.rich else ()), *rows]
        return [
            [Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row]
            for row in rows
        ]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.rows for button in row]

    def button(self, wanted: str) -> Button:
        """Returns the only button with a label or a callback data."""
        fitting = [one for one in self.buttons if wanted in {one.text, one.data}]
        assert len(fitting) == 1, f"{len(fitting)} buttons are {wanted!r} in {self}"
        return fitting[0]

    def marked(self, kind: str) -> list[str]:
        """Returns the parts of the text that are bold, or a mention, or ..."""
        return [each.of(self.text) for each in self.entities if each.type == kind]

    def json(self, users: dict[int, User], *, whole: bool = True) -> Json:
        """Returns the Message object; that of a replied message has no reply of its own."""
        fields: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        fields.update(self._fields(users))
        if self.edits:
            fields["edit_date"] = self.date + self.edits
        # Of an ephemeral message that is replied to, the field may be left out.
        is_known = self.reply_to and not (self.reply_to.deleted or self.reply_to.ephemeral)
        if whole and self.reply_to and is_known:
            fields["reply_to_message"] = self.reply_to.json(users, whole=False)
        return fields

    def _fields(self, users: dict[int, User]) -> Iterator[tuple[str, Any]]:
        yield from self.service.items()
        if self.ephemeral:
            yield "ephemeral_message_id", self.ephemeral
        if self.receiver:
            yield "receiver_user", self.receiver.json()
        yield from self._sender_fields()
        yield from self._content_fields(users)
        if self.markup and "inline_keyboard" in self.markup:  # others only open a client's keyboard
            yield "reply_markup", self.markup
        if self.thread is not None:
            yield "message_thread_id", self.thread
            if self.chat.forum:
                yield "is_topic_message", True

    def _sender_fields(self) -> Iterator[tuple[str, Any]]:
        if self.sender:
            yield "from", self.sender.json()
        if self.sender_chat:
            yield "sender_chat", self.sender_chat.json()
        if self.via_bot:
            yield "via_bot", self.via_bot.json()
        if self.post:
            origin = {"chat": self.post.chat.json(), "message_id": self.post.id, "date": self.date}
            yield "forward_origin", {"type": "channel", **origin}
            yield "is_automatic_forward", True

    def _content_fields(self, users: dict[int, User]) -> Iterator[tuple[str, Any]]:
        has_caption = self.photo or self.document
        text, entities = ("caption", "caption_entities") if has_caption else ("text", "entities")
        if self.photo:
            size = {"file_id": self.photo_id, "file_unique_id": f"unique{self.id}"}
            yield "photo", [{**size, "width": 640, "height": 480}]
        if self.document:
            yield "document", {**self.file, "file_name": self.document.name}
        if self.rich:
            yield "rich_message", received(self.rich, self.photo_id)
        elif self.text:
            yield text, self.text
        if fields := [_entity(each, users) for each in self.entities]:
            yield entities, fields
        if self.link_preview_options:
            yield "link_preview_options", self.link_preview_options

    @property
    def file(self) -> Json:
        """The File object of the document, without its path."""
        size = len(self.document.content) if self.document else 0
        unique = f"unique_document{self.id}"
        return {"file_id": self.document_id, "file_unique_id": unique, "file_size": size}

    @property
    def document_id(self) -> str:
        """The file id of the document."""
        return f"document{self.chat.id}_{self.id}"

    @property
    def photo_id(self) -> str:
        """The file id of the photo."""
        return f"photo{self.chat.id}_{self.id}"


def _entity(entity: Entity, users: dict[int, User]) -> Json:
    fields: Json = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    if entity.url:
        fields["url"] = entity.url
    if entity.user in users:
        fields["user"] = users[entity.user].json()
    return {**fields, "language": entity.language} if entity.language else fields
