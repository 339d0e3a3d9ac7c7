"""Measures how fast archives of each form are read, and whether memory grows with the file.

Run it as `python tests/bench/archives.py`; `--megabytes 20` for smaller files.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archives import large_archive
from bench.tables import facts, memory_mib, peak_mib, show

from adapters.sources.archive.forms import reader_for
from adapters.sources.archive.reader import ArchiveFile, ReadOptions
from adapters.sources.archive.text_file import read_head

FORMS = ("text", "wxr", "mbox")
MEBIBYTE = 1 << 20
SAMPLE = 1_000  # stories, by whose size the number of a file's stories is reckoned


def read(path: Path) -> None:
    """Reads a file as its source would, and prints stories, seconds and memory."""
    file = ArchiveFile(path, "utf-8", date(2024, 1, 1), ReadOptions("utf-8", 1 << 40))
    reader = reader_for(path, read_head(path), "utf-8")
    before, start = memory_mib(), time.perf_counter()
    stories = sum(1 for _ in reader.read(file))
    print(stories, time.perf_counter() - start, peak_mib() - before)


def write(path: Path, form: str, size: int) -> None:
    """Writes an archive of about so many bytes."""
    sample = sum(len(text.encode()) for text in large_archive(form, SAMPLE))
    with path.open("w", encoding="utf-8") as file:
        file.writelines(large_archive(form, SAMPLE * size // sample))


def row(folder: Path, form: str, size: int) -> tuple[str, ...]:
    """Measures one file in a process of its own."""
    path = folder / f"archive.{form}"
    write(path, form, size)
    megabytes = path.stat().st_size / MEBIBYTE
    done = subprocess.run(
        [sys.executable, __file__, "--read", str(path)], check=True, capture_output=True, text=True
    )
    stories, seconds, peak = done.stdout.split()
    speed = megabytes / float(seconds)
    return form, f"{megabytes:.0f}", f"{int(stories):,}", f"{speed:.1f}", f"{float(peak):.1f}"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.read)
        return
    print(facts())
    sizes = (options.megabytes // 10, options.megabytes)
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(Path(folder), form, size * MEBIBYTE) for form in FORMS for size in sizes]
    show("Archives, as they are read", ("form", "MB", "stories", "MB/s", "memory, MB"), rows)


if __name__ == "__main__":
    main()
