from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.feed.links import absolute_url, strip_tracking
from adapters.sources.feed.redirectors import unwrap_redirector
from bot.text.canonical_urls import canonical_url


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://e.org/a?b=1#c", "https://e.org/a?b=1#c"),
        ("/a", "https://e.org/a"),
        ("a", "https://e.org/x/a"),
        ("//cdn.e.org/a", "https://cdn.e.org/a"),
        ("?p=1", "https://e.org/x/feed?p=1"),
        (" https://e.org/a\n ", "https://e.org/a"),
        ("https://e.org/a b", "https://e.org/a%20b"),
        ("https://e.org/ä?ö=ü", "https://e.org/%C3%A4?%C3%B6=%C3%BC"),
        ("https://größe.example/", "https://xn--gre-6ka8i.example/"),
        ("HTTPS://e.org/A", "https://e.org/A"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://e.org/\u202egpj.exe", "https://e.org/gpj.exe"),
        ('https://e.org/"><script>', "https://e.org/%22%3E%3Cscript%3E"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("feed://news.example/a", "http://news.example/a"),
        ("feed:https://news.example/a", "https://news.example/a"),
        ("feed://https://news.example/a", "https://news.example/a"),
        ("itpc://news.example/show", "http://news.example/show"),
        ("http:/news.example/a", "http://news.example/a"),
        ("https:news.example/a", "https://news.example/a"),
        ("http//news.example/a", "http://news.example/a"),
        ("http://https://news.example/a", "https://news.example/a"),
        ("http:///news.example/a", "http://news.example/a"),
        ("https://news.example\\a", "https://news.example/a"),
        ("feeds/a", "https://e.org/x/feeds/a"),
        ("https/a", "https://e.org/x/https/a"),
        ("http:/a", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://e.org/a", ""),
        ("tag:e.org,2023:1", ""),
        ("https://", ""),
        ("https://[::1/a", ""),
        ("https://e.org:99999/", ""),
        ("https://e.org/" + "a" * 3_000, ""),
        ("", ""),
    ],
)
def test_links_become_absolute_and_lead_to_pages_only(address: str, expected: str) -> None:
    assert absolute_url(address, "https://e.org/x/feed") == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://e.org/a?utm_source=rss&utm_medium=x&id=3", "https://e.org/a?id=3"),
        ("https://e.org/a?fbclid=1", "https://e.org/a"),
        ("https://e.org/a?p=5&amp;utm_source=feed", "https://e.org/a?p=5"),
        ("https://e.org/a?at_medium=RSS&at_campaign=KARANGA", "https://e.org/a"),
        ("https://e.org/a?mc_cid=1&mc_eid=2&gclid=3", "https://e.org/a"),
        ("https://e.org/a?partner=rss&emc=rss", "https://e.org/a"),
        ("https://e.org/a?source=rss", "https://e.org/a"),
        ("https://e.org/a?source=archive&ref=12", "https://e.org/a?source=archive&ref=12"),
        ("https://e.org/a?q=a%26b&x=", "https://e.org/a?q=a%26b&x="),
        ("https://e.org/a#section-2", "https://e.org/a#section-2"),
        ("https://e.org/a#!/story/1", "https://e.org/a#!/story/1"),
        ("https://e.org/a#comments", "https://e.org/a"),
        ("https://e.org/a#xtor=RSS-1", "https://e.org/a"),
        ("https://e.org/a#:~:text=word", "https://e.org/a"),
        ("", None),
    ],
)
def test_what_only_counts_clicks_goes(address: str, expected: str | None) -> None:
    assert strip_tracking(address) == expected


COUNTERS = """utm_source=rss partner=rss&emc=rss source=rss amp;utm_medium=x wt.mc_id=1 hsa_acc=1
    ref_src=twsrc%5Etfw smid=tw-share ns_mchannel=rss MC_CID=2 feedburner= rss=1""".split()


@pytest.mark.parametrize("counter", COUNTERS)
def test_what_counts_clicks_makes_no_other_page_and_does_not_stay(counter: str) -> None:
    address = f"https://e.org/a?id=3&{counter}"
    assert strip_tracking(address) == "https://e.org/a?id=3"
    assert canonical_url(address) == canonical_url("https://e.org/a?id=3")


