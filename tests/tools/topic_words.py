"""Makes the list of words that stand in stories of all kinds, and so name no topic by themselves.

Reads texts that its user names: files of JSON lines with `title` and `body`, gzipped or not. Only
words go into the list, in alphabetical order, that are written in small letters as a rule, and that
either stand in very many texts, or in some and there but once as a rule: what a text is about it
says again and again.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parents[2] / "bot" / "ingest" / "topics" / "everyday_words.txt"

_MANY, _SOME = 0.05, 0.004  # of the texts
_TOPICAL = 1.5  # times that a word stands in a text which has it, when texts are about it
_WORD = re.compile(r"(?<=[a-z,;] )[A-Za-z]{3,}\b")  # within a sentence: its case tells something


def everyday_words(texts: Iterable[str]) -> list[str]:
    """Returns the words that stand in texts of all kinds, in alphabetical order."""
    total, having, times, capital = 0, Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        total += 1
        words = _WORD.findall(text)
        small = [word for word in words if word.islower()]
        having.update(set(small))
        times.update(small)
        capital.update(word.lower() for word in words if not word.islower())
    everyday = (
        word
        for word, count in having.items()
        if count >= _MANY * total or (count >= _SOME * total and times[word] < _TOPICAL * count)
    )
    return sorted(word for word in everyday if times[word] > capital[word])


def read_texts(paths: Iterable[Path]) -> Iterator[str]:
    """Yields the texts of files."""
    for path in paths:
        data = path.read_bytes()
        lines = gzip.decompress(data) if path.suffix == ".gz" else data
        for line in lines.splitlines():
            story = json.loads(line)
            yield f"{story['title']}\n{story['body']}"


def main(paths: list[str]) -> None:
    """Writes the list from the texts in files."""
    listed = everyday_words(read_texts(map(Path, paths)))
    TARGET.write_text("\n".join([*listed, ""]), "ascii")
    sys.stdout.write(f"{len(listed)} words: {TARGET}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
