from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.query import MAX_TERMS, Query, Term, parse


def _terms(*texts: str) -> tuple[Term, ...]:
    """Terms; those that stand in quotes are quoted."""
    return tuple(Term(tuple(t.strip('"').split()), quoted=t.startswith('"')) for t in texts)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("osaka expo", Query((_terms("osaka", "expo"),))),
        ('"osaka expo" cost', Query((_terms('"osaka expo"', "cost"),))),
        ("“osaka expo”", Query((_terms('"osaka expo"'),))),
        ("rail OR road", Query((_terms("rail"), _terms("road")))),
        ("a b OR c d", Query((_terms("a", "b"), _terms("c", "d")))),
        (
            'rail -strike -"night train"',
            Query((_terms("rail"),), _terms("strike", '"night train"')),
        ),
        ("well-known", Query((_terms("well known"),))),
        ("it's C++ a.b", Query((_terms("it s", "c", "a b"),))),
        ("rail rail RAIL", Query((_terms("rail"),))),
        ("or", Query((_terms("or"),))),
        ("OR", Query((_terms("or"),))),
        ("rail OR", Query((_terms("rail"),))),
        ('lone "quote', Query((_terms("lone", "quote"),))),
        ("-", Query()),
        ("- strike", Query((_terms("strike"),))),
        ("-strike", Query((), _terms("strike"))),
        ("", Query()),
        ("🙂 … ¿?", Query()),
    ],
)
def test_the_grammar(typed: str, query: Query) -> None:
    assert parse(typed) == query


def test_quoted_terms_are_told_from_others() -> None:
    quoted, bare = parse('"expo" expo').terms

    assert (quoted.quoted, bare.quoted) == (True, False)
    assert (quoted.words, bare.words) == (("expo",), ("expo",))
    assert (str(quoted), str(bare)) == ('"expo"', "expo")


def test_a_term_remembers_how_it_was_typed_and_is_not_compared_by_it() -> None:
    one, other = parse("Café"), parse("CAFE")

    assert [term.typed for term in (*one.terms, *other.terms)] == ["Café", "CAFE"]
    assert one == other


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("topic:Rail", [("topic", "Rail")]),
        ('topic:"Osaka Expo" SOURCE:wire', [("topic", "Osaka Expo"), ("source", "wire")]),
        ("since:7d before:2026-01-02", [("since", "7d"), ("before", "2026-01-02")]),
        ("since:7d since:7d", [("since", "7d")]),
        ("topic:“Osaka Expo”", [("topic", "Osaka Expo")]),
        ("nottopic:x", []),
        ("-topic:x", []),
        ("topic:", []),
        ('topic:""', [("topic", "")]),
        ('"topic:x"', []),
    ],
)
def test_filters_stand_before_a_colon(typed: str, filters: list[tuple[str, str]]) -> None:
    assert parse(typed).filters == tuple(filters)


@pytest.mark.parametrize(
    ("typed", "in_title", "newest"),
    [
        ("expo", False, False),
        ("in:title expo", True, False),
        ("expo IN:Title", True, False),
        ("in:body expo", False, False),
        ("expo sort:new", False, True),
        ("expo in:title sort:New", True, True),
    ],
)
def test_two_filters_say_how_to_look(typed: str, in_title: bool, newest: bool) -> None:
    query = parse(typed)

    assert (query.in_title, query.newest) == (in_title, newest)
    assert query.words == ("expo",)


def test_filters_alone_are_no_query() -> None:
    assert not parse("topic:rail in:title")
    assert parse("topic:rail x")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("大阪万博", ["大阪 阪万 万博"]),
        ("大阪 万博", ["大阪", "万博"]),
        ("오사카 엑스포", ["오사 사카", "엑스 스포"]),
        ("大阪expo", ["大阪 expo"]),
    ],
)
def test_a_run_is_one_term(typed: str, terms: list[str]) -> None:
    assert parse(typed) == Query((_terms(*terms),))


@given(st.text())
def test_no_text_is_an_error_and_every_term_has_words(typed: str) -> None:
    query = parse(typed)
    terms = [*query.terms, *query.without]
    assert all(term.words and all(term.words) for term in terms)
    assert len(terms) <= MAX_TERMS
    assert all(group for group in query.alternatives)


@given(
    st.lists(
        st.lists(
            st.sampled_from(["rail", "night train", "café"]), min_size=1, max_size=3, unique=True
        ),
        min_size=1,
        max_size=3,
    )
)
def test_a_query_written_out_reads_as_itself(groups: list[list[str]]) -> None:
    typed = " OR ".join(" ".join(f'"{term}"' for term in group) for group in groups)
    query = parse(typed)
    assert parse(str(query)) == query
    assert len(query.alternatives) == len(set(map(tuple, groups)))  # the same twice is one


def test_a_very_long_query_is_cut() -> None:
    assert len(parse("word " * 10_000).terms) == 1
    assert len(parse(" ".join(f"w{n}" for n in range(500))).terms) <= MAX_TERMS
