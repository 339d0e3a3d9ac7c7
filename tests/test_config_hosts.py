"""What the configuration takes for hosts and contacts is what the web is asked with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from stories import HandClock
from yarl import URL

from adapters.sources.feed.factory import open_feed_sources
from adapters.sources.web.addresses import AllowedHosts
from adapters.sources.web.politeness import user_agent
from bot.config.schema import FeedsConfig
from bot.errors import ConfigError

CONFIG = TypeAdapter(FeedsConfig)
IPV6 = st.ip_addresses(v=6).map(str)
PORTS = st.integers(0, 100_000)
NAMES = st.from_regex(r"[\w.-]{1,20}", fullmatch=True) | st.text(max_size=12)
HOSTS = st.one_of(
    NAMES,
    IPV6,
    IPV6.map("[{}]".format),
    st.ip_addresses(v=4).map(str),
    st.builds("[{}]:{}".format, IPV6, PORTS),
    st.builds("{}:{}".format, NAMES, PORTS),
    st.sampled_from("news.lan münchen.example straße.example ☃.example हिन्दी.example".split()),
)
WORDS = st.text(st.sampled_from("abcé.+-/()\\\x01\x7f "), min_size=1, max_size=6)
CONTACTS = st.builds("https://{}".format, WORDS) | st.builds("{}@{}".format, WORDS, WORDS)


def is_taken(make: Callable[[], object]) -> bool:
    try:
        make()
    except ValueError:
        return False
    return True


@given(HOSTS)
@example("news.example:0")
@example("news.example:99999")
@example("a..b")
@example("ᅟ.example")
@example("[::1:80")
@example("::1")
@example("fe80::1%eth0")
def test_a_host_is_taken_by_the_configuration_when_the_fetcher_takes_it(host: str) -> None:
    taken = is_taken(lambda: CONFIG.validate_python({"allow_hosts": [host]}))
    assert taken == is_taken(lambda: AllowedHosts([host]))


@given(HOSTS)
def test_a_host_that_is_taken_is_the_one_that_is_allowed(host: str) -> None:
    assume(is_taken(lambda: AllowedHosts([host])))
    asked = f"http://[{host}]/" if host.count(":") > 1 and host[0] != "[" else f"http://{host}/"
    assume(is_taken(lambda: URL(asked)))
    assert AllowedHosts([host]).allows(URL(asked))


@given(CONTACTS)
@example("https://münchen.example")
@example("https://example.org/(us)")
@example("https://example.org/a\\b")
@example("me\x01@example.org")
@example("a\\b@example.org")
def test_a_contact_that_the_configuration_takes_can_stand_in_a_header(contact: str) -> None:
    taken = is_taken(lambda: CONFIG.validate_python({"contact": contact}))
    assert is_taken(lambda: user_agent(contact)) or not taken


@pytest.mark.parametrize(
    "contact", ["", "https://example.org/bot?x=1#y", "mailto@example.org", "a+b@example.org"]
)
def test_contacts_that_people_have_are_taken(contact: str) -> None:
    assert CONFIG.validate_python({"contact": contact}).contact == contact


@pytest.mark.parametrize(
    "config", [FeedsConfig(contact="(us)"), FeedsConfig(allow_hosts=frozenset({"a b"}))]
)
async def test_what_comes_by_another_way_is_a_mistake_in_the_configuration_too(
    config: FeedsConfig,
) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.(contact|allow_hosts): "):
        async with open_feed_sources(config, HandClock()):
            pass
