"""The website in the configuration: what can be set, what cannot, and what follows of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.platforms import require_token
from bot.app.website import open_website, page_links
from bot.config.load import read_config
from bot.config.platforms import TelegramConfig
from bot.config.problems import ConfigMistakes
from bot.config.schema import Config, WebConfig
from bot.errors import ConfigError

LISTEN = 'listen = "127.0.0.1:8080"\n'


def read(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return read_config(path, {})


def test_there_is_no_site_unless_it_is_asked_for(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert config.web == WebConfig()
    assert page_links(config) is None
    with pytest.raises(ConfigError):
        require_token(config)


def test_a_site_has_a_place_and_may_have_a_public_address(tmp_path: Path) -> None:
    config = read(tmp_path, f'[web]\n{LISTEN}public_url = "https://news.example.org/desk/"')
    assert config.web.base == "https://news.example.org/desk"
    links = page_links(config)
    assert links
    assert links.base == config.web.base
    require_token(config)  # a site alone can be served
    alone = read(tmp_path, f"[web]\n{LISTEN}")
    assert alone.web.base == "http://127.0.0.1:8080"
    assert page_links(alone) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('public_url = "https://e.org"', "web.public_url: there is no site without listen"),
        ("proxy_pictures = true", "web.proxy_pictures: there is no site without listen"),
        (f'{LISTEN}public_url = "e.org"', "web.public_url: expected an address"),
        (f'{LISTEN}hub = "nowhere"', "web.hub: expected an address"),
        ('listen = "8080"', "web.listen: expected an address and a port"),
        ('listen = "127.0.0.1:9464"', "web.listen: monitoring.listen is there already"),
        (f"{LISTEN}[monitoring]\n{LISTEN}", "web.listen: monitoring.listen is there already"),
        (f"{LISTEN}proxy_pictures = 1", "web.proxy_pictures"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigMistakes) as caught:
        read(tmp_path, f"[web]\n{text}")
    assert told in str(caught.value)


def test_hubs_call_the_site_where_telegram_has_no_webhook() -> None:
    web = WebConfig(listen="127.0.0.1:8080", public_url="https://news.example.org")
    assert Config(web=web).public_url == "https://news.example.org"
    assert Config(web=web).public_listen == "127.0.0.1:8080"
    telegram = TelegramConfig(webhook_url="https://e.org/tg", token=SecretStr("x"))
    both = Config(web=web, telegram=telegram)
    assert (both.public_url, both.public_listen) == ("https://e.org/tg", "127.0.0.1:8443")


def test_sources_may_let_their_texts_be_shown(tmp_path: Path) -> None:
    text = '[[sources]]\nid = "a"\nkind = "archive"\npath = "a.txt"\n'
    assert not read(tmp_path, text).sources[0].source().whole_on_web
    assert read(tmp_path, f"{text}full_text_on_web = true").sources[0].source().whole_on_web


def test_opening_none_imports_nothing() -> None:
    assert open_website(Config(), None, None) is None  # type: ignore[arg-type] # is not asked