@pytest.mark.parametrize("chooser", ["source=archive", "ref=12", "smid=12", "rss=2", "utm=1"])
def test_what_may_choose_a_page_stays_and_makes_another(chooser: str) -> None:
    address = f"https://e.org/a?{chooser}"
    assert strip_tracking(address) == address
    assert canonical_url(address) != canonical_url("https://e.org/a")


@given(address=st.text(), base=st.just("https://e.org/") | st.text())
def test_any_address_gives_a_page_or_nothing(address: str, base: str) -> None:
    found = strip_tracking(absolute_url(address, base))
    if found is not None:
        parts = urlsplit(found)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert found.isascii()
        assert found.isprintable()
        assert not set(found) & set(' <>"\\')


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("www.bay.example/x", "http://www.bay.example/x"),
        ("WWW.bay.example", "http://WWW.bay.example"),
        ("e.org/a?b=1", "http://e.org/a?b=1"),
        ("https:///e.org/a", "https://e.org/a"),
        ("a.html", "https://e.org/x/a.html"),
        ("notes.txt/1", "https://e.org/x/notes.txt/1"),
        ("wwwa/b", "https://e.org/x/wwwa/b"),
    ],
)
def test_an_address_that_lacks_its_scheme_gets_one(written: str, expected: str) -> None:
    assert absolute_url(written, "https://e.org/x/feed") == expected


PAGE = "https://gazette.example/a"
WRAPPED = "https%3A%2F%2Fgazette.example%2Fa"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={PAGE}&ct=ga&cd=CAEY&usg=AOv",
        f"https://www.google.co.uk/url?q={WRAPPED}&sa=U",
        f"https://l.facebook.com/l.php?u={WRAPPED}&h=AT0",
        f"https://l.instagram.com/?u={WRAPPED}&e=AT",
        f"https://eur01.safelinks.protection.outlook.com/?url={WRAPPED}&data=05%7C",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url={WRAPPED}&c=1&mkt=en-us",
        f"https://t.umblr.com/redirect?z={WRAPPED}&t=1",
        f"https://vk.com/away.php?to={WRAPPED}",
        f"https://www.youtube.com/redirect?event=x&q={WRAPPED}",
        f"https://out.reddit.com/t3_1?url={WRAPPED}&token=A",
        f"https://duckduckgo.com/l/?uddg={WRAPPED}&rut=1",
        f"https://news.example/?u={WRAPPED}",
        f"https://news.example/go?id=1&u={WRAPPED}",
        f"https://news.example/?utm_source=rss&url={WRAPPED}",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RU=https%3a%2f%2fgazette.example%2fa/RK=2/RS=x",
        f"https://urldefense.com/v3/__{PAGE}__;!!x!y$",
        # one in another
        (
            "https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D"
            "https%253A%252F%252Fgazette.example%252Fa"
        ),
    ],
)
def test_a_redirector_is_left_out(address: str) -> None:
    assert unwrap_redirector(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"https://e.org/login?redirect={WRAPPED}",
        f"https://www.facebook.com/sharer.php?u={WRAPPED}",
        f"https://translate.google.com/translate?u={WRAPPED}",
        f"https://e.org/?p=3&u={WRAPPED}",
        "https://e.org/url?q=mills",
        "https://e.org/go?u=/inside",
        "https://e.org/go?u=javascript:alert(1)",
        "https://e.org/go?url=https%3A%2F%2Fe.org%2Fb",
        "https://news.google.com/rss/articles/CBMi?oc=5",
    ],
)
def test_what_shows_something_itself_is_no_redirector(address: str) -> None:
    assert unwrap_redirector(address) == address


@given(address=st.text() | st.text().map(lambda text: f"https://e.org/url?url={text}"))
def test_unwrapping_gives_an_address_on_the_web_or_what_it_was_given(address: str) -> None:
    found = unwrap_redirector(address)
    assert found == address or found.startswith(("http://", "https://"))
