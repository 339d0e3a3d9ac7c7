"""Digests of texts, to tell whether something has changed."""

from __future__ import annotations

import hashlib


def digest(*parts: str) -> str:
    """Returns a digest of texts, as 32 hexadecimal digits."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
