"""People and the bot on Discord, with a transcript of what everybody sees."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from discord_desk import serving
from first_hour import Newsroom, newsroom
from servers.discord import component_rules
from servers.discord.component_rules import V2, walk
from servers.discord.interaction import Interaction
from servers.discord.people import Person, Place
from servers.discord.server import Server
from servers.discord.world import DM, LOADING, Channel, Guild, Message, Role
from stories import HandClock
from transcripts import Transcript, unfold

from adapters.discord.messenger import RATE_LIMITS
from bot.clock import SystemClock
from bot.posting.rate_limiter import RateLimiter

_BOT = "Dateline"
_PACE = 12.0  # seconds in which people read an answer
_SETTLED = 0.05  # seconds in which what was sent beside an answer comes
_LOOKS = 10  # at what is shown while time passes
_PATIENCE = 30.0  # seconds in which an answer must come, however busy the machine is
_TIME = re.compile(r"<t:(\d+)(?::(\w))?>")
_COMMAND = re.compile(r"</([a-z ]+):\d+>")
_ROLE = re.compile(r"<@&\d+>")
_HEADING = re.compile(r"^(?:#{1,3}|-#) ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(<?([^)>]+)>?\)")
_ESCAPED = re.compile(r"\\([^\w\s])")


@dataclass
class DiscordHour:
    """Lets people act, and writes down what comes of it.

    Attributes:
        server: Discord.
        room: The newsroom behind the bot.
        transcript: What is written down.
        pace: Seconds between two deeds.
    """

    server: Server
    room: Newsroom
    transcript: Transcript
    pace: float = _PACE
    _seen: dict[int, tuple[str, ...]] = field(default_factory=dict)

    async def types(self, person: Person, place: Place, name: str, /, **values: Any) -> Interaction:
        """Lets a person use a command."""
        forced = bool(values.pop("forced", False))
        given = "".join(f" {option}:{_typed(value)}" for option, value in values.items())
        self._acts(place, person, f"types: /{name}{given}")
        answer = await person.command(place, name, forced=forced, **values)
        return await self._look(answer)

    async def presses(
        self, person: Person, where: Message | Interaction, label: str
    ) -> Interaction:
        """Lets a person press a button."""
        self._acts(_channel(where), person, f"presses [{label}]")
        return await self._look(await person.presses(where, label))

    async def chooses(
        self, person: Person, where: Message | Interaction, label: str
    ) -> Interaction:
        """Lets a person choose from the only menu."""
        self._acts(_channel(where), person, f"chooses {label}")
        return await self._look(await person.selects(where, label))

    async def fills_in(self, person: Person, asked: Interaction, text: str) -> Interaction:
        """Lets a person fill in the form that the bot opened."""
        self._acts(asked.channel, person, f"fills in: {text}")
        return await self._look(await person.submits(asked, text))

    async def writes(self, person: Person, text: str) -> list[Message]:
        """Lets a person write to the bot directly; returns its answers, of which there is one."""
        channel = self.server.world.dm(person)
        self._acts(channel, person, f"writes: {text}")
        asked = await person.writes(None, text)
        async with asyncio.timeout(_PATIENCE):
            while not _since(channel, asked):
                await asyncio.sleep(_SETTLED)
        await self._watch()
        return _since(channel, asked)

    async def passes(self, *, minutes: float) -> None:
        """Lets time pass, and looks at what is shown meanwhile."""
        self.room.desk.clock.pass_(60 * minutes)
        self.room.workers.wake()
        await self._watch()

    async def posted(self, channel: Channel) -> list[Message]:
        """Waits for the bot to have posted in a channel; returns what is seen there."""
        async with asyncio.timeout(_PATIENCE):
            while not channel.seen:
                await asyncio.sleep(_SETTLED)
        return channel.seen

    async def _watch(self) -> None:
        for _ in range(_LOOKS):
            await asyncio.sleep(_SETTLED)
            self._look_around()

    def _acts(self, place: Place, person: Person, deed: str) -> None:
        self.room.desk.clock.pass_(self.pace)
        channel = place.channel if isinstance(place, Guild) else place
        self.transcript.acts(_place(channel or self.server.world.dm(person)), person.name, deed)

    async def _look(self, answer: Interaction) -> Interaction:
        """Writes down what an answer shows, and what else has changed."""
        await asyncio.sleep(_SETTLED)
        self._look_around()
        if answer.modal:
            self.transcript.shows(_place(answer.channel), "a form opens", _form(answer.modal))
        return answer

    def _look_around(self) -> None:
        for channel in list(self.server.world.channels.values()):
            for message in list(channel.messages.values()):
                self._look_at(message)

    def _look_at(self, message: Message) -> None:
        if message.author is not self.server.bot or message.flags & LOADING:
            return
        now = ("(deleted)",) if message.deleted else tuple(_lines(message))
        before = self._seen.get(message.id)
        if now == before:
            return
        self._seen[message.id] = now
        alone = f", seen by {message.only.name} alone" if message.only else ""
        verb = "changes the message" if before else "writes"
        self.transcript.shows(_place(message.channel), f"{_BOT} {verb}{alone}:", now)


def _since(channel: Channel, asked: Message) -> list[Message]:
    return [one for one in channel.messages.values() if one.id > asked.id]


def _typed(value: object) -> str:
    if isinstance(value, Channel):
        return f"#{value.name}"
    return "@role" if isinstance(value, Role) else str(value)


def _channel(where: Message | Interaction) -> Channel:
    return where.channel


def _place(channel: Channel) -> str:
    return f"#{channel.name}" if channel.kind != DM else "direct messages"


def _lines(message: Message) -> Iterator[str]:
    """Yields what a message shows: texts, boxes, and rows of buttons and menus."""
    if not message.flags & V2:
        yield from _text_lines(message.content)
    for one in message.components:
        yield from _component_lines(one)


def _component_lines(one: Mapping[str, Any]) -> Iterator[str]:
    inside = one.get("components") or ()
    match one["type"]:
        case component_rules.TEXT:
            yield from _text_lines(one["content"])
        case component_rules.CONTAINER:
            yield ""
            yield from (f"| {line}" for part in inside for line in _component_lines(part))
        case component_rules.SECTION:
            yield from (line for part in inside for line in _component_lines(part))
            yield _control(one["accessory"])
        case component_rules.SEPARATOR:
            yield ""
        case component_rules.ROW:
            yield "  ".join(map(_control, inside))
        case _:  # a line, or pictures
            yield from (f"(a picture: {item['media']['url']})" for item in one.get("items") or ())


def _text_lines(text: str) -> Iterator[str]:
    yield from unfold(_seen_text(text)) if text else ()


def _control(one: Mapping[str, Any]) -> str:
    if one["type"] == component_rules.BUTTON:
        emoji = (one.get("emoji") or {}).get("name", "")
        return f"[{' '.join(filter(None, (emoji, one.get('label'))))}]"
    if one["type"] in component_rules.SELECTS:
        options = "; ".join(option["label"] for option in one.get("options") or ())
        return f"(a menu, {one.get('placeholder')}: {options})"
    return "(a small picture)"


def _form(form: Mapping[str, Any]) -> Iterator[str]:
    yield str(form["title"])
    for one in walk(form["components"]):
        inside = one.get("component") or {}
        if inside.get("placeholder"):
            yield f"(a field: {inside['placeholder']})"


def _seen_text(text: str) -> str:
    """Returns a text as Discord's client shows it, its markup left as it is where it is light."""
    text = _TIME.sub(lambda match: _moment(int(match[1]), match[2]), text)
    text = _ROLE.sub("@role", _COMMAND.sub(r"/\1", text))
    text = _LINK.sub(r"\1 (a link to \2)", _HEADING.sub("", text))
    return _ESCAPED.sub(r"\1", text).replace("**", "")


def _moment(seconds: int, form: str | None) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return f"<{at:%b %d, %H:%M}, as time ago>" if form == "R" else f"<{at:%b %d, %Y, %H:%M}>"


@asynccontextmanager
async def discord_hour(
    folder: Path, server: Server, transcript: Transcript
) -> AsyncIterator[DiscordHour]:
    """Runs the bot on a Discord; what is to be there at its start has been made before."""
    clock = HandClock()
    async with newsroom(folder, clock) as room:
        limiter = RateLimiter(SystemClock(), RATE_LIMITS)
        async with serving(server, room.desk, post=room.workers.run, rate_limiter=limiter):
            transcript.now = clock.now
            yield DiscordHour(server, room, transcript)
