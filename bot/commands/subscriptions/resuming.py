"""Pauses and resumes posting, from the list or from a notice; shows what waited meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.auditing import record_change
from bot.chat.request import Request
from bot.errors import NotAllowedError
from bot.i18n import N_
from bot.model import Chat
from bot.posting.digest import digest
from bot.posting.router import SOON
from bot.reply import Reply
from bot.subscriptions.model import BY_HAND, Subscription


async def pause(request: Request) -> Sequence[str]:
    """Pauses all that the chat follows until somebody resumes it; returns what to say."""
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can pause posting."))
    store, now = request.services.store, request.services.clock.now()
    if not await store.subscriptions.pause(request.chat, BY_HAND, now):
        return (_("Everything is paused already."),)
    await record_change(request, N_("Paused posting"))
    return (_("Posting is paused. What comes in waits for a week at most until you resume it."),)


async def resume(request: Request) -> tuple[Sequence[str], int]:
    """Resumes what was paused; returns what to say, and how many stories wait for a digest."""
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can resume posting."))
    store, now = request.services.store, request.services.clock.now()
    waiting = await store.outbox.count_paused(request.chat, now)
    if not await store.subscriptions.resume(request.chat, now, digest_at=now + SOON, by_hand=True):
        return (_("Nothing was paused."),), 0
    await record_change(request, N_("Resumed posting"))
    return (_("Posting has resumed."), *_waiting_text(request, waiting)), waiting


def _waiting_text(request: Request, waiting: int) -> Sequence[str]:
    """Says how many stories waited for the end of a pause; nothing if there were none."""
    if not waiting:
        return ()
    told = request.services.translations.ngettext(
        "{count} story came in meanwhile and will be posted in two minutes.",
        "{count} stories came in meanwhile and will be posted as one digest in two minutes.",
        waiting,
    )
    return (told.format(count=waiting),)


async def resume_elsewhere(request: Request, id_: str) -> Reply:
    """Resumes another chat for whoever subscribed there, by the button of a notice.

    Raises:
        NotAllowedError: They follow nothing there.
    """
    _ = request.gettext
    services, chat = request.services, Chat(request.chat.platform, id_)
    here = await services.store.subscriptions.of(chat)
    if not any(one.owner == request.person.id for one in here):
        raise NotAllowedError(
            _("Only the person who subscribed there can resume posting from here.")
        )
    now = services.clock.now()
    waiting = await services.store.outbox.count_paused(chat, now)
    if not await services.store.subscriptions.resume(chat, now, by_hand=True):
        return Reply(request.command.name, text=(_("Nothing was paused."),))
    await _record_there(request, here[0])
    told = [_("Posting has resumed there.")]
    if waiting:
        told.append(_("Stories that came in meanwhile will be posted as one digest."))
    return Reply(request.command.name, text=(*told,))


async def _record_there(request: Request, one: Subscription) -> None:
    """Records that another chat was resumed; not of a private chat, which has no name."""
    if one.place:
        place, person = replace(one.chat, name=one.place), replace(request.person, host=False)
        there = replace(request, chat=place, person=person)
        await record_change(there, N_("Resumed posting"))


async def read_instead(request: Request) -> Reply:
    """Shows the stories that wait for the digest after a pause, which then is not posted."""
    _ = request.gettext
    if not request.person.decides:
        raise NotAllowedError(_("Only moderators can resume posting."))
    services = request.services
    ids = await services.store.outbox.withdraw(request.chat, services.clock.now())
    if ids:
        await record_change(request, N_("Read what waited instead of posting it"))
    stories = await services.store.stories.by_ids(ids)
    if not stories:
        return Reply(
            request.command.name, text=(_("Nothing is waiting any longer: it has been posted."),)
        )
    return digest(stories, services.names)
