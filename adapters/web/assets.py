"""The site's own files: style, script and icon, at addresses that change with what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from adapters.web.content import FOREVER, Content

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "desk.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Assets:
    """The files.

    Attributes:
        paths: Their paths within the site, by their names.
        contents: What is sent, by these paths.
    """

    paths: Mapping[str, str]
    contents: Mapping[str, Content]


@lru_cache(1)
def load_assets() -> Assets:
    """Reads the files, once."""
    paths, contents = {}, {}
    for name, type_ in _TYPES.items():
        body = (_FOLDER / name).read_bytes()
        digest = blake2b(body, digest_size=6).hexdigest()
        stem, _, end = name.partition(".")
        paths[name] = f"/assets/{stem}.{digest}.{end}"
        contents[paths[name]] = Content(body, type_, max_age=FOREVER)
    return Assets(paths, contents)
