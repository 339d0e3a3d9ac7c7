"""Scripted people: they write, edit, press buttons, ask inline, add and block the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers.telegram.calls import Json, Upload
from servers.telegram.chats import Chat, Message
from servers.telegram.entities import ParsedText, find_entities
from servers.telegram.members import ANONYMOUS, Member, User
from servers.telegram.rich import reading
from servers.telegram.rules import content_of
from servers.telegram.world import PendingQuery, World


@dataclass(frozen=True)
class CallbackAnswer:
    """The answer to a callback query, as a person sees it."""

    text: str
    alert: bool
    url: str


@dataclass(frozen=True)
class InlineResults:
    """The results of an inline query, as a person sees them."""

    results: list[Json]
    next_offset: str
    button: Json | None
    personal: bool
    cache_time: int


class Person:
    """A person whom a test lets act."""

    def __init__(self, world: World, user: User) -> None:
        self.user = user
        self._world = world

    @property
    def id(self) -> int:
        return self.user.id

    async def says(
        self,
        chat: Chat,
        text: str,
        *,
        thread: int | None = None,
        reply_to: Message | None = None,
        photo: str | None = None,
        document: Upload | None = None,
    ) -> Message:
        """Writes to a chat; with a photo or a file, the text is its caption."""
        if reply_to and thread is None:
            # Telegram tells the thread of replies in every supergroup, be it a forum or not.
            root = reply_to.id if chat.kind == "supergroup" and not chat.forum else None
            thread = reply_to.thread or root
        message = self._world.add_message(
            chat,
            text=text,
            entities=find_entities(text),
            thread=thread,
            reply_to=reply_to,
            photo=photo,
            document=document,
            **self._author_fields(chat),
        )
        self._world.push_message(message)
        if chat.discussion:
            self._world.forward_to_discussion(message, chat.discussion)
        return message

    async def whispers(self, chat: Chat, text: str, *, reply_to: Message | None = None) -> Message:
        """Writes what the bot alone sees: an ephemeral command, or a reply to what it whispered."""
        assert text.startswith("/") or (reply_to and reply_to.ephemeral), "only these can be sent"
        message = self._world.add_ephemeral(
            chat,
            text=text,
            entities=find_entities(text),
            sender=self.user,
            receiver=self._world.bot,
            reply_to=reply_to,
        )
        self._world.push_message(message)
        return message

    def _author_fields(self, chat: Chat) -> dict[str, Any]:
        """Returns the author fields of what this person writes."""
        if chat.kind == "channel":
            return {"sender_chat": chat}
        if chat.member(self.user).anonymous:
            return {"sender": ANONYMOUS, "sender_chat": chat}
        return {"sender": self.user}

    async def edits(self, message: Message, text: str) -> None:
        """Edits a message."""
        message.text, message.entities = text, find_entities(text)
        message.edits += 1
        self._world.push_message(message, "edited_message")

    async def opens(self, link: str) -> Message:
        """Follows a deep link to the bot, and presses Start."""
        parts = urlsplit(link)
        assert parts.path == f"/{self._world.bot.username}", f"{link} leads to another bot"
        (parameter,) = parse_qs(parts.query)["start"]
        return await self.says(self._world.chats[self.id], f"/start {parameter}")

    async def presses(self, message: Message, wanted: str) -> CallbackAnswer:
        """Presses the button with a label (or data), and waits for the bot's answer."""
        query = self.press(message, wanted)
        answer = await self._wait_for_answer(query, f"an answer to {wanted!r} in {message}")
        return CallbackAnswer(answer["text"], answer["alert"], answer["url"])

    async def forges(self, message: Message, data: str) -> CallbackAnswer:
        """Sends callback data of their own for a message, as a modified client can."""
        query = self._press(message, data)
        answer = await self._wait_for_answer(query, f"an answer to {data!r} in {message}")
        return CallbackAnswer(answer["text"], answer["alert"], answer["url"])

    def press(self, message: Message, wanted: str) -> PendingQuery:
        """Presses a button without waiting."""
        data = message.button(wanted).data
        assert data, f"the button {wanted!r} opens a link"
        return self._press(message, data)

    def _press(self, message: Message, data: str) -> PendingQuery:
        assert message.receiver in {None, self.user}, "nobody else sees it"
        query = self._query(self._world.callbacks, message)
        body: Json = {"id": query.id, "from": self.user.json(), "chat_instance": "1", "data": data}
        if message.inline_id:
            body["inline_message_id"] = message.inline_id
        elif message.deleted:
            gone = {"chat": message.chat.json(), "message_id": message.id, "date": 0}
            body["message"] = gone
        else:
            body["message"] = message.json(self._world.users)
        self._world.push("callback_query", body)
        return query

    async def asks_inline(
        self, text: str, offset: str = "", chat_type: str = "sender"
    ) -> InlineResults:
        """Writes an inline query, and waits for its results."""
        query = self._query(self._world.inline)
        body = {"id": query.id, "from": self.user.json(), "query": text, "offset": offset}
        self._world.push("inline_query", {**body, "chat_type": chat_type})
        answer = await self._wait_for_answer(query, f"an answer to the inline query {text!r}")
        return InlineResults(
            answer["results"],
            answer["next_offset"],
            answer["button"],
            answer["personal"],
            answer["cache_time"],
        )

    async def posts(self, result: Json, chat: Chat) -> Message:
        """Sends an inline result into a chat, as the bot made it."""
        content = result["input_message_content"]
        rich = content.get("rich_message")
        formatted = ParsedText(reading(rich)) if rich else content_of(content)
        message = self._world.add_message(
            chat,
            text=formatted.text,
            entities=self._world.known_entities(formatted),
            raw=content.get("message_text", ""),
            rich=rich,
            parse_mode=content.get("parse_mode", ""),
            markup=result.get("reply_markup"),
            link_preview_options=content.get("link_preview_options"),
            via_bot=self._world.bot,
            **self._author_fields(chat),
        )
        message.inline_id = f"inline{chat.id}_{message.id}"
        self._world.by_inline_id[message.inline_id] = message
        self._world.push_message(message)
        return message

    def _query(
        self, queries: dict[str, PendingQuery], message: Message | None = None
    ) -> PendingQuery:
        query = PendingQuery(str(self._world.count()), self.user, message)
        queries[query.id] = query
        return query

    async def _wait_for_answer(self, query: PendingQuery, wanted: str) -> Json:
        return await self._world.until(lambda: query.answer, wanted)

    async def adds_bot(self, chat: Chat, *, admin: bool = False) -> None:
        """Adds the bot to a chat, or makes it an admin."""
        self._set_bot(chat, "administrator" if admin else "member")

    async def removes_bot(self, chat: Chat) -> None:
        """Removes the bot; in a private chat, that blocks it."""
        self._set_bot(chat, "kicked")

    async def blocks_bot(self) -> None:
        """Blocks the bot."""
        await self.removes_bot(self._world.chats[self.id])

    async def unblocks_bot(self) -> None:
        """Unblocks the bot."""
        await self.adds_bot(self._world.chats[self.id])

    async def silences_bot(self, chat: Chat) -> None:
        """Restricts the bot, so that it stays but cannot write."""
        status = "administrator" if chat.kind == "channel" else "restricted"
        self._set_bot(chat, status, writes=False)

    async def lets_bot_delete(self, chat: Chat, *, may: bool) -> None:
        """Gives the bot the right to delete messages in a chat that it administers, or takes it."""
        self._set_bot(chat, "administrator", deletes=may)

    def _set_bot(
        self, chat: Chat, status: str, *, writes: bool = True, deletes: bool = True
    ) -> None:
        me = Member(self._world.bot, status, writes=writes, deletes=deletes)
        self._world.set_member(chat, me, self.user)
