"""Programs that run on hosts of any name, told by the forms of their pages' addresses alone."""

from __future__ import annotations

from adapters.sources.finder.sites import SiteForm, site

# The first that fits is taken.
PROGRAMS: tuple[SiteForm, ...] = (
    # https://docs.joinmastodon.org/spec/ and other servers of the fediverse
    site(
        "Mastodon",
        r"(?!(?:m\.|music\.)?youtube\.com|threads\.(?:com|net)|tiktok\.com).+",
        r"/(?:web/|deck/)?@(?P<who>\w[\w.-]*?)@(?P<home>[\w.-]+\.[a-z]{2,})(?:/[0-9]+)?",
        "https://{home}/@{who}.rss",
        is_sure=False,
    ),
    site(
        "Mastodon",
        r"(?!(?:m\.|music\.)?youtube\.com|threads\.(?:com|net)|tiktok\.com).+",
        r"/(?:web/|deck/)?@(?P<who>(?!.*\.rss$|.*\.atom$)\w[\w.-]*)(?:/(?:[0-9]+|with_replies|media))?",
        "{site}/@{who}.rss",
        is_sure=False,
    ),
    site(
        "Mastodon",
        r".+",
        r"/users/(?P<who>(?!.*\.rss$)\w[\w.-]*)(?:/statuses/.*)?",
        "{site}/users/{who}.rss",
        is_sure=False,
    ),
    site(
        "Mastodon",
        r"(?!lobste\.rs|medium\.com|github\.com).+",
        r"/tags/(?P<tag>(?!.*\.rss$)[^/.]+)",
        "{site}/tags/{tag}.rss",
        is_sure=False,
    ),
    # https://join-lemmy.org/docs/users/05-other-features.html#rss-feeds
    site(
        "Lemmy",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/c/(?P<name>\w+)@(?P<home>[\w.-]+\.[a-z]{2,})",
        "https://{home}/feeds/c/{name}.xml?sort=New",
        is_sure=False,
    ),
    site(
        "Lemmy",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/c/(?P<name>\w+)",
        "{site}/feeds/c/{name}.xml?sort=New",
        "{site}/feeds/videos.xml?videoChannelName={name}",
        is_sure=False,
    ),
    # https://docs.joinpeertube.org/use/library
    site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/(?:c|video-channels)/(?P<name>[\w.-]+)(?:/videos)?",
        "{site}/feeds/videos.xml?videoChannelName={name}",
        is_sure=False,
    ),
    site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/(?:a|accounts)/(?P<name>[\w.-]+)(?:/(?:videos|video-channels))?",
        "{site}/feeds/videos.xml?accountName={name}",
        is_sure=False,
    ),
    site(
        "PeerTube",
        r"(?!(?:m\.)?youtube\.com).+",
        r"/videos/(?:recently-added|trending|local|overview)",
        "{site}/feeds/videos.xml",
        is_sure=False,
    ),
    site(
        "Lemmy",
        r".+",
        r"/u/(?P<name>\w+)",
        "{site}/feeds/u/{name}.xml?sort=New",
        is_sure=False,
    ),
)
