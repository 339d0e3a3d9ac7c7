"""The page that describes the API to programs."""

from __future__ import annotations

from adapters.web.content import Content, json_content
from adapters.web.desk.openapi import DESK
from adapters.web.openapi import description
from adapters.web.render import View


async def openapi(view: View) -> Content:
    """Describes the API, with the desk's part where there is a desk."""
    site = view.site
    has_desk = site.services.logins is not None
    return json_content(description(site.name, site.links.base, DESK if has_desk else None))
