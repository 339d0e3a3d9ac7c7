"""Comparison of Dateline's search with other engines: the parts of the report."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from bench import own_search, peers
from bench.headlines import Corpus
from bench.own_search import EngineAnswers, in_new_process
from bench.search_queries import (
    FIRST,
    SearchQuery,
    first_of_each,
    relevant_results,
    statistics_by_kind,
)
from bench.tables import Row, percentile, show

_TIMED = ("clean", "typo", "prefix", "chat")
_COMMON = 0.9
_RARE_WORDS = 20
_LETTERS = 5  # of a rare word, so that no other is like it
_TITLES, _TYPED = 60, 40  # titles that are typed key by key, and how much of each
_SEARCHED = 400  # queries that are asked before
_RIVAL = "tantivy"


@dataclass(frozen=True, slots=True)
class Result:
    """An engine's figures.

    Attributes:
        label: What the tables call it.
        kinds: Of each kind of query.
        memory: MiB that opening and asking it took.
        disk: MiB of its index; None for an engine that keeps none.
        built: Seconds that making the index took; None when that was not measured.
    """

    label: str
    kinds: Mapping[str, Mapping[str, float]]
    memory: float
    disk: float | None
    built: float | None = None

    @classmethod
    def of_ours(cls, path: Path, answers: EngineAnswers) -> Result:
        """The figures of Dateline itself."""
        return cls(
            "Dateline",
            statistics_by_kind(answers.outcomes),
            answers.memory,
            own_search.index_mib(path),
        )


def measure_peers(
    names: Iterable[str], corpus: Corpus, queries: Sequence[SearchQuery]
) -> list[Result]:
    """Measures the peers with these names, each asked in a process of its own."""
    results = []
    for name in names:
        print(f"asking {peers.LABELS[name]} ...", file=sys.stderr)
        try:
            results.append(_measure_peer(name, corpus, queries))
        except ModuleNotFoundError as missing:
            print(f"{peers.LABELS[name]} is left out: {missing}", file=sys.stderr)
    return results


def _measure_peer(name: str, corpus: Corpus, queries: Sequence[SearchQuery]) -> Result:
    if name in peers.SLOW:
        queries = first_of_each(queries, peers.sample(corpus.total))
    with tempfile.TemporaryDirectory() as folder:
        built = peers.build(name, Path(folder), corpus)
        answers = in_new_process(peers.ask_all, name, Path(folder), queries)
    kinds = statistics_by_kind(answers.outcomes)
    return Result(peers.LABELS[name], kinds, answers.memory, built.disk, built.seconds)


def show_comparison(results: Sequence[Result]) -> None:
    """Prints what each engine finds, and what it takes."""
    kinds = list(results[0].kinds)
    head = ("", *(f"{kind} R@{relevant_results(kind)}" for kind in kinds))
    show("What is found", head, [_recall_row(result, kinds) for result in results])
    timed = [kind for kind in _TIMED if kind in kinds]
    head = ("p50 / p99 in ms", *timed, "memory MiB", "index MiB", "made in s")
    show("What it takes", head, [_cost_row(result, timed) for result in results])


def show_ratios(results: Sequence[Result]) -> None:
    """Prints how long Dateline takes beside tantivy, by kind of query."""
    rivals = [result for result in results[1:] if result.label == peers.LABELS[_RIVAL]]
    if not rivals:
        return
    timed = [kind for kind in _TIMED if kind in results[0].kinds]
    rows = [
        (name, *(f"{_ratio(results[0], rivals[0], kind, key):.2f}" for kind in timed))
        for name, key in (("p50", "p50_ms"), ("p99", "p99_ms"))
    ]
    show(f"Dateline's time as a multiple of {rivals[0].label}'s", ("", *timed), rows)


def _ratio(ours: Result, rival: Result, kind: str, key: str) -> float:
    return ours.kinds[kind][key] / rival.kinds[kind][key]


def _recall_row(result: Result, kinds: Sequence[str]) -> Row:
    shares = (result.kinds[kind]["r1" if relevant_results(kind) == 1 else "r5"] for kind in kinds)
    return (result.label, *(f"{share:.3f}" for share in shares))


def _cost_row(result: Result, kinds: Sequence[str]) -> Row:
    times = (result.kinds[kind] for kind in kinds)
    return (
        result.label,
        *(f"{time['p50_ms']:.2f} / {time['p99_ms']:.2f}" for time in times),
        f"+{result.memory:.0f}",
        "–" if result.disk is None else f"{result.disk:.1f}",
        "–" if result.built is None else f"{result.built:.1f}",
    )


def measure_rest(path: Path, corpus: Corpus, queries: Sequence[SearchQuery]) -> dict[str, float]:
    """Measures and prints all that no kind of query decides; returns it for the raw result."""
    found = {
        **_start_times(path, queries),
        **_word_times(path, corpus),
        **_concurrent_waits(path, queries),
        **_completion(path, corpus, queries),
    }
    print(
        f"\nReady: {found['ready_clean_s']:.2f} s from opening the store to the first answer"
        f" ({found['started_clean_s']:.2f} s from starting the process), "
        f"{found['ready_typo_s']:.2f} s ({found['started_typo_s']:.2f} s) to one with a slip"
    )
    print(
        f"One word: p50 {found['common_ms']:.1f} ms for one in {found['common_share']:.0%} of the"
        f" stories, {found['rare_ms']:.1f} ms for one in a single story that was read"
    )
    print(
        f"Waiting: p50 {found['one_reader_ms']:.1f} ms for one reader, "
        f"{found['many_readers_ms']:.1f} ms for each of {own_search.READERS} at once"
        f" (mean {found['many_mean_ms']:.1f} ms, p99 {found['many_p99_ms']:.1f} ms)"
    )
    many = found["many_readers_ms"] / found["one_reader_ms"]
    print(f"... {many:.1f} times as long as one reader waits")
    print(
        f"Titles: ready {found['titles_ready_s']:.2f} s after opening the store; at each key p50"
        f" {found['key_p50_ms']:.2f} ms, p99 {found['key_p99_ms']:.2f} ms;"
        f" +{found['memory_mib']:.0f} MiB with searches"
    )
    return found


def _completion(path: Path, corpus: Corpus, queries: Sequence[SearchQuery]) -> dict[str, float]:
    step = max(1, len(corpus.headlines) // _TITLES)
    titles = [headline.title[:_TYPED] for headline in corpus.headlines[::step]]
    searched = [query.text for query in queries[:: max(1, len(queries) // _SEARCHED)]]
    done = in_new_process(own_search.complete_titles, path, titles, searched)
    return {
        "titles_ready_s": done.ready,
        "key_p50_ms": percentile(done.waits, 50) * 1_000,
        "key_p99_ms": percentile(done.waits, 99) * 1_000,
        "memory_mib": done.memory,
    }


def _start_times(path: Path, queries: Sequence[SearchQuery]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind in FIRST:
        text = next((query.text for query in queries if query.kind == kind), queries[0].text)
        start = in_new_process(own_search.first_answer, path, text, time.time())
        found |= {f"ready_{kind}_s": start.store, f"started_{kind}_s": start.process}
    return found


def _word_times(path: Path, corpus: Corpus) -> dict[str, float]:
    common, held = corpus.counts.most_common(1)[0]
    single = sorted(
        word
        for word, count in corpus.counts.items()
        if count == 1 and len(word) >= _LETTERS and word.isalpha()
    )
    rare = single[:: max(1, len(single) // _RARE_WORDS)][:_RARE_WORDS]
    share = held / len(corpus.headlines)
    if share < _COMMON:
        print(
            f"\nNo word stands in {_COMMON:.0%} of the stories;"
            f" the commonest, “{common}”, stands for one."
        )
    return {
        "common_share": share,
        "common_ms": own_search.median_wait(path, [common] * _RARE_WORDS),
        "rare_ms": own_search.median_wait(path, rare or [common]),
    }


def _concurrent_waits(path: Path, queries: Sequence[SearchQuery]) -> dict[str, float]:
    texts = [query.text for query in first_of_each(queries, own_search.READERS)]
    many = in_new_process(own_search.waits, path, texts, own_search.READERS)
    return {
        "one_reader_ms": own_search.median_wait(path, texts),
        "many_readers_ms": percentile(many, 50) * 1_000,
        "many_mean_ms": fmean(many) * 1_000,
        "many_p99_ms": percentile(many, 99) * 1_000,
    }
