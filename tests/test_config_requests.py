"""What a source's requests bear, as the configuration says it, and the secrets in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import load_config
from bot.config.load import read_config
from bot.config.permissions import permission_warnings
from bot.config.problems import ConfigMistakes
from bot.config.schema import SourceConfig
from bot.config.source_secrets import secret_texts
from bot.secrets import SECRETS

FEED = '[[sources]]\nid = "a"\nkind = "feed"\nurl = "https://news.example/rss"\n'


def _read(folder: Path, settings: str, **environ: str) -> SourceConfig:
    path = folder / "config.toml"
    path.write_text(FEED + settings, "utf-8")
    return read_config(path, environ).sources[0]


def _shown(source: SourceConfig) -> tuple[dict[str, str], str, str]:
    headers = {name: value.get_secret_value() for name, value in source.headers}
    cookie, proxy = (one.get_secret_value() if one else "" for one in (source.cookie, source.proxy))
    return headers, cookie, proxy


def test_all_of_it_may_be_written_as_it_is(tmp_path: Path) -> None:
    source = _read(
        tmp_path,
        'user_agent = " Mozilla/5.0 (X11) "\ncookie = "a=1; b=2"\n'
        'proxy = "http://u:p@127.0.0.1:8118"\nheaders = { Accept-Language = "de", X-Key = "k" }\n',
    )
    assert source.user_agent == "Mozilla/5.0 (X11)"
    assert _shown(source) == (
        {"Accept-Language": "de", "X-Key": "k"},
        "a=1; b=2",
        "http://u:p@127.0.0.1:8118",
    )
    assert source.secret_files == (tmp_path / "config.toml",)


def test_headers_may_be_a_table_of_their_own(tmp_path: Path) -> None:
    source = _read(tmp_path, '[sources.headers]\nX-Key = "env:KEY"\n', KEY=" secret ")
    assert _shown(source)[0] == {"X-Key": "secret"}
    assert source.secret_files == ()


def test_secrets_may_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "cookie.txt").write_text("\ufeffsid=1\n", "utf-8")
    source = _read(
        tmp_path,
        'cookie = "file:cookie.txt"\nproxy = "env:PROXY"\nheaders = { X-Key = "env:KEY" }\n',
        PROXY="https://proxy.example:8443",
        KEY="k",
    )
    assert _shown(source) == ({"X-Key": "k"}, "sid=1", "https://proxy.example:8443")
    assert source.secret_files == (tmp_path / "cookie.txt",)


def test_nothing_is_the_default(tmp_path: Path) -> None:
    source = _read(tmp_path, 'cookie = ""\nproxy = " "\nuser_agent = ""\nheaders = {}\n')
    assert source == _read(tmp_path, "")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('cookie = "env:NOWHERE"', "cookie: the environment has no NOWHERE"),
        ('cookie = "env:EMPTY"', "cookie: the environment has no EMPTY"),
        ('proxy = "file:missing"', "proxy: there is no such file"),
        ('proxy = "file:empty"', "the file is empty"),
        ('cookie = "file:lines"', "cookie: expected at most 8,000 characters on one line"),
        ('cookie = "file:"', "cookie: expected the path of a file"),
        ('cookie = "a\\nb"', "cookie: expected at most 8,000 characters on one line"),
        ("cookie = 5", "cookie: expected text in quotes"),
        ('proxy = "env:SOCKS"', 'expected an HTTP proxy, such as "http://127.0.0.1:8118"'),
        ('proxy = "127.0.0.1:8118"', "proxy: expected an HTTP proxy"),
        ('proxy = "socks5://127.0.0.1"', "proxy: expected an HTTP proxy"),
        ('user_agent = "a\\nb"', "user_agent: expected at most 500 ASCII characters on one line"),
        ('user_agent = "ü"', "user_agent: expected at most 500 ASCII characters on one line"),
        ('headers = "X: y"', "headers: expected a table such as"),
        ('headers = { "a b" = "c" }', "headers: expected names of headers"),
        ("headers = { X-Key = 5 }", "headers: expected text in quotes"),
        ('headers = { X-Key = "" }', "headers: X-Key is empty"),
        ('headers = { X-Key = "a\\r\\nHost: x" }', "headers: expected at most 8,000"),
        ('headers = { Cookie = "a" }', "headers: Cookie cannot be set here; set cookie instead"),
        ('headers = { user-agent = "a" }', "set user_agent instead"),
        ('headers = { Host = "a" }', "headers: Host cannot be set here; Dateline sets it itself"),
        ('headers = { If-None-Match = "a" }', "Dateline sets it itself"),
        ('headers = { X-Key = "env:NOWHERE" }', "headers: the environment has no NOWHERE"),
    ],
)
def test_mistakes_are_told_without_a_secret(tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "lines").write_text("hush\nhush\n")
    with pytest.raises(ConfigMistakes) as raised:
        _read(tmp_path, settings, EMPTY=" ", SOCKS="socks5://u:hush@x")
    assert told in str(raised.value)
    assert f"config.toml:5: sources[0].{settings.partition(' ')[0]}" in str(raised.value)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize("key", ["user_agent", "cookie", "proxy"])
@pytest.mark.parametrize("kind", ["archive", "feed"])
def test_only_a_feed_on_the_web_has_any(tmp_path: Path, key: str, kind: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[[sources]]\nid = "a"\nkind = "{kind}"\npath = "x"\n{key} = "http://x.y"\n')
    with pytest.raises(ConfigMistakes, match=rf"5: sources\[0\].{key}: only a feed"):
        read_config(path, {})


def test_no_text_form_shows_a_secret(tmp_path: Path) -> None:
    source = _read(tmp_path, 'cookie = "hush"\nproxy = "http://u:hush@x.y"\nheaders.X-K = "hush"\n')
    assert "hush" not in repr(source)
    assert "hush" not in str(source)


def test_secrets_are_hidden_from_every_log(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        FEED + 'cookie = "sid=cookie-secret; x=1"\nproxy = "http://me:proxy%2Dsecret@x.y:1"\n'
        'headers = { Authorization = "Bearer header-secret", Accept-Language = "en-GB,en;q=0.5" }\n'
    )
    load_config(tmp_path / "config.toml", {})
    told = SECRETS.hide(
        "cookie-secret header-secret Bearer header-secret me:proxy-secret me:proxy%2Dsecret "
        "en-GB,en;q=0.5"
    )
    assert "secret" not in told
    assert told.endswith("en-GB,en;q=0.5")


def test_harmless_headers_are_no_secrets(tmp_path: Path) -> None:
    source = _read(tmp_path, 'headers = { Accept = "text/xml", X-Key = "Token abc" }\n')
    assert set(secret_texts(source)) == {"Token abc", "abc"}


def test_files_that_others_can_read_get_a_warning(tmp_path: Path) -> None:
    secret = tmp_path / "cookie.txt"
    secret.write_text("sid=1")
    secret.chmod(0o644)
    _read(tmp_path, 'cookie = "file:cookie.txt"\nheaders = { X = "y" }\n')
    (tmp_path / "config.toml").chmod(0o600)
    config = read_config(tmp_path / "config.toml", {})
    (warning,) = permission_warnings(config)
    assert warning.startswith(f"{secret}: others on this machine can read what a sends")
    (tmp_path / "config.toml").chmod(0o644)
    assert len(list(permission_warnings(config))) == 2
