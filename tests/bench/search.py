"""Measures what the search finds of a corpus of headlines, and how fast, beside other engines."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.body_queries import body_queries, read_bodies
from bench.comparison import Result, measure_peers, measure_rest, show_comparison, show_ratios
from bench.headlines import RARE, STRIDE, Corpus, cached_store, fill, read
from bench.own_search import ask_all, in_new_process
from bench.peers import LABELS, SLOW, sample
from bench.search_queries import (
    MISSPELLED,
    Outcome,
    SearchQuery,
    first_of_each,
    misspell,
    read_misspellings,
    read_queries,
    relevant_results,
)
from bench.tables import facts, show
from bench.typed_words import TypedWords

DATA = Path(__file__).parents[3] / "shared" / "bench"
"""Where the stories and the queries lie, beside the repository."""

_SHOWN = 30  # misses
_DEFINITION = (
    "\nRight is what the set defines: stories that hold all the words that were meant. A story that"
    "\nholds what was typed, letter by letter, stands first here and counts as a miss where the set"
    "\nmeant another form of it; “or as typed” counts that as right, too."
)
_BODY_QUERIES = 300  # of each kind
_MILLION = 1_000_000


def queries_of(options: argparse.Namespace, corpus: Corpus) -> list[SearchQuery]:
    """The queries that are asked."""
    if options.bodies:
        queries = body_queries(corpus, options.queries_per_kind or _BODY_QUERIES, options.seed)
    else:
        queries = read_queries(options.queries, options.set, corpus)
    if options.misspellings and not options.bodies:
        queries += misspell(queries, read_misspellings(options.misspellings), options.seed)
    wanted = options.show_misses
    if wanted:
        queries = [query for query in queries if query.kind == wanted]
    return first_of_each(queries, options.queries_per_kind)


def store_of(corpus: Corpus, *, fresh: bool) -> Path:
    """The corpus in a store, made anew when it is not in the cache."""
    path = cached_store(corpus)
    if fresh or not path.exists():
        print(f"making a store of {corpus.total:,} stories ...", file=sys.stderr)
        start = time.perf_counter()
        asyncio.run(fill(path, corpus))
        print(f"... in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return path


def show_kinds(result: Result, corpus: Corpus, outcomes: Sequence[Outcome]) -> None:
    """Prints a row for each kind of query."""
    typed = TypedWords(corpus).recall(outcomes)
    rows = [
        (
            kind,
            f"{found['queries']:.0f}",
            f"{found['r1']:.3f}",
            f"{found['r5']:.3f}",
            "{:.3f} / {:.3f}".format(*typed[kind]),
            f"{found['p50_ms']:.1f}",
            f"{found['p99_ms']:.1f}",
            f"{found['max_ms']:.1f}",
        )
        for kind, found in result.kinds.items()
    ]
    head = ("", "queries", "R@1", "R@5", "or as typed", "p50 ms", "p99", "max")
    show("Dateline, by kind of query", head, rows)


def show_misses(corpus: Corpus, outcomes: Sequence[Outcome]) -> None:
    """Prints what was asked for in vain, what came instead, and what was meant."""
    titles = {headline.number: headline.title for headline in corpus.headlines}
    missed = [outcome for outcome in outcomes if outcome.missed]
    page = relevant_results(outcomes[0].asked.kind)
    print(f"\n{len(missed)} of {len(outcomes)} have nothing right among the first {page}:")
    for outcome in missed[:_SHOWN]:
        asked, found = outcome.asked, outcome.found
        place = next((at for at, one in enumerate(found, 1) if asked.fits(one)), None)
        first = titles[found[0] % STRIDE] if found else "nothing"
        copy = " (a copy)" if found and found[0] >= STRIDE else ""
        print(f"\n  asked   {asked.text}" + (f"  [{asked.meant}]" * (asked.meant != asked.text)))
        print(f"  first   {first}{copy}")
        print(f"  meant   {titles[asked.target]}" + (f"  (came {place}.)" if place else ""))
        for note in outcome.notes:
            print(f"  note    {note}")


def measure_by_meaning(options: argparse.Namespace) -> None:
    """Measures the search by meaning, and prints the tables."""
    from bench.meaning import make_pool, measure_meaning  # noqa: PLC0415 - it needs numpy

    read_stories = read(options.stories, options.limit)
    corpus = make_pool(read_stories, options.meaning, options.repeat_to)
    path = store_of(corpus, fresh=options.fresh)
    print(f"{facts()}; {corpus.total:,} stories")
    measure_meaning(path, corpus)


def measure(options: argparse.Namespace) -> None:
    """Measures, and prints the tables."""
    if options.meaning:
        measure_by_meaning(options)
        return
    corpus = (
        read_bodies(options.bodies, options.limit)
        if options.bodies
        else read(options.stories, options.limit, options.repeat_to)
    )
    queries = queries_of(options, corpus)
    if not queries:
        raise SystemExit("There is no such query for these stories.")
    path = store_of(corpus, fresh=options.fresh)
    show_facts(options, corpus, queries)
    answers = in_new_process(ask_all, path, queries)
    our = Result.of_ours(path, answers)
    show_kinds(our, corpus, answers.outcomes)
    if not options.bodies:
        print(_DEFINITION)
    if options.show_misses:
        show_misses(corpus, answers.outcomes)
        return
    results = [our, *measure_peers(options.peers, corpus, queries)]
    show_comparison(results)
    show_ratios(results)
    more = measure_rest(path, corpus, queries)
    if options.json:
        raw = {
            "machine": facts(),
            "stories": corpus.total,
            "read": len(corpus.headlines),
            "set": options.set,
            "engines": [asdict(result) for result in results],
            "dateline": more,
        }
        options.json.write_text(json.dumps(raw, indent=2) + "\n", encoding="utf-8")


def show_facts(options: argparse.Namespace, corpus: Corpus, queries: Sequence[SearchQuery]) -> None:
    """Prints what is measured, and with what."""
    print(f"{facts()}; {corpus.total:,} stories; {len(queries):,} queries of set {options.set}")
    if corpus.repeated:
        print(
            f"{len(corpus.headlines):,} stories were read and repeated; in their copies each word"
            f" of at most {RARE} stories is another (an ending makes it longer)."
        )
    if SLOW.intersection(options.peers) and not options.show_misses:
        slow = ", ".join(LABELS[name] for name in SLOW)
        print(f"Asked only the first {sample(corpus.total)} queries of each kind: {slow}.")
    if options.misspellings and not options.show_misses:
        made = {query.kind for query in queries}.intersection(MISSPELLED)
        for kind in sorted(set(MISSPELLED) - made):
            print(f"No query of kind {kind}: the list of misspellings has none that fits.")


def peer_names(text: str) -> list[str]:
    """The names of the peers that an option's value names."""
    if text in {"all", "none"}:
        return list(LABELS) if text == "all" else []
    names = text.split(",")
    if unknown := set(names) - LABELS.keys():
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}")
    return names


