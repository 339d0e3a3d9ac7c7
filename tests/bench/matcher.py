"""Measures what it costs to tell who follows a new story, by how many follow what.

Beside it stand two floors, over the same subscriptions and stories: the naive loop, which asks
`fits` of each, and the same loop with every search parsed and the story cut into words but once.
All is the time of the processor, so that what else a machine does counts little.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.corpus import SOURCES, archive, write_archive
from bench.headlines import read
from bench.subscription_mixes import MIXES, subscriptions, vocabulary, with_topics
from bench.tables import Row, facts, ms, percentile, show

from bot.model import Paragraph, Story
from bot.subscriptions.criteria import criteria
from bot.subscriptions.matcher import Matcher, matches
from bot.subscriptions.model import Subscription
from bot.subscriptions.story_terms import StoryTerms
from bot.text.stemming import new_stemmer
from bot.text.tokenizer import words

COUNTS = (100, 1_000, 10_000)
LONG = 5_000  # words
FEW = 20  # stories that the floors are asked for
NAIVE = 500  # subscriptions that the naive loop asks; its time is reckoned for all


@dataclass(frozen=True, slots=True)
class Result:
    """The measurement of some subscriptions.

    Attributes:
        put: Seconds to take them all in.
        each: Seconds for each story.
        fitting: How many fit a story, on average.
        naive: Seconds for each story by the naive loop.
        parsed: The same with everything parsed and cut once.
    """

    put: float
    each: Sequence[float]
    fitting: float
    naive: Sequence[float]
    parsed: Sequence[float]


def generate_stories(count: int, seed: int) -> list[Story]:
    """Stories of an archive, from all sources in turn."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.txt"
        write_archive(path, count, seed)
        found = asyncio.run(archive(SOURCES[0], path).fetch()).stories
    return [replace(one, source=SOURCES[at % len(SOURCES)].id) for at, one in enumerate(found)]


def long_story(stories: Sequence[Story]) -> Story:
    """One story of very many words."""
    paragraphs: list[Paragraph] = []
    count = 0
    for one in stories:
        paragraphs += one.paragraphs
        count += len(words(one.text))
        if count >= LONG:
            break
    return replace(stories[0], paragraphs=tuple(paragraphs))


def time_calls(call: Callable[[Story], object], stories: Sequence[Story]) -> list[float]:
    """Seconds of a call for each story."""
    times = []
    for one in stories:
        start = time.process_time()
        call(one)
        times.append(time.process_time() - start)
    return times


def measure_subscriptions(following: Sequence[Subscription], stories: Sequence[Story]) -> Result:
    """Measures some subscriptions, and holds what they give against the naive loop."""
    gc.collect()
    start = time.process_time()
    matcher = Matcher()
    for one in following:
        matcher.put(one)
    put = time.process_time() - start

    stem = new_stemmer()
    asked = [(one, criteria(one, stem)) for one in following]

    sample = following[:NAIVE]

    def naive(story: Story) -> list[Subscription]:
        return [one for one in sample if matches(one, story)]

    def parsed(story: Story) -> list[Subscription]:
        cut = StoryTerms(story, stem)
        return [one for one, what in asked if any(each.is_met(cut) for each in what)]

    for story in stories[:FEW]:
        found = parsed(story)
        if matcher.matching(story) != found or naive(story) != found[: len(naive(story))]:
            raise SystemExit("What is found at once is not what fits one by one.")
    few, share = stories[:FEW], len(following) / len(sample)
    return Result(
        put,
        time_calls(matcher.matching, stories),
        sum(len(matcher.matching(one)) for one in stories) / len(stories),
        [seconds * share for seconds in time_calls(naive, few[:3])],
        time_calls(parsed, few),
    )


def row(label: str, count: int, result: Result) -> Row:
    """A row of the table."""
    middle = percentile(result.each, 50)
    naive, parsed = percentile(result.naive, 50), percentile(result.parsed, 50)
    return (
        label,
        f"{count:,}",
        ms(middle),
        ms(percentile(result.each, 99)),
        f"{result.fitting:,.0f}",
        ms(naive),
        f"{naive / middle:,.0f}",
        ms(parsed),
        f"{parsed / middle:,.1f}",
        ms(result.put),
    )


HEAD = ("", "", "p50", "p99", "fit", "naive", "naive/p50", "parsed", "parsed/p50", "put all")


def measure(stories: Sequence[Story], others: Sequence[Story]) -> None:
    """Measures, and prints the tables; subscriptions are made of the words of other stories."""
    lengths = [len(words(one.text)) for one in stories]
    print(
        f"{facts()}; {len(stories)} stories of {percentile(lengths, 50):,.0f} words"
        f" (the longest {max(lengths):,}).\nThe naive loop is reckoned from {NAIVE} subscriptions."
    )
    known = vocabulary(others)
    rows = [
        row(mix, count, measure_subscriptions(subscriptions(mix, count, known), stories))
        for mix in MIXES
        for count in COUNTS
    ]
    show("Who follows a story, in ms a story", HEAD, rows)

    long = [long_story(others)] * FEW
    following = subscriptions("mixed", COUNTS[-1], known)
    rows = [row("mixed", COUNTS[-1], measure_subscriptions(following, long))]
    show(f"The same of a story of {len(words(long[0].text)):,} words", HEAD, rows)
    stem = new_stemmer()
    cut = time_calls(lambda one: StoryTerms(one, stem).anywhere.keys, [*stories, *long])
    print(
        f"\nOf that, cutting a story into words takes {ms(percentile(cut[: len(stories)], 50))} ms,"
        f" the long one {ms(percentile(cut[len(stories) :], 50))} ms."
    )


def main() -> None:
    """Reads the options, makes the stories, and measures."""
    parser = argparse.ArgumentParser(description="Measure who follows a new story.")
    parser.add_argument("--stories", type=int, default=200, help="how many are asked for")
    parser.add_argument("--corpus", type=Path, help="a file of headlines, as for bench-search")
    options = parser.parse_args()
    count = options.stories
    if options.corpus:
        found = [one.story for one in read(options.corpus, count * 10).headlines]
    else:
        found = generate_stories(count * 10, seed=0)
    found = with_topics(found)
    measure(found[-count:], found[:-count])


if __name__ == "__main__":
    main()
