"""Stories as publishing systems and platforms give them, and what readers see of them."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from stories import NOW

from adapters.sources.feed.parse import parse_feed
from adapters.sources.feed.stories import stories
from bot.ingest.enrichment import StoryEnricher
from bot.ingest.fingerprints import fingerprint
from bot.ingest.results import StoryRecord
from bot.ingest.story_cleaning import StoryCleaner
from bot.model import EnclosureKind, Source, Story

TEXT = "The council voted on Tuesday to sell both cranes."
HTML = f"<p>{TEXT}</p>"


def seen(item: str, namespaces: str = "") -> Story:
    """The story that readers see of the only item of a feed."""
    feed = parse_feed(
        f"<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' {namespaces}><channel>"
        f"<title>Harbour Notes</title><link>https://h.example/</link><item>{item}</item></channel>"
        "</rss>".encode(),
        "application/xml",
        "https://h.example/feed",
    )
    assert not feed.problems
    (story,) = stories(feed, "s", NOW)
    source = Source("s", "Harbour Notes", "feed", every=NOW - NOW)
    record = StoryRecord(StoryCleaner(source).clean(story), fingerprint(story))
    return StoryEnricher().enrich(record, NOW).story


def described(html: str, title: str = "Cranes sold", more: str = "") -> Story:
    """The story of an item with a description."""
    return seen(f"<title>{title}</title><description>{escape(html)}</description>{more}")


AROUND = {
    "Ghost, a form": "<div class='kg-card kg-signup-card'><h2>Sign up</h2><p>A letter.</p></div>",
    "Ghost, a paywall": "<h2>This post is for paying subscribers only</h2>"
    "<a href='#/portal/signup'>Subscribe now</a><p>Already have an account? <a>Sign in</a></p>",
    "Ghost, its answers": "<p>Email sent! Check your inbox to complete your signup.</p>"
    "<p>No spam. Unsubscribe anytime.</p>",
    "Substack": "<div class='subscription-widget-wrap'><p>Harbour Notes is reader-supported.</p>"
    "</div><p class='button-wrapper'><a><span>Share</span></a></p>",
    "Beehiiv": "<p>You currently have <b>0</b> referrals, only <b>1</b> away from a mug.</p>"
    "<div class='beehiiv__footer'><a>Powered by beehiiv</a></div>",
    "Buttondown": "<p>Powered by Buttondown.</p>",
    "Squarespace": "<p><a href='https://h.example/1'>Permalink</a></p>",
    "Jetpack": "<div class='sharedaddy'><h3>Share this:</h3><ul><li>Click to share</li></ul></div>"
    "<div class='jp-relatedposts'><h3>Related</h3></div>",
    "Jetpack without classes": "<h3>Share this:</h3><ul><li>Click to share on Facebook (Opens in "
    "new window)</li><li>More</li></ul>",
    "AddToAny": "<div class='a2a_kit a2a_kit_size_32 addtoany_list'><a>Share</a></div>",
    "Blogger": "<div class='blogger-post-footer'>Thanks for visiting Harbour Notes.</div>",
    "FeedBurner": "<div class='feedflare'><a>Email this</a> <a>Digg this</a></div>",
    "a classic caption": "<p class='wp-caption-text'>Two cranes, last year</p>",
    "words for screen readers": "<span class='screen-reader-text'>Cranes sold</span>",
    "Discourse": "<p><small>3 posts - 2 participants</small></p><p><a>Read full topic</a></p>",
    "Discourse in German": "<p>5 Beiträge - 4 Teilnehmer</p><p>Vollständiges Thema lesen</p>",
    "Discourse in French": "<p>1 message - 1 participant</p><p>Lire le sujet en entier</p>",
    "Discourse in Spanish": "<p>3 publicaciones - 2 participantes</p><p>Leer tema completo</p>",
    "Slashdot": "<p><a>Read more of this story</a> at Slashdot.</p>",
    "Joomla": "<p class='readmore'><a> Read more: Cranes sold</a></p>",
    "Drupal 7": "<ul class='links'><li><a>Read more<span class='element-invisible'> about it</span>"
    "</a></li></ul>",
    "Drupal 10": "<div class='field field--name-field-tags'><div>Tags</div><a>harbour</a></div>",
    "WordPress, a film": "<figure class='wp-block-embed is-type-video is-provider-youtube'><div>"
    "https://www.youtube.com/watch?v=abc</div></figure>",
    "Word": "<p>Normal 0 false false false EN-US X-NONE MicrosoftInternetExplorer4</p>",
    "GitHub": "<p><b>Full Changelog</b>: <a><tt>v1.9...v2.0.0</tt></a></p>",
    "Simplecast": "<p>Hosted by Simplecast, an AdsWizz company. See https://pcm.adswizz.com for "
    "information about our collection and use of personal data for advertising.</p>",
    "Ausha": "<p>Hosted on Ausha. Visit ausha.co/privacy-policy for more information.</p>",
    "Spreaker": "<p>This show is part of the Spreaker Prime Network, if you are interested in "
    "advertising on this podcast, contact us at https://www.spreaker.com/show/1/advertisement</p>",
    "Libsyn": "<p>Support the show: https://patreon.com/harbour</p>",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_what_a_system_adds_is_not_shown(around: str) -> None:
    for html in (f"{HTML}{around}", f"{HTML}\n{around}\n<p></p>"):
        story = described(html)
        assert [part.text for part in story.paragraphs] == [TEXT]
        assert story.summary == TEXT


@pytest.mark.parametrize(
    "before",
    [
        "<span class='field field--name-title'>Cranes sold</span>",
        "<span class='field--name-uid'>ann</span><span class='field--name-created'>Thu</span>",
        "<div>Thursday, November 26, 2026</div>",
        "<p>26. November 2026</p>",
        "<p>2026-11-26</p>",
        "<p>26 de noviembre de 2026</p>",
        "arXiv:2611.00001v1 Announce Type: new \nAbstract: ",
    ],
)
def test_what_a_system_puts_before_a_text_is_not_shown(before: str) -> None:
    assert [part.text for part in described(before + HTML).paragraphs] == [TEXT]


@pytest.mark.parametrize(
    ("title", "ending"),
    [
        ("クレーン", "投稿 <a>クレーン</a> は <a>港</a> に最初に表示されました。"),
        ("起重机", "<a>起重机</a>最先出现在<a>港口</a>。"),
        ("크레인", "<a>크레인</a> 게시물이 <a>항구</a>에 처음 등장했습니다."),
        ("Vinçler", "<a>Vinçler</a> yazısı ilk önce <a>Liman</a> üzerinde ortaya çıktı."),
        ("Macarale", "Articolul <a>Macarale</a> apare prima dată în <a>Port</a>."),
        ("Daruk", "A(z) <a>Daruk</a> bejegyzés először <a>Kikötő</a>-én jelent meg."),
        ("Nosturit", "Artikkeli <a>Nosturit</a> julkaistiin ensimmäisenä <a>Satama</a>."),
        ("Γερανοί", "Το άρθρο <a>Γερανοί</a> εμφανίστηκε πρώτα στο <a>Λιμάνι</a>."),
        ("Grues", "L'entrada <a>Grues</a> ha aparegut primer a <a>Port</a>."),
    ],
)
def test_wordpress_ends_stories_in_many_languages(title: str, ending: str) -> None:
    story = described(f"{HTML}<p>{ending}</p>", title)
    assert [part.text for part in story.paragraphs] == [TEXT]


@pytest.mark.parametrize(
    "text",
    [
        "Liman yazısı ilk önce bir gazete üzerinde ortaya çıktı.",
        "He scored 3 goals - 2 of them late.",
        "The comet most of us saw first appeared in 1957.",
        "March 3, 2024 was a day to remember.",
        "More than ever.",
    ],
)
def test_like_words_of_a_story_stay(text: str) -> None:
    assert [part.text for part in described(f"{HTML}<p>{text}</p>").paragraphs] == [TEXT, text]


@pytest.mark.parametrize("empty", ["No content.", "<p>Comments</p>", "<p>null</p>"])
def test_words_that_stand_for_none_are_not_shown(empty: str) -> None:
    story = described(empty, "v2.0.0")
    assert (story.paragraphs, story.summary) == ((), "")


def test_terms_stand_beside_what_they_mean() -> None:
    alert = (
        "<dl><dt>Time</dt><dd>2026-11-26 09:59:12 UTC</dd><dd>18:59:12 +09:00 at epicenter</dd>"
        "<dt>Location:</dt>\n<dd>35.1&deg;N 139.7&deg;E</dd>"
        "<dt><b>Depth</b></dt><dd><p>10 km</p></dd>"
        "<dt>Felt</dt><dd></dd><dt>Tsunami</dt><dd>none</dd></dl>"
    )
    told = [
        "Time: 2026-11-26 09:59:12 UTC",
        "18:59:12 +09:00 at epicenter",
        "Location: 35.1°N 139.7°E",
        "Depth: 10 km",
        "Felt",
        "Tsunami: none",
    ]
    story = described(alert, "M 4.7 - 35 km SSW of Gullhaven")
    assert [part.text for part in story.paragraphs] == told
    assert story.summary == " · ".join(told)


@pytest.mark.parametrize(
    ("post", "title"),
    [
        ("Cranes gone. #harbour https://h.example/a", "Cranes gone. #harbour"),
        ("Cranes gone https://h.example/a https://h.example/b", "Cranes gone"),
        ("https://h.example/a", "https://h.example/a"),
        ("See https://h.example/a for more", "See https://h.example/a for more"),
    ],
)
def test_a_posts_title_does_not_end_in_addresses_and_is_not_told_twice(
    post: str, title: str
) -> None:
    story = seen(f"<description>&lt;p&gt;{post}&lt;/p&gt;</description><guid>1</guid>")
    assert (story.title, story.summary, story.paragraphs) == (title, "", ())


def test_a_torrent_is_only_offered_where_the_film_is_not() -> None:
    torrent = "<enclosure type='application/x-bittorrent' url='https://t.example/a.torrent'/>"
    film = "<media:content url='https://t.example/a.mp4' type='video/mp4'/>"
    kinds = [each.kind for each in seen(f"<title>Cranes</title>{torrent}{film}").enclosures]
    assert kinds == [EnclosureKind.VIDEO]
    assert seen(f"<title>Cranes</title>{torrent}").enclosures
