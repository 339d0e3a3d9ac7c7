"""Why an address on the web could not be fetched, in words that a moderator understands."""

from __future__ import annotations

import ssl
from http import HTTPStatus

import aiohttp

from bot.errors import SourceError
from bot.text.display import quoted


class FetchError(SourceError):
    """Nothing was fetched.

    Attributes:
        wait: Seconds that the server asks to wait before the next try; None when it says nothing.
        gone: True when the server says that the address is not to be asked any more.
        status: The HTTP status of the answer; None when there was none.
    """

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        gone: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.wait = wait
        self.gone = gone
        self.status = status


class RefusedAddressError(OSError):
    """The address is not to be connected to.

    Attributes:
        address: As the system writes it.
        kind: What keeps it from being connected to, with its article.
    """

    def __init__(self, address: str, kind: str) -> None:
        super().__init__(f"{address} is {kind} address")
        self.address = address
        self.kind = kind


def refused(error: RefusedAddressError, host: str) -> FetchError:
    """Tells of an address that is not to be connected to, and what can be done.

    Args:
        error: What refused it.
        host: As it stands in the address on the web.
    """
    by_name = "" if error.address == host.strip("[]") else f"{quoted(host)} is at "
    verb = ", " if by_name else " is "
    return FetchError(
        f"{by_name}{error.address}{verb}{error.kind} address; "
        "the operator can allow it with allow_hosts"
    )


def answered(status: int, *, wait: float | None = None) -> FetchError:
    """Tells of an answer that is no page."""
    try:
        words = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = f"{status}"
    gone = status == HTTPStatus.GONE
    return FetchError(f"the answer was {words}", wait=wait, gone=gone, status=status)


def failed(error: Exception, host: str) -> FetchError:
    """What aiohttp or the system raised for a request.

    Args:
        error: What it raised.
        host: As it stands in the address on the web.
    """
    name = quoted(host)
    if any(words in str(error) for words in _TOO_LONG):
        return FetchError(f"{name} answers with more headers than a page may have")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return FetchError(f"the certificate of {name} is not valid: {_fault(error)}")
    for kinds, words in _MEANINGS:
        if isinstance(error, kinds):
            return FetchError(words.format(host=name))
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError(_unreached(error.os_error, name))
    return FetchError(f"the connection to {name} broke: {quoted(str(error)) or 'no reason given'}")


def _fault(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = error.certificate_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return quoted(cause.verify_message)
    return quoted(str(cause))


def _unreached(error: OSError, host: str) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"{host} refuses to connect"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection to {host}: {quoted(error.reason or str(error))}"
    return f"{host} cannot be reached: {quoted(error.strerror or str(error))}"


# What aiohttp says of a head that is too long, of all that is wrong with an answer's head.
_TOO_LONG = ("Got more than", "Too many headers")

# A class stands before those that it is derived from.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError, UnicodeError), "the host {host} has no address"),
    ((aiohttp.ServerDisconnectedError,), "{host} hung up without an answer"),
    ((aiohttp.ClientPayloadError,), "the answer of {host} broke off in the middle"),
    ((aiohttp.ClientResponseError,), "what {host} answers is no proper HTTP"),
    ((aiohttp.InvalidURL, ValueError), "{host} is no name of a host on the web"),
)
