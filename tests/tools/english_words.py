"""Makes `bot/text/english_words.txt`: the common English words of SCOWL's lists.

SCOWL (Spell Checker Oriented Word Lists, http://wordlist.aspell.net) is packaged by Debian as
`scowl`, which puts its lists into `/usr/share/dict/scowl`. Taken are those of the sizes up to 35,
its "small" dictionary, in American and British spelling.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

PATH = Path(__file__).parents[2] / "bot/text/english_words.txt"
_LISTS = [
    f"{form}-words.{size}" for form in ("english", "american", "british") for size in (10, 20, 35)
]
_WORD = re.compile(r"[a-z]{3,}")


def english_words(lists: Iterable[str]) -> list[str]:
    """Returns the plain words of some lists, one a line each, in their order."""
    found = {word for text in lists for word in text.splitlines() if _WORD.fullmatch(word)}
    return sorted(found)


def main(folder: Path) -> None:
    """Writes the file."""
    lists = [(folder / name).read_text("latin-1") for name in _LISTS]
    PATH.write_text("\n".join(english_words(lists)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ("/usr/share/dict/scowl",)))