def parse_options() -> argparse.Namespace:
    """The options; ends the process when the files are not there."""
    parser = argparse.ArgumentParser(description="Measure what the search finds, and how fast.")
    parser.add_argument("--stories", type=Path, default=DATA / "news_dev_50k.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=DATA / "queries_dev_50k.json.gz")
    parser.add_argument("--misspellings", type=Path, default=DATA / "misspellings_dev.json.gz")
    parser.add_argument(
        "--bodies", type=Path, help="whole texts to search instead, for words that stand only there"
    )
    parser.add_argument(
        "--meaning",
        type=int,
        metavar="STORIES",
        help="ask paraphrases, by meaning and without, of so many stories; embedding them takes"
        " hours the first time (`make meaning` installs the model)",
    )
    parser.add_argument("--set", choices=("test", "dev"), default="test")
    parser.add_argument("--limit", type=int, help="read only so many stories")
    parser.add_argument("--repeat-to", type=int, default=0, help="repeat them to so many")
    parser.add_argument(
        "--million",
        action="store_true",
        help=f"repeat them to {_MILLION:,}, beside tantivy alone; making the store takes long",
    )
    parser.add_argument("--queries-per-kind", type=int)
    parser.add_argument(
        "--peers", type=peer_names, default="all", help=f"all, none, or of {', '.join(LABELS)}"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw result there")
    parser.add_argument("--show-misses", metavar="KIND", help="ask only this kind; show misses")
    parser.add_argument("--seed", type=int, default=0, help="of the misspelled queries")
    parser.add_argument("--fresh", action="store_true", help="make the store anew")
    options = parser.parse_args()
    if options.million:
        options.repeat_to, options.peers = _MILLION, ["tantivy"]
    if not options.misspellings.exists() and options.misspellings.parent == DATA:
        options.misspellings = None
    for path in filter(None, (options.stories, options.queries, options.misspellings)):
        if not path.exists():
            parser.error(f"there is no {path}; name another with an option")
    return options


if __name__ == "__main__":
    measure(parse_options())
