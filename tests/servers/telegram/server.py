"""A local Telegram Bot API, over HTTP, that forgives a bot nothing.

It holds each call against the published description of the Bot API (where that is there), the rules
that its prose has, Telegram's own parser of formatted text, and the state of its little world.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from servers.telegram.calls import (
    ApiError,
    Args,
    Call,
    Json,
    Refused,
    RefusedError,
    UnmodelledError,
    Upload,
)
from servers.telegram.chats import Chat
from servers.telegram.members import User
from servers.telegram.messages import METHODS
from servers.telegram.profile import Profile, ProfileMethods
from servers.telegram.rules import check
from servers.telegram.spec import SPEC, read_spec
from servers.telegram.trouble import End, Script, Trouble, Troubles
from servers.telegram.webhook import Delivery
from servers.telegram.world import World

TOKEN = "1234567890:AAE-the-tests-own-token-0123456789ab"  # noqa: S105 - opens nothing
_BIGGEST = 20 << 20  # bytes in a body
_AT_ONCE = 0.001  # seconds; aiohttp takes 0 for ever


class Server:
    """The Bot API; `telegram_people.BotApi` adds the people who use Telegram.

    Attributes:
        world: All that there is in this Telegram.
        calls: Every call with the right token, in order.
        refused: Calls that no bot should make.
        unmodelled: Calls that this server knows nothing about.
        revoked: Whether the token is worth nothing any more.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "DatelineBot",
        reads_all: bool = False,
        patience: float = 30.0,
        spec: Path = SPEC,
    ) -> None:
        self.token = token
        bot = User(int(token.partition(":")[0]), "Dateline", username, is_bot=True)
        self.world = World(bot, reads_all, patience, users={bot.id: bot}, check=self._check_told)
        self.calls: list[Call] = []
        self.refused: list[Refused] = []
        self.unmodelled: list[Refused] = []
        self.revoked = False
        self.troubles = Troubles()
        self.profile = Profile()
        self.spec = read_spec(spec)
        self.delivery = Delivery(self.world.updates, self.spec)
        self._waiting = self.delivery.methods()
        self._methods = {**METHODS, **ProfileMethods(self.profile).all(), **self._waiting}
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What comes before the token in the address of a method."""
        return f"{self.url}/bot"

    async def start(self) -> None:
        """Listens; after `stop`, at the same port as before."""
        app = web.Application(client_max_size=_BIGGEST)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        # A poll whose bot has gone away must end at once, or the next one would be a conflict.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=_AT_ONCE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.delivery.resume()

    async def stop(self) -> None:
        """Goes away, in the middle of whatever is said."""
        await self.delivery.aclose()
        if self._runner:
            await self._runner.cleanup()
        self._runner = None

    def fails(
        self, method: str, trouble: Trouble, *, chat: int | None = None, times: int | None = 1
    ) -> Script:
        """Makes the next calls of a method (`*`: of any) fail; for ever, until lifted, for None."""
        return self.troubles.add(Script(trouble, method, chat, times))

    def made(self, method: str, chat: Chat | None = None) -> list[Call]:
        """The calls of a method (about a chat)."""
        return [
            call
            for call in self.calls
            if call.method == method and (chat is None or call.chat == str(chat.id))
        ]

    async def called(self, method: str, times: int = 1, status: int | None = None) -> Call:
        """Waits for a call of a method (that was answered with a status)."""

        def found() -> Call | None:
            made = [one for one in self.made(method) if status in {None, one.status}]
            return made[times - 1] if len(made) >= times else None

        return await self.world.until(found, f"call {times} of {method}")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _failed(ApiError(401, "Unauthorized"))
        call = Call(request.match_info["method"], Args(await _params(request)), time.monotonic())
        self.calls.append(call)
        self.world.changed.wake()
        response = await self._answer(call, request)
        call.status = response.status
        self.world.changed.wake()
        return response

    async def _answer(self, call: Call, request: web.Request) -> web.Response:
        try:
            return await self._settled(call, request)
        except RefusedError as error:
            self.refused.append(Refused(call.method, call.params, error.description))
            return _failed(error)
        except ApiError as error:
            return _failed(error)
        except Exception as error:  # noqa: BLE001 - nor may a slip of this server's go unseen
            reason = str(error) if isinstance(error, UnmodelledError) else repr(error)
            self.unmodelled.append(Refused(call.method, call.params, reason))
            return _failed(ApiError(501, f"Not Implemented: {reason}"))

    async def _settled(self, call: Call, request: web.Request) -> web.Response:
        """The answer, or the trouble that befalls the call before or after it takes effect."""
        if self.revoked:
            raise ApiError(401, "Unauthorized")
        self._check(call)
        trouble = self.troubles.befall(call)
        if trouble and not trouble.after:
            return await _befallen(trouble, request)
        result = await self._result(call)
        if trouble:
            return await _befallen(trouble, request)
        return web.json_response({"ok": True, "result": result})

    def _check(self, call: Call) -> None:
        """Holds a call against everything but the state of things."""
        if self.spec and not self.spec.knows(call.method):
            raise RefusedError("Not Found: method not found", 404)
        if self.spec and (fault := self.spec.fault_of_call(call.method, call.params)):
            raise RefusedError(fault)
        if call.method not in self._methods:
            raise UnmodelledError(call.method)
        self._check_modelled(call)
        try:
            check(call.method, call.args)
        except (AttributeError, KeyError, TypeError) as error:  # without a spec, anything comes
            raise RefusedError(f"malformed: {error!r}") from error

    def _check_modelled(self, call: Call) -> None:
        known = set(self._methods[call.method][1].split())
        attached = {
            name for name, value in call.params.items() if isinstance(value, Upload) and value.name
        }
        if unknown := sorted(call.params.keys() - known - attached):
            raise UnmodelledError(f"{call.method} with {', '.join(unknown)}")

    async def _result(self, call: Call) -> Any:
        method = self._methods[call.method][0]
        given = (call.args,) if call.method in self._waiting else (self.world, call.args)
        result = method(*given)
        result = await result if inspect.isawaitable(result) else result
        if self.spec and (fault := self._own_fault(result, call.method)):
            raise UnmodelledError(f"the answer would be wrong: {fault}")
        return result

    def _own_fault(self, result: Any, method: str) -> str:
        assert self.spec
        return self.spec.fault(result, self.spec.returns(method), "result")

    def _check_told(self, body: Json, kind: str) -> None:
        """Holds what the bot is about to be told against the description, too."""
        if self.spec:
            fault = self.spec.fault({"update_id": 1, kind: body}, ["Update"], "update")
            assert not fault, f"this server would tell the bot something wrong: {fault}"


async def _params(request: web.Request) -> Json:
    """The parameters, from wherever they may stand."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        return {**given, **json.loads(await request.read() or b"{}")}
    for name, value in (await request.post()).items():
        given[name] = _upload(value) if isinstance(value, web.FileField) else value
    return given


def _upload(field: web.FileField) -> Upload:
    with field.file as file:
        return Upload(field.filename, field.content_type, file.read())


def _failed(error: ApiError) -> web.Response:
    told: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        told["parameters"] = error.parameters
    return web.json_response(told, status=error.status)


async def _befallen(trouble: Trouble, request: web.Request) -> web.Response:
    """The end that a script wants for a call."""
    if trouble.end is End.SILENCE:
        await asyncio.Event().wait()
    if trouble.end is End.CUT and request.transport:
        request.transport.abort()
    if trouble.body or trouble.end is End.CUT:
        return web.Response(status=trouble.status or 200, text=trouble.body)
    return _failed(ApiError(trouble.status, trouble.description, **trouble.parameters))
