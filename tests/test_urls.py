"""One guard around every URL that others wrote."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from bot.text.canonical_urls import canonical_url
from bot.text.urls import is_web_url, join_parts, join_url, query_pairs, request_url, split_url

ROOT = Path(__file__).parent.parent
GUARD = ROOT / "bot" / "text" / "urls.py"
UNGUARDED = {
    "urlsplit", "urlparse", "urljoin", "urlunsplit", "urlunparse", "urldefrag", "parse_qs",
    "parse_qsl", "SplitResult", "URL", "build",
}  # fmt: skip

ODD = """
    http://us@[::1]@?x http://usrzpw@[::1]:8zpw@?=c#d http://u@[::1]@[:::8/a?b=#d http://[::1]@[:::8/?a
    http://[::1 http://] http://[ http://@ http://:@:/ http://a:b:c/ http://[v1.x]/ http://a[b]c/
    http://a:99999/ http://a:-1/ http://a:\u0661/ https://\u2100.example/ http://%5b::1%5d/ //[/ [ ]
    http://[::1]x/ http://[::1]:x/ http://[::1%25]@/ http://a@b@[::1/ http:///x http:?[
    ?[::1]@ @[::1]@?
""".split()


@pytest.mark.parametrize("address", ODD)
def test_what_is_no_url_is_none_and_no_error(address: str) -> None:
    base = URL("http://e.org/a")
    for found in (request_url(address), request_url(address, base)):
        assert found is None or found.url.host
    join_url("http://e.org/a", address)
    join_url(address, "b")
    split_url(address)
    canonical_url(address)
    assert not is_web_url(address) or split_url(address)


URLS = st.one_of(
    st.text(max_size=40),
    st.text("http:/@[]?#%&=.:1axzé℀\\ \t\n\ud800\udcff", max_size=40).map("http://{}".format),
    st.tuples(st.sampled_from(ODD), st.text(max_size=5)).map("".join),
)


@given(URLS, URLS)
@example("http://us@[::1]@?x", "?[")
@example("HTTP:// :", "")
def test_nothing_that_others_write_is_an_error(one: str, other: str) -> None:
    split_url(one)
    join_url(one, other)
    canonical_url(one)
    query_pairs(one)
    join_parts("http", one, other, one, other)
    asked = request_url(one, URL("http://e.org/"))
    if asked:
        # Nothing that is read of it later can fail, and all parsers read the same host.
        again = request_url(str(asked.url))
        assert again
        assert (again.url.raw_host, again.url.port) == (asked.url.raw_host, asked.url.port)
        assert asked.url.origin()
        assert (asked.url.raw_user, asked.url.fragment) == (None, "")


@pytest.mark.slow
def test_nobody_parses_urls_but_the_guard() -> None:
    calls = []
    for package in ("adapters", "bot", "store"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path != GUARD:
                found = _unguarded(ast.parse(path.read_text("utf-8")))
                calls += [f"{path.relative_to(ROOT)}:{line}" for line in found]
    assert calls == []


def test_the_test_above_finds_such_calls() -> None:
    text = "from urllib.parse import urlsplit\nimport yarl\nyarl.URL(x)\nURL(x)\nURL.build(x)\n"
    assert _unguarded(ast.parse(text)) == [1, 3, 4, 5]
    assert _unguarded(ast.parse("def f(url: URL) -> URL:\n    return url.path\n")) == []


def _unguarded(tree: ast.AST) -> list[int]:
    """The lines in which a module imports or calls what parses URLs."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("urllib"):
            names = {alias.name for alias in node.names}
            lines += [node.lineno] if names & UNGUARDED or "parse" in names else []
        elif isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
            lines += [node.lineno] if any(name.startswith("urllib") for name in names) else []
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            owner = getattr(getattr(node.func, "value", None), "id", "")
            is_one = name in UNGUARDED - {"build"} or (name == "build" and owner == "URL")
            lines += [node.lineno] if is_one else []
    return sorted(lines)
