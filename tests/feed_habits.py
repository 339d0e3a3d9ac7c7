"""Habits of feeds, as public reports of feed readers tell of them; each is random by its writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from feed_plays import (
    DAY,
    HOUR,
    START,
    Event,
    Play,
    Writer,
    each,
    from_then,
    place,
    swapped,
)


def stable(writer: Writer) -> Play:
    return Play("stable guids", writer.articles())


def alerts_in_force(writer: Writer) -> Play:
    """A list from which each alert goes when it has ended, wherever it stands."""
    advice = writer.words(30, 40)
    events, ends = [], {}
    for at in writer.times(4):
        number, name = writer.number(), writer.words(2, 2).title()
        uid, url = f"w{number}", f"https://weather.example/{number}"
        title = f"Flood warning for {name} and all villages around it"
        events.append(Event(uid, at, uid, url, title, f"Rivers near {name} rise. {advice}", at))
        ends[uid] = at + HOUR * writer.random.randint(4, 40)

    def view(shown: Sequence[Event], now: datetime) -> Sequence[Event]:
        return [one for one in shown if now < ends[one.uid]]

    return Play("a list of alerts in force", events, windows=(40,), view=view)


def without_guids(writer: Writer) -> Play:
    return Play("no guids", [replace(one, guid="") for one in writer.articles()])


def without_guids_or_links(writer: Writer) -> Play:
    events = [replace(one, guid="", url="") for one in writer.articles(2)]
    return Play("neither guids nor links", events)


def undated(writer: Writer) -> Play:
    return Play("no dates", [replace(one, date=None) for one in writer.articles()])


def renamed(writer: Writer) -> Play:
    view = from_then(writer.moment(), lambda one: replace(one, guid=f"new:{one.uid}"))
    return Play("all guids renamed at once", writer.articles(), view=view)


def random_guids(writer: Writer) -> Play:
    view = each(lambda one, now: replace(one, guid=f"{one.uid}@{now:%d%H%M}"))
    return Play("other guids at each poll", writer.articles(), view=view)


def new_engine(writer: Writer) -> Play:
    """Full texts for teasers, other links and guids, dates an hour off or cut to the day."""
    moment, cut = writer.moment(), writer.random.random() < 0.5
    full: dict[str, str] = {}

    def teaser(one: Event) -> Event:
        return replace(one, text=" ".join(one.text.split()[:12]))

    def change(one: Event) -> Event:
        date = datetime.combine(one.at.date(), time(), one.at.tzinfo) if cut else one.at + HOUR
        text = full.setdefault(one.uid, f"{writer.words(2, 4)} {one.text}")
        url = f"https://new.example/p/{one.uid}/"
        return replace(one, guid=f"https://new.example/?p={one.uid}", url=url, date=date, text=text)

    def view(events: Sequence[Event], now: datetime) -> Sequence[Event]:
        return [change(one) if now >= moment else teaser(one) for one in events]

    return Play("a new engine", writer.articles(), view=view)


def earthquakes(writer: Writer) -> Play:
    events = []
    for at in writer.times(13):
        strength = writer.random.choice(["Light", "Moderate", "Strong"])
        title = f"{strength} earthquake near {place(writer)}"
        number = writer.number()
        url = f"https://quake.example/{number}"
        text = "A quake was felt by many people."
        events.append(Event(f"q{number}", at, f"q{number}", url, title, text, at))
    return Play("earthquake alerts", events, windows=(writer.random.randint(4, 20),))


def linked_earthquakes(writer: Writer) -> Play:
    play = earthquakes(writer)
    events = [replace(one, guid=one.url) for one in play.events]
    return replace(play, name="alerts, links for guids", events=events)


def police(writer: Writer) -> Play:
    events = []
    for at in writer.times(5):
        number = writer.number()
        text = f"Report {number}: {writer.random.randint(2, 40)} calls, {writer.words(3, 12)}."
        url = "https://town.example/police"
        events.append(Event(f"p{number}", at, f"pr-{number}", url, "Police report", text, at))
    return Play("police reports at one address", events, windows=(writer.random.randint(2, 8),))


def police_without_guids(writer: Writer) -> Play:
    play = police(writer)
    events = [replace(one, guid="") for one in play.events]
    return Play("the same without guids", events, windows=(max(3, play.windows[0]),))


def daily_page(writer: Writer) -> Play:
    events = []
    for at in writer.daily():
        number = writer.number()
        text = writer.words(5, 60)
        url = "https://town.example/briefing"
        events.append(Event(f"d{number}", at, f"mb-{number}", url, "Morning briefing", text, at))
    return Play("one item a day, same title and link", events, windows=(1,))


def status(writer: Writer) -> Play:
    events = []
    for at in writer.times(0.8):
        number = writer.number()
        url = f"https://status.example/e/{number}"
        title, text = "Service back to normal", "All systems run."
        events.append(Event(f"s{number}", at, f"e{number}", url, title, text, at))
    return Play("one item, the same each time", events, windows=(1,))


def quiz(writer: Writer) -> Play:
    events = []
    for at in writer.daily(18, every=writer.random.choice([1, 7])):
        number = writer.number()
        url, text = "https://town.example/quiz", f"Ten questions: {writer.words(8, 20)}?"
        events.append(Event(f"z{number}", at, f"quiz-{number}", url, "The weekly quiz", text, at))
    return Play("a quiz in a window of four", events, windows=(4,))


def briefings(writer: Writer) -> Play:
    intro = writer.words(20, 30)
    events = []
    for at in sorted([*writer.daily(6), *writer.daily(17)]):
        number = writer.number()
        url = f"https://town.example/briefing/{at:%Y-%m-%d-%H}"
        text = f"{intro} {writer.words(20, 40)}"
        events.append(Event(f"b{number}", at, url, url, "Briefing: what you need", text, at))
    return Play("briefings of one title", events, windows=(writer.random.randint(1, 6),))


def open_threads(writer: Writer) -> Play:
    rules = writer.words(40, 60)
    threads = [
        replace(writer.article(at), title="Open thread", text=rules) for at in writer.daily(12)
    ]
    events = sorted([*writer.articles(3), *threads], key=lambda one: one.at)
    return Play("open threads among articles", events, windows=(10,))


def numbered(writer: Writer) -> Play:
    intro = writer.words(25, 30)
    events = []
    for at in writer.daily(9):
        number = writer.number()
        title, url = f"Town letter {number}", f"https://town.example/letter-{number}"
        events.append(Event(f"n{number}", at, url, url, title, f"{intro} {number}", at))
    return Play("a numbered letter", events, windows=(writer.random.choice([1, 3]),))


def redating(writer: Writer) -> Play:
    view = each(lambda one, now: replace(one, date=now))
    return Play("all dates those of the poll", writer.articles(), view=view)


def corrected(writer: Writer) -> Play:
    """A typo in the title is corrected some hours later; the guid stays."""
    return _corrected(writer, "titles corrected", lambda one: one)


def corrected_slug(writer: Writer) -> Play:
    """With the title the link, which is the guid, and now and then the date."""

    def change(one: Event) -> Event:
        url = f"https://town.example/{one.at:%Y/%m}/{one.title.lower().replace(' ', '-')}"
        return replace(one, url=url, guid=url)

    return _corrected(writer, "titles, links and dates corrected", change, redated=True)


def _corrected(
    writer: Writer, name: str, linked: Callable[[Event], Event], *, redated: bool = False
) -> Play:
    typos, ends, dates = {}, {}, {}
    events = writer.articles()
    for one in events:
        ends[one.uid] = one.at + timedelta(hours=writer.random.uniform(2, 10))
        typos[one.uid] = writer.typo(one.title)
        dates[one.uid] = redated and writer.random.random() < 0.5
    wrong = {one.uid for one in events if writer.random.random() < 0.2}

    def change(one: Event, now: datetime) -> Event:
        if one.uid not in wrong:
            return linked(one)
        if now < ends[one.uid]:
            return linked(replace(one, title=typos[one.uid]))
        date = ends[one.uid].replace(microsecond=0) if dates[one.uid] else one.at
        return linked(replace(one, text=f"{one.text} {one.uid}", date=date))

    return Play(name, events, view=each(change))


def shared_guids(writer: Writer) -> Play:
    events = [replace(one, guid="same") for one in writer.articles()]
    play = Play("one guid for all", events, order=writer.random)
    return replace(play, view=lambda shown, _now: swapped(shown, writer.random))


def paired_guids(writer: Writer) -> Play:
    events = [replace(one, guid=f"day-{one.at:%d}") for one in writer.articles(2.5)]
    return Play("a guid for each day", events)


def two_feeds(writer: Writer) -> Play:
    """Each story is in one or both of them; they name their links' campaigns."""
    events = writer.articles(6)
    where = {one.uid: writer.random.choice(["a", "b", "ab", "ab"]) for one in events}
    lag = {one.uid: timedelta(hours=writer.random.choice([0, 0, 3, 9])) for one in events}

    def belongs(one: Event, feed: int) -> bool:
        return "ab"[feed] in where[one.uid]

    def view(given: Sequence[Event], now: datetime) -> Sequence[Event]:
        return [one for one in given if one.at + lag[one.uid] <= now]

    return Play("two feeds of one site", events, (15, 20), view, belongs)


