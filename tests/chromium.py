"""Chromium, which takes pictures of pages."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_CHROMIUM = os.environ.get("CHROMIUM", "chromium")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
_LOWEST = 200  # pixels; Chromium's windows are no lower


def take(name: str, page: str, into: Path, width: int) -> None:
    """Takes a picture of a page, as high as the page is, into a folder."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        run = [_CHROMIUM, *_FLAGS, f"--user-data-dir={folder}/profile"]
        shown = subprocess.run(
            [*run, "--dump-dom", f"--window-size={width},600", str(file)],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        found = re.search(r"<title>(\d+)", shown)
        height = max(int(found[1]) if found else 600, _LOWEST)
        picture = into / f"{name}.png"
        subprocess.run(
            [*run, f"--screenshot={picture}", f"--window-size={width},{height}", str(file)],
            capture_output=True,
            check=True,
        )
