from __future__ import annotations

import pytest
from yarl import URL

from adapters.sources.web.addresses import AllowedHosts
from bot.text.special_addresses import special_purpose_kind

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.5 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1
    192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250
    240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8
    64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 64:ff9b:1:ffff::1 100::1 2001::1
    2001:0:53aa:64c:1:2:3:4 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::
    3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1
    8000::1 e000::1 nonsense 1.2.3
""".split()

TAKEN = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1
    169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 191.255.255.255 192.0.1.1 192.88.98.1
    192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 198.51.99.1 203.0.112.1 223.255.255.255
    2001:200::1 2001:4860:4860::8888 2003::1 2606:4700:4700::1111 2a00:1450:4001:80b::200e 3ffe::1
""".split()


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert special_purpose_kind(address)


@pytest.mark.parametrize("address", TAKEN)
def test_public_addresses_are_taken(address: str) -> None:
    assert special_purpose_kind(address) == ""


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "a loopback"),
        ("10.0.0.5", "a private"),
        ("169.254.169.254", "a link-local"),
        ("::1", "a loopback"),
        ("::", "an unspecified"),
        ("::ffff:1.1.1.1", "an IPv4-mapped"),
        ("::1.1.1.1", "an IPv4-compatible"),
        ("64:ff9b::1", "a NAT64"),
        ("2001:0:1::", "a Teredo"),
        ("2001:2::1", "a benchmarking"),
        ("fd00::1", "a private"),
    ],
)
def test_a_refusal_says_what_the_address_is(address: str, kind: str) -> None:
    assert special_purpose_kind(address) == kind


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("news.lan", "http://news.lan/feed"),
        ("news.lan", "https://NEWS.lan.:8443/feed"),
        ("News.LAN:80", "http://news.lan/"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/x"),
        ("127.0.0.1", "http://127.0.0.1:9/x"),
        ("::1", "http://[::1]/"),
        ("[::1]", "http://[::1]:8080/"),
        ("[::1]:8080", "http://[0:0:0:0:0:0:0:1]:8080/"),
        ("zeitung.münchen.example", "http://zeitung.xn--mnchen-3ya.example/"),
    ],
)
def test_an_allowed_host_is_known_however_it_is_written(host: str, url: str) -> None:
    assert AllowedHosts([host]).allows(URL(url))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("news.lan", "http://evil.news.lan/"),
        ("news.lan", "http://news.lan.evil.example/"),
        ("news.lan", "http://news.lan@evil.example/"),
        ("news.lan:80", "https://news.lan/"),
        ("127.0.0.1:8080", "http://127.0.0.1/"),
        ("127.0.0.1", "http://2130706433/"),
        ("127.0.0.1", "http://0x7f.1/"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]/"),
        ("127.0.0.1", "http://localhost/"),
    ],
)
def test_nothing_else_is_allowed_with_it(host: str, url: str) -> None:
    assert not AllowedHosts([host]).allows(URL(url))


@pytest.mark.parametrize(
    "host",
    """ news.lan/feed http://news.lan a@news.lan news.lan: news.lan:0 x:99999 news.lan:http [::1
    news.lan?x news.lan#x news\\lan""".split(),
)
def test_what_is_no_host_cannot_be_allowed(host: str) -> None:
    with pytest.raises(ValueError, match="is not a host"):
        AllowedHosts([host])
