"""The website, where the configuration wants one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.dispatcher import Dispatcher
from bot.chat.ports import Store
from bot.clock import Clock
from bot.config.schema import Config
from bot.logins.logins import Logins
from bot.posting.page_links import PageLinks
from bot.web.announcer import HubAnnouncer
from bot.web.desk import WebDesk
from bot.web.desk_access import DeskAccess
from bot.web.ports import PictureFetcher
from bot.web.site import Site

if TYPE_CHECKING:
    from adapters.web.desk.desk_site import DeskSite
    from adapters.web.website import WebSite
    from adapters.web_listener import WebListener


def page_links(config: Config) -> PageLinks | None:
    """Returns the links from chats to the site's pages; None where it has no public address."""
    return PageLinks(config.web.public_url) if config.web.public_url else None


def desk_logins(config: Config, store: Store, clock: Clock) -> Logins | None:
    """Returns what lets people in at the desk on the web; None where there is none."""
    web = config.web
    return Logins(store.logins, clock, web.base) if web.listen and web.desk else None


def open_website(
    config: Config,
    dispatcher: Dispatcher,
    listener: WebListener | None,
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
    desk = _desk(site)
    return WebSite(site, own, pictures, web.hub, _announcer(config, site), desk=desk)


def _desk(site: Site) -> DeskSite | None:
    """Returns the desk; None where nobody can log in."""
    services = site.services
    if services.logins is None:
        return None
    # Only here, as above.
    from adapters.web.desk.desk_site import DeskSite  # noqa: PLC0415
    from adapters.web.desk.guards import TryLimiter  # noqa: PLC0415

    desk = WebDesk(site, DeskAccess(services, services.logins))
    return DeskSite(desk, TryLimiter(services.clock))


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
