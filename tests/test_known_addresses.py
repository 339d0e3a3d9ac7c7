"""Addresses as people type them, and those of known sites."""

from __future__ import annotations

import pytest

from adapters.sources.finder.known_address import known_address, podcast_id
from adapters.sources.finder.podcasts import feed_in_answer
from adapters.sources.finder.typed_address import url_of
from bot.ingest.source_finder import NoSourceError, SourceKind

YOUTUBE = "https://www.youtube.com/feeds/videos.xml"
CHANNEL = "UCabcdefghijklmnopqrstuv"

FEEDS = {
    # YouTube
    f"https://www.youtube.com/channel/{CHANNEL}": f"{YOUTUBE}?channel_id={CHANNEL}",
    f"https://m.youtube.com/channel/{CHANNEL}/videos": f"{YOUTUBE}?channel_id={CHANNEL}",
    f"http://youtube.com/channel/{CHANNEL}/": f"{YOUTUBE}?channel_id={CHANNEL}",
    "https://www.youtube.com/playlist?list=PL123-_x": f"{YOUTUBE}?playlist_id=PL123-_x",
    "https://www.youtube.com/watch?v=abc&list=PL77": f"{YOUTUBE}?playlist_id=PL77",
    "https://music.youtube.com/playlist?list=OLAK5uy": f"{YOUTUBE}?playlist_id=OLAK5uy",
    "https://www.youtube.com/user/somebody": f"{YOUTUBE}?user=somebody",
    # Reddit
    "https://www.reddit.com/": "https://www.reddit.com/.rss",
    "https://www.reddit.com/r/space/": "https://www.reddit.com/r/space/.rss",
    "https://old.reddit.com/r/space/new/": "https://www.reddit.com/r/space/new/.rss",
    "https://reddit.com/r/a+b/top": "https://www.reddit.com/r/a+b/top/.rss",
    "https://www.reddit.com/r/space/.rss": "https://www.reddit.com/r/space/.rss",
    "https://www.reddit.com/u/some-one": "https://www.reddit.com/user/some-one/.rss",
    "https://www.reddit.com/user/some_one/submitted/": (
        "https://www.reddit.com/user/some_one/submitted/.rss"
    ),
    "https://www.reddit.com/user/x_y/m/news": "https://www.reddit.com/user/x_y/m/news/.rss",
    "https://www.reddit.com/search/?q=night+trains": (
        "https://www.reddit.com/search.rss?q=night+trains&sort=new"
    ),
    "https://www.reddit.com/r/europe/search?q=rail&restrict_sr=1": (
        "https://www.reddit.com/r/europe/search.rss?q=rail&sort=new&restrict_sr=1"
    ),
    "https://www.reddit.com/domain/example.org/": "https://www.reddit.com/domain/example.org/.rss",
    # Bluesky
    "https://bsky.app/profile/harbour.example": "https://bsky.app/profile/harbour.example/rss",
    "https://bsky.app/profile/did:plc:abc234": "https://bsky.app/profile/did:plc:abc234/rss",
    "https://bsky.app/profile/a.bsky.social/post/3kx": "https://bsky.app/profile/a.bsky.social/rss",
    "https://bsky.app/profile/a.bsky.social/rss": "https://bsky.app/profile/a.bsky.social/rss",
    # code
    "https://github.com/python/cpython": "https://github.com/python/cpython/releases.atom",
    "https://github.com/python/cpython.git": "https://github.com/python/cpython/releases.atom",
    "https://github.com/a/b.c/issues?q=x": "https://github.com/a/b.c/releases.atom",
    "https://github.com/a/b/releases": "https://github.com/a/b/releases.atom",
    "https://github.com/a/b/releases/tag/v1": "https://github.com/a/b/releases.atom",
    "https://github.com/a/b/tags": "https://github.com/a/b/tags.atom",
    "https://github.com/a/b/commits/main": "https://github.com/a/b/commits/main.atom",
    "https://github.com/some-body": "https://github.com/some-body.atom",
    "https://gitlab.com/group/sub/project": "https://gitlab.com/group/sub/project/-/releases.atom",
    "https://gitlab.com/group/project/-/tags": "https://gitlab.com/group/project/-/releases.atom",
    "https://codeberg.org/forgejo/forgejo/releases": (
        "https://codeberg.org/forgejo/forgejo/releases.rss"
    ),
    "https://codeberg.org/somebody": "https://codeberg.org/somebody.rss",
    # publishing
    "https://someone.tumblr.com/": "https://someone.tumblr.com/rss",
    "https://www.tumblr.com/someone": "https://someone.tumblr.com/rss",
    "https://www.tumblr.com/blog/view/someone": "https://someone.tumblr.com/rss",
    "https://someone.tumblr.com/tagged/boats": "https://someone.tumblr.com/tagged/boats/rss",
    "https://someone.tumblr.com/post/123/x": "https://someone.tumblr.com/rss",
    "https://bay.blogspot.com/": "https://bay.blogspot.com/feeds/posts/default",
    "https://bay.blogspot.co.uk/2024/05/x.html": "https://bay.blogspot.com/feeds/posts/default",
    "https://bay.blogspot.de/search/label/Fish": "https://bay.blogspot.com/feeds/posts/default/-/Fish",
    "https://medium.com/@some.one": "https://medium.com/feed/@some.one",
    "https://medium.com/some-pub": "https://medium.com/feed/some-pub",
    "https://medium.com/some-pub/a-story-1a2b": "https://medium.com/feed/some-pub",
    "https://medium.com/some-pub/tagged/rail": "https://medium.com/feed/some-pub/tagged/rail",
    "https://medium.com/tag/rail/latest": "https://medium.com/feed/tag/rail",
    "https://someone.medium.com/": "https://someone.medium.com/feed",
    "https://paper.substack.com/": "https://paper.substack.com/feed",
    "https://paper.substack.com/p/a-story": "https://paper.substack.com/feed",
    "https://open.substack.com/pub/paper/p/x": "https://paper.substack.com/feed",
    "https://harbour.wordpress.com/": "https://harbour.wordpress.com/feed/",
    "https://harbour.wordpress.com/category/fish/": "https://harbour.wordpress.com/category/fish/feed/",
    # others
    "https://news.ycombinator.com/": "https://news.ycombinator.com/rss",
    "https://lobste.rs/t/python": "https://lobste.rs/t/python.rss",
    "https://arxiv.org/list/cs.CL/recent": "https://rss.arxiv.org/rss/cs.CL",
    "https://stackoverflow.com/questions/tagged/lxml": "https://stackoverflow.com/feeds/tag/lxml",
    "https://store.steampowered.com/app/620/Portal_2/": (
        "https://store.steampowered.com/feeds/news/app/620/"
    ),
    "https://vimeo.com/someone": "https://vimeo.com/someone/videos/rss",
    "https://news.google.com/search?q=osaka&hl=en": (
        "https://news.google.com/rss/search?q=osaka&hl=en"
    ),
    "https://news.google.com/": "https://news.google.com/rss",
    "https://en.wikipedia.org/w/index.php?title=Osaka&action=history": (
        "https://en.wikipedia.org/w/index.php?title=Osaka&action=history&feed=atom"
    ),
}

