"""The website, served: requests in, answers out, whatever goes wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import hdrs, web

from adapters.web.admission import Admission, TooBusyError, address_of
from adapters.web.asked import read_request
from adapters.web.assets import load_assets
from adapters.web.content import Content, GoneError, MovedError, NotFoundError, json_content
from adapters.web.desk.desk_site import DeskSite
from adapters.web.pictures import PictureProxy
from adapters.web.render import View
from adapters.web.response_cache import CachedResponse, ResponseCache, as_cached
from adapters.web.routes import PICTURE, is_for_programs, route
from adapters.web.sending import GUARDS, respond, retry_headers
from adapters.web.wording import labels
from adapters.web_listener import WebListener
from bot.errors import PlatformError, StoreBusyError, StoreError
from bot.i18n import speak
from bot.precedence import coming_second
from bot.supervision import keep_running
from bot.web.announcer import HubAnnouncer
from bot.web.site import Site

log = logging.getLogger(__name__)

READING = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_WITHIN = 10.0  # seconds in which a page has to be made
_REVISION_FOR = 0.25  # seconds for which the store is not asked again whether anything is new


@dataclass(slots=True)
class _Revision:
    """The store's state, as it was last asked for."""

    text: str = ""
    asked: float = float("-inf")


@dataclass(frozen=True, slots=True)
class WebSite:
    """Serves the site.

    Attributes:
        site: What the pages show.
        listener: Where readers come in.
        pictures: The proxy of pictures; None where none are shown.
        hub: The hub that feeds name; empty for none.
        announcer: Tells that hub what is new; None for none.
        cache: Keeps what was made.
        admission: Bounds what is being made.
        desk: The desk, behind a login; None for none.
    """

    site: Site
    listener: WebListener
    pictures: PictureProxy | None = None
    hub: str = ""
    announcer: HubAnnouncer | None = None
    cache: ResponseCache = field(default_factory=ResponseCache)
    admission: Admission = field(default_factory=Admission)
    desk: DeskSite | None = None
    _revision: _Revision = field(default_factory=_Revision)

    @property
    def name(self) -> str:
        """The name that the log knows it by."""
        return "The website"

    async def serve(self) -> None:
        """Serves until it is cancelled.

        Raises:
            PlatformError: The address cannot be listened on.
        """
        try:
            async with self.handling():
                log.info("the website: %s, from http://%s", self.site.links.base, self.listener)
                await self._announce()
        except OSError as error:
            reason = error.strerror or error
            raise PlatformError(
                f"web.listen: cannot listen on {self.listener}: {reason}"
            ) from error

    @asynccontextmanager
    async def handling(self) -> AsyncIterator[None]:
        """Answers requests for as long as the block lasts.

        Raises:
            OSError: The address cannot be listened on.
        """
        async with AsyncExitStack() as stack:
            for one in (self.desk, self.desk.api) if self.desk else ():
                handled = self.listener.handling(one.handle, takes=one.takes)
                await stack.enter_async_context(handled)
            await stack.enter_async_context(self.listener.handling(self.handle, methods=READING))
            finding = keep_running("related stories", self.site.keep_related)
            await stack.enter_async_context(_beside(finding))
            yield

    async def _announce(self) -> None:
        """Tells the hub what is new, where there is one, until it is cancelled."""
        if self.announcer:
            await keep_running("telling of the hub", self.announcer.keep_announcing)
        await asyncio.Event().wait()

    async def aclose(self) -> None:
        """Ends the connections to other hosts; closing twice is harmless."""
        if self.pictures:
            await self.pictures.aclose()
        if self.announcer:
            await self.announcer.publisher.aclose()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers a request."""
        asked = read_request(
            request, self.site.links.base_path, self.site.services.translations.own
        )
        asset = load_assets().contents.get(asked.path)
        if asset is not None:
            return respond(request, self._asset(asked.path, asset), self.cache.note_packed)
        speak(asked.words)
        view = View(
            self.site, asked, self.site.links.base_path, self.pictures is not None, self.hub
        )
        try:
            async with asyncio.timeout(_WITHIN):
                made = await self._made(view, address_of(request))
        except MovedError as error:
            return self._moved(view, error)
        except Exception as error:  # noqa: BLE001 - whoever asks gets an answer
            return self._failed(request, view, error)
        return respond(request, made, self.cache.note_packed)

    def _asset(self, path: str, content: Content) -> CachedResponse:
        known = self.cache.get((path,), "", _now())
        if known is not None:
            return known
        now = self.site.services.clock.now()
        return self.cache.put((path,), as_cached(content, now, made=_now()))

    async def _made(self, view: View, reader: str) -> CachedResponse:
        """Returns an answer: the one that was made before where nothing has changed since."""
        if picture := PICTURE.fullmatch(view.asked.path):
            return await self._picture(_with_parts(view, picture.groupdict()))
        found = route(view.asked.path)
        if found is None:
            raise NotFoundError
        make, parts = found
        revision = await self._current_revision()
        key = view.asked.key
        known = self.cache.get(key, revision, _now())
        if known is not None:
            return known
        async with self.admission.slot(reader):
            known = self.cache.get(key, revision, _now())  # others may have asked for the same
            if known is not None:
                return known
            await self.site.services.in_chats.give_way()
            with self.site.services.foreground.working(), coming_second():
                content = await make(_with_parts(view, parts))
        now = self.site.services.clock.now()
        answer = as_cached(content, now, revision, _now())
        return self.cache.put(key, answer) if content.is_kept else answer

    async def _picture(self, view: View) -> CachedResponse:
        if self.pictures is None:
            raise NotFoundError
        return await self.pictures.picture(view)

    async def _current_revision(self) -> str:
        known = self._revision
        if _now() - known.asked > _REVISION_FOR:
            known.text, known.asked = await self.site.revision(), _now()
        return known.text

    def _moved(self, view: View, error: MovedError) -> web.Response:
        status = HTTPStatus.MOVED_PERMANENTLY if error.is_permanent else HTTPStatus.FOUND
        query = view.here().partition("?")[2]
        where = f"{view.base_path}{quote(error.path, safe='/%')}{'?' + query if query else ''}"
        return web.Response(status=status, headers={**GUARDS, hdrs.LOCATION: where})

    def _failed(self, request: web.Request, view: View, error: Exception) -> web.Response:
        """Answers in words that there is no page, and why."""
        match error:
            case NotFoundError():
                status, told = HTTPStatus.NOT_FOUND, "not_found"
            case GoneError():
                status, told = HTTPStatus.GONE, "gone"
            case TooBusyError() | TimeoutError() | StoreBusyError():
                status, told = HTTPStatus.SERVICE_UNAVAILABLE, "busy"
            case StoreError():
                log.warning("the website: %s", error)
                status, told = HTTPStatus.SERVICE_UNAVAILABLE, "failed"
            case _:
                log.error("the website: no page for %s", view.asked.path, exc_info=error)
                status, told = HTTPStatus.INTERNAL_SERVER_ERROR, "failed"
        content = _explanation(view, status, told)
        return respond(request, as_cached(content, self.site.services.clock.now()))


@asynccontextmanager
async def _beside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Has something done for as long as the block lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _explanation(view: View, status: HTTPStatus, told: str) -> Content:
    words = labels(view.asked.words)
    headers = retry_headers(status)
    if is_for_programs(view.asked.path):
        content = json_content({"error": words[told]}, status)
    else:
        heading, text = words[told], words[f"{told}_text"]
        page = view.page("message.html", heading=heading, text=text, robots="noindex")
        content = Content(page, status=status)
    return replace(content, max_age=0, headers={**content.headers, **headers})


def _with_parts(view: View, parts: Mapping[str, str]) -> View:
    return replace(view, asked=replace(view.asked, parts=parts))


def _now() -> float:
    return asyncio.get_running_loop().time()
