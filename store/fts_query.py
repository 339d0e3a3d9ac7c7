"""FTS5 expressions: queries as the full-text index takes them."""

from __future__ import annotations

from bot.search.query import Query, Term
from bot.text.tokenizer import fold_widths, gram_phrase, is_run, whole_words

_WORDS_OF_TITLE = "{title title_grams} : "


def match_query(query: Query, *, title: bool = False) -> str:
    """Translates a query into an FTS5 expression (https://www.sqlite.org/fts5.html#full_text_query_syntax).

    Every word is quoted, so that nothing a reader types is taken for syntax.

    Args:
        query: A query that is not empty.
        title: True to search titles only, whatever the query says.
    """
    only_title = title or query.in_title
    groups = (
        " AND ".join(match_term(term, title=only_title) for term in group)
        for group in query.alternatives
    )
    matching = " OR ".join(f"({group})" for group in groups)
    excluded = " OR ".join(match_term(term) for term in query.without)
    return f"({matching}) NOT ({excluded})" if excluded else matching


def match_term(term: Term, *, title: bool = False) -> str:
    """Translates one term, with all that will do in its place."""
    forms = [_form(term.words, term.typed, title=title, prefix=term.prefix)]
    columns = _WORDS_OF_TITLE if title else ""
    forms += [
        f'{columns}"{words[0]}"' if _is_plain(words) else _form(words, "", title=title)
        for words in term.also
    ]
    return f"({' OR '.join(forms)})" if len(forms) > 1 else forms[0]


def _is_plain(words: tuple[str, ...]) -> bool:
    """Tells if a form is a word as nearly all are, which is quoted as it is."""
    return len(words) == 1 and words[0].isascii() and words[0].isalnum()


def _form(words: tuple[str, ...], typed: str, *, title: bool, prefix: bool = False) -> str:
    if any(map(is_run, words)):
        return _runs(words, typed, title=title, prefix=prefix)
    # As typed, the index cuts it into words exactly as it cut the stories.
    return _phrase(typed or " ".join(words), _WORDS_OF_TITLE if title else "", prefix=prefix)


def _runs(words: tuple[str, ...], typed: str, *, title: bool, prefix: bool) -> str:
    """Translates words of scripts without spaces: bigrams in a row, or the prefix of one."""
    pieces = gram_phrase(words)
    is_prefix = prefix or (is_run(words[-1]) and len(words[-1]) == 1)
    columns = "{title_grams} : " if title else "{title_grams grams} : "
    form = _phrase(" ".join(pieces), columns, prefix=is_prefix)
    if len(pieces) == len(words) and all(map(is_run, words)) and len(whole_words(typed)) <= 1:
        return form
    # Words with spaces around them stand in the texts themselves.
    as_typed = _phrase(typed or " ".join(words), _WORDS_OF_TITLE if title else "", prefix=prefix)
    return f"({form} OR {as_typed})"


def _phrase(text: str, columns: str, *, prefix: bool) -> str:
    quoted = fold_widths(text).replace('"', '""')
    return f'{columns}"{quoted}"{"*" if prefix else ""}'
