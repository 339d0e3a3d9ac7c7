"""The desk, served: who asks is let in or not, and gets a page, whatever goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from aiohttp import hdrs, web

from adapters.web.admission import Admission, address_of
from adapters.web.asked import is_below, path_within, read_request
from adapters.web.content import HTML, Content, NotFoundError
from adapters.web.desk import pages
from adapters.web.desk.api import DeskApi
from adapters.web.desk.entrance import Entrance, read_form
from adapters.web.desk.failures import explain, retry_after
from adapters.web.desk.guards import PRIVATE, TryLimiter
from adapters.web.desk.view import DeskView
from adapters.web.desk.wording import desk_labels
from adapters.web.render import View
from adapters.web.wording import labels
from bot.errors import ReaderError
from bot.i18n import speak
from bot.logins.logins import form_token
from bot.logins.token_hash import hash_token
from bot.web.desk import WebDesk
from bot.web.desk_access import LoggedOutError

log = logging.getLogger(__name__)

_ROOT = "/desk"
_WITHIN = 60.0  # seconds: a source that is tried may be slow
_READ_WITHIN = 10.0  # seconds in which a form has to be there
_AT_ONCE, _WAITING, _OF_ONE = 6, 40, 4  # pages, so that neither the site nor chats wait for them
_READING = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_LONGEST_PLACE = 100  # characters of a chat's id

_Answer = Callable[[web.Request, View, Mapping[str, str]], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class DeskSite:
    """Answers requests to the desk.

    Attributes:
        desk: Runs commands.
        limiter: Limits tries.
        admission: Bounds what is being made.
    """

    desk: WebDesk
    limiter: TryLimiter
    admission: Admission = field(default_factory=lambda: Admission(_AT_ONCE, _WAITING, _OF_ONE))

    @property
    def _entrance(self) -> Entrance:
        return Entrance(self.desk.site.links.base)

    @property
    def _base_path(self) -> str:
        return self.desk.site.links.base_path

    @property
    def api(self) -> DeskApi:
        """Answers to programs, which have tokens."""
        return DeskApi(self.desk, self.limiter, self.admission)

    def takes(self, path: str) -> bool:
        """Tells whether a path is one of the desk's."""
        return is_below(path_within(path, self._base_path), _ROOT)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers a request."""
        own = self.desk.services.translations.own
        asked = read_request(request, self._base_path, own)
        speak(asked.words)
        view = View(self.desk.site, asked, self._base_path, has_pictures=False, hub="")
        try:
            form = await self._form(request)
            async with asyncio.timeout(_WITHIN), self.admission.slot(address_of(request)):
                return await self._answer(request, view, form)
        except Exception as error:  # noqa: BLE001 - whoever asks gets an answer
            return self._failed(request, view, error)

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """Reads the form that a page of the site sent, before it takes anybody's turn.

        Raises:
            ForgedError: It came from elsewhere.
        """
        if request.method != hdrs.METH_POST:
            return {}
        self._entrance.check_origin(request)
        async with asyncio.timeout(_READ_WITHIN):
            return await read_form(request)

    async def _answer(
        self, request: web.Request, view: View, form: Mapping[str, str]
    ) -> web.Response:
        path = view.asked.path.removeprefix(_ROOT).strip("/")
        if request.method in _READING:
            if path.startswith("enter/"):
                return _respond(_entering(view, path.removeprefix("enter/")))
            return await self._show(request, view, path)
        answers: Mapping[str, _Answer] = {
            "enter": self._enter,
            "leave": self._leave,
            "do": self._do,
        }
        if request.method != hdrs.METH_POST or path not in answers:
            raise NotFoundError
        return await answers[path](request, view, form)

    async def _enter(
        self, request: web.Request, view: View, form: Mapping[str, str]
    ) -> web.Response:
        """Begins a session with the token of a link."""
        address = address_of(request)
        self.limiter.check(address)
        token = await self.desk.access.logins.enter(form.get("key", ""))
        if not token:
            self.limiter.note_wrong(address)
            return _respond(_message(view, "stale", HTTPStatus.FORBIDDEN))
        if before := self._entrance.token(request):
            await self.desk.access.logins.store.end_session(hash_token(before))
        response = self._to_desk(view)
        self._entrance.let_in(response, token)
        return response

    async def _leave(
        self, request: web.Request, view: View, form: Mapping[str, str]
    ) -> web.Response:
        """Ends the session."""
        self._entrance.check_form(request, form)
        token = self._entrance.token(request)
        await self.desk.access.logins.store.end_session(hash_token(token))
        response = self._to_desk(view)
        self._entrance.let_out(response)
        return response

    def _to_desk(self, view: View) -> web.Response:
        headers = {**PRIVATE, hdrs.LOCATION: view.link(_ROOT)}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)

    async def _show(self, request: web.Request, view: View, path: str) -> web.Response:
        shown = await self._visit(request, view, request.query.get("chat", ""), path)
        return _respond(await pages.show(self.desk, shown, request.query))

    async def _do(self, request: web.Request, view: View, form: Mapping[str, str]) -> web.Response:
        """Does what a form asks for."""
        shown = await self._visit(request, view, form.get("chat", ""), form.get("page", ""))
        self._entrance.check_form(request, form)
        return _respond(await pages.do(self.desk, shown, form))

    async def _visit(self, request: web.Request, view: View, place: str, page: str) -> DeskView:
        """Finds out who asks, and who they are in a chat.

        Raises:
            LoggedOutError: They are not logged in.
            ReaderError: They may do nothing in the chat.
        """
        token = self._entrance.token(request)
        try:
            visit = await self.desk.access.visit(token, place[:_LONGEST_PLACE])
        except LoggedOutError:
            if token:
                self.limiter.note_wrong(address_of(request))
            raise
        self.limiter.count(visit.session.key)
        chats = await self.desk.access.chats(visit)
        return DeskView(view, visit, form_token(token), page, chats)

    def _failed(self, request: web.Request, view: View, error: Exception) -> web.Response:
        """Answers in words that there is no page, and why."""
        name, status = explain(error)
        text = str(error) if isinstance(error, ReaderError) else ""
        content = _message(view, name, status, text)
        response = _respond(replace(content, headers=retry_after(error, status)))
        if isinstance(error, LoggedOutError) and self._entrance.token(request):
            self._entrance.let_out(response)
        return response


def _entering(view: View, key: str) -> Content:
    """The page of a link: only its button uses the link up, which no preview presses."""
    return Content(view.page("desk/enter.html", d=desk_labels(view.asked.words), key=key))


def _message(view: View, name: str, status: HTTPStatus, text: str = "") -> Content:
    words = {**labels(view.asked.words), **desk_labels(view.asked.words)}
    told = text or words[f"{name}_text"]
    page = view.page("desk/message.html", d=words, heading=words[name], text=told)
    return Content(page, status=status)


def _respond(content: Content) -> web.Response:
    headers = {**PRIVATE, hdrs.CONTENT_TYPE: content.type or HTML, **content.headers}
    return web.Response(status=content.status, body=content.body, headers=headers)
