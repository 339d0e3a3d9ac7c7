"""The HTTP API: checks calls, executes them, and injects faults.

A call is checked against the published description of the Bot API (if it is there), the rules of
its prose, Telegram's own parser of formatted text, and the state of the world.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from servers.telegram.bot_profile import BotProfile, ProfileMethods
from servers.telegram.calls import (
    ApiError,
    Arguments,
    Call,
    Json,
    RefusedCall,
    RefusedError,
    UnmodelledError,
    Upload,
)
from servers.telegram.chats import Chat
from servers.telegram.ephemeral import without_ephemeral
from servers.telegram.faults import Fault, FaultInjector, Outcome, ScriptedFault
from servers.telegram.members import User
from servers.telegram.messages import METHODS
from servers.telegram.rich import check_supported
from servers.telegram.rules import check_rules
from servers.telegram.spec import SPEC, load_spec
from servers.telegram.typed_models import load_models, model_violation
from servers.telegram.update_delivery import UpdateDelivery
from servers.telegram.world import World

TOKEN = "1234567890:AAE-the-tests-own-token-0123456789ab"  # noqa: S105 - opens nothing
_MAX_BODY = 20 << 20  # bytes in a body
_NO_GRACE = 0.001  # seconds; to aiohttp, 0 means for ever


class HttpApi:
    """Serves the Bot API; `server.Server` adds the people who use Telegram.

    Attributes:
        world: The state of this Telegram.
        calls: Every call with the right token, in order.
        refused: Calls that violate a rule, which no bot should make.
        unmodelled: Calls that are not modelled.
        revoked: True if the token is refused.
        rich: False for a server that is older than rich messages.
        ephemeral: True for a server that knows ephemeral messages; most tests are of one that does
            not, where all have to be told apart in the open.
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
        self.world = World(bot, reads_all, patience, users={bot.id: bot}, check=self._check_update)
        self.calls: list[Call] = []
        self.refused: list[RefusedCall] = []
        self.unmodelled: list[RefusedCall] = []
        self.revoked = False
        self.rich = True
        self.ephemeral = False
        self.faults = FaultInjector()
        self.profile = BotProfile()
        self.spec = load_spec(spec)
        self._has_models = spec == SPEC  # who names another path measures, and wants no checks
        self.delivery = UpdateDelivery(self.world.updates, self.spec)
        self._update_methods = self.delivery.methods()
        self._methods = {**METHODS, **ProfileMethods(self.profile).all(), **self._update_methods}
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """The address of a method without the token."""
        return f"{self.url}/bot"

    async def start(self) -> None:
        """Starts listening; after `stop`, at the same port as before."""
        if self._has_models:
            load_models()
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/documents/{file}", self._download)
        # A poll whose bot has gone away must end at once, or the next one would be a conflict.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=_NO_GRACE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.delivery.resume()

    async def stop(self) -> None:
        """Stops at once, in the middle of any call."""
        await self.delivery.aclose()
        if self._runner:
            await self._runner.cleanup()
        self._runner = None

    def fails(
        self, method: str, fault: Fault, *, chat: int | None = None, times: int | None = 1
    ) -> ScriptedFault:
        """Makes the next calls of a method (`*`: of any) fail; for None, until it is lifted."""
        return self.faults.add(ScriptedFault(fault, method, chat, times))

    def made(self, method: str, chat: Chat | None = None) -> list[Call]:
        """Returns the calls of a method (about a chat)."""
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
            return _error_response(ApiError(401, "Unauthorized"))
        call = Call(
            request.match_info["method"], Arguments(await _parse_params(request)), time.monotonic()
        )
        self.calls.append(call)
        self.world.changed.wake()
        response = await self._answer(call, request)
        call.status = response.status
        self.world.changed.wake()
        return response

    async def _download(self, request: web.Request) -> web.Response:
        """Serves a file that `getFile` has told the path of."""
        found = self.world.document(request.match_info["file"])
        if request.match_info["token"] != self.token or found is None or found.document is None:
            raise web.HTTPNotFound
        return web.Response(body=found.document.content)

    async def _answer(self, call: Call, request: web.Request) -> web.Response:
        try:
            return await self._execute(call, request)
        except RefusedError as error:
            self.refused.append(RefusedCall(call.method, call.params, error.description))
            return _error_response(error)
        except ApiError as error:
            return _error_response(error)
        except Exception as error:  # noqa: BLE001 - a mistake of this server must not go unseen
            reason = str(error) if isinstance(error, UnmodelledError) else repr(error)
            self.unmodelled.append(RefusedCall(call.method, call.params, reason))
            return _error_response(ApiError(501, f"Not Implemented: {reason}"))

    async def _execute(self, call: Call, request: web.Request) -> web.Response:
        """Executes a call, with the fault that is injected before or after it takes effect."""
        if self.revoked:
            raise ApiError(401, "Unauthorized")
        if not self.rich:
            check_supported(call)
        if not self.ephemeral:
            call = without_ephemeral(call)
        self._check(call)
        fault = self.faults.take(call)
        if fault and not fault.after:
            return await _faulty_response(fault, request)
        result = await self._result(call)
        if fault:
            return await _faulty_response(fault, request)
        return web.json_response({"ok": True, "result": result})

    def _check(self, call: Call) -> None:
        """Checks a call against everything but the state of the world."""
        if self.spec and not self.spec.knows(call.method):
            raise RefusedError("Not Found: method not found", 404)
        if self.spec and (violation := self.spec.call_violation(call.method, call.params)):
            raise RefusedError(violation)
        if self._has_models and (violation := model_violation(call.method, call.params)):
            raise RefusedError(violation)
        if call.method not in self._methods:
            raise UnmodelledError(call.method)
        self._check_modelled(call)
        try:
            check_rules(call.method, call.args)
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
        args = (call.args,) if call.method in self._update_methods else (self.world, call.args)
        result = method(*args)
        result = await result if inspect.isawaitable(result) else result
        if self.spec and (violation := self._result_violation(result, call.method)):
            raise UnmodelledError(f"the answer would be wrong: {violation}")
        return result

    def _result_violation(self, result: Any, method: str) -> str:
        assert self.spec
        return self.spec.violation(result, self.spec.returns(method), "result")

    def _check_update(self, body: Json, kind: str) -> None:
        """Checks an update against the description, too."""
        if self.spec:
            violation = self.spec.violation({"update_id": 1, kind: body}, ["Update"], "update")
            assert not violation, f"this server would tell the bot something wrong: {violation}"


async def _parse_params(request: web.Request) -> Json:
    """Collects the parameters from query, JSON or form."""
    params: Json = dict(request.query)
    if request.content_type == "application/json":
        return {**params, **json.loads(await request.read() or b"{}")}
    for name, value in (await request.post()).items():
        params[name] = _upload(value) if isinstance(value, web.FileField) else value
    return params


def _upload(field: web.FileField) -> Upload:
    with field.file as file:
        return Upload(field.filename, field.content_type, file.read())


def _error_response(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return web.json_response(body, status=error.status)


async def _faulty_response(fault: Fault, request: web.Request) -> web.Response:
    """Returns the response that a fault scripts, or hangs or cuts the connection."""
    if fault.end is Outcome.SILENCE:
        await asyncio.Event().wait()
    if fault.end is Outcome.CUT and request.transport:
        request.transport.abort()
    if fault.body or fault.end is Outcome.CUT:
        return web.Response(status=fault.status or 200, text=fault.body)
    return _error_response(ApiError(fault.status, fault.description, **fault.parameters))
