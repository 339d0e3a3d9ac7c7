"""Known sites: their hosts, the paths of their pages, and where the feeds of these are."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """A form of addresses of a site.

    Attributes:
        service: The site's name, or that of the program that it runs.
        host: Matches its hosts, without `www.`.
        path: Matches the path, without a slash at its end.
        feeds: Templates of the feeds' URLs, the best first; `{site}` and the groups' names fill
            them.
        is_sure: False where other programs have such paths, too.
        comments: True for the answers to one post.
    """

    service: str
    host: re.Pattern[str]
    path: re.Pattern[str]
    feeds: tuple[str, ...]
    is_sure: bool = True
    comments: bool = False


def _site(
    service: str, host: str, path: str, *feeds: str, is_sure: bool = True, comments: bool = False
) -> Site:
    patterns = re.compile(host, re.IGNORECASE), re.compile(path)
    return Site(service, *patterns, feeds, is_sure=is_sure, comments=comments)


_YOUTUBE = r"(?:m\.|music\.)?youtube\.com"
_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml"
_REDDIT = r"(?:(?:old|new|np|m|i|amp|[a-z]{2})\.)?reddit\.com"
_BLOGSPOT = r"(?P<blog>[\w-]+)\.blogspot\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})"
_GITHUB_OTHER = (
    r"(?!/(?:about|apps|collections|enterprise|explore|features|login|marketplace|new|notifications|"
    r"orgs|pricing|search|settings|signup|site|sponsors|topics|trending)(?:/|$))"
)
_MEDIUM_OTHER = r"(?!/(?:feed|m|me|search|topic|topics|about|plans|membership)(?:/|$))"
_GITEA = r"(?:codeberg\.org|gitea\.com|git\.disroot\.org)"

# The first that fits is taken.
SITES: tuple[Site, ...] = (
    # https://developers.google.com/youtube/v3/guides/push_notifications
    _site(
        "YouTube",
        _YOUTUBE,
        r"/channel/(?P<id>UC[\w-]{22})(?:/\w*)?",
        f"{_YOUTUBE_FEED}?channel_id={{id}}",
    ),
    _site("YouTube", _YOUTUBE, r"/user/(?P<id>[\w.-]+)(?:/\w*)?", f"{_YOUTUBE_FEED}?user={{id}}"),
    # https://www.reddit.com/wiki/rss
    _site("Reddit", _REDDIT, r"/", "https://www.reddit.com/.rss"),
    _site(
        "Reddit",
        _REDDIT,
        r"(?P<post>/(?:r|user|u)/[\w+-]+/comments/\w+)(?:/.*)?",
        "https://www.reddit.com{post}/.rss",
        comments=True,
    ),
    _site(
        "Reddit",
        _REDDIT,
        r"/(?:r/(?P<name>[\w+]+))(?P<order>/(?:new|top|hot|rising|controversial))?(?:/?\.rss)?",
        "https://www.reddit.com/r/{name}{order}/.rss",
    ),
    _site(
        "Reddit",
        _REDDIT,
        r"/(?:u|user)/(?P<name>[\w-]+)(?P<part>/m/\w+|/submitted|/comments)?(?:/overview)?(?:/?\.rss)?",
        "https://www.reddit.com/user/{name}{part}/.rss",
    ),
    _site(
        "Reddit", _REDDIT, r"/domain/(?P<name>[\w.-]+)", "https://www.reddit.com/domain/{name}/.rss"
    ),
    # https://docs.bsky.app: a profile's page has a feed beside it, by its handle or its DID
    _site(
        "Bluesky",
        r"bsky\.app",
        r"/profile/(?P<who>[\w.:%-]+)(?:/rss|/post/.*)?",
        "https://bsky.app/profile/{who}/rss",
    ),
    # https://docs.github.com/en/rest/activity/feeds
    _site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<who>[\w-]+)",
        "https://github.com/{who}.atom",
    ),
    _site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/[\w.-]+)/commits?/(?P<at>(?!.*\.atom$).+)",
        "https://github.com/{repo}/commits/{at}.atom",
    ),
    _site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/[\w.-]+)/(?P<part>releases|tags)(?:/(?!.*\.atom$).*)?",
        "https://github.com/{repo}/{part}.atom",
    ),
    _site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/(?:(?!\.git$|\.atom$)[\w.-])+)"
        r"(?:\.git|/(?:commits|(?:tree|blob|issues|pulls|wiki)(?:/.*)?))?",
        "https://github.com/{repo}/releases.atom",
        "https://github.com/{repo}/tags.atom",
        "https://github.com/{repo}/commits.atom",
    ),
    # https://docs.gitlab.com/user/project/releases/ and docs.gitlab.com/user/rss
    _site(
        "GitLab",
        r"gitlab\.com",
        r"/(?P<repo>[\w.-]+(?:/(?!-)[\w.-]+)+?)(?:/-/(?!.*atom)(?:releases|tags|tree|blob|issues).*)?",
        "https://gitlab.com/{repo}/-/releases.atom",
        "https://gitlab.com/{repo}/-/tags?format=atom",
    ),
    # https://forgejo.org/docs/latest/user/rss-feeds/
    _site(
        "Forgejo",
        _GITEA,
        r"/(?P<repo>[\w.-]+/(?:(?!\.rss$)[\w.-])+)(?:/(?:releases|tags|src|issues)(?:/.*)?)?",
        "{site}/{repo}/releases.rss",
        "{site}/{repo}.rss",
    ),
    _site(
        "Forgejo",
        _GITEA,
        r"/(?P<who>(?!explore$)(?:(?!\.rss$)[\w.-])+)",
        "{site}/{who}.rss",
    ),
    # https://www.tumblr.com/docs
    _site(
        "Tumblr",
        r"tumblr\.com",
        r"/(?:blog/(?:view/)?)?(?P<who>[\w-]+)(?:/[0-9]+.*)?",
        "https://{who}.tumblr.com/rss",
    ),
    _site(
        "Tumblr",
        r"tumblr\.com",
        r"/tagged/(?P<tag>[^/]+)",
        "https://www.tumblr.com/tagged/{tag}/rss",
        is_sure=False,
    ),
    _site(
        "Tumblr",
        r"(?P<who>[\w-]+)\.tumblr\.com",
        r"/tagged/(?P<tag>[^/]+)(?:/rss)?",
        "https://{who}.tumblr.com/tagged/{tag}/rss",
    ),
    _site(
        "Tumblr",
        r"(?P<who>[\w-]+)\.tumblr\.com",
        r"/(?:rss|archive.*|post/.*|page/.*)?",
        "https://{who}.tumblr.com/rss",
    ),
    # https://support.google.com/blogger/answer/97933
    _site(
        "Blogger",
        _BLOGSPOT,
        r"/search/label/(?P<label>[^/]+)",
        "https://{blog}.blogspot.com/feeds/posts/default/-/{label}",
    ),
    _site(
        "Blogger", _BLOGSPOT, r"(?!/feeds/).*", "https://{blog}.blogspot.com/feeds/posts/default"
    ),
    # https://help.medium.com/hc/en-us/articles/214874118
    _site(
        "Medium",
        r"medium\.com",
        r"/tag/(?P<tag>[\w-]+)(?:/.*)?",
        "https://medium.com/feed/tag/{tag}",
    ),
    _site(
        "Medium",
        r"medium\.com",
        r"/(?P<pub>[\w-]+)/tagged/(?P<tag>[\w-]+)",
        "https://medium.com/feed/{pub}/tagged/{tag}",
    ),
    _site(
        "Medium",
        r"medium\.com",
        _MEDIUM_OTHER + r"/(?P<who>@[\w.-]+|[\w-]+)(?:/.*)?",
        "https://medium.com/feed/{who}",
    ),
    _site(
        "Medium", r"(?P<who>[\w-]+)\.medium\.com", r"(?!/feed$).*", "https://{who}.medium.com/feed"
    ),
    # https://support.substack.com/hc/en-us/articles/360038239391
    _site(
        "Substack",
        r"open\.substack\.com",
        r"/pub/(?P<who>[\w-]+)(?:/.*)?",
        "https://{who}.substack.com/feed",
    ),
    _site(
        "Substack",
        r"substack\.com",
        r"/@(?P<who>[\w-]+)(?:/.*)?",
        "https://{who}.substack.com/feed",
        is_sure=False,
    ),
    _site(
        "Substack",
        r"(?!open\.)(?P<who>[\w-]+)\.substack\.com",
        r"(?!/feed$).*",
        "https://{who}.substack.com/feed",
    ),
    # https://wordpress.com/support/feeds/
    _site(
        "WordPress",
        r"(?P<who>[\w-]+)\.wordpress\.com",
        r"(?P<part>/(?:category|tag|author)/[^?#]+?)(?:/feed)?",
        "https://{who}.wordpress.com{part}/feed/",
    ),
    _site(
        "WordPress",
        r"(?P<who>[\w-]+)\.wordpress\.com",
        r"(?!.*/feed$).*",
        "https://{who}.wordpress.com/feed/",
    ),
    _site(
        "Hacker News", r"news\.ycombinator\.com", r"/(?:news)?", "https://news.ycombinator.com/rss"
    ),
    _site(
        "Lobsters", r"lobste\.rs", r"/(?P<part>t/[\w,]+|newest)?", "https://lobste.rs/{part}.rss"
    ),
    # https://info.arxiv.org/help/rss.html
    _site(
        "arXiv",
        r"arxiv\.org",
        r"/(?:list|archive)/(?P<part>[\w.-]+)(?:/.*)?",
        "https://rss.arxiv.org/rss/{part}",
    ),
    _site(
        "Stack Overflow",
        r"stackoverflow\.com",
        r"/questions/tagged/(?P<tag>[^/]+)",
        "https://stackoverflow.com/feeds/tag/{tag}",
    ),
    # https://docs.pypi.org/api/feeds/
    _site(
        "PyPI",
        r"pypi\.org",
        r"/(?:project|p)/(?P<name>[\w.-]+)(?:/.*)?",
        "https://pypi.org/rss/project/{name}/releases.xml",
    ),
    _site(
        "Steam",
        r"store\.steampowered\.com",
        r"/(?:news/)?app/(?P<id>[0-9]+)(?:/.*)?",
        "https://store.steampowered.com/feeds/news/app/{id}/",
    ),
    _site(
        "Vimeo",
        r"vimeo\.com",
        r"/(?P<who>(?!watch$|search$|blog$|[0-9]+$)(?:channels/|groups/)?[\w-]+)(?:/videos)?",
        "https://vimeo.com/{who}/videos/rss",
    ),
    _site(
        "Dailymotion",
        r"dailymotion\.com",
        r"/(?P<who>(?!video/|playlist/|search/)[\w-]+)",
        "https://www.dailymotion.com/rss/user/{who}",
    ),
    _site("Flipboard", r"flipboard\.com", r"/@(?P<who>[\w-]+)", "https://flipboard.com/@{who}.rss"),
    # Programs that run on hosts of any name; they are told by their pages' forms alone.
    # https://docs.joinmastodon.org/spec/ and other servers of the fediverse
    _site(
        "Mastodon",
        r"(?!(?:m\.|music\.)?youtube\.com|threads\.(?:com|net)|tiktok\.com).+",
        r"/(?:web/|deck/)?@(?P<who>\w[\w.-]*?)@(?P<home>[\w.-]+\.[a-z]{2,})(?:/[0-9]+)?",
        "https://{home}/@{who}.rss",
        is_sure=False,
    ),
    _site(
        "Mastodon",
        r"(?!(?:m\.|music\.)?youtube\.com|threads\.(?:com|net)|tiktok\.com).+",
        r"/(?:web/|deck/)?@(?P<who>(?!.*\.rss$|.*\.atom$)\w[\w.-]*)(?:/(?:[0-9]+|with_replies|media))?",
        "{site}/@{who}.rss",
        is_sure=False,
    ),
    _site(
        "Mastodon",
        r".+",
        r"/users/(?P<who>(?!.*\.rss$)\w[\w.-]*)(?:/statuses/.*)?",
        "{site}/users/{who}.rss",
        is_sure=False,
    ),
    _site(
        "Mastodon",
        r"(?!lobste\.rs|medium\.com|github\.com).+",
        r"/tags/(?P<tag>(?!.*\.rss$)[^/.]+)",
        "{site}/tags/{tag}.rss",
        is_sure=False,
    ),
    # https://join-lemmy.org/docs/users/05-other-features.html#rss-feeds
    _site(
        "Lemmy",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/c/(?P<name>\w+)@(?P<home>[\w.-]+\.[a-z]{2,})",
        "https://{home}/feeds/c/{name}.xml?sort=New",
        is_sure=False,
    ),
    _site(
        "Lemmy",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/c/(?P<name>\w+)",
        "{site}/feeds/c/{name}.xml?sort=New",
        "{site}/feeds/videos.xml?videoChannelName={name}",
        is_sure=False,
    ),
    # https://docs.joinpeertube.org/use/library
    _site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/(?:c|video-channels)/(?P<name>[\w.-]+)(?:/videos)?",
        "{site}/feeds/videos.xml?videoChannelName={name}",
        is_sure=False,
    ),
    _site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/(?:a|accounts)/(?P<name>[\w.-]+)(?:/(?:videos|video-channels))?",
        "{site}/feeds/videos.xml?accountName={name}",
        is_sure=False,
    ),
    _site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/videos/(?:recently-added|trending|local|overview)",
        "{site}/feeds/videos.xml",
        is_sure=False,
    ),
    _site(
        "Lemmy",
        r".+",
        r"/u/(?P<name>\w+)",
        "{site}/feeds/u/{name}.xml?sort=New",
        is_sure=False,
    ),
)
