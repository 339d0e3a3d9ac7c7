"""Queries as the full-text index takes them."""

from __future__ import annotations

from bot.query import Query, Term


def match(query: Query, column: str = "") -> str:
    """The query as an FTS5 expression (https://www.sqlite.org/fts5.html#full_text_query_syntax).

    Every word is quoted, so that nothing a reader types is taken for syntax.

    Args:
        query: A query that is not empty.
        column: The only column to look at; all of them when empty.
    """
    groups = (" AND ".join(map(_phrase, group)) for group in query.alternatives)
    wanted = " OR ".join(f"({group})" for group in groups)
    if column:
        wanted = f"{{{column}}} : ({wanted})"
    unwanted = " OR ".join(map(_phrase, query.without))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(term: Term) -> str:
    # As typed, the index cuts it into words exactly as it cut the stories.
    text = (term.typed or " ".join(term.words)).replace('"', '""')
    return f'"{text}"*' if term.prefix else f'"{text}"'
