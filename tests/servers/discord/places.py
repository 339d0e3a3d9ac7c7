"""Makes the guilds, channels and people of a scripted Discord."""

from __future__ import annotations

from servers.discord.asking import Asking
from servers.discord.people import User
from servers.discord.world import (
    GROUP_DM,
    MANAGE_GUILD,
    MEMBER,
    MOST_CHANNELS,
    TEXT,
    THREAD,
    Channel,
    Guild,
    World,
)


class Places:
    """Adds to a world. A client knows what is new in a guild from the next GUILD_CREATE on."""

    _asking: Asking  # what people do

    def __init__(self, world: World) -> None:
        self.world = world

    def guild(
        self, name: str, *channels: str, has_bot: bool = True, locale: str = "en-US"
    ) -> Guild:
        """A new guild, with a channel `general` or those named."""
        owner = self.user(f"Owner of {name}")
        guild = Guild(self.world.ids.next(), name, owner, locale, has_bot=has_bot)
        guild.members[owner.id] = MEMBER | MANAGE_GUILD
        self.world.guilds[guild.id] = guild
        for each in channels or ("general",):
            self.channel(guild, each)
        return guild

    def channel(
        self, guild: Guild, name: str, *, kind: int = TEXT, bot_may: int = MEMBER
    ) -> Channel:
        """A new channel."""
        channel = Channel(self.world.ids.next(), name, kind, guild, bot_may=bot_may)
        return self.world.add_channel(channel)

    def channels(self, count: int, *, kind: int = TEXT) -> list[Channel]:
        """So many new channels, in as many new guilds as they take."""
        made: list[Channel] = []
        while len(made) < count:
            here = min(MOST_CHANNELS, count - len(made))
            guild = self.guild(f"Guild {len(self.world.guilds)}", *map(str, range(here)))
            for channel in guild.channels:
                channel.kind = kind
            made += guild.channels
        return made

    def thread(self, parent: Channel, name: str, *, kind: int = THREAD) -> Channel:
        """A new thread in a channel."""
        number, guild = self.world.ids.next(), parent.guild
        return self.world.add_channel(Channel(number, name, kind, guild, parent=parent))

    def user(self, name: str, *guilds: Guild, manages: bool = False, locale: str = "en-US") -> User:
        """A new person, in these guilds; `manages` lets them manage those."""
        person = User(self.world.ids.next(), name, locale, asking=self._asking)
        self.world.people[person.id] = person
        for guild in guilds:
            guild.members[person.id] = MEMBER | (MANAGE_GUILD if manages else 0)
        return person

    def group(self, name: str, *people: User) -> Channel:
        """A group of people, in which the bot never is."""
        channel = Channel(self.world.ids.next(), name, GROUP_DM, people=people)
        return self.world.add_channel(channel)
