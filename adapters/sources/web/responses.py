"""Responses: the page in them, and what they say of their host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs

from adapters.sources.web import headers
from adapters.sources.web.body import is_cut_feed, read_body, read_start
from adapters.sources.web.bot_walls import PAGE_START
from adapters.sources.web.errors import status_error
from adapters.sources.web.host_queue import Host
from adapters.sources.web.page_request import PageRequest
from adapters.sources.web.redirects import REDIRECT_STATUSES

_SUCCESS = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
# What one of them asks of a request it asks of all others, too.
_OF_THE_HOST = frozenset(
    {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
)

_MAY_BE_WALLS = _OF_THE_HOST | {
    HTTPStatus.ACCEPTED,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A fetched page, or the news that it is unchanged.

    Attributes:
        url: Its URL after all redirects, without credentials.
        moved_to: Its new URL, without credentials, when every redirect was permanent; else None.
        body: Its bytes, decompressed; empty when unchanged.
        content_type: `application/rss+xml` or the like; empty when none is given.
        charset: As Python knows it; empty when none is given, or one that Python does not know.
        etag: The validator to send with the next request, as it is; may be empty.
        last_modified: As `etag`.
        fresh_for: Seconds for which asking again is pointless, a day at most; 0 when unknown.
        unchanged: True for 304 Not Modified.
        links: The Link headers, as they are.
        total: How many things there are in all of which these are a page, as WordPress says it; 0
            when unknown.
        pages: On how many pages; 0 when unknown.
        may_go_on: True for a feed that is not at its end, where its Content-Length was.
    """

    url: str
    moved_to: str | None = None
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    fresh_for: float = 0.0
    unchanged: bool = False
    links: tuple[str, ...] = ()
    total: int = 0
    pages: int = 0
    may_go_on: bool = False


def note_answer(host: Host, response: aiohttp.ClientResponse) -> None:
    """Notes what a response says of the host as a whole."""
    now = datetime.now(UTC)
    if response.status in _OF_THE_HOST:
        refused = response.status == HTTPStatus.TOO_MANY_REQUESTS
        wait = headers.asked_wait(response.headers, now, refused=refused)
        if refused or wait is not None:
            host.note_wish(wait)
            return
    host.note_answer()
    host.note_limit(headers.used_up_for(response.headers, now))


async def handle_response(request: PageRequest, response: aiohttp.ClientResponse) -> WebPage | None:
    """Returns the page of a response; None when a redirect leads on, which the request follows.

    Raises:
        FetchError: It is no page.
    """
    status = response.status
    if status in REDIRECT_STATUSES:
        request.redirects.follow(status, response.headers.get(hdrs.LOCATION, ""))
        request.has_response = False
        return None
    if status == HTTPStatus.NOT_MODIFIED and any(request.validators):
        return _web_page(request, response)
    if status not in _SUCCESS:
        refused = status == HTTPStatus.TOO_MANY_REQUESTS
        wait = headers.asked_wait(response.headers, datetime.now(UTC), refused=refused)
        page = await read_start(response, PAGE_START) if status in _MAY_BE_WALLS else b""
        raise status_error(status, response.headers, wait=wait, page=page)
    return _web_page(request, response, await read_body(response, request.max_bytes))


def _web_page(
    request: PageRequest, response: aiohttp.ClientResponse, body: bytes | None = None
) -> WebPage:
    """Builds the page from a response; without a body, it is unchanged."""
    received, now = response.headers, datetime.now(UTC)
    etag, last_modified = request.validators if body is None else ("", "")
    return WebPage(
        url=str(request.redirects.url),
        moved_to=request.redirects.moved_to,
        body=body or b"",
        content_type=headers.content_type(received),
        charset=headers.charset(received),
        etag=headers.echoable_validator(received.get(hdrs.ETAG, "")) or etag,
        last_modified=headers.honest_last_modified(received, now) or last_modified,
        fresh_for=headers.fresh_for(received, now),
        unchanged=body is None,
        links=tuple(received.getall(hdrs.LINK, ())),
        total=headers.count(received, "X-WP-Total"),
        pages=headers.count(received, "X-WP-TotalPages"),
        may_go_on=hdrs.CONTENT_LENGTH in received and is_cut_feed(body or b""),
    )
