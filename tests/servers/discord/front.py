"""The HTTP side of a scripted Discord: routes, authorization, checks, and what goes wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from servers.discord.calls import ApiError, Call, Troubles, answered
from servers.discord.commands import Commands
from servers.discord.gateway import Gateway
from servers.discord.interactions import Interactions
from servers.discord.limits import Limits, limit_headers
from servers.discord.payloads import user
from servers.discord.rest import Messages
from servers.discord.rules import complaints
from servers.discord.spec import Spec
from servers.discord.world import Message, World

API = "/api/v10"
_FREE = ("/interactions/", "/webhooks/")  # the token in their path is their key
Handler = Callable[[Call], Awaitable[Any]]


class Front:
    """Takes requests, and remembers them.

    Attributes:
        limits: How many are taken; None for any number.
    """

    def __init__(self, world: World, gateway: Gateway, spec: Spec | None) -> None:
        self.calls: list[Call] = []
        self.refused: list[str] = []
        self.troubles = Troubles()
        self.interactions = Interactions(world)
        self.messages = Messages(world)
        self.commands = Commands(world)
        self.limits: Limits | None = None
        self.url = ""
        self._world, self._gateway, self._spec = world, gateway, spec
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway.serve)
        for line, handler in self._router().items():
            method, path = line.split()
            app.router.add_route(method, API + path, self._serving(handler))
        app.router.add_route("*", "/{rest:.*}", self._serving(self._unmodelled))
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{host}:{port}"

    async def close(self) -> None:
        self.troubles.release()
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _router(self) -> dict[str, Handler]:
        messages, later, commands = self.messages, self.interactions, self.commands
        common, own = (
            "/applications/{application}/commands",
            "/channels/{channel}/messages/{message}",
        )
        guilds, webhook = (
            "/applications/{application}/guilds/{guild}/commands",
            "/webhooks/{application}/{token}",
        )
        return {
            "GET /gateway/bot": self._gateway_bot,
            "GET /users/@me": self._me,
            "GET /oauth2/applications/@me": self._application,
            "GET /applications/@me": self._application,
            "GET /users/{user}": messages.user,
            "POST /users/@me/channels": messages.open_dm,
            "GET /channels/{channel}": messages.channel,
            "POST /channels/{channel}/typing": messages.typing,
            "POST /channels/{channel}/messages": messages.post,
            "GET /channels/{channel}/messages": messages.history,
            f"GET {own}": messages.get,
            f"PATCH {own}": messages.edit,
            f"DELETE {own}": messages.delete,
            f"POST {own}/crosspost": messages.crosspost,
            f"GET {common}": commands.list,
            f"PUT {common}": commands.replace,
            f"GET {guilds}": commands.list,
            f"PUT {guilds}": commands.replace,
            "POST /interactions/{id}/{token}/callback": later.callback,
            f"POST {webhook}": later.follow,
            f"GET {webhook}/messages/{{message}}": later.get,
            f"PATCH {webhook}/messages/{{message}}": later.edit,
            f"DELETE {webhook}/messages/{{message}}": later.delete,
        }

    def _serving(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await self._read(request)
            self.calls.append(call)
            response = await self._answer(call, handler, request)
            cut = request.transport is None or request.transport.is_closing()
            call.status = 0 if cut else response.status
            if answer := self.interactions.of(call):
                await answer.note(str(call))
            return response

        return serve

    async def _read(self, request: web.Request) -> Call:
        resource = request.match_info.route.resource
        return Call(
            method=request.method,
            path=request.path.removeprefix(API),
            template=resource.canonical if resource else "",
            match=request.match_info,
            query=request.query,
            body=await _body(request),
            at=time.monotonic(),
        )

    async def _answer(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        trouble = self.troubles.take(call)
        if trouble and not trouble.after and (instead := await trouble.happen(request)):
            return instead
        response = await self._effect(call, handler, request)
        if trouble and trouble.after and (instead := await trouble.happen(request)):
            return instead
        return response

    async def _effect(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        template = call.template.removeprefix(API)
        limits = self.limits
        if limits and (refused := limits.refused(call, template)):
            return refused
        headers = limits.headers(call, template) if limits else limit_headers(call.method, template)
        try:
            self._authorize(call, request)
            self._check(call)
            told = await handler(call)
        except ApiError as error:
            call.why = str(error)
            return answered(error.status, error.body, headers)
        return answered(204 if told is None else 200, told, headers)

    def _authorize(self, call: Call, request: web.Request) -> None:
        if call.path.startswith(_FREE):
            return
        if request.headers.get("Authorization") != f"Bot {self._gateway.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _check(self, call: Call) -> None:
        wrong = self._wrong(call)
        if wrong:
            self.refused += [f"{call.method} {call.path}: {text}" for text in wrong]
            text = f"Invalid Form Body: {'; '.join(wrong)}"
            raise ApiError(400, 50035, text)

    def _wrong(self, call: Call) -> list[str]:
        modelled = call.template.startswith(API)
        if self._spec and modelled:
            wrong = self._spec.complaints(call.method, call.path, call.body)
            if wrong:
                return wrong
        try:
            edited = self._edited(call) if modelled else None
            flags = edited.flags if edited else 0
            may_call = self._world.may_call
            return complaints(call.method, call.path, call.body, flags=flags, may_call=may_call)
        except (KeyError, TypeError, AttributeError) as error:
            return [f"not of the right form: {error!r}"]

    def _edited(self, call: Call) -> Message | None:
        found = self.interactions.edited(call)
        return found or (self.messages.edited(call) if "channel" in call.match else None)

    async def _unmodelled(self, call: Call) -> None:
        self._gateway.unmodelled.append(f"{call.method} {call.path}")
        raise ApiError(400, 0, f"{call.method} {call.path} is not modelled")

    async def _me(self, call: Call) -> Any:
        del call
        return user(self._world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0}

    async def _application(self, call: Call) -> Any:
        del call
        owner = {"id": "1", "username": "operator", "discriminator": "0", "avatar": None}
        told = {"name": "Dateline", "description": "", "icon": None, "summary": "", "flags": 0}
        ours = {
            "id": str(self._world.application),
            "owner": owner,
            "verify_key": "00",
            "team": None,
        }
        return told | ours | {"bot_public": True, "bot_require_code_grant": False}

    async def _gateway_bot(self, call: Call) -> Any:
        del call
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = f"ws://{self.url}/gateway"
        return {"url": url, "shards": self._gateway.shards, "session_start_limit": limit}


async def _body(request: web.Request) -> Any:
    """The JSON of a request, also where files come with it; None without."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        told = form.get("payload_json")
        return json.loads(told) if isinstance(told, str) else None
    raw = await request.read()
    return json.loads(raw) if raw else None
