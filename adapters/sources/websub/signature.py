"""The signature of what a hub pushes (WebSub, section 7.1)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

# Of section 7.1.1. Most hubs sign with SHA-1; in an HMAC it is not broken.
_ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})


class SignatureCheck:
    """Checks the signature of a body that comes in parts, so that none of it has to be kept.

    Attributes:
        can_match: False when no body could have the signature: there is none, or not one alone, or
            one of an unknown form.
    """

    def __init__(self, headers: Sequence[str], secret: str) -> None:
        """Takes the values of X-Hub-Signature, and the secret that the hub was given."""
        method, _, digest = (headers[0] if len(headers) == 1 else "").partition("=")
        algorithm = method.strip().lower()
        self._given = _unhex(digest.strip())
        self.can_match = algorithm in _ALGORITHMS and bool(self._given)
        known = algorithm if self.can_match else "sha256"
        self._mac = hmac.new(secret.encode(), digestmod=known)

    def update(self, part: bytes) -> None:
        """Takes the next part of the body."""
        self._mac.update(part)

    def matches(self) -> bool:
        """Returns True when the hub has signed what came; in constant time."""
        return hmac.compare_digest(self._mac.digest(), self._given) and self.can_match


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
