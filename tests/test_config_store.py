"""The store's settings: a file, or the URL of a database, whose password nobody is shown."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from bot.app import load_config
from bot.app.stores import store_files
from bot.config.permissions import permission_warnings
from bot.config.schema import Config
from bot.errors import ConfigError
from bot.secrets import SECRETS
from store.maintenance import SqliteFiles
from store.postgres.files import PostgresFiles

_URL = "postgresql://desk:correct-horse@db.example:5433/dateline?sslmode=require"


def _read(folder: Path, settings: str, **environ: str) -> Config:
    path = folder / "config.toml"
    path.write_text(f"[store]\n{settings}\n", "utf-8")
    path.chmod(0o600)
    return load_config(path, environ)


def _url(config: Config) -> str:
    assert config.store.url is not None
    return config.store.url.get_secret_value()


def test_a_file_is_the_store_unless_a_database_is_named(tmp_path: Path) -> None:
    plain = _read(tmp_path, "")
    assert (plain.store.url, plain.store.name) == (None, str(tmp_path / "dateline.db"))
    empty = _read(tmp_path, 'path = "news.db"\nurl = ""')
    assert (empty.store.url, empty.store.name) == (None, str(tmp_path / "news.db"))


def test_the_url_may_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "url.txt").write_text(f"{_URL}\n", "utf-8")
    by_file = _read(tmp_path, 'url = "file:url.txt"')
    by_name = _read(tmp_path, 'url = "env:STORE"', STORE=_URL)
    written = _read(tmp_path, f'url = "{_URL}"')
    assert _url(by_file) == _url(by_name) == _url(written) == _URL


def test_nobody_is_shown_the_password(tmp_path: Path) -> None:
    config = _read(tmp_path, f'url = "{_URL}"')
    assert config.store.name == "postgresql://db.example:5433/dateline"
    assert "correct-horse" not in repr(config)
    assert "correct-horse" not in SECRETS.hide(f"connecting to {_URL} as desk:correct-horse")
    with pytest.raises(TypeError):
        pickle.dumps(config.store)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://desk:correct-horse@127.0.0.1/dateline",
        "postgresql://desk:correct-horse@127.0.0.1",
        "postgresql://desk:correct-horse@127.0.0.1:port/dateline",
        "postgresql://desk:correct-horse@[::1/dateline",
        "dateline.db?correct-horse",
        "env:NOT_THERE_correct-horse",
    ],
)
def test_what_is_no_database_is_a_mistake(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url") as raised:
        _read(tmp_path, f'url = "{url}"')
    if not url.startswith("env:"):
        assert "correct-horse" not in str(raised.value)


@pytest.mark.skipif(os.name != "posix", reason="file permissions are those of POSIX")
def test_a_password_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "url.txt").write_text(_URL, "utf-8")
    (tmp_path / "url.txt").chmod(0o644)
    (warning,) = permission_warnings(_read(tmp_path, 'url = "file:url.txt"'))
    assert "the password of the store" in warning
    (tmp_path / "url.txt").write_text("postgresql://127.0.0.1/dateline", "utf-8")
    assert not [*permission_warnings(_read(tmp_path, 'url = "file:url.txt"'))]


def test_what_backs_up_a_store_is_of_its_kind(tmp_path: Path) -> None:
    assert isinstance(store_files(_read(tmp_path, "").store), SqliteFiles)
    files = store_files(_read(tmp_path, f'url = "{_URL}"').store)
    assert isinstance(files, PostgresFiles)
