from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query import MAX_TERMS, Query, Term, parse, words


def _terms(*texts: str) -> tuple[Term, ...]:
    return tuple(Term(tuple(text.split())) for text in texts)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("osaka expo", Query((_terms("osaka", "expo"),))),
        ('"osaka expo" cost', Query((_terms("osaka expo", "cost"),))),
        ("“osaka expo”", Query((_terms("osaka expo"),))),
        ("rail OR road", Query((_terms("rail"), _terms("road")))),
        ("a b OR c d", Query((_terms("a", "b"), _terms("c", "d")))),
        ('rail -strike -"night train"', Query((_terms("rail"),), _terms("strike", "night train"))),
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


def test_words_are_compared_without_case_accents_or_marks() -> None:
    assert words("It’s a CAFÉ; Ångström's 2,000") == [
        "it",
        "s",
        "a",
        "cafe",
        "angstrom",
        "s",
        "2",
        "000",
    ]
    assert words("大阪 서울 が") == ["大阪", "서울", "が"]


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
    assert len(query.alternatives) == len(groups)


def test_a_very_long_query_is_cut() -> None:
    assert len(parse("word " * 10_000).terms) == 1
    assert len(parse(" ".join(f"w{n}" for n in range(500))).terms) <= MAX_TERMS
