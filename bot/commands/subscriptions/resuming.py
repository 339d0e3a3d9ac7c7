"""Resumes what was paused, from the list or from a notice; shows what waited meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.request import Request
from bot.errors import NotAllowedError, ReaderError
from bot.posting.digest import DisplayNames, digest
from bot.posting.router import SOON
from bot.reply import Reply
from bot.subscriptions.model import Subscription


async def resume(request: Request) -> tuple[Sequence[str], int]:
    """Resumes what was paused; returns what to say, and how many stories wait for a digest."""
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can have posting go on."))
    store, now = request.services.store, request.services.clock.now()
    waiting = await store.outbox.count_paused(request.chat, now)
    if not await store.subscriptions.resume(request.chat, now, digest_at=now + SOON):
        return (_("Nothing was paused."),), 0
    return (_("Posting goes on."), *_waiting_text(request, waiting)), waiting


def _waiting_text(request: Request, waiting: int) -> Sequence[str]:
    """Says how many stories waited for the end of a pause; nothing if there were none."""
    if not waiting:
        return ()
    told = request.services.translations.ngettext(
        "{count} story waited meanwhile: it comes in two minutes.",
        "{count} stories waited meanwhile: they come as one digest in two minutes.",
        waiting,
    )
    return (told.format(count=waiting),)


async def resume_from_notice(request: Request) -> Reply:
    """Resumes the chat of a subscription that the person asked for, wherever they press.

    Raises:
        ReaderError: They asked for no such subscription, or it has ended.
    """
    _ = request.gettext
    store, now = request.services.store, request.services.clock.now()
    one = await _own_subscription(request)
    waiting = await store.outbox.count_paused(one.chat, now)
    if not await store.subscriptions.resume(one.chat, now):
        return Reply(request.command.name, text=(_("Nothing was paused."),))
    told = [_("Posting goes on there.")]
    if waiting:
        told.append(_("What waited comes as one digest."))
    return Reply(request.command.name, text=(*told,))


async def _own_subscription(request: Request) -> Subscription:
    number = request.text("of")
    known = int(number) if number.isdecimal() else 0
    one = await request.services.store.subscriptions.get(known)
    if one is None or (one.owner, one.chat.platform) != (request.person.id, request.chat.platform):
        raise ReaderError(request.gettext("That is not followed any more."))
    return one


async def read_instead(request: Request) -> Reply:
    """Shows the stories that wait for the digest after a pause, which then is not posted."""
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can have posting go on."))
    services = request.services
    ids = await services.store.outbox.withdraw(request.chat, services.clock.now())
    stories = await services.store.stories.by_ids(ids)
    if not stories:
        return Reply(request.command.name, text=(_("Nothing waits any more: it was posted."),))
    sources = {source.id: source.name for source in services.sources.values()}
    return digest(stories, DisplayNames(services.translations, sources))
