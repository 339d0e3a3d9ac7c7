"""Known sites: their hosts, the paths of their pages, and where the feeds of these are."""

from __future__ import annotations

from adapters.sources.finder.sites import SiteForm, site

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
SITES: tuple[SiteForm, ...] = (
    # https://developers.google.com/youtube/v3/guides/push_notifications
    site(
        "YouTube",
        _YOUTUBE,
        r"/channel/(?P<id>UC[\w-]{22})(?:/\w*)?",
        f"{_YOUTUBE_FEED}?channel_id={{id}}",
    ),
    site("YouTube", _YOUTUBE, r"/user/(?P<id>[\w.-]+)(?:/\w*)?", f"{_YOUTUBE_FEED}?user={{id}}"),
    # https://www.reddit.com/wiki/rss
    site("Reddit", _REDDIT, r"/", "https://www.reddit.com/.rss"),
    site(
        "Reddit",
        _REDDIT,
        r"(?P<post>/(?:r|user|u)/[\w+-]+/comments/\w+)(?:/.*)?",
        "https://www.reddit.com{post}/.rss",
        comments=True,
    ),
    site(
        "Reddit",
        _REDDIT,
        r"/(?:r/(?P<name>[\w+]+))(?P<order>/(?:new|top|hot|rising|controversial))?(?:/?\.rss)?",
        "https://www.reddit.com/r/{name}{order}/.rss",
    ),
    site(
        "Reddit",
        _REDDIT,
        r"/(?:u|user)/(?P<name>[\w-]+)(?P<part>/m/\w+|/submitted|/comments)?(?:/overview)?(?:/?\.rss)?",
        "https://www.reddit.com/user/{name}{part}/.rss",
    ),
    site(
        "Reddit", _REDDIT, r"/domain/(?P<name>[\w.-]+)", "https://www.reddit.com/domain/{name}/.rss"
    ),
    # https://docs.bsky.app: a profile's page has a feed beside it, by its handle or its DID
    site(
        "Bluesky",
        r"bsky\.app",
        r"/profile/(?P<who>[\w.:%-]+)(?:/rss|/post/.*)?",
        "https://bsky.app/profile/{who}/rss",
    ),
    # https://docs.github.com/en/rest/activity/feeds
    site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<who>[\w-]+)",
        "https://github.com/{who}.atom",
    ),
    site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/[\w.-]+)/commits?/(?P<at>(?!.*\.atom$).+)",
        "https://github.com/{repo}/commits/{at}.atom",
    ),
    site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/[\w.-]+)/(?P<part>releases|tags)(?:/(?!.*\.atom$).*)?",
        "https://github.com/{repo}/{part}.atom",
    ),
    site(
        "GitHub",
        r"github\.com",
        _GITHUB_OTHER + r"/(?P<repo>[\w-]+/(?:(?!\.git$|\.atom$)[\w.-])+)"
        r"(?:\.git|/(?:commits|(?:tree|blob|issues|pulls|wiki)(?:/.*)?))?",
        "https://github.com/{repo}/releases.atom",
        "https://github.com/{repo}/tags.atom",
        "https://github.com/{repo}/commits.atom",
    ),
    # https://docs.gitlab.com/user/project/releases/ and docs.gitlab.com/user/rss
    site(
        "GitLab",
        r"gitlab\.com",
        r"/(?P<repo>[\w.-]+(?:/(?!-)[\w.-]+)+?)(?:/-/(?!.*atom)(?:releases|tags|tree|blob|issues).*)?",
        "https://gitlab.com/{repo}/-/releases.atom",
        "https://gitlab.com/{repo}/-/tags?format=atom",
    ),
    # https://forgejo.org/docs/latest/user/rss-feeds/
    site(
        "Forgejo",
        _GITEA,
        r"/(?P<repo>[\w.-]+/(?:(?!\.rss$)[\w.-])+)(?:/(?:releases|tags|src|issues)(?:/.*)?)?",
        "{site}/{repo}/releases.rss",
        "{site}/{repo}.rss",
    ),
    site(
        "Forgejo",
        _GITEA,
        r"/(?P<who>(?!explore$)(?:(?!\.rss$)[\w.-])+)",
        "{site}/{who}.rss",
    ),
    # https://www.tumblr.com/docs
    site(
        "Tumblr",
        r"tumblr\.com",
        r"/(?:blog/(?:view/)?)?(?P<who>[\w-]+)(?:/[0-9]+.*)?",
        "https://{who}.tumblr.com/rss",
    ),
    site(
        "Tumblr",
        r"tumblr\.com",
        r"/tagged/(?P<tag>[^/]+)",
        "https://www.tumblr.com/tagged/{tag}/rss",
        is_sure=False,
    ),
    site(
        "Tumblr",
        r"(?P<who>[\w-]+)\.tumblr\.com",
        r"/tagged/(?P<tag>[^/]+)(?:/rss)?",
        "https://{who}.tumblr.com/tagged/{tag}/rss",
    ),
    site(
        "Tumblr",
        r"(?P<who>[\w-]+)\.tumblr\.com",
        r"/(?:rss|archive.*|post/.*|page/.*)?",
        "https://{who}.tumblr.com/rss",
    ),
    # https://support.google.com/blogger/answer/97933
    site(
        "Blogger",
        _BLOGSPOT,
        r"/search/label/(?P<label>[^/]+)",
        "https://{blog}.blogspot.com/feeds/posts/default/-/{label}",
    ),
    site("Blogger", _BLOGSPOT, r"(?!/feeds/).*", "https://{blog}.blogspot.com/feeds/posts/default"),
    # https://help.medium.com/hc/en-us/articles/214874118
    site(
        "Medium",
        r"medium\.com",
        r"/tag/(?P<tag>[\w-]+)(?:/.*)?",
        "https://medium.com/feed/tag/{tag}",
    ),
    site(
        "Medium",
        r"medium\.com",
        r"/(?P<pub>[\w-]+)/tagged/(?P<tag>[\w-]+)",
        "https://medium.com/feed/{pub}/tagged/{tag}",
    ),
    site(
        "Medium",
        r"medium\.com",
        _MEDIUM_OTHER + r"/(?P<who>@[\w.-]+|[\w-]+)(?:/.*)?",
        "https://medium.com/feed/{who}",
    ),
    site(
        "Medium", r"(?P<who>[\w-]+)\.medium\.com", r"(?!/feed$).*", "https://{who}.medium.com/feed"
    ),
    # https://support.substack.com/hc/en-us/articles/360038239391
    site(
        "Substack",
        r"open\.substack\.com",
        r"/pub/(?P<who>[\w-]+)(?:/.*)?",
        "https://{who}.substack.com/feed",
    ),
    site(
        "Substack",
        r"substack\.com",
        r"/@(?P<who>[\w-]+)(?:/.*)?",
        "https://{who}.substack.com/feed",
        is_sure=False,
    ),
    site(
        "Substack",
        r"(?!open\.)(?P<who>[\w-]+)\.substack\.com",
        r"(?!/feed$).*",
        "https://{who}.substack.com/feed",
    ),
    # https://wordpress.com/support/feeds/
    site(
        "WordPress",
        r"(?P<who>[\w-]+)\.wordpress\.com",
        r"(?P<part>/(?:category|tag|author)/[^?#]+?)(?:/feed)?",
        "https://{who}.wordpress.com{part}/feed/",
    ),
    site(
        "WordPress",
        r"(?P<who>[\w-]+)\.wordpress\.com",
        r"(?!.*/feed$).*",
        "https://{who}.wordpress.com/feed/",
    ),
    site(
        "Hacker News", r"news\.ycombinator\.com", r"/(?:news)?", "https://news.ycombinator.com/rss"
    ),
    site("Lobsters", r"lobste\.rs", r"/(?P<part>t/[\w,]+|newest)?", "https://lobste.rs/{part}.rss"),
    # https://info.arxiv.org/help/rss.html
    site(
        "arXiv",
        r"arxiv\.org",
        r"/(?:list|archive)/(?P<part>[\w.-]+)(?:/.*)?",
        "https://rss.arxiv.org/rss/{part}",
    ),
    site(
        "Stack Overflow",
        r"stackoverflow\.com",
        r"/questions/tagged/(?P<tag>[^/]+)",
        "https://stackoverflow.com/feeds/tag/{tag}",
    ),
    site(
        "Steam",
        r"store\.steampowered\.com",
        r"/(?:news/)?app/(?P<id>[0-9]+)(?:/.*)?",
        "https://store.steampowered.com/feeds/news/app/{id}/",
    ),
    site(
        "Vimeo",
        r"vimeo\.com",
        r"/(?P<who>(?!watch$|search$|blog$|[0-9]+$)(?:channels/|groups/)?[\w-]+)(?:/videos)?",
        "https://vimeo.com/{who}/videos/rss",
    ),
    site(
        "Dailymotion",
        r"dailymotion\.com",
        r"/(?P<who>(?!video/|playlist/|search/)[\w-]+)",
        "https://www.dailymotion.com/rss/user/{who}",
    ),
    site("Flipboard", r"flipboard\.com", r"/@(?P<who>[\w-]+)", "https://flipboard.com/@{who}.rss"),
)