def two_feeds_renamed(writer: Writer) -> Play:
    """As before, and all guids change at once, in both."""
    play = two_feeds(writer)
    moment, before = writer.moment(), play.view

    def view(given: Sequence[Event], now: datetime) -> Sequence[Event]:
        shown = before(given, now)
        return [replace(one, guid=f"new:{one.uid}") if now >= moment else one for one in shown]

    return replace(play, name="two feeds, renamed at once", view=view)


def two_feeds_of_reports(writer: Writer) -> Play:
    """Reports of one title at one address, in two feeds."""
    return replace(police(writer), name="two feeds, one address for all", windows=(6, 8))


def from_last_year(writer: Writer) -> Play:
    """Stories are deleted, and ones of last year come up from below."""
    old = [writer.article(at - 365 * DAY, is_old=True) for at in writer.times(1)]
    new = writer.articles(3)
    gone = {one.uid for one in new if writer.random.random() < 0.15}
    ends = {one.uid: one.at + timedelta(hours=writer.random.uniform(4, 40)) for one in new}

    def view(events: Sequence[Event], now: datetime) -> Sequence[Event]:
        left = [one for one in events if one.uid not in gone or now < ends[one.uid]]
        return left[-10:] if len(left) >= 10 else [*old[len(left) - 10 :], *left]

    return Play("one of last year takes a place", new, view=view, windows=(12,))


