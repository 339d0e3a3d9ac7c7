"""The memory of a page source from one poll to the next, by which it tells that a page changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from adapters.sources.feed.model import ParsedItem
from adapters.sources.feed.stories import STORY_FORMAT
from adapters.sources.web.responses import WebPage
from bot.text.urls import query_pairs, split_url

_MAX_KEYS = 300  # of stories that the page listed last
_WORD = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True, slots=True)
class PageState:
    """The state of a page as of its last poll, kept in the poll's signature.

    Attributes:
        url: Its URL in the configuration, without credentials; with another, nothing here counts.
        etag: The validator, as the server sent it.
        last_modified: As `etag`.
        digest: Of the stories that it listed.
        keys: Short digests of these stories' links.
        form: What most of these links look like.
        version: See `STORY_FORMAT`.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    keys: Sequence[str] = ()
    form: str = ""
    version: int = STORY_FORMAT

    @classmethod
    def load(cls, signature: str, url: str) -> PageState:
        """Reads a signature; one of another URL gives an empty state."""
        try:
            state = cls(**json.loads(signature)) if signature else cls(url)
        except (ValueError, TypeError):
            return cls(url)
        return state if (state.url, state.version) == (url, STORY_FORMAT) else cls(url)

    def dump(self) -> str:
        """Returns the signature."""
        return json.dumps(asdict(self))

    def without_validators(self) -> PageState:
        """Returns it so that the page is asked for whole."""
        return replace(self, etag="", last_modified="")

    def after(self, page: WebPage, items: Iterable[ParsedItem]) -> PageState:
        """Returns the state after a poll that brought these stories."""
        items = list(items)
        listed = "\0".join(f"{item.url}\0{item.title}\0{item.summary}" for item in items)
        return replace(
            self,
            etag=page.etag,
            last_modified=page.last_modified,
            digest=_digest(listed),
            keys=tuple(_digest(item.guid)[:10] for item in items[:_MAX_KEYS]),
            form=common_form(item.url or "" for item in items),
        )

    def is_other_list(self, before: PageState) -> bool:
        """Tells if a page lists something else than before: other links, of another form."""
        known = bool(before.keys) and bool(self.keys)
        return known and self.form != before.form and not set(self.keys) & set(before.keys)


def common_form(urls: Iterable[str]) -> str:
    """Returns what most of some URLs look like."""
    counts = Counter(map(address_form, urls))
    return counts.most_common(1)[0][0] if counts else ""


def address_form(url: str) -> str:
    """Returns a URL's host and the form of its path: words stay, numbers and slugs are alike."""
    parts = split_url(url)
    if parts is None:
        return ""
    segments = [_form(each) for each in parts.path.strip("/").split("/")]
    names = sorted(name for name, _ in query_pairs(parts.query) or ())
    return (
        "/".join([(parts.hostname or "").removeprefix("www."), *segments]) + "?" + "&".join(names)
    )


def _form(segment: str) -> str:
    if _WORD.fullmatch(segment):
        return segment
    return "0" if segment.isdecimal() else "*"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()
