"""Stories that try to run a script on the website, to reach another host or to break its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hostile import NASTY
from lxml import html
from stories import story

from bot.model import Enclosure, Story

OWNED = "document.documentElement.setAttribute('data-owned','1')"
EVIL = "https://evil.example"
ATTACKS = (
    f"<script>{OWNED}</script>",
    f"</script><script>{OWNED}</script>",
    f'<img src=x onerror="{OWNED}">',
    f"<svg onload={OWNED}>",
    f'"><svg/onload={OWNED}>',
    f"' autofocus onfocus='{OWNED}' x='",
    f'" onmouseover="{OWNED}" x="',
    f"</title><script>{OWNED}</script>",
    f"</style><img src=x onerror={OWNED}>",
    f"--><script>{OWNED}</script><!--",
    f'<iframe srcdoc="<script>parent.{OWNED}</script>">',
    f"<meta http-equiv=refresh content='0;url={EVIL}/'>",
    f"<base href='{EVIL}/'>",
    f"<link rel=stylesheet href='{EVIL}/a.css'>",
    f"<style>@import '{EVIL}/b.css'; body{{background:url({EVIL}/c.png)}}</style>",
    f"<img src='{EVIL}/d.png' srcset='{EVIL}/e.png 2x'>",
    f"{{{{ site.services }}}} {{% for x in y %}} ${{{OWNED}}} #{{{OWNED}}}",
    f"\\u003cscript\\u003e{OWNED}\\u003c/script\\u003e",
    f"\u2028{OWNED}\u2029",
    f"&lt;script&gt;{OWNED}&lt;/script&gt; &#60;script&#62;",
    f'<a href="javascript:{OWNED}">x</a>',
    f"<form action='{EVIL}/'><button autofocus>x",
    f"]]><script>{OWNED}</script><![CDATA[",
    f"\x00<\x00script\x00>{OWNED}</script>",
    f"+ADw-script+AD4-{OWNED}+ADw-/script+AD4-",
    *NASTY,
)
ADDRESSES = (
    f"javascript:{OWNED}",
    f"data:text/html,<script>{OWNED}</script>",
    "vbscript:x",
    f'{EVIL}/" onload="{OWNED}',
    f"{EVIL}/a?b=c&d=<e>",
    f"https://user:password@{EVIL[8:]}/",
    "//evil.example/x",
    "http://[",
    f"\x01javascript:{OWNED}",
    None,
)


def hostile_stories(count: int, seed: int = 0) -> Sequence[Story]:
    """Returns so many, each another one."""
    chance = Random(seed)  # noqa: S311 - repeatable examples, no secret

    def words() -> str:
        return " ".join(chance.choices(ATTACKS, k=chance.randint(1, 2)))

    def one(number: int) -> Story:
        title = " ".join(f"{number} {words()}".split())
        made = story(
            title.replace("\0", ""),
            "\n".join(chance.choices(("", "#"))[0] + words() for _ in range(chance.randint(0, 4))),
            key=str(number),
        )
        return replace(
            made,
            url=chance.choice(ADDRESSES),
            image=chance.choice(ADDRESSES),
            place=words()[:80],
            byline=words()[:80],
            summary=words()[:600],
            topics=(words()[:90],),
            language=chance.choice(("en", "he", '"><script>', "x" * 300, "")),
            enclosures=(Enclosure(chance.choice(ADDRESSES) or "x", words()[:40]),),
        )

    return [one(number) for number in range(count)]


def violations(text: str) -> list[str]:
    """Returns what of a page could run, load or lead where it must not; nothing for a sound one."""
    page = html.document_fromstring(text)
    found = [
        f"{one.tag} {name}"
        for one in page.iter()
        if isinstance(one.tag, str)
        for name in one.attrib
        if name.startswith("on") or name in {"style", "srcdoc", "srcset", "formaction"}
    ]
    found += [str(one.tag) for one in page.xpath("//iframe|//object|//embed|//base|//style|//svg")]
    found += ["refresh" for _ in page.xpath("//meta[@http-equiv]")]
    for one in page.xpath("//script"):
        if not str(one.get("src", "")).startswith("/assets/") and one.get("type") != (
            "application/ld+json"
        ):
            found.append("script")
    for one in page.xpath("//img/@src|//form/@action|//link[@rel='stylesheet']/@href"):
        if not one.startswith("/") or one.startswith("//"):
            found.append(f"loads {one}")
    for one in page.xpath("//a/@href"):
        if not one.startswith(("/", "#", "http://", "https://")) or one.startswith("//"):
            found.append(f"leads to {one}")
    return found
