"""Errors of a fetch, mapped from those of aiohttp and the system to messages for moderators."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from adapters.sources.web.bot_walls import PAST_A_WALL, bot_wall
from bot.errors import SourceError
from bot.monitoring.logs import expect_errors
from bot.text.display import shorten

expect_errors(aiohttp.ClientError)


class FetchError(SourceError):
    """A page could not be fetched.

    Attributes:
        wait: Seconds from the server's Retry-After; None when it sends none.
        gone: True for 410 Gone: the address is not to be asked any more.
        status: The HTTP status of the answer; None when there was none.
        reached: True when the host answered, False when it cannot be reached, else None.
        put_off: True when nothing was asked, since the host is let be for `wait` seconds.
    """

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        gone: bool = False,
        status: int | None = None,
        reached: bool | None = None,
        put_off: bool = False,
    ) -> None:
        super().__init__(reason, wait=wait, gone=gone, reached=reached, put_off=put_off)
        self.status = status


class MalformedResponseError(FetchError):
    """A response that is not HTTP as it should be, and may be repaired."""


class RefusedAddressError(OSError):
    """The address is a special-purpose one, which is not connected to.

    Attributes:
        address: As the system writes it.
        kind: Of `special_purpose_kind`, with its article.
    """

    def __init__(self, address: str, kind: str) -> None:
        super().__init__(f"{address} is {kind} address")
        self.address = address
        self.kind = kind


def refused_address_error(error: RefusedAddressError, host: str) -> FetchError:
    """Maps a refused address to an error that says how to allow it.

    Args:
        error: What refused it.
        host: As it stands in the URL.
    """
    by_name = "" if error.address == host.strip("[]") else f"{shorten(host)} is at "
    verb = ", " if by_name else " is "
    return FetchError(
        f"{by_name}{error.address}{verb}{error.kind} address; "
        "the operator can allow it by allow_hosts in the configuration"
    )


def status_error(
    status: int, headers: Mapping[str, str], *, wait: float | None = None, page: bytes = b""
) -> FetchError:
    """Maps the status of an answer that is no page to an error, with what can be done about it.

    Args:
        status: The status.
        headers: The answer's headers, by names in any case.
        wait: See `FetchError`.
        page: How the answer's body begins.
    """
    wall = bot_wall(headers, page)
    reason = f"the response was {_status_name(status)}"
    if wall:
        reason = f"{wall} keeps bots out of this site ({_status_name(status)}); {PAST_A_WALL}"
    elif status in _HINTS and wait is None:  # who asks to wait means that, and nothing else
        reason = f"{reason}; {_HINTS[HTTPStatus(status)]}"
    gone = status == HTTPStatus.GONE and not wall
    return FetchError(reason, wait=wait, gone=gone, status=status, reached=True)


def _status_name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"


_UNKNOWN_AGENT = (
    "if a browser gets the feed, the site refuses agents that it does not know; the operator can "
    "set user_agent for this source"
)
_HINTS = {
    HTTPStatus.UNAUTHORIZED: (
        "the operator can set headers or cookie for this source, or a password in its url"
    ),
    **dict.fromkeys((HTTPStatus.FORBIDDEN, HTTPStatus.NOT_ACCEPTABLE), _UNKNOWN_AGENT),
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "the proxy wants a user and password in its address",
}


def connection_error(error: Exception, host: str) -> FetchError:
    """Maps what aiohttp or the system raised for a request to an error.

    Args:
        error: What was raised.
        host: As it stands in the URL.
    """
    name = shorten(host)
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        return _proxy_error(error)
    if any(words in str(error) for words in _HEAD_TOO_LONG):
        return FetchError(f"{name} sent more headers than are allowed")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return FetchError(f"the certificate of {name} is not valid: {_certificate_problem(error)}")
    kind = MalformedResponseError if isinstance(error, aiohttp.ClientResponseError) else FetchError
    for kinds, words in _MESSAGES:
        if isinstance(error, kinds):
            return kind(words.format(host=name), reached=_reached(error))
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(_unreachable(error.os_error, name), reached=_reached(error))
    return FetchError(
        f"the connection to {name} was lost: {shorten(str(error)) or 'no reason given'}"
    )


def _proxy_error(
    error: aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError,
) -> FetchError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return FetchError(f"the proxy answered {_status_name(error.status)}")
    return FetchError(_unreachable(error.os_error, "the proxy"))


def _reached(error: Exception) -> bool | None:
    """Returns False when no connection was made; None where that says nothing of the network."""
    no_connection = isinstance(error, aiohttp.ClientConnectorError)
    return False if no_connection and not isinstance(error, aiohttp.ClientSSLError) else None


def _certificate_problem(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = error.certificate_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return shorten(cause.verify_message)
    return shorten(str(cause))


def _unreachable(error: OSError, host: str) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"{host} refused the connection"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection to {host}: {shorten(error.reason or str(error))}"
    return f"{host} cannot be reached: {shorten(error.strerror or str(error))}"


# aiohttp has no class of its own for a head that is too long; its message tells.
_HEAD_TOO_LONG = ("Got more than", "Too many headers")

# A class stands before those that it is derived from.
_MESSAGES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError, UnicodeError), "the host {host} has no address"),
    ((aiohttp.ServerDisconnectedError,), "{host} closed the connection without a response"),
    ((aiohttp.ClientPayloadError,), "the response from {host} ended early"),
    ((aiohttp.ClientResponseError,), "{host} did not respond with valid HTTP"),
    ((aiohttp.InvalidURL, ValueError), "{host} is not a valid host name"),
)
