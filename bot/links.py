"""Which page a link leads to, whatever is hung on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_TRACKING = re.compile(
    r"(utm_|mtm_|pk_|piwik_|hsa_|at_)\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|"
    r"_hsenc|_hsmi|mkt_tok|oly_(anon|enc)_id|vero_id|wickedid|cmpid|ns_\w+|ref_src|smid|xtor",
    re.IGNORECASE,
)
"""Parameters that say where somebody came from, and surely not what they want to see."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a link leads to.

    Attributes:
        place: Host, path and fragment.
        asks: The parameters that choose what is shown there.
    """

    place: str
    asks: frozenset[tuple[str, str]] = frozenset()

    def extends(self, other: Page) -> bool:
        """Whether one of the two has all the parameters of the other, at the same place."""
        return self.place == other.place and (self.asks <= other.asks or other.asks <= self.asks)


def page(url: str) -> Page | None:
    """The page that a link leads to; None when it leads to a whole site, or nowhere.

    It is the same by http and https, with `www.` and without, with a slash at the end and without,
    and whatever says where the reader came from.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return None
    asks = frozenset(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    )
    path = parts.path.rstrip("/")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    is_one = host and (path or asks or fragment)
    return Page(f"{host}{port}{path}{fragment}", asks) if is_one else None
