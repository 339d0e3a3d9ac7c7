"""A server with OpenAI's `/v1/embeddings`, which refuses what a strict one would.

The form is https://platform.openai.com/docs/api-reference/embeddings/create.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from scripted_embedder import embed

_KNOWN = {"model", "input", "encoding_format", "dimensions", "user"}


@dataclass
class EmbeddingsServer:
    """Embeds by heart, or answers what a test has it answer.

    Attributes:
        model: The only model that it has.
        key: The key that it wants; empty for none.
        takes_kinds: Whether it knows the field `input_type`, which is not OpenAI's.
        longest: The characters of the longest text that it takes.
        gives: What it answers instead: a status, a body, or both; None for nothing.
        may_answer: Cleared to keep requests waiting.
        asked: The bodies of the requests.
        refusals: Why requests were refused.
    """

    model: str = "by-heart"
    key: str = ""
    takes_kinds: bool = True
    longest: int = 1_000
    gives: tuple[int, str] | None = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.may_answer.set()

    @property
    def url(self) -> str:
        """The base of its API."""
        return f"http://127.0.0.1:{self.port}/v1"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EmbeddingsServer]:
        """Listens as long as the block lasts."""
        app = web.Application()
        app.router.add_post("/v1/embeddings", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.001)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            self.may_answer.set()
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        await self.may_answer.wait()
        if self.gives is not None:
            status, text = self.gives
            return web.Response(
                status=status,
                text=text,
                content_type="application/json",
                headers={"Location": "/v1/elsewhere"},
            )
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return self._refuse(401, "no such key")
        refusal = self._refusal(request.content_type, body)
        return self._refuse(400, refusal) if refusal else web.json_response(self._embed(body))

    def _refusal(self, content_type: str, body: Mapping[str, Any]) -> str:
        known = _KNOWN | ({"input_type"} if self.takes_kinds else set())
        texts = body.get("input")
        if content_type != "application/json":
            return "no JSON"
        if unknown := body.keys() - known:
            return f"unknown fields: {', '.join(sorted(unknown))}"
        if body.get("model") != self.model:
            return "no such model"
        if not (isinstance(texts, list) and texts and all(isinstance(t, str) for t in texts)):
            return "input is no list of texts"
        if body.get("encoding_format", "float") != "float":
            return "only floats are given"
        return "a text is empty or too long" if not all(map(self._fits, texts)) else ""

    def _fits(self, text: str) -> bool:
        return 0 < len(text) <= self.longest

    def _refuse(self, status: int, reason: str) -> web.Response:
        self.refusals.append(reason)
        error = {"error": {"message": reason, "type": "invalid_request_error", "code": None}}
        return web.json_response(error, status=status)

    def _embed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        data = [
            {"object": "embedding", "index": at, "embedding": embed(text)}
            for at, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        # The order is in the indexes, and nowhere else.
        return {"object": "list", "data": data[::-1], "model": self.model, "usage": usage}


def answer(*embeddings: tuple[int, list[float]]) -> str:
    """An answer with these embeddings at these places."""
    data = [{"object": "embedding", "index": at, "embedding": one} for at, one in embeddings]
    return json.dumps({"object": "list", "data": data, "model": "m"})
