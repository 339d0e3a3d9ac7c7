"""No regular expression of the project takes more than linear time, whatever it is given.

Each one is pumped: texts are made of what it looks for itself, repeated n and 2n times. Twice the
text may take twice the time, not four times. What takes no time at all proves itself.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from adapters.sources.feed.html_text import item_text
from adapters.sources.feed.model import Markup, MarkupKind
from adapters.sources.feed.parse import parse_feed
from bot.config.load import read_config
from bot.config.problems import ConfigMistakes
from bot.errors import SourceError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
LENGTH = 6_000  # characters of the shorter text
FLOOR = 0.02  # seconds of processor time for the longer text, below which nothing is quadratic
LINEAR = 3.0  # times as long for twice the text: 2 is linear, 4 quadratic
ANCHORED = {"match", "fullmatch"}
METHODS = {*ANCHORED, "search", "sub", "subn", "split", "findall", "finditer"}


def patterns() -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Every compiled pattern of a module, and the methods that the project calls on it."""
    for package in ("adapters", "bot", "store"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if "re.compile" in path.read_text("utf-8"):
                yield from _in_module(name, ast.parse(path.read_text("utf-8")))


def _in_module(name: str, tree: ast.AST) -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    called: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called.setdefault(node.value.id, set()).add(node.attr)
    for attribute, value in vars(importlib.import_module(name)).items():
        if isinstance(value, re.Pattern) and attribute in called:
            yield f"{name}.{attribute}", value, frozenset(called[attribute] & METHODS)


@cache
def all_patterns() -> dict[str, tuple[re.Pattern[Any], frozenset[str]]]:
    return {name: (pattern, methods) for name, pattern, methods in patterns()}


def pumps(pattern: re.Pattern[Any]) -> set[str]:
    """Short texts that the pattern begins to match: each repeated, it has most to try."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    signs = set("".join(_samples(tree)))
    inner = {part for node in _subpatterns(tree) for part in ("".join(_samples(node)),) if part}
    return {part for part in {*_prefixes(tree, ""), *signs, *inner} if part} | {"a", " ", "0"}


def _prefixes(nodes: Any, before: str) -> Iterator[str]:
    """What each part of a pattern has before it, along every alternative."""
    for node in nodes:
        for inner in _inner(*node):
            yield from _prefixes(inner, before)
        before += "".join(_samples([node]))
        yield before


def _samples(nodes: Any) -> Iterator[str]:
    for operation, argument in nodes:
        match operation:
            case sre.LITERAL:
                yield chr(argument)
            case sre.NOT_LITERAL:
                yield "a" if argument != ord("a") else "b"
            case sre.ANY:
                yield "a"
            case sre.IN:
                yield _one_of(argument)
            case sre.BRANCH:
                yield "".join(_samples(argument[1][0]))
            case sre.SUBPATTERN:
                yield "".join(_samples(argument[3]))
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                yield "".join(_samples(argument[2])) * max(1, argument[0])
            case sre.ATOMIC_GROUP:
                yield "".join(_samples(argument))


def _one_of(choices: Any) -> str:
    kind, argument = choices[0]
    if kind is sre.NEGATE:
        return "a"
    if kind is sre.LITERAL:
        return chr(argument)
    if kind is sre.RANGE:
        return chr(argument[0])
    names = {sre.CATEGORY_SPACE: " ", sre.CATEGORY_DIGIT: "0", sre.CATEGORY_NOT_SPACE: "a"}
    return names.get(argument, "a")


def _subpatterns(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        for inner in _inner(*node):
            yield inner
            yield from _subpatterns(inner)


def _inner(operation: Any, argument: Any) -> list[Any]:
    """The patterns in a part of a pattern."""
    if operation is sre.BRANCH:
        return list(argument[1])
    if operation is sre.SUBPATTERN:
        return [argument[3]]
    if operation in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
        return [argument[2]]
    if operation in {sre.ASSERT, sre.ASSERT_NOT}:
        return [argument[1]]
    return [argument] if operation is sre.ATOMIC_GROUP else []


def seconds(use: Callable[[Any], object], text: str | bytes) -> float:
    """Of the processor."""
    start = time.thread_time()
    use(text)
    return time.thread_time() - start


def growth(use: Callable[[Any], object], pump: Callable[[int], Any]) -> float:
    """How many times as long twice the text takes; 2 for what takes no time.

    What looks too long is measured again: another process may have been in the way.
    """
    shorter, longer = pump(LENGTH), pump(2 * LENGTH)
    least = seconds(use, longer)
    if least <= FLOOR:
        return 2.0
    base = seconds(use, shorter)
    for _ in range(2):
        if least < LINEAR * base:
            break
        least, base = min(least, seconds(use, longer)), min(base, seconds(use, shorter))
    return least / max(base, 1e-6)


def uses(pattern: re.Pattern[Any], methods: frozenset[str]) -> Iterator[Callable[[Any], object]]:
    for method in sorted(methods & ANCHORED):
        yield getattr(pattern, method)
    if methods - ANCHORED:
        yield lambda text: sum(1 for _ in pattern.finditer(text))


@pytest.mark.parametrize("name", sorted(all_patterns()))
def test_twice_the_text_takes_twice_the_time(name: str) -> None:
    pattern, methods = all_patterns()[name]
    found = pumps(pattern)
    begins = {"", max(found, key=len)}
    for use in uses(pattern, methods):
        for part in sorted(found):
            for begin in sorted(begins):
                for end in ("", "\0"):
                    ratio = growth(use, _pump(pattern, begin, part, end))
                    assert ratio < LINEAR, f"{begin!r} + {part!r} * n + {end!r}"


def _pump(pattern: re.Pattern[Any], begin: str, part: str, end: str) -> Callable[[int], Any]:
    def made(length: int) -> Any:
        text = begin + part * (length // len(part)) + end
        return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")

    return made


def test_the_test_above_finds_what_is_quadratic() -> None:
    for text in (r"<!--.*?-->", r"a*b", r"\s+$", r"(?:<\?.*?\?>)x"):
        pattern = re.compile(text, re.DOTALL)
        ratios = [
            growth(use, _pump(pattern, "", part, "\0"))
            for use in uses(pattern, frozenset({"search"}))
            for part in pumps(pattern)
        ]
        assert max(ratios) > LINEAR, text


DOCUMENTS = """
    <!-- <![CDATA[ <item> <item </item> <!DOCTYPE&#32;x[ &#1 &a <a&#32;b=' <?x <x: ]]> -- <title>
    <item><title>&lt;a <item><description>&lt;!-- <item><link>http://[ <item><author>a@a <channel
    <item><pubDate>1 <item><description><![CDATA[<div><br> &lt; <![ <!ENTITY
""".split()


@pytest.mark.parametrize("part", DOCUMENTS)
def test_twice_the_feed_takes_twice_the_time(part: str) -> None:
    def read(document: bytes) -> None:
        with suppress(SourceError):
            parse_feed(document, "", "https://e.org/")

    def pump(length: int) -> bytes:
        start = "<?xml version='1.0'?><rss version='2.0'><channel>&"
        return (start + part.replace("&#32;", " ") * (length // len(part))).encode()

    assert growth(read, pump) < LINEAR


HTML = """
    <svg> <form> <p> <div&#32;hidden> <p&#32;hidden> <td>a <td>&#32; <br> <br>a <li> <pre>a <q>
    <h1>a <style> <b <a&#32;b=' <a&#32;b=" <img&#32;src=a> <! <!-- <!---> <!<![CDATA[-- < </
    ]]> &amp; &lt; <svg><p&#32;hidden> </svg> <math></svg>
""".split()


@pytest.mark.parametrize("end", ["", "</svg></math></div></form></p>", "-->", ">"])
@pytest.mark.parametrize("part", HTML)
def test_twice_the_html_takes_twice_the_time(part: str, end: str) -> None:
    def pump(length: int) -> Markup:
        text = part.replace("&#32;", " ") * (length * 5 // len(part)) + end
        return Markup(f"<p>{text}", MarkupKind.HTML)

    assert growth(item_text, pump) < LINEAR


@pytest.mark.parametrize(
    "part", ["a.", "a . ", '"', '"\\', "'", "[", "{a=", '"""\\', "[[a]]\n", "a=1\n"]
)
def test_twice_the_configuration_takes_twice_the_time(part: str, tmp_path: Path) -> None:
    def read(text: str) -> None:
        (tmp_path / "config.toml").write_text(text, "utf-8")
        with suppress(ConfigMistakes):
            read_config(tmp_path / "config.toml", {})

    assert (
        growth(read, lambda length: "x = " * (part[0] in "[{") + part * (length // len(part)))
        < LINEAR
    )
