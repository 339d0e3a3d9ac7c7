"""The protocol between the bot and the process that embeds texts: frames behind their lengths."""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from bot.search.meaning.ports import Vector

LENGTH = struct.Struct(">I")
"""The length of the frame behind it."""

MAX_FRAME = 16 << 20
"""Bytes of the longest frame."""

_ID = struct.Struct(">Q")
READY = LENGTH.pack(0)
"""An empty frame, which the process sends once it can take requests."""


@dataclass(frozen=True, slots=True)
class EmbedRequest:
    """Texts to embed.

    Attributes:
        id: Tells its answer from others.
        texts: The texts.
        is_query: True for questions.
    """

    id: int
    texts: Sequence[str]
    is_query: bool


def encode_request(request: EmbedRequest) -> bytes:
    """Returns a request as a frame."""
    body = json.dumps([request.id, list(request.texts), request.is_query]).encode()
    return LENGTH.pack(len(body)) + body


def read_request(source: BinaryIO) -> EmbedRequest | None:
    """Reads a request; None at the end of the input."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    body = source.read(LENGTH.unpack(head)[0])
    return EmbedRequest(*json.loads(body)) if body else None


def encode_answer(request: int, vectors: bytes) -> bytes:
    """Returns an answer as a frame.

    Args:
        request: The id of the request.
        vectors: The vectors of its texts, one behind the other, as floats of 32 bits.
    """
    return b"".join((LENGTH.pack(_ID.size + len(vectors)), _ID.pack(request), vectors))


def decode_answer(frame: bytes) -> tuple[int, Vector]:
    """Reads an answer: the request's id, and its vectors one behind the other.

    Raises:
        ValueError: It has not the form of one.
    """
    if len(frame) < _ID.size:
        raise ValueError("no answer of a worker")
    vectors = array("f")
    vectors.frombytes(frame[_ID.size :])
    return _ID.unpack(frame[: _ID.size])[0], vectors
