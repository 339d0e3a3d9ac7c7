"""Canonical URLs: the page that a link leads to, without tracking parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

# Tracking parameters tell where a click came from and change nothing of the page; by who reads
# them.
_TRACKING = frozenset(
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
_TRACKING_FAMILIES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "at_")
# These names may choose a page; they only count clicks where their value says "feed", or how a page
# was shared.
_TRACKING_BY_VALUE = re.compile(
    r"(?:source|src|ref|from|via|feed\w*|referrer|medium|origin|partner|emc|cmp)="
    r"(?:rss|atom|xml|feed)(?:[-_]?(?:feed|rss|2(?:\.0)?))?|rss=1?|"
    r"feedburner=.*|source=rss-[0-9a-f]+-+[0-9a-f-]*|"  # the latter is Medium's
    r"smid=[a-z]+(?:-[a-z]+)+",  # of The New York Times
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CanonicalUrl:
    """The URL of a page, by which links to the same page are told to be the same.

    Attributes:
        location: Host, path and fragment.
        parameters: The query parameters that choose what is shown there.
    """

    location: str
    parameters: frozenset[tuple[str, str]] = frozenset()

    def extends(self, other: CanonicalUrl) -> bool:
        """Tells if one of the two has all the parameters of the other, at the same location."""
        one, two = self.parameters, other.parameters
        return self.location == other.location and (one <= two or two <= one)


def is_tracking_parameter(parameter: str) -> bool:
    """Tells if a parameter only tracks clicks, and surely does not choose what is shown.

    Args:
        parameter: As it stands in a link: `utm_source=rss`.
    """
    parameter = parameter.removeprefix("amp;")  # of an address that was escaped twice
    name = parameter.partition("=")[0].lower()
    return (
        name in _TRACKING
        or name.startswith(_TRACKING_FAMILIES)
        or _TRACKING_BY_VALUE.fullmatch(parameter) is not None
    )


def canonical_url(url: str) -> CanonicalUrl | None:
    """Returns the canonical URL of a page; None for a link to a whole site, or to nowhere.

    It is the same by http and https, with `www.` and without, with a slash at the end and without,
    and with any tracking parameters.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return None
    parameters = frozenset(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not is_tracking_parameter(f"{name}={value}")
    )
    path = parts.path.rstrip("/")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    is_page = host and (path or parameters or fragment)
    return CanonicalUrl(f"{host}{port}{path}{fragment}", parameters) if is_page else None
