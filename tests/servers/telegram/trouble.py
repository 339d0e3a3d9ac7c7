"""What can befall a call, by a test's script."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from servers.telegram.calls import Call


class End(Enum):
    """How a call ends, for the bot."""

    ANSWER = "an answer"
    SILENCE = "no answer, ever"
    CUT = "the connection is closed"


@dataclass(frozen=True)
class Trouble:
    """What befalls a call.

    Attributes:
        after: Whether the call takes effect all the same.
        body: What is answered when that is no JSON.
    """

    end: End = End.ANSWER
    status: int = 0
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    body: str = ""
    after: bool = False


def blocked() -> Trouble:
    return Trouble(status=403, description="Forbidden: bot was blocked by the user")


def kicked(kind: str = "group") -> Trouble:
    return Trouble(status=403, description=f"Forbidden: bot was kicked from the {kind} chat")


def bad_request(reason: str) -> Trouble:
    return Trouble(status=400, description=f"Bad Request: {reason}")


def chat_not_found() -> Trouble:
    return bad_request("chat not found")


def migrated(to: int) -> Trouble:
    said = "Bad Request: group chat was upgraded to a supergroup chat"
    return Trouble(status=400, description=said, parameters={"migrate_to_chat_id": to})


def too_many(retry_after: int) -> Trouble:
    said = f"Too Many Requests: retry after {retry_after}"
    return Trouble(status=429, description=said, parameters={"retry_after": retry_after})


def broken(status: int = 502, *, after: bool = False) -> Trouble:
    """A server's error that is no JSON, as a proxy in between gives it."""
    return Trouble(status=status, body=f"<html><h1>{status}</h1></html>", after=after)


def unanswered(*, after: bool = False) -> Trouble:
    """The bot waits until it has waited too long."""
    return Trouble(End.SILENCE, after=after)


def cut(*, after: bool = False) -> Trouble:
    """The connection is closed before there is an answer."""
    return Trouble(End.CUT, after=after)


@dataclass(eq=False)
class Script:
    """A trouble, and what it befalls.

    Attributes:
        times: How often it still will; None is until it is lifted.
    """

    trouble: Trouble
    method: str
    chat: int | None
    times: int | None

    def fits(self, call: Call) -> bool:
        here = self.chat is None or call.chat == str(self.chat)
        return here and self.method in {"*", call.method} and self.times != 0

    def lift(self) -> None:
        self.times = 0


class Troubles:
    """All that is scripted, in the order in which it comes."""

    def __init__(self) -> None:
        self._scripts: list[Script] = []

    def add(self, script: Script) -> Script:
        self._scripts.append(script)
        return script

    def befall(self, call: Call) -> Trouble | None:
        """The trouble of this call, which it uses up."""
        script = next((one for one in self._scripts if one.fits(call)), None)
        if script is None:
            return None
        if script.times:
            script.times -= 1
        return script.trouble

    @property
    def unused(self) -> list[Script]:
        """What was scripted for a number of calls that did not all come."""
        return [script for script in self._scripts if script.times]