def year_later(writer: Writer) -> Play:
    """A notice comes each year again, among few others."""
    events = [replace(one, text=one.text[:40]) for one in writer.articles(0.5)]
    old = [replace(one, uid=f"{one.uid}-old", at=one.at - 365 * DAY) for one in events]
    old = [replace(one, guid=one.uid, url=f"{one.url}-old", date=one.at) for one in old]
    return Play("the same notices a year later", [*old, *events], windows=(5,))


def campaigns(writer: Writer) -> Play:
    def change(one: Event, now: datetime) -> Event:
        url = f"{one.url}?utm_source=rss&utm_campaign={now:%Y%m%d%H}"
        return replace(one, guid=url, url=url)

    return Play("guids with campaigns that change", writer.articles(), view=each(change))


def moved(writer: Writer) -> Play:
    first, then = sorted([writer.moment(), writer.moment()])

    def change(one: Event, now: datetime) -> Event:
        url = one.url
        if now < then:
            url = url.replace("town.example", "www.town.example")
        if now < first:
            url = url.replace("https:", "http:")
        return replace(one, guid=url, url=url)

    return Play("http to https, www to none", writer.articles(), view=each(change))


def by_day(writer: Writer) -> Play:
    def cut(one: Event) -> Event:
        return replace(one, date=datetime.combine(one.at.date(), time(), one.at.tzinfo))

    return Play("dates without times", [cut(one) for one in writer.articles(5)])


def alerts_by_day(writer: Writer) -> Play:
    play = earthquakes(writer)
    events = [
        replace(one, date=datetime.combine(one.at.date(), time(), one.at.tzinfo))
        for one in play.events
    ]
    return replace(play, name="alerts, dates without times", events=events, windows=(8,))


def podcast(writer: Writer) -> Play:
    events = []
    for at in writer.times(1.2):
        number = writer.number()
        title = f"Episode {number}: {writer.title()}"
        url, text = "https://pod.example/show", f"{writer.words(10, 30)} Support us, please."
        events.append(Event(f"e{number}", at, f"buzz-{number}", url, title, text, at))
    return Play("podcast, one page for all", events, windows=(50,))


def revisions(writer: Writer) -> Play:
    """Each revision of a story has a guid of its own: its link, `#` and a number."""
    events = writer.articles()
    often = {one.uid: writer.random.choice([0, 0, 1, 3]) for one in events}

    def change(one: Event, now: datetime) -> Event:
        count = min(often[one.uid], int((now - one.at) / (3 * HOUR)))
        date = one.at + count * 3 * HOUR
        text = one.text if not count else f"{one.text} {one.uid} {count}"
        return replace(one, guid=f"{one.url}#{count}", text=text, date=date)

    return Play("a guid for each revision", events, view=each(change))


def forecasts(writer: Writer) -> Play:
    """All items are replaced at once, under the same titles, and no page of their own."""
    towns = [writer.words(1, 1).title() for _ in range(5)]
    events = []
    for n in range(4 * 42):
        at = START - 12 * DAY + n * 6 * HOUR
        for town in towns:
            number = writer.number()
            url = f"https://weather.example/{town.lower()}"
            title, text = f"Weather for {town}", writer.words(6, 14)
            events.append(Event(f"w{number}", at, f"w{number}", url, title, text, at))
    return Play("forecasts, all replaced at once", events, windows=(5,))


HABITS: tuple[Callable[[Writer], Play], ...] = (
    stable,
    without_guids,
    without_guids_or_links,
    undated,
    renamed,
    random_guids,
    new_engine,
    earthquakes,
    linked_earthquakes,
    alerts_in_force,
    police,
    police_without_guids,
    daily_page,
    status,
    quiz,
    briefings,
    open_threads,
    numbered,
    redating,
    corrected,
    corrected_slug,
    shared_guids,
    paired_guids,
    two_feeds,
    two_feeds_renamed,
    two_feeds_of_reports,
    from_last_year,
    year_later,
    campaigns,
    moved,
    by_day,
    alerts_by_day,
    podcast,
    revisions,
    forecasts,
)
"""All habits; the first argument gives what is random about it."""
