"""Addresses in feeds: made absolute, kept to http and https, freed from what only counts clicks."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

# Parameters that tell where a click came from and change nothing of the page, by who reads them.
_COUNTING = frozenset(
    # advertisers' click ids
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh "
    "irclickid s_kwcid __twitter_impression "
    # senders of letters: Mailchimp, HubSpot, Marketo, Omeda, Vero
    "mc_cid mc_eid _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok oly_anon_id oly_enc_id "
    "vero_id vero_conv "
    # counters of visits: AT Internet, Webtrends, Echobox, CBS, and campaigns of publishers
    "xtor xtref wt.mc_id wt.rss_f wt_mc wt_zmc wtrss echobox ftag icid ncid cmpid ocid _openstat "
    "ns_mchannel ns_source ns_campaign ns_linkname ns_fee feedref rss_source".split()
)
_COUNTING_FAMILIES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "at_")  # Google, Matomo, BBC
# These names may choose a page; they only count clicks where their value says "feed".
_COUNTING_BY_VALUE = re.compile(
    r"(?:source|src|ref|from|via|feed\w*|referrer|medium|origin|partner|emc|cmp)="
    r"(?:rss|atom|xml|feed)(?:[-_]?(?:feed|rss|2(?:\.0)?))?|rss=1?|"
    r"feedburner=.*|source=rss-[0-9a-f]+-+[0-9a-f-]*",  # the latter is Medium's
    re.IGNORECASE,
)
# A fragment says where on the page the story stands, so it is kept; but not where it counts clicks,
# marks words, or leads past the story to what readers say of it.
_IDLE_FRAGMENT = re.compile(
    r"|comments?|respond|rss|:~:text=.*|(?:utm_\w+|xtor|at_\w+|ref|echobox|intcid|fbclid)=.*",
    re.IGNORECASE,
)

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]")
_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_ORDINARY = re.compile(r"https?://[a-z0-9][a-z0-9.\-]*(?:/[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]*)?")
_LONGEST = 2_000  # chats refuse longer ones, and nobody writes them


def absolute(address: str, base: str = "") -> str:
    """The address as it is found from `base`; empty when it leads to no http or https page."""
    text = address.strip()
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    if not text or is_address(text):
        return _checked(text)
    try:
        return _checked(urljoin(base, text))
    except ValueError:
        return ""


def clean_link(address: str) -> str | None:
    """The address without what counts clicks; None for an empty one."""
    if not address:
        return None
    if "?" not in address and "#" not in address:
        return address
    parts = urlsplit(address)
    kept = [part for part in parts.query.split("&") if part and not _counts_clicks(part)]
    fragment = "" if _IDLE_FRAGMENT.fullmatch(parts.fragment) else parts.fragment
    return urlunsplit((*parts[:3], "&".join(kept), fragment))


def is_address(text: str) -> bool:
    """Whether the text is written as an http or https address."""
    return text[:8].lower().startswith(("http://", "https://"))


def _counts_clicks(parameter: str) -> bool:
    parameter = parameter.removeprefix("amp;")  # of an address that was escaped twice
    name = parameter.partition("=")[0].lower()
    return (
        name in _COUNTING
        or name.startswith(_COUNTING_FAMILIES)
        or _COUNTING_BY_VALUE.fullmatch(parameter) is not None
    )


def _checked(address: str) -> str:
    """The address in a form that every chat takes; empty when it is none."""
    if len(address) <= _LONGEST and _ORDINARY.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or len(address) > _LONGEST:
        return ""
    # Whoever stands before an @ could make a host look like another; no story's page needs it.
    plain = "@" not in parts.netloc and address.startswith(("http://", "https://"))
    if plain and not _UNSAFE.search(address):
        return address
    netloc = _ascii_host(host) + (f":{port}" if port else "")
    rest = (quote(part, safe=_SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, *rest)) if netloc else ""


def _ascii_host(host: str) -> str:
    """A host as it goes over the wire; empty for what no host can be."""
    if ":" in host:
        return f"[{host}]"
    try:
        name = idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return ""
    return "" if _UNSAFE.search(name) else name
