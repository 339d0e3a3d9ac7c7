"""The HTTP API: routes, authorization, checks of bodies, rate limits, and injected faults."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from servers.discord.attachments import (
    attach,
    attachment_violations,
    check_size,
    parse_multipart,
)
from servers.discord.calls import ApiError, Call, json_response
from servers.discord.command_registry import CommandRegistry
from servers.discord.emoji_routes import EmojiRoutes
from servers.discord.faults import FaultInjector
from servers.discord.gateway import Gateway
from servers.discord.interaction_routes import InteractionRoutes
from servers.discord.limits import Limits, limit_headers
from servers.discord.message_routes import MessageRoutes
from servers.discord.payloads import guild as guild_payload
from servers.discord.payloads import user
from servers.discord.rules import violations
from servers.discord.spec import Spec
from servers.discord.thread_routes import ThreadRoutes
from servers.discord.world import Guild, Message, World

API = "/api/v10"
CDN = "/cdn"
_MAX_BODY = 64 << 20
_TOKEN_IN_PATH = ("/interactions/", "/webhooks/")  # these are authorized by the token in their path
Handler = Callable[[Call], Awaitable[Any]]


class HttpApi:
    """Serves and records requests.

    Attributes:
        limits: The enforced rate limits; None for none.
        description: The application's description, which its profile shows.
        files: What people attached, by id.
    """

    def __init__(self, world: World, gateway: Gateway, spec: Spec | None) -> None:
        self.calls: list[Call] = []
        self.refused: list[str] = []
        self.faults = FaultInjector()
        self.interactions = InteractionRoutes(world)
        self.messages = MessageRoutes(world)
        self.threads = ThreadRoutes(world, self.messages)
        self.commands = CommandRegistry(world)
        self.emoji = EmojiRoutes(world)
        self.limits: Limits | None = None
        self.description = ""
        self.files: dict[int, bytes] = {}
        self.url = ""
        self._world, self._gateway, self._spec = world, gateway, spec
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application(client_max_size=_MAX_BODY)
        app.router.add_get("/gateway", self._gateway.serve)
        app.router.add_get(f"{CDN}/{{id}}/{{name}}", self._download)
        for line, handler in self._router().items():
            method, path = line.split()
            app.router.add_route(method, API + path, self._serve_with(handler))
        app.router.add_route("*", "/{rest:.*}", self._serve_with(self._unmodelled))
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{host}:{port}"

    async def close(self) -> None:
        self.faults.release()
        await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.Response:
        """Serves a file that a person attached."""
        content = self.files.get(int(request.match_info["id"]))
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content)

    def _router(self) -> dict[str, Handler]:
        messages, interactions, commands = self.messages, self.interactions, self.commands
        threads = self.threads
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
            "GET /users/@me/guilds": self._guilds,
            "GET /guilds/{guild}": self._guild,
            "GET /guilds/{guild}/channels": self._channels,
            "GET /oauth2/applications/@me": self._application,
            "GET /applications/@me": self._application,
            "PATCH /applications/@me": self._edit_application,
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
            "POST /channels/{channel}/threads": threads.open_post,
            f"POST {own}/threads": threads.open_below,
            "PATCH /channels/{channel}": threads.edit,
            "GET /channels/{channel}/threads/archived/public": threads.archived,
            "GET /guilds/{guild}/members/{user}": messages.member,
            "GET /guilds/{guild}/threads/active": threads.active,
            "GET /applications/{application}/emojis": self.emoji.list,
            "POST /applications/{application}/emojis": self.emoji.create,
            "DELETE /applications/{application}/emojis/{emoji}": self.emoji.delete,
            f"GET {common}": commands.list,
            f"PUT {common}": commands.replace,
            f"GET {guilds}": commands.list,
            f"PUT {guilds}": commands.replace,
            "POST /interactions/{id}/{token}/callback": interactions.callback,
            f"POST {webhook}": interactions.create_followup,
            f"GET {webhook}/messages/{{message}}": interactions.get,
            f"PATCH {webhook}/messages/{{message}}": interactions.edit,
            f"DELETE {webhook}/messages/{{message}}": interactions.delete,
        }

    def _serve_with(
        self, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            call = await self._read(request)
            self.calls.append(call)
            response = await self._answer(call, handler, request)
            cut = request.transport is None or request.transport.is_closing()
            call.status = 0 if cut else response.status
            if answer := self.interactions.find(call):
                await answer.note(str(call))
            return response

        return serve

    async def _read(self, request: web.Request) -> Call:
        resource = request.match_info.route.resource
        body, files = await _parse_body(request)
        return Call(
            method=request.method,
            path=request.path.removeprefix(API),
            template=resource.canonical if resource else "",
            match=request.match_info,
            query=request.query,
            body=body,
            at=time.monotonic(),
            files=files,
        )

    async def _answer(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        fault = self.faults.take(call)
        if fault and not fault.after and (response := await fault.apply(request)):
            return response
        response = await self._effect(call, handler, request)
        if fault and fault.after and (response := await fault.apply(request)):
            return response
        return response

    async def _effect(self, call: Call, handler: Handler, request: web.Request) -> web.Response:
        template = call.template.removeprefix(API)
        limits = self.limits
        if limits and (refused := limits.refuse(call, template)):
            return refused
        headers = limits.headers(call, template) if limits else limit_headers(call.method, template)
        try:
            self._authorize(call, request)
            check_size(call)
            self._check_body(call)
            if call.template.startswith(API):
                attach(call, self._edited_message(call), self._world.ids)
            payload = await handler(call)
        except ApiError as error:
            call.why = str(error)
            return json_response(error.status, error.body, headers)
        return json_response(204 if payload is None else 200, payload, headers)

    def _authorize(self, call: Call, request: web.Request) -> None:
        if call.path.startswith(_TOKEN_IN_PATH):
            return
        if request.headers.get("Authorization") != f"Bot {self._gateway.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _check_body(self, call: Call) -> None:
        found = self._violations(call)
        if found:
            self.refused += [f"{call.method} {call.path}: {text}" for text in found]
            text = f"Invalid Form Body: {'; '.join(found)}"
            raise ApiError(400, 50035, text)

    def _violations(self, call: Call) -> list[str]:
        modelled = call.template.startswith(API)
        if self._spec and modelled:
            found = self._spec.violations(call.method, call.path, call.body)
            if found:
                return found
        try:
            edited = self._edited_message(call) if modelled else None
            flags = edited.flags if edited else 0
            may_call = self._world.may_call
            found = violations(call.method, call.path, call.body, flags=flags, may_call=may_call)
            return [*found, *attachment_violations(call)]
        except (KeyError, TypeError, AttributeError) as error:
            return [f"not of the right form: {error!r}"]

    def _edited_message(self, call: Call) -> Message | None:
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
        payload = {"name": "Dateline", "icon": None, "summary": "", "flags": 0}
        payload["description"] = self.description
        ours = {
            "id": str(self._world.application),
            "owner": owner,
            "verify_key": "00",
            "team": None,
        }
        return payload | ours | {"bot_public": True, "bot_require_code_grant": False}

    async def _edit_application(self, call: Call) -> Any:
        unknown = call.body.keys() - {"description"}
        if unknown:
            raise ApiError(400, 0, f"{unknown} of an application is not modelled")
        self.description = call.body["description"]
        return await self._application(call)

    async def _guilds(self, call: Call) -> Any:
        """GET /users/@me/guilds: of the bot, 200 at most, by their ids."""
        after, limit = int(call.query.get("after", "0")), int(call.query.get("limit", "200"))
        if call.query.keys() - {"after", "limit", "with_counts"}:
            raise ApiError(400, 50035, f"{dict(call.query)} is not modelled")
        own = [one for _, one in sorted(self._world.guilds.items()) if one.has_bot]
        return [self._whole(one) for one in own if one.id > after][:limit]

    async def _guild(self, call: Call) -> Any:
        """GET /guilds/{guild}."""
        return self._whole(self._own_guild(call))

    async def _channels(self, call: Call) -> Any:
        """GET /guilds/{guild}/channels: without threads."""
        return guild_payload(self._own_guild(call), self._world.bot)["channels"]

    def _own_guild(self, call: Call) -> Guild:
        found = self._world.guilds.get(call.id("guild"))
        if found is None or not found.has_bot:
            raise ApiError(404, 10004, "Unknown Guild")
        return found

    def _whole(self, one: Guild) -> Any:
        """Returns a guild without what only the gateway tells of it."""
        whole = guild_payload(one, self._world.bot)
        told = ("channels", "threads", "members", "member_count", "large", "joined_at")
        return {name: value for name, value in whole.items() if name not in told}

    async def _gateway_bot(self, call: Call) -> Any:
        del call
        at_once = self._gateway.at_once
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": at_once}
        url = f"ws://{self.url}/gateway"
        return {"url": url, "shards": self._gateway.shards, "session_start_limit": limit}


async def _parse_body(request: web.Request) -> tuple[Any, Mapping[int, tuple[str, bytes]]]:
    """Returns the JSON of a request, None without a body, and the files of a multipart one."""
    if request.content_type.startswith("multipart/"):
        return await parse_multipart(request)
    raw = await request.read()
    return (json.loads(raw) if raw else None), {}
