"""The search by meaning in the configuration: what can be set, what cannot, and its key."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.app import load_config
from bot.config.load import read_config
from bot.config.meaning import MeaningConfig
from bot.config.permissions import permission_warnings
from bot.config.problems import ConfigMistakes
from bot.config.schema import Config
from bot.secrets import SECRETS

SERVER = 'model = "bge-m3"\nurl = "http://127.0.0.1:11434/v1/"\n'


def _read(folder: Path, text: str, **environ: str) -> Config:
    path = folder / "config.toml"
    path.write_text(f"[meaning]\n{text}", "utf-8")
    return read_config(path, environ)


def _key(config: Config) -> str:
    return config.meaning.key.get_secret_value() if config.meaning.key else ""


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert _read(tmp_path, "").meaning == MeaningConfig()
    assert MeaningConfig().model == ""


def test_the_bundled_model_needs_nothing_else(tmp_path: Path) -> None:
    assert _read(tmp_path, 'model = "bundled"').meaning == MeaningConfig(model="bundled")


def test_a_server_has_an_address_and_may_have_marks(tmp_path: Path) -> None:
    marks = 'query_prefix = "query: "\npassage_prefix = "passage: "\n'
    assert _read(tmp_path, SERVER + marks).meaning == MeaningConfig(
        model="bge-m3",
        url="http://127.0.0.1:11434/v1",
        query_prefix="query: ",
        passage_prefix="passage: ",
    )


def test_the_key_may_be_elsewhere_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("from-a-file\n", "utf-8")
    by_file = _read(tmp_path, SERVER + 'key = "file:key.txt"')
    assert _key(by_file) == "from-a-file"
    assert by_file.meaning.secret_files == (tmp_path / "key.txt",)
    by_name = _read(tmp_path, SERVER + 'key = "env:KEY"', KEY="from-the-environment")
    assert (_key(by_name), by_name.meaning.secret_files) == ("from-the-environment", ())
    written = _read(tmp_path, SERVER + 'key = "written-here"')
    assert (_key(written), written.meaning.secret_files) == (
        "written-here",
        (tmp_path / "config.toml",),
    )
    assert "written-here" not in repr(written)
    with pytest.raises(TypeError):
        pickle.dumps(written.meaning)


def test_logs_do_not_show_the_key(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[meaning]\n{SERVER}key = "env:KEY"\n', "utf-8")
    load_config(path, {"KEY": "sk-abcdefghijkl"})
    assert "abcdefghijkl" not in SECRETS.hide("it sent Bearer sk-abcdefghijkl")


def test_a_key_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("from-a-file", "utf-8")
    (tmp_path / "key.txt").chmod(0o644)
    config = _read(tmp_path, SERVER + 'key = "file:key.txt"')
    (warning,) = permission_warnings(config)
    assert "others on this machine can read the key of the search by meaning" in warning


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("model = 5", ["2: meaning.model: expected text in quotes, got a number"]),
        (
            f'model = "{"x" * 101}"\nurl = "http://a"',
            [
                "2: meaning.model: expected a model's name, of at most 100 characters on one line",
            ],
        ),
        (
            'model = "x"\nurl = "localhost:11434"',
            ["3: meaning.url: expected an address that begins with http:// or https://"],
        ),
        (
            'model = "bge-m3"',
            ['1: meaning.url: only the model "bundled" needs no url; which server has this one?'],
        ),
        (
            'url = "http://127.0.0.1:11434/v1"',
            ['1: meaning.model: a server needs the name of its model, such as model = "bge-m3"'],
        ),
        (
            'model = "bundled"\nurl = "http://a"',
            ['3: meaning.url: the model "bundled" needs no url; name the model of the server'],
        ),
        (
            'model = "bundled"\nkey = "secret"\nquery_prefix = "query: "',
            [
                "3: meaning.key: only a server can have a key; set its url, too",
                "4: meaning.query_prefix: only a server can have a query_prefix; set its url, too",
            ],
        ),
        (
            SERVER + 'key = "env:NOWHERE"',
            ["4: meaning.key: the environment has no NOWHERE"],
        ),
        (SERVER + 'key = "file:none"', ["4: meaning.key: there is no such file"]),
        (
            SERVER + 'passage_prefix = "two\\nlines"',
            ["4: meaning.passage_prefix: expected at most 100 characters on one line"],
        ),
        ('modle = "bundled"', ['2: meaning.modle: unknown setting; did you mean "model"?']),
    ],
)
def test_mistakes(tmp_path: Path, text: str, problems: list[str]) -> None:
    with pytest.raises(ConfigMistakes) as error:
        _read(tmp_path, text)
    told = [line.partition("config.toml:")[2] for line in str(error.value).splitlines()]
    assert told == problems


def test_the_address_may_be_any_host_since_it_is_the_operators_own(tmp_path: Path) -> None:
    hosts: Mapping[str, str] = {
        "http://localhost:8080/v1": "http://localhost:8080/v1",
        "http://10.0.0.7:8080": "http://10.0.0.7:8080",
        "https://api.example.org/v1": "https://api.example.org/v1",
        "http://[::1]:8080/v1": "http://[::1]:8080/v1",
    }
    for written, read in hosts.items():
        assert _read(tmp_path, f'model = "m"\nurl = "{written}"').meaning.url == read
