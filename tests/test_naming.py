"""The names of classes and the first words of docstrings, as CONTRIBUTING.md has them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ASKING = frozenset("What Whether How Whom Who Where When Which Why".split())

# What has one meaning on every platform: each has its own.
ON_EACH_PLATFORM = frozenset("RenderContext RenderedMessage Press View".split())


@cache
def modules() -> dict[Path, ast.Module]:
    files = (path for top in ("bot", "adapters", "store") for path in (ROOT / top).rglob("*.py"))
    return {path: ast.parse(path.read_bytes()) for path in files}


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Yields the docstrings of modules, classes and functions, and those of what is assigned."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (
                one.value.value
                for one in node.body
                if isinstance(one, ast.Expr)
                and isinstance(one.value, ast.Constant)
                and isinstance(one.value.value, str)
            )


def test_docstrings_begin_with_a_noun_or_a_verb() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text.splitlines()[0]}"
        for path, tree in modules().items()
        for text in docstrings(tree)
        if text.split(None, 1)[0].rstrip(",:") in ASKING
    ]
    assert found == []


def test_no_two_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    shared = {name for name, count in names.items() if count > 1}
    assert shared == ON_EACH_PLATFORM
