"""The pages of the desk: each runs a command, or shows tables where these read better."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import hdrs

from adapters.web.content import Content, NotFoundError
from adapters.web.desk.actions import decode_action
from adapters.web.desk.view import HOME, SOURCES, SUBSCRIPTIONS, DeskView
from bot.model import Action
from bot.reply import Document
from bot.web.desk import ADD_SOURCE, FOLLOW, PAGES, PICTURED, WebDesk

_LONGEST_LINE = 4_000  # characters, as many as a message of a chat has
_PNG, _BYTES = "image/png", "application/octet-stream"


async def show(desk: WebDesk, view: DeskView, query: Mapping[str, str]) -> Content:
    """Returns the page of a path.

    Raises:
        NotFoundError: There is none.
    """
    match view.page:
        case "picture":
            return await _picture(desk, view, query.get("do", ""))
        case page if page == HOME:
            return Content(view.render("health.html", board=await desk.health()))
        case page if page == SOURCES:
            return Content(await _sources(desk, view))
        case page if page == SUBSCRIPTIONS:
            told = await desk.subscriptions(view.visit, view.view.asked.page)
            return Content(view.render("subscriptions.html", told=told, before=FOLLOW))
    return Content(await _command(desk, view))


async def _command(desk: WebDesk, view: DeskView) -> bytes:
    known = PAGES.get(view.page)
    if known is None:
        raise NotFoundError
    asked = view.view.asked
    action = known.action(asked.text("q"), asked.page)
    reply = await desk.run(view.visit, action)
    return view.render("command.html", reply=reply, action=action, line="", mends=None)


async def _sources(desk: WebDesk, view: DeskView) -> bytes:
    board = await desk.health()
    return view.render("sources.html", board=board, details=desk.details, before=ADD_SOURCE)


async def _picture(desk: WebDesk, view: DeskView, code: str) -> Content:
    """The picture that a command draws."""
    action = decode_action(code)
    if action is None or action.command not in PICTURED:
        raise NotFoundError
    reply = await desk.run(view.visit, action)
    if reply.picture is None:
        raise NotFoundError
    return Content(reply.picture.content, _PNG)


async def do(desk: WebDesk, view: DeskView, form: Mapping[str, str]) -> Content:
    """Returns what comes of a form: of a button, of words for one, or of a typed line.

    Raises:
        NotFoundError: It says nothing.
    """
    line = " ".join(form.get("line", "").split("\0"))[:_LONGEST_LINE].strip()
    action = _asked(form, line)
    if action is not None:
        reply = await desk.run(view.visit, action)
    elif line:
        line = f"{form.get('before', '')} {line}".strip()
        reply = await desk.answer(view.visit, line)
    else:
        raise NotFoundError
    if "save" in form and reply.document:
        return _saved(reply.document)
    mends = desk.mending(view.visit, action) if reply.ok else None
    page = view.render("command.html", reply=reply, action=action, line=line, mends=mends)
    return Content(page)


def _asked(form: Mapping[str, str], line: str) -> Action | None:
    """Returns the action of a button, with words where it takes some; None for no button."""
    action = decode_action(form["do"]) if "do" in form else None
    if action is None or "option" not in form:
        return action
    return Action(action.command, (*action.options, (form["option"], line)))


def _saved(file: Document) -> Content:
    """A file that a reply carries, for the browser to keep."""
    name = quote(file.name, safe="")
    headers = {str(hdrs.CONTENT_DISPOSITION): f"attachment; filename*=UTF-8''{name}"}
    return Content(file.content, _BYTES, headers=headers)
