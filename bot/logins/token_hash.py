"""Hashing of tokens: what is kept of links, sessions and API tokens."""

from __future__ import annotations

import hashlib

TOKEN_BYTES = 32
"""Random bytes of a token: nobody guesses 256 bits, so no slow hash is needed."""

_LONGEST = 64  # characters that are looked at


def hash_token(token: str) -> str:
    """Returns what is kept of a token: whoever reads the store cannot log in with that."""
    return hashlib.sha256(token[:_LONGEST].encode("utf-8", "replace")).hexdigest()
