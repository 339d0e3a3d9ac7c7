"""Lists what feedparser finds in the feeds of a folder and our own reading lacks."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.tables import facts, show
from feed_compare import misses

_SHOWN = 100  # characters of a value


def main() -> None:
    """Compares every file of the folder."""
    parser = argparse.ArgumentParser(description="What do we lose of feeds?")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1/feeds/", help="where they are found")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    fields: Counter[str] = Counter()
    whole = 0
    for path in files:
        name = path.relative_to(options.folder).as_posix()
        found = misses(path.read_bytes(), options.url + name)
        whole += not found
        fields.update(each.field for each in found)
        for each in found:
            print(f"{name}: {each.field}: {each.theirs[:_SHOWN]!r}, ours {each.ours[:_SHOWN]!r}")
    print(f"\n{facts()}")
    rows = [("files", f"{len(files):,}"), ("whole", f"{whole:,}")]
    show("Fidelity", ("", "count"), [*rows, *((k, f"{n:,}") for k, n in fields.most_common())])


if __name__ == "__main__":
    main()
