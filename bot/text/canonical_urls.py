"""Which page a link leads to, whatever is hung on it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.urls import query_pairs, split_url

# Parameters that tell where a click came from and change nothing of the page, by who reads them.
_COUNTING = frozenset(
    # advertisers' click ids
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh "
    "irclickid s_kwcid __twitter_impression ref_src wickedid "
    # senders of letters: Mailchimp, HubSpot, Marketo, Omeda, Vero
    "mc_cid mc_eid _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok oly_anon_id oly_enc_id "
    "vero_id vero_conv "
    # counters of visits: AT Internet, Webtrends, Echobox, CBS, and campaigns of publishers
    "xtor xtref wt.mc_id wt.rss_f wt_mc wt_zmc wtrss echobox ftag icid ncid cmpid ocid _openstat "
    "ns_mchannel ns_source ns_campaign ns_linkname ns_fee feedref rss_source".split()
)
# Google, Matomo, HubSpot, BBC
_COUNTING_FAMILIES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "at_")
# These names may choose a page; they only count clicks where their value says "feed", or how a page
# was shared.
_COUNTING_BY_VALUE = re.compile(
    r"(?:source|src|ref|from|via|feed\w*|referrer|medium|origin|partner|emc|cmp)="
    r"(?:rss|atom|xml|feed)(?:[-_]?(?:feed|rss|2(?:\.0)?))?|rss=1?|"
    r"feedburner=.*|source=rss-[0-9a-f]+-[0-9a-f-]*|"  # the latter is Medium's
    r"smid=[a-z]+(?:-[a-z]+)+",  # of The New York Times
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CanonicalUrl:
    """What a link leads to.

    Attributes:
        place: Host, path and fragment.
        asks: The parameters that choose what is shown there.
    """

    place: str
    asks: frozenset[tuple[str, str]] = frozenset()

    def extends(self, other: CanonicalUrl) -> bool:
        """Whether one of the two has all the parameters of the other, at the same place."""
        return self.place == other.place and (self.asks <= other.asks or other.asks <= self.asks)


def counts_clicks(parameter: str) -> bool:
    """Whether a parameter says where somebody came from, and surely not what they want to see.

    Args:
        parameter: As it stands in a link: `utm_source=rss`.
    """
    parameter = parameter.removeprefix("amp;")  # of an address that was escaped twice
    name = parameter.partition("=")[0].lower()
    return (
        name in _COUNTING
        or name.startswith(_COUNTING_FAMILIES)
        or _COUNTING_BY_VALUE.fullmatch(parameter) is not None
    )


def page(url: str) -> CanonicalUrl | None:
    """The page that a link leads to; None when it leads to a whole site, or nowhere.

    It is the same by http and https, with `www.` and without, with a slash at the end and without,
    and whatever says where the reader came from.
    """
    parts = split_url(url)
    pairs = query_pairs(parts.query) if parts else None
    if parts is None or pairs is None:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    asks = frozenset(pair for pair in pairs if not counts_clicks("=".join(pair)))
    path = parts.path.rstrip("/")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    is_one = host and (path or asks or fragment)
    return CanonicalUrl(f"{host}{port}{path}{fragment}", asks) if is_one else None
