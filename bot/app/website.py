"""The website, where the configuration wants one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.dispatcher import Dispatcher
from bot.config.schema import Config
from bot.posting.page_links import PageLinks
from bot.web.announcer import HubAnnouncer
from bot.web.ports import PictureFetcher
from bot.web.site import Site

if TYPE_CHECKING:
    from adapters.web.website import WebSite
    from adapters.web_listener import WebListener


def page_links(config: Config) -> PageLinks | None:
    """Returns the links from chats to the site's pages; None where it has no public address."""
    return PageLinks(config.web.public_url) if config.web.public_url else None


def open_website(
    config: Config, dispatcher: Dispatcher, listener: WebListener | None
) -> WebSite | None:
    """Returns the website; None where there is none. It is served as a chat platform is.

    Its parts are imported only here: most have no site, and templates take memory.

    Args:
        config: The operator's configuration.
        dispatcher: Answers questions.
        listener: Listens at the public address; the site shares it where it is at the same one.
    """
    web = config.web
    if not web.listen:
        return None
    from adapters.web.pictures import PictureProxy  # noqa: PLC0415 - as above
    from adapters.web.website import WebSite  # noqa: PLC0415 - as above
    from adapters.web_listener import WebListener  # noqa: PLC0415 - as above

    is_shared = listener is not None and str(listener) == web.listen
    own = listener if listener is not None and is_shared else WebListener(web.listen)
    site = Site(dispatcher, PageLinks(web.base))
    pictures = PictureProxy(_picture_fetcher(config)) if web.proxy_pictures else None
    return WebSite(site, own, pictures, web.hub, _announcer(config, site))


def _announcer(config: Config, site: Site) -> HubAnnouncer | None:
    """Returns what tells the hub of new stories; None without one, or without a public address."""
    if not (config.web.hub and config.web.public_url):
        return None
    # Only here, as above.
    from adapters.sources.websub.publisher import WebSubPublisher  # noqa: PLC0415

    return HubAnnouncer(site, WebSubPublisher(config.web.hub, config.feeds.contact))


def _picture_fetcher(config: Config) -> PictureFetcher:
    # Only here, as above.
    from adapters.sources.web.fetcher import Fetcher  # noqa: PLC0415
    from adapters.sources.web.picture_fetcher import (  # noqa: PLC0415
        WebPictureFetcher,
        picture_politeness,
    )

    return WebPictureFetcher(Fetcher(picture_politeness(config.feeds.contact)))
