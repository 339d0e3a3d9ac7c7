"""Rules of the configuration that concern more than one setting.

They read the document as it was written, before any setting has been checked: a mistake in one
setting must not hide another between two. Whatever has the wrong type is left to the other checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.config.meaning import BUNDLED
from bot.config.problems import Mistake
from bot.config.schema import MonitoringConfig
from bot.config.toml_lines import KeyPath

Document = Mapping[str, Any]

_OF_SERVERS = ("key", "query_prefix", "passage_prefix")  # settings of the search by meaning
_METRICS = MonitoringConfig().listen
_REQUESTS = ("user_agent", "headers", "cookie", "proxy")  # settings of what is asked on the web


def mistakes(document: Document, lines: Mapping[KeyPath, int]) -> Iterator[Mistake]:
    """Checks every rule; yields those that the document breaks.

    Args:
        document: The document that `tomllib` parsed.
        lines: The lines of its keys; a message about two places names the other one's line.
    """
    yield from _duplicates(document, lines, "sources", "id", str)
    yield from _duplicates(document, lines, "topics", "name", lambda name: name.strip().casefold())
    for index, source in _tables(document, "sources"):
        rule = {"archive": _archive, "feed": _feed, "page": _page}.get(str(source.get("kind")))
        for key, message in rule(source) if rule else ():
            yield Mistake(("sources", index, key), message)
    meaning = document.get("meaning")
    for key, message in _meaning(meaning) if isinstance(meaning, dict) else ():
        yield Mistake(("meaning", key), message)
    web = document.get("web")
    for key, message in _web(web, document) if isinstance(web, dict) else ():
        yield Mistake(("web", key), message)


def _tables(document: Document, name: str) -> Iterator[tuple[int, Document]]:
    elements = document.get(name)
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        if isinstance(element, dict):
            yield index, element


def _duplicates(
    document: Document,
    lines: Mapping[KeyPath, int],
    table: str,
    key: str,
    compared: Callable[[str], str],
) -> Iterator[Mistake]:
    first: dict[str, KeyPath] = {}
    for index, element in _tables(document, table):
        at = (table, index, key)
        if isinstance(element.get(key), str):
            other = first.setdefault(compared(element[key]), at)
            if other != at:
                yield Mistake(at, f"already used on line {lines[other]}; it must be unique")


def _archive(source: Document) -> Iterator[tuple[str, str]]:
    if "path" not in source:
        yield "path", 'an archive needs a path, such as path = "news/*.txt"'
    if "url" in source:
        yield "url", 'only a feed can have a url; did you mean kind = "feed"?'
    if "allow_hosts" in source:
        yield "allow_hosts", "only a feed can have allow_hosts; an archive is read from files"
    for key in _REQUESTS:
        if key in source:
            yield key, f"only a feed can have {key}; an archive is read from files"
    if "full_text" in source:
        yield "full_text", "only a feed can have full_text; an archive already holds whole stories"
    if "timezone" in source:
        yield "timezone", "only a feed can have a timezone; an archive's stories have dates alone"


def _feed(source: Document) -> Iterator[tuple[str, str]]:
    if "url" not in source and "path" not in source:
        yield "url", "a feed needs a url, or the path of a saved feed"
    if "url" in source and "path" in source:
        yield "path", "a feed can have a url or a path, not both"
    for key in _REQUESTS:
        if key in source and "url" not in source:
            yield key, f"only a feed with a url can have {key}; this one is read from files"
    yield from _of_archives(source, "feed", "brings")


def _page(source: Document) -> Iterator[tuple[str, str]]:
    if "url" not in source:
        yield "url", "a page needs a url, such as https://example.org/news"
    if "path" in source:
        yield "path", 'a page is read from its url; for saved feeds set kind = "feed"'
    yield from _of_archives(source, "page", "shows")


def _of_archives(source: Document, kind: str, gives: str) -> Iterator[tuple[str, str]]:
    """Yields a mistake for each setting that only archives have.

    Args:
        source: The source's table.
        kind: What it is instead.
        gives: What that does with the dates of its stories.
    """
    reasons = {
        "link": f"a link; a {kind}'s stories bring their own",
        "max_size": f"a max_size; for {kind}s set feeds.max_size",
        "date_from": f"a date_from; a {kind} {gives} its own dates",
        "encoding": f"an encoding; a {kind} declares its own",
    }
    for key, reason in reasons.items():
        if key in source:
            yield key, f"only an archive can have {reason}"


def _web(table: Document, document: Document) -> Iterator[tuple[str, str]]:
    listen = table.get("listen", "")
    for key in ("public_url", "proxy_pictures", "hub"):
        if table.get(key) and not listen:
            yield key, 'there is no site without listen, such as listen = "127.0.0.1:8080"'
    monitoring = document.get("monitoring")
    metrics = monitoring.get("listen") if isinstance(monitoring, dict) else None
    if listen and listen == (_METRICS if metrics is None else metrics):
        yield "listen", "monitoring.listen is there already; metrics are not for the public"


def _meaning(table: Document) -> Iterator[tuple[str, str]]:
    model, url = table.get("model", ""), table.get("url", "")
    if not (isinstance(model, str) and isinstance(url, str)):
        return
    if url and not model:
        yield "model", 'a server needs the name of its model, such as model = "bge-m3"'
    if url and model == BUNDLED:
        yield (
            "url",
            f'the model "{BUNDLED}" needs no url; name the model of the server',
        )
    if model and model != BUNDLED and not url:
        yield "url", f'only the model "{BUNDLED}" needs no url; which server has this one?'
    for key in _OF_SERVERS:
        if table.get(key) and not url:
            yield key, f"only a server can have a {key}; set its url, too"
