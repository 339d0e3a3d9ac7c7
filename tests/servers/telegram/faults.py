"""Fault injection: errors, proxies' pages, silence and cut connections that a test scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from servers.telegram.calls import Call


class Outcome(Enum):
    """The end of a call, as the bot sees it."""

    ANSWER = "an answer"
    SILENCE = "no answer, ever"
    CUT = "the connection is closed"


@dataclass(frozen=True)
class Fault:
    """A fault of a call.

    Attributes:
        after: True if the call takes effect all the same.
        body: A response that is no JSON.
    """

    end: Outcome = Outcome.ANSWER
    status: int = 0
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    body: str = ""
    after: bool = False


def blocked() -> Fault:
    return Fault(status=403, description="Forbidden: bot was blocked by the user")


def kicked(kind: str = "group") -> Fault:
    return Fault(status=403, description=f"Forbidden: bot was kicked from the {kind} chat")


def bad_request(reason: str) -> Fault:
    return Fault(status=400, description=f"Bad Request: {reason}")


def chat_not_found() -> Fault:
    return bad_request("chat not found")


def migrated(to: int) -> Fault:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    return Fault(status=400, description=description, parameters={"migrate_to_chat_id": to})


def too_many(retry_after: int) -> Fault:
    description = f"Too Many Requests: retry after {retry_after}"
    return Fault(status=429, description=description, parameters={"retry_after": retry_after})


def broken(status: int = 502, *, after: bool = False) -> Fault:
    """Returns a server error that is no JSON, as of a proxy."""
    return Fault(status=status, body=f"<html><h1>{status}</h1></html>", after=after)


def unanswered(*, after: bool = False) -> Fault:
    """Returns a fault without any response: the bot runs into its timeout."""
    return Fault(Outcome.SILENCE, after=after)


def cut(*, after: bool = False) -> Fault:
    """Returns a fault that closes the connection before a response."""
    return Fault(Outcome.CUT, after=after)


@dataclass(eq=False)
class ScriptedFault:
    """A fault, and the calls that it applies to.

    Attributes:
        times: The number of calls that it still applies to; None until it is lifted.
    """

    fault: Fault
    method: str
    chat: int | None
    times: int | None

    def matches(self, call: Call) -> bool:
        here = self.chat is None or call.chat == str(self.chat)
        return here and self.method in {"*", call.method} and self.times != 0

    def lift(self) -> None:
        self.times = 0


class FaultInjector:
    """The scripted faults, in order."""

    def __init__(self) -> None:
        self._scripts: list[ScriptedFault] = []

    def add(self, script: ScriptedFault) -> ScriptedFault:
        self._scripts.append(script)
        return script

    def take(self, call: Call) -> Fault | None:
        """Returns the fault of a call, if any, and counts it down."""
        script = next((one for one in self._scripts if one.matches(call)), None)
        if script is None:
            return None
        if script.times:
            script.times -= 1
        return script.fault

    @property
    def remaining(self) -> list[ScriptedFault]:
        """The faults of a number of calls that did not all come."""
        return [script for script in self._scripts if script.times]
