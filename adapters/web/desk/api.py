"""The desk's part of the API: it only reads, with a token of a person, as that person."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import hdrs, web

from adapters.web.admission import Admission, address_of
from adapters.web.api import reply_content
from adapters.web.asked import is_below, path_within, read_request
from adapters.web.content import JSON, Content, NotFoundError, json_content
from adapters.web.desk.api_json import chat_json, health_json, subscriptions_json
from adapters.web.desk.failures import explain, retry_after
from adapters.web.desk.guards import PRIVATE, TryLimiter
from adapters.web.desk.wording import desk_labels
from adapters.web.render import View
from adapters.web.wording import labels
from bot.errors import ReaderError
from bot.i18n import speak
from bot.model import Capability
from bot.web.desk import PAGES, TOKENS, SubscriptionPage, WebDesk
from bot.web.desk_access import LoggedOutError, Visit

ROOT = "/api/desk"
"""The path of this part, and the beginning of the paths below it."""

PROGRAM_PAGES = tuple(one for one in PAGES if one != TOKENS)
"""The ends of the paths that answer what a command does; a token is no way to other tokens."""

_WITHIN = 30.0  # seconds
_READING = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_LONGEST_PLACE = 100  # characters of a chat's id
_SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class DeskApi:
    """Answers programs.

    Cookies count for nothing here, so no page of another site can use somebody's login.

    Attributes:
        desk: Runs commands.
        limiter: Limits tries, and how much a token asks.
        admission: Bounds what is being made.
    """

    desk: WebDesk
    limiter: TryLimiter
    admission: Admission

    def takes(self, path: str) -> bool:
        """Tells whether a path is one of this part."""
        return is_below(path_within(path, self.desk.site.links.base_path), ROOT)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers a request."""
        site = self.desk.site
        asked = read_request(request, site.links.base_path, site.services.translations.own)
        speak(asked.words)
        view = View(site, asked, site.links.base_path, has_pictures=False, hub="")
        try:
            if request.method not in _READING:
                allowed = {str(hdrs.ALLOW): ", ".join(sorted(_READING))}
                return _failed(view, "not_found", HTTPStatus.METHOD_NOT_ALLOWED, headers=allowed)
            async with asyncio.timeout(_WITHIN), self.admission.slot(address_of(request)):
                return _respond(await self._answer(request, view))
        except Exception as error:  # noqa: BLE001 - whoever asks gets an answer
            return _explained(view, error)

    async def _answer(self, request: web.Request, view: View) -> Content:
        visit = await self._visit(request)
        match path := view.asked.path.removeprefix(ROOT).strip("/"):
            case "":
                return json_content(health_json(await self.desk.health()))
            case "chats":
                chats = await self.desk.access.chats(visit)
                return json_content({"chats": [*map(chat_json, chats)]})
            case "subscriptions":
                return await self._subscriptions(visit, view.asked.page)
        return await self._page(view, visit, path)

    async def _visit(self, request: web.Request) -> Visit:
        """Finds out whose the token is, and who they are in the chat that is meant.

        Raises:
            LoggedOutError: There is no token, or it is no good.
            TooManyError: It asks too much, or the address was wrong too often.
        """
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        given = token.strip() if scheme.casefold() == _SCHEME.casefold() else ""
        try:
            place = request.query.get("chat", "")[:_LONGEST_PLACE]
            visit = await self.desk.access.program(given, place)
        except LoggedOutError:
            if given:
                self.limiter.note_wrong(address_of(request))
            raise
        self.limiter.count(visit.session.key)
        words_alone = visit.chat.capabilities & ~Capability.PICTURES
        return replace(visit, chat=replace(visit.chat, capabilities=words_alone))

    async def _subscriptions(self, visit: Visit, page: int) -> Content:
        """Tells what is followed in the chat that was named, or else in all of the person's."""
        if visit.place:
            told = SubscriptionPage([await self.desk.subscriptions_of(visit)])
        else:
            told = await self.desk.subscriptions(visit, page)
        return json_content(subscriptions_json(told))

    async def _page(self, view: View, visit: Visit, path: str) -> Content:
        if path not in PROGRAM_PAGES:
            raise NotFoundError
        start = time.perf_counter()
        action = PAGES[path].action(view.asked.text("q"), view.asked.page)
        return reply_content(view, await self.desk.run(visit, action), start)


def _explained(view: View, error: Exception) -> web.Response:
    """Answers in words why there is nothing."""
    if isinstance(error, LoggedOutError):
        told = view.asked.words.gettext("A token is needed: /desk token in a private chat.")
        headers = {str(hdrs.WWW_AUTHENTICATE): _SCHEME}
        return _respond(json_content({"error": told}, HTTPStatus.UNAUTHORIZED), headers)
    name, status = explain(error)
    text = str(error) if isinstance(error, ReaderError) else ""
    return _failed(view, name, status, text, retry_after(error, status))


def _failed(
    view: View,
    name: str,
    status: HTTPStatus,
    text: str = "",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> web.Response:
    words = {**labels(view.asked.words), **desk_labels(view.asked.words)}
    return _respond(json_content({"error": text or words[name]}, status), headers)


def _respond(content: Content, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """Returns what is sent: for the one who asks alone, so no page of another site reads it."""
    sent = {**PRIVATE, hdrs.CONTENT_TYPE: JSON, **headers}
    return web.Response(status=content.status, body=content.body, headers=sent)
