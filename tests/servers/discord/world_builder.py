"""Creates guilds, channels, threads and people."""

from __future__ import annotations

from servers.discord.interaction_events import InteractionEvents
from servers.discord.people import Person
from servers.discord.world import (
    FORUM,
    GROUP_DM,
    MANAGE_GUILD,
    MEMBER,
    MOST_CHANNELS,
    TEXT,
    THREAD,
    Channel,
    Guild,
    Tag,
    World,
)


class WorldBuilder:
    """Adds to a world; a client learns of it from the next GUILD_CREATE."""

    _interaction_events: InteractionEvents  # what people do

    def __init__(self, world: World) -> None:
        self.world = world

    def guild(
        self, name: str, *channels: str, has_bot: bool = True, locale: str = "en-US"
    ) -> Guild:
        """Creates a guild with the named channels, or with `general`."""
        owner = self.person(f"Owner of {name}")
        guild = Guild(self.world.ids.next(), name, owner, locale, has_bot=has_bot)
        guild.members[owner.id] = MEMBER | MANAGE_GUILD
        self.world.guilds[guild.id] = guild
        for each in channels or ("general",):
            self.channel(guild, each)
        return guild

    def channel(
        self, guild: Guild, name: str, *, kind: int = TEXT, bot_may: int = MEMBER
    ) -> Channel:
        """Creates a channel."""
        channel = Channel(self.world.ids.next(), name, kind, guild, bot_may=bot_may)
        return self.world.add_channel(channel)

    def channels(self, count: int, *, kind: int = TEXT) -> list[Channel]:
        """Creates `count` channels, in as many guilds as they need."""
        made: list[Channel] = []
        while len(made) < count:
            here = min(MOST_CHANNELS, count - len(made))
            guild = self.guild(f"Guild {len(self.world.guilds)}", *map(str, range(here)))
            for channel in guild.channels:
                channel.kind = kind
            made += guild.channels
        return made

    def forum(
        self, guild: Guild, name: str, *tags: str, moderated: str = "", requires_tag: bool = False
    ) -> Channel:
        """Creates a forum with tags, the last of which is perhaps for moderators alone."""
        forum = self.channel(guild, name, kind=FORUM)
        forum.tags = [Tag(self.world.ids.next(), each) for each in tags]
        if moderated:
            forum.tags.append(Tag(self.world.ids.next(), moderated, moderated=True))
        forum.requires_tag = requires_tag
        return forum

    def thread(self, parent: Channel, name: str, *, kind: int = THREAD) -> Channel:
        """Creates a thread in a channel."""
        number, guild = self.world.ids.next(), parent.guild
        return self.world.add_channel(Channel(number, name, kind, guild, parent=parent))

    def person(
        self, name: str, *guilds: Guild, manages: bool = False, locale: str = "en-US"
    ) -> Person:
        """Creates a person in these guilds, with the right to manage them if `manages`."""
        person = Person(
            self.world.ids.next(), name, locale, interaction_events=self._interaction_events
        )
        self.world.people[person.id] = person
        for guild in guilds:
            guild.members[person.id] = MEMBER | (MANAGE_GUILD if manages else 0)
        return person

    def group(self, name: str, *people: Person) -> Channel:
        """Creates a group chat of people; the bot is never in it."""
        channel = Channel(self.world.ids.next(), name, GROUP_DM, people=people)
        return self.world.add_channel(channel)