GUESSES = {
    "https://social.example/@harbour": "https://social.example/@harbour.rss",
    "https://social.example/@harbour/110": "https://social.example/@harbour.rss",
    "https://social.example/web/@harbour": "https://social.example/@harbour.rss",
    "https://social.example/@harbour@other.example": "https://other.example/@harbour.rss",
    "https://social.example/users/harbour": "https://social.example/users/harbour.rss",
    "https://social.example/tags/boats": "https://social.example/tags/boats.rss",
    "https://lemmy.example/c/boats": "https://lemmy.example/feeds/c/boats.xml?sort=New",
    "https://lemmy.example/c/boats@sea.example": "https://sea.example/feeds/c/boats.xml?sort=New",
    "https://lemmy.example/u/someone": "https://lemmy.example/feeds/u/someone.xml?sort=New",
    "https://tube.example/a/someone/videos": (
        "https://tube.example/feeds/videos.xml?accountName=someone"
    ),
    "https://tube.example/video-channels/boats": (
        "https://tube.example/feeds/videos.xml?videoChannelName=boats"
    ),
    "https://tube.example:8443/videos/recently-added": "https://tube.example:8443/feeds/videos.xml",
}

PLAIN = [
    "https://example.org/",
    "https://example.org/news/2024/05/a-story",
    "https://www.youtube.com/@handle",
    "https://www.youtube.com/c/Name",
    "https://www.youtube.com/feeds/videos.xml?channel_id=x",
    "https://www.youtube.com/watch?v=abc",
    "https://bay.blogspot.com/feeds/posts/default",
    "https://paper.substack.com/feed",
    "https://github.com/topics/python",
    "https://github.com/a/b/commits/main.atom",
    "https://notgithub.com/x/y",
    "https://reddit.com.example.org/r/space",
    "https://social.example/@harbour.rss",
    "not an address",
    "https://[x/",
]


@pytest.mark.parametrize("address", FEEDS)
def test_the_feed_behind_a_page_of_a_known_site_is_known(address: str) -> None:
    found = known_address(address)
    assert found is not None
    assert (found.urls[0], found.kind, found.is_sure) == (FEEDS[address], SourceKind.FEED, True)
    assert found.service


@pytest.mark.parametrize("address", GUESSES)
def test_a_program_is_guessed_by_the_form_of_its_pages(address: str) -> None:
    found = known_address(address)
    assert found is not None
    assert (found.urls[0], found.is_sure) == (GUESSES[address], False)


