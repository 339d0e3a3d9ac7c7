from __future__ import annotations

import pytest
from feed_compare import misses
from hypothesis import given
from hypothesis import strategies as st

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:x="urn:x" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)

# What items are made of; whole feeds are put together of these in any choice and order. There is
# one title only: of several, feedparser takes another one when a picture stands between them.
RSS = """
<title>Title one</title>
<title type="html">Ti &lt;b&gt;two&lt;/b&gt;</title>
<link>https://e.org/1?a=1&amp;b=2</link>
<link>/rel/2</link>
<atom:link href="https://e.org/al"/>
<atom:link rel="enclosure" href="https://e.org/en.pdf" type="application/pdf"/>
<atom:link rel="self" href="https://e.org/self"/>
<guid>https://e.org/g</guid>
<guid isPermaLink="false">g-2</guid>
<id>id3</id>
<atom:id>https://e.org/aid</atom:id>
<description>Desc &amp;amp; alpha &lt;p&gt;beta&lt;/p&gt;</description>
<atom:summary>Atom summ gamma</atom:summary>
<itunes:summary>It summ delta</itunes:summary>
<itunes:subtitle>Sub epsilon</itunes:subtitle>
<dc:description>Dcd zeta</dc:description>
<summary>Summ eta</summary>
<content:encoded><![CDATA[<p>Enc theta</p><img src="/i.png">]]></content:encoded>
<content>Cont iota</content>
<atom:content type="html">&lt;p&gt;Ac kappa&lt;/p&gt;</atom:content>
<pubDate>Wed, 29 Nov 2023 12:00:00 GMT</pubDate>
<dc:date>2023-11-28T10:00:00Z</dc:date>
<atom:published>2023-11-27T10:00:00Z</atom:published>
<atom:updated>2023-11-26T10:00:00+02:00</atom:updated>
<dcterms:modified>2023-11-25</dcterms:modified>
<dcterms:created>2023-11-24</dcterms:created>
<dcterms:issued>2023-11-23</dcterms:issued>
<author>ann@e.org (Ann Lee)</author>
<dc:creator>Bob Ray</dc:creator>
<dc:creator>Cy Dee</dc:creator>
<itunes:author>Dan</itunes:author>
<atom:author><atom:name>Eve</atom:name><atom:email>e@e.org</atom:email></atom:author>
<category>News</category>
<category domain="x">Tech</category>
<dc:subject>Sub</dc:subject>
<itunes:keywords>ka, kb</itunes:keywords>
<media:keywords>ma, mb</media:keywords>
<media:category label="ML">mc</media:category>
<atom:category term="at" label="al"/>
<atom:category term="at2"/>
<itunes:category text="ic"/>
<enclosure url="https://e.org/a.mp3" type="audio/mpeg" length="3"/>
<enclosure url="https://e.org/a.png" type="image/png"/>
<media:content url="https://e.org/m.jpg" medium="image"><media:description>Cap one</media:description></media:content>
<media:thumbnail url="https://e.org/t.jpg"/>
<media:group><media:content url="https://e.org/v.mp4" type="video/mp4"/><media:thumbnail url="https://e.org/vt.jpg"/><media:description>Vid desc</media:description></media:group>
<itunes:image href="https://e.org/ii.jpg"/>
<image>https://e.org/im.jpg</image>
<image><url>https://e.org/iu.jpg</url></image>
<source url="https://s.org/">Src</source>
<comments>https://e.org/c</comments>
<x:y>1</x:y>
<x:y><x:z/></x:y>
<slash:comments>1</slash:comments>
<georss:point>1 2</georss:point>
<dc:language>de</dc:language>
<dc:contributor>Con</dc:contributor>
""".strip().splitlines()  # noqa: E501 - an element stands on a line
ATOM = """
<title>One</title>
<title type="html">T &amp;lt;b&amp;gt;two&lt;i&gt;x&lt;/i&gt;</title>
<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Xh <b>t</b></div></title>
<id>https://e.org/id</id>
<id>tag:1</id>
<link href="https://e.org/l"/>
<link rel="alternate" type="text/html" href="/r"/>
<link rel="alternate" type="application/json" href="/j"/>
<link rel="enclosure" href="/e.mp3" type="audio/mpeg"/>
<link rel="related" href="/rel"/>
<summary>Plain summ</summary>
<summary type="html">&lt;p&gt;H summ&lt;/p&gt;</summary>
<content>Plain cont</content>
<content type="html">&lt;p&gt;H cont&lt;/p&gt;</content>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>X <i>c</i></p></div></content>
<content type="image/png">aGVsbG8=</content>
<content src="https://e.org/s" type="text/html"/>
<published>2023-11-29T12:00:00Z</published>
<updated>2023-11-28T12:00:00Z</updated>
<author><name>Ann</name></author>
<author><email>b@e.org</email></author>
<author><name>Cy</name><uri>https://e.org/cy</uri></author>
<contributor><name>Con</name></contributor>
<category term="t1"/>
<category term="t2" label="L2"/>
<source><id>s</id><title>Src title</title><updated>2020-01-01T00:00:00Z</updated></source>
<rights>R</rights>
<media:group><media:title>Mt</media:title><media:thumbnail url="/mt.jpg" width="4" height="3"/><media:description>Md</media:description></media:group>
<media:thumbnail url="/x.jpg"/>
<dc:creator>Dcc</dc:creator>
<created>2020-01-01T00:00:00Z</created>
<issued>2020-01-02T00:00:00Z</issued>
<modified>2020-01-03T00:00:00Z</modified>
""".strip().splitlines()  # noqa: E501 - an element stands on a line


def one_of_each(parts: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(parts), min_size=1, max_size=7, unique_by=_name)


def _name(part: str) -> str:
    return part[1:].partition(">")[0].partition(" ")[0].removeprefix("atom:")


@pytest.mark.filterwarnings("ignore:To avoid breaking existing software")  # feedparser's own
@given(parts=one_of_each(RSS))
def test_nothing_that_feedparser_finds_in_an_rss_item_is_lost(parts: list[str]) -> None:
    feed = f"<channel><title>F</title><item>{''.join(parts)}</item></channel>"
    assert misses(f"<rss {NAMESPACES}>{feed}</rss>".encode(), "https://e.org/feed") == []


@pytest.mark.filterwarnings("ignore:To avoid breaking existing software")  # feedparser's own
@given(parts=one_of_each(ATOM))
def test_nothing_that_feedparser_finds_in_an_atom_entry_is_lost(parts: list[str]) -> None:
    feed = f"<title>F</title><entry>{''.join(parts)}</entry>"
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}>{feed}</feed>'
    assert misses(atom.encode(), "https://e.org/feed") == []
