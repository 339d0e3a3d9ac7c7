"""`locate` against documents that `tomllib` reads: by example, and by Hypothesis."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.toml_lines import DEEPEST_KEY, KeyPath, line_of_deep_key, locate

EXAMPLES: dict[str, tuple[str, dict[KeyPath, int]]] = {
    "nothing": ("", {}),
    "only blanks and comments": ("\n# a = 1\n\n  # [b]\n", {}),
    "keys and tables": (
        "a = 1\n\n[b] # here\nc = 2\n  [ b . d ]\ne = 3",
        {("a",): 1, ("b",): 3, ("b", "c"): 4, ("b", "d"): 5, ("b", "d", "e"): 6},
    ),
    "lists of tables": (
        "[[s]]\nid = 1\n[s.t]\nx = 1\n[[s]]\n[[s.u]]\n[[s.u]]\ny = 1\n[[ s ]]",
        {
            ("s",): 1,
            ("s", 0): 1,
            ("s", 0, "id"): 2,
            ("s", 0, "t"): 3,
            ("s", 0, "t", "x"): 4,
            ("s", 1): 5,
            ("s", 1, "u"): 6,
            ("s", 1, "u", 0): 6,
            ("s", 1, "u", 1): 7,
            ("s", 1, "u", 1, "y"): 8,
            ("s", 2): 9,
        },
    ),
    "dotted keys": (
        "a.b = 1\na . c = 2\n3.14 = true",
        {("a",): 1, ("a", "b"): 1, ("a", "c"): 2, ("3",): 3, ("3", "14"): 3},
    ),
    "quoted keys": (
        '"a.b" = 1\n\'c # d\' = 2\n"e\\"\\u00e9" = 3\n"" = 4\n["[f]"."=".g]',
        {
            ("a.b",): 1,
            ("c # d",): 2,
            ('e"é',): 3,
            ("",): 4,
            ("[f]",): 5,
            ("[f]", "="): 5,
            ("[f]", "=", "g"): 5,
        },
    ),
    "a table whose parent comes later": (
        "[a.b]\nc = 1\n[a]\nd = 2",
        {("a", "b"): 1, ("a", "b", "c"): 2, ("a",): 3, ("a", "d"): 4},
    ),
    "strings that look like tables and keys": (
        (
            'a = """\n5" [b]\nc = 1\n\\""" # no\n"""\n'
            "d = '''\nit's\n[[e]]\n'''\n"
            'f = "[g] # \\" x = 1"\nh = 1'
        ),
        {("a",): 1, ("d",): 6, ("f",): 10, ("h",): 11},
    ),
    "strings that end in quotes of their own": (
        (
            'a = """x""""\nb = """x"""""\n'
            "c = '''x''''\nd = '''x'''''\n"
            'e = """"""\n'
            "f = ''''''\n"
            'g = ""\nh = 1'
        ),
        {(key,): line for line, key in enumerate("abcdefgh", 1)},
    ),
    "lists over many lines": (
        'a = [ # [x]\n  1,\n  [2,\n   3], "]",\n  # ],\n]\nb = 1',
        {
            ("a",): 1,
            ("a", 0): 2,
            ("a", 1): 3,
            ("a", 1, 0): 3,
            ("a", 1, 1): 4,
            ("a", 2): 4,
            ("b",): 7,
        },
    ),
    "inline tables": (
        "a = [\n  {x = 1, y.z = 2},\n  {},\n  {w = {v = '}'}},\n]\nb = 1",
        {
            ("a",): 1,
            ("a", 0): 2,
            ("a", 0, "x"): 2,
            ("a", 0, "y"): 2,
            ("a", 0, "y", "z"): 2,
            ("a", 1): 3,
            ("a", 2): 4,
            ("a", 2, "w"): 4,
            ("a", 2, "w", "v"): 4,
            ("b",): 6,
        },
    ),
    "values of several parts": (
        "a = -1.5e+3\nb = 1979-05-27 07:32:00.5-07:00\nc = [inf, 07:32:00]\nd = 1 # x",
        {("a",): 1, ("b",): 2, ("c",): 3, ("c", 0): 3, ("c", 1): 3, ("d",): 4},
    ),
}


@pytest.mark.parametrize(("text", "lines"), EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_examples(text: str, lines: dict[KeyPath, int], newline: str) -> None:
    written = text.replace("\n", newline)
    tomllib.loads(written)
    assert locate(written) == lines


def test_line_separators_of_unicode_begin_no_line() -> None:
    assert locate("a = 'x\u2028y\u0085z'\nb = 1") == {("a",): 1, ("b",): 2}


def test_a_document_that_is_not_toml_still_comes_to_an_end() -> None:
    for text in ("a = [}", "a = {]", "a = [1", "]", "= 1", 'a = "', "a"):
        locate(text)


def test_deep_lists_are_too_much_for_both_readers() -> None:
    text = f"a = {'[' * 5_000}{']' * 5_000}"
    for read in (tomllib.loads, locate):
        with pytest.raises(RecursionError):
            read(text)


# Documents for the property: a tree of values, and a writer that asks Hypothesis at every turn how
# to put it (a header, a dotted key, an inline table; one line or many).

KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(["[a]", "a = 1", '"""', "'''", "#", "a.b", "\n", "é"]),
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["[table]\nkey = 1\n", "\n[[s]]\n", "#", "'''", '"""', "}", "],", "\\", "\u2028"]
    ),
)
SCALARS = st.one_of(
    TEXTS, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False), st.dates()
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3),
        st.lists(st.dictionaries(KEYS, inner, max_size=3), min_size=1, max_size=3),
    ),
    max_leaves=15,
)


def quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for the delete character and pairs of surrogates.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def plain(key: str) -> bool:
    return key != "" and key.isascii() and key.replace("-", "").replace("_", "").isalnum()


@dataclass
class Writer:
    """Writes a tree as TOML."""

    data: st.DataObject
    lines: list[str] = field(default_factory=list)

    def chance(self) -> bool:
        return self.data.draw(st.booleans())

    def key(self, key: str) -> str:
        if plain(key) and self.chance():
            return key
        if key.isprintable() and "'" not in key and self.chance():
            return f"'{key}'"
        return quoted(key)

    def keys(self, keys: list[str]) -> str:
        return (" . " if self.chance() else ".").join(self.key(key) for key in keys)

    def value(self, value: object) -> str:
        match value:
            case dict():
                pairs = (f"{self.key(key)} = {self.value(one)}" for key, one in value.items())
                return "{" + ", ".join(pairs) + "}"
            case list():
                gap = " # [x]\n" if self.chance() else " "
                return f"[{gap}" + "".join(f"{self.value(one)},{gap}" for one in value) + "]"
            case str():
                return self.text(value)
            case bool():
                return "true" if value else "false"
            case _:
                return str(value)

    def text(self, value: str) -> str:
        literal = value.replace("\n", "").isprintable() and "'''" not in f"{value}''"
        if literal and self.chance():
            return f"'''\n{value}'''"
        if self.chance():
            return '"""' + quoted(value)[1:-1].replace("\\n", "\n") + '"""'
        return quoted(value)

    def table(self, path: list[str], table: dict[str, Any]) -> None:
        """The pairs first, since a header ends them; dotted where that makes no table twice."""
        below = []
        for key, value in table.items():
            if self.chance() and is_table_or_tables(value):
                below.append(key)
            elif isinstance(value, dict) and value and self.chance():
                for name, one in value.items():
                    self.pair([key, name], one)
            else:
                self.pair([key], value)
        for key in below:
            self.below([*path, key], table[key])

    def pair(self, keys: list[str], value: object) -> None:
        comment = " # [c] d = 1" if self.chance() else ""
        self.lines.append(f"{self.keys(keys)} = {self.value(value)}{comment}")

    def below(self, path: list[str], value: dict[str, Any] | list[dict[str, Any]]) -> None:
        opens, closes = ("[", "]") if isinstance(value, dict) else ("[[", "]]")
        for table in [value] if isinstance(value, dict) else value:
            self.lines.append(f"{opens}{self.keys(path)}{closes}")
            self.table(path, table)


def numbered(tree: object, numbers: Iterator[int]) -> Any:
    """The tree with a number in every key, so that no two keys are the same."""
    match tree:
        case dict():
            items = tree.items()
            return {f"{key}-{next(numbers)}-": numbered(one, numbers) for key, one in items}
        case list():
            return [numbered(one, numbers) for one in tree]
    return tree


def is_table_or_tables(value: object) -> bool:
    elements = value if isinstance(value, list) and value else [value]
    return all(isinstance(element, dict) for element in elements)


def leaves(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The path of everything that is no table and no list; the element of a list has its own."""
    inside: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        inside = iter(value.items())
    elif isinstance(value, list):
        inside = iter(enumerate(value))
    else:
        yield path
    for key, one in inside:
        yield from leaves(one, (*path, key))


@given(st.data(), st.dictionaries(KEYS, TREES, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_every_leaf_has_the_line_that_its_key_is_in(
    data: st.DataObject, tree: dict[str, Any], newline: str
) -> None:
    writer = Writer(data)
    writer.table([], numbered(tree, count()))
    text = "\n".join(writer.lines).replace("\n", newline)
    lines = locate(text)
    written = text.split("\n")
    for path in leaves(tomllib.loads(text)):
        line = written[lines[path] - 1]
        key = path[-1]
        assert isinstance(key, int) or key in line or quoted(key) in line


@pytest.mark.parametrize(
    "text",
    [
        "{key} = 1",
        "[{key}]",
        "[[{key}]]",
        "x = {{ {key} = 1 }}",
        "x = [{{ {key} = 1 }}]",
        "ok = 1\n{key} = 1",
        'ok = """\n"""\n{key} = 1',
        "no TOML at all {key}",
    ],
)
@pytest.mark.parametrize("dot", [".", " . ", '."b".', ".'b'."])
def test_a_key_with_more_parts_than_any_setting_is_found(text: str, dot: str) -> None:
    key = f"a{dot}" * 100_000 + "a"
    assert line_of_deep_key(text.format(key=key)) == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "a = 1.5\nb = 07:32:00.999\n" * 100,
        'a = "' + "a." * 100 + '"',
        "a = '" + "a." * 100 + "'",
        'a = """\n' + "a." * 100 + '\n"""',
        "# " + "a." * 100,
        "a = [" + "1.5, " * 100 + "]",
        "[" + "a." * (DEEPEST_KEY - 1) + "a]\n" * 3,
    ],
)
def test_dots_elsewhere_are_no_deep_key(text: str) -> None:
    assert line_of_deep_key(text) == 0