@pytest.mark.parametrize("address", PLAIN)
def test_any_other_page_is_like_any_other(address: str) -> None:
    assert known_address(address) is None


def test_answers_to_one_post_are_comments() -> None:
    found = known_address("https://www.reddit.com/r/space/comments/1abc/a_title/")
    assert found is not None
    assert found.urls == ("https://www.reddit.com/r/space/comments/1abc/.rss",)
    assert found.comments


@pytest.mark.parametrize(
    "address",
    [
        "https://t.me/harbournews",
        "https://t.me/s/harbournews",
        "https://t.me/harbournews/1234",
        "http://telegram.me/harbournews?before=5",
        "https://harbournews.t.me/",
    ],
)
def test_a_channel_of_telegram_is_a_page(address: str) -> None:
    found = known_address(address)
    assert found is not None
    assert (found.urls, found.kind) == (("https://t.me/s/harbournews",), SourceKind.PAGE)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://t.me/+AbCdEf", "private"),
        ("https://t.me/joinchat/AbCdEf", "private"),
        ("https://t.me/c/1234/5", "private"),
        ("https://t.me/addstickers/x", "no channel"),
        ("https://t.me/share?url=x", "no channel"),
        ("https://t.me/", "no channel"),
    ],
)
def test_what_is_no_public_channel_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(NoSourceError, match=words):
        known_address(address)


@pytest.mark.parametrize(
    ("typed", "urls"),
    [
        ("https://example.org/news", ("https://example.org/news",)),
        ("  <https://example.org/news>, ", ("https://example.org/news",)),
        ("“https://example.org/”", ("https://example.org/",)),
        ("https://example.org/news#top", ("https://example.org/news",)),
        ("example.org/news", ("https://example.org/news", "http://example.org/news")),
        ("//example.org", ("https://example.org", "http://example.org")),
        ("localhost:8080/x", ("https://localhost:8080/x", "http://localhost:8080/x")),
        ("bücher.example/neu", ("https://bücher.example/neu", "http://bücher.example/neu")),
        ("feed:https://example.org/rss", ("https://example.org/rss",)),
        ("feed://example.org/rss", ("http://example.org/rss",)),
        ("http:/example.org/rss", ("http://example.org/rss",)),
        ("@harbour@social.example", ("https://social.example/@harbour",)),
        ("acct:harbour@social.example", ("https://social.example/@harbour",)),
        ("harbour@social.example", ("https://social.example/@harbour",)),
        ("!boats@lemmy.example", ("https://lemmy.example/c/boats",)),
        ("@harbour.bsky.social", ("https://bsky.app/profile/harbour.bsky.social",)),
        ("at://did:plc:abc/app.bsky", ("https://bsky.app/profile/did:plc:abc",)),
        ("r/space", ("https://www.reddit.com/r/space",)),
        ("/r/space/", ("https://www.reddit.com/r/space",)),
        ("u/some_one", ("https://www.reddit.com/user/some_one",)),
        ("tg://resolve?domain=harbournews", ("https://t.me/s/harbournews",)),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, urls: tuple[str, ...]) -> None:
    assert url_of(typed) == urls


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no address"),
        ("news", "no address"),
        ("the evening news", "no address"),
        ("a\x00b.org", "no address"),
        ("x" * 3_000, "no address"),
        ("ftp://example.org/x", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("mailto:someone@example.org", "no web address"),
        ("https://", "no web address"),
        ("https://me:secret@example.org/feed", "a name and a password"),
        ("me:secret@example.org/feed", "a name and a password"),
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(NoSourceError, match=words) as refused:
        url_of(typed)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "podcast"),
    [
        ("https://podcasts.apple.com/us/podcast/harbour-talk/id123456789", "123456789"),
        ("https://podcasts.apple.com/podcast/id123456789?i=1000", "123456789"),
        ("https://itunes.apple.com/de/podcast/x/id99887/", "99887"),
        ("https://podcasts.apple.com/us/genre/podcasts/id26", ""),
        ("https://example.org/podcast/id123456", ""),
    ],
)
def test_a_podcast_is_known_by_its_id(address: str, podcast: str) -> None:
    assert podcast_id(address) == podcast


@pytest.mark.parametrize(
    ("answer", "feed"),
    [
        (b'{"results":[{"feedUrl":"https://example.org/pod.xml"}]}', "https://example.org/pod.xml"),
        (b'{"results":[{"x":1},{"feedUrl":"https://e.org/p"}]}', "https://e.org/p"),
        (b'{"results":[]}', ""),
        (b'{"results":[{"feedUrl":"javascript:1"}]}', ""),
        (b'{"results":[7]}', ""),
        (b"[" * 5_000, ""),
        (b"<html>", ""),
    ],
)
def test_the_directory_of_podcasts_tells_the_feed(answer: bytes, feed: str) -> None:
    assert feed_in_answer(answer) == feed
