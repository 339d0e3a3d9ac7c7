"""The configuration, read from real files."""

import json
import pickle
import traceback
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.files import MAX_TOKEN_FILE
from bot.config.load import MAX_CONFIG, find_config, read_config, sample_config
from bot.config.problems import ConfigMistakes, ConfigProblem
from bot.config.schema import TABLES, Config
from bot.errors import ConfigError
from bot.i18n import languages
from bot.model import Source, Topic

TOKEN = f"110201543:{'AAHdqTcvCH' * 3}"
ARCHIVE = 'id = "a"\nkind = "archive"\npath = "a.txt"\n'
FEED = 'id = "f"\nkind = "feed"\n'
PAGE = 'id = "p"\nkind = "page"\n'

SPOKEN = "expected a language that the bot speaks ({})".format(
    ", ".join(f'"{code}"' for code in languages())
)


def read(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_config(path, environ or {})


def mistakes(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """The problems that a configuration has, each without the folder it is in."""
    with pytest.raises(ConfigMistakes) as refusal:
        read(folder, text, environ)
    lines = str(refusal.value).split("\n")
    assert lines == [str(problem) for problem in refusal.value.problems]
    return [line.removeprefix(f"{folder}/") for line in lines]


# Where it is


def test_the_option_wins_over_the_environment_and_that_over_the_folder(tmp_path: Path) -> None:
    for name in ("config.toml", "option.toml", "variable.toml"):
        (tmp_path / name).touch()
    environ = {"DATELINE_CONFIG": "variable.toml"}
    assert find_config(Path("option.toml"), environ, tmp_path) == tmp_path / "option.toml"
    assert find_config(None, environ, tmp_path) == tmp_path / "variable.toml"
    assert find_config(None, {"DATELINE_CONFIG": ""}, tmp_path) == tmp_path / "config.toml"


def test_only_a_file_that_is_named_must_exist(tmp_path: Path) -> None:
    assert find_config(None, {}, tmp_path) is None
    assert find_config(None, {}, tmp_path / "no" / "folder") is None
    with pytest.raises(ConfigError, match=r"^--config: there is no file \S+/no\.toml$"):
        find_config(Path("no.toml"), {}, tmp_path)
    with pytest.raises(ConfigError, match=r"^DATELINE_CONFIG: there is no file \S+/no\.toml$"):
        find_config(None, {"DATELINE_CONFIG": str(tmp_path / "no.toml")}, Path("/"))


def test_a_link_to_nothing_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.symlink_to("nowhere")
    assert find_config(None, {}, tmp_path) == path
    with pytest.raises(ConfigMistakes, match="there is no such file"):
        read_config(path, {})


# What it says


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert (config.bot.language, config.bot.page_size) == ("en", 5)
    assert config.bot.timezone == ZoneInfo("UTC")
    assert config.bot.reload_cooldown == timedelta(seconds=30)
    assert config.store.path == tmp_path / "dateline.db"
    assert (config.sources, config.topics) == ((), ())
    assert config.telegram.token is None
    assert config.telegram.api_url == "https://api.telegram.org"
    assert config.telegram.webhook_url == ""
    assert config.telegram.webhook_listen == "127.0.0.1:8443"
    assert config.discord.api_url == "https://discord.com/api/v10"
    assert config.discord.guild == 0
    assert config.file == tmp_path / "config.toml"


def test_everything_can_be_set(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [bot]
        timezone = "Asia/Tokyo"
        page_size = 10
        reload_cooldown = "2h"
        [store]
        path = "/var/news.db"
        [[sources]]
        id = "prospect"
        name = " The Prospect "
        kind = "archive"
        path = ["news/*.txt", "/old/[0-9].txt", "~/more.txt"]
        link = "https://example.org/{slug}/"
        every = "1m"
        topics = ["Japan"]
        encoding = "Shift-JIS"
        max_size = "512KB"
        colour = "#1f6FEB"
        [[sources]]
        id = "f"
        kind = "feed"
        url = "https://example.org/feed"
        [telegram]
        api_url = "http://localhost:8081/"
        moderators = [5, 6, 5]
        webhook_url = "https://news.example.org:8443/telegram/"
        webhook_listen = "[::1]:80"
        [discord]
        api_url = "http://localhost:8082/api/"
        guild = 18446744073709551615
        """,
    )
    archive, feed = config.sources
    assert config.bot.timezone == ZoneInfo("Asia/Tokyo")
    assert config.store.path == Path("/var/news.db")
    home = str(Path.home() / "more.txt")
    assert archive.paths == (str(tmp_path / "news/*.txt"), "/old/[0-9].txt", home)
    assert archive.max_size == 524_288
    assert archive.source() == Source(
        "prospect", "The Prospect", "archive", timedelta(minutes=1), ("Japan",), 0x1F6FEB
    )
    assert feed.source() == Source("f", "f", "feed", timedelta(minutes=15))
    assert config.telegram.api_url == "http://localhost:8081"
    assert config.telegram.moderators == {5, 6}
    assert config.telegram.webhook_url == "https://news.example.org:8443/telegram"
    assert config.telegram.webhook_listen == "[::1]:80"
    assert config.discord.api_url == "http://localhost:8082/api"
    assert config.discord.guild == 2**64 - 1


def test_signs_in_the_folders_name_are_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "[news]*"
    folder.mkdir()
    source = read(folder, f"[[sources]]\n{ARCHIVE}").sources[0]
    assert source.paths == (f"{tmp_path}/[[]news][*]/a.txt",)


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff[bot]\r\npage_size = 3\r\n").bot.page_size == 3
    assert mistakes(tmp_path, '\ufeff[bot]\r\nlanguage = """\r\na\n"""\r\npage_sise = 1\r\n') == [
        f'config.toml:2: bot.language: {SPOKEN}, got "a\\n"',
        'config.toml:5: bot.page_sise: unknown setting; did you mean "page_size"?',
    ]


def test_topics_of_sources_and_searches_are_one(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        f"""
        [[sources]]\n{ARCHIVE} topics = ["JAPAN", "Asia", "japan"]
        [[topics]]\nname = "Japan"\nquery = "tokyo OR osaka"
        [[topics]]\nname = "Expo"\nquery = "expo"
        [[sources]]\n{FEED} url = "http://f.example"\ntopics = ["asia"]
        """,
    )
    assert config.topics_model() == (
        Topic("Japan", "tokyo OR osaka", frozenset({"a"})),
        Topic("Expo", "expo"),
        Topic("Asia", "", frozenset({"a", "f"})),
    )


def test_the_samples_keep_their_stories_among_the_data(tmp_path: Path) -> None:
    samples, data = tmp_path / "samples", tmp_path / "data"
    samples.mkdir()
    (samples / "config.toml").write_text(f"[[sources]]\n{ARCHIVE}")
    config = sample_config(samples, data, {"DATELINE_DISCORD_TOKEN": TOKEN})
    assert config.store.path == data / "samples.db"
    assert config.sources[0].paths == (str(samples / "a.txt"),)
    assert config.discord.token is not None
    assert config.file is None


# What is wrong with it

MISTAKES = {
    # Settings of the wrong type.
    "[bot]\npage_size = 'five'": '2: bot.page_size: expected a whole number, got "five"',
    "[bot]\npage_size = '5'": '2: bot.page_size: expected a whole number, got "5"',
    "[bot]\npage_size = true": "2: bot.page_size: expected a whole number, got true",
    "[bot]\npage_size = 5.0": "2: bot.page_size: expected a whole number, got 5.0",
    "[bot]\npage_size = [5]": "2: bot.page_size: expected a whole number, got a list",
    "[bot]\npage_size = 2024-01-01": (
        "2: bot.page_size: expected a whole number, got a date or a time"
    ),
    "[bot]\nlanguage = 5": "2: bot.language: expected text in quotes, got 5",
    "[telegram]\nmoderators = 5": (
        "2: telegram.moderators: expected a list in square brackets, got a number"
    ),
    "[discord]\nmoderators = [1,\n 'you']": (
        "3: discord.moderators[1]: expected a whole number, got a text"
    ),
    "store = 'x.db'": "1: store: expected [store] and settings under it, got a text",
    "[sources]\nid = 'x'": "1: sources: expected [[sources]] and settings under it, got a table",
    "sources = [\n 5]": "2: sources[0]: expected a table of settings, got a number",
    # Settings that cannot be as they are.
    "[bot]\npage_size = 11": "2: bot.page_size: expected a whole number from 1 to 10, got 11",
    "[bot]\nlanguage = 'tlh'": f'2: bot.language: {SPOKEN}, got "tlh"',
    "[bot]\ntimezone = 'Tokyo'": (
        '2: bot.timezone: expected a time zone such as "Asia/Tokyo", got "Tokyo"'
    ),
    "[bot]\ntimezone = '../x'": (
        '2: bot.timezone: expected a time zone such as "Europe/London", got "../x"'
    ),
    "[bot]\nreload_cooldown = 30": (
        '2: bot.reload_cooldown: expected a time such as "30s", "15m", "2h" or "1d", got 30'
    ),
    "[store]\npath = ''": "2: store.path: expected the path of a file",
    "[store]\npath = '~nobody-here/x'": (
        "2: store.path: expected a path; its home folder does not exist"
    ),
    "[telegram]\napi_url = 'telegram.org'": (
        "2: telegram.api_url: expected an address that begins with http:// or https://"
    ),
    "[telegram]\napi_url = 'https://[x'": (
        "2: telegram.api_url: expected an address that begins with http:// or https://"
    ),
    f"[[sources]]\n{FEED}url = 'https://x.org'\ntimezone = 'Mars'": (
        '5: sources[0].timezone: expected a time zone such as "Europe/London", got "Mars"'
    ),
    "[[sources]]\nid = 'a'\nkind = 'archive'\npath = 'a.txt'\ntimezone = 'Europe/Oslo'": (
        "5: sources[0].timezone: only a feed can have a timezone; an archive's stories have dates "
        "alone"
    ),
    f"[[sources]]\n{FEED}url = 'https://x.org'\nfull_text = 1": (
        "5: sources[0].full_text: expected true or false, got a number"
    ),
    f"[[sources]]\n{FEED}url = 'https://x.org'\nmax_size = '1MB'": (
        "5: sources[0].max_size: only an archive can have a max_size; for feeds set feeds.max_size"
    ),
    "[feeds]\ncontact = 'me'": "2: feeds.contact: expected a web address or an email address",
    "[feeds]\nallow_hosts = ['a b']": (
        '2: feeds.allow_hosts[0]: expected a host such as "news.example" or "192.168.1.5:8080"'
    ),
    "[telegram]\nmoderators = [-5]": (
        "2: telegram.moderators[0]: expected a user's id, which is a positive whole number"
    ),
    "[telegram]\n\nwebhook_url = 'http://news.example.org/x'": (
        "3: telegram.webhook_url: expected an address that begins with https://"
    ),
    "[telegram]\nwebhook_url = 'https://'": (
        "2: telegram.webhook_url: expected an address that begins with http:// or https://"
    ),
    "[telegram]\nwebhook_url = true": (
        "2: telegram.webhook_url: expected text in quotes, got true or false"
    ),
    **{
        f"[telegram]\nwebhook_listen = '{listen}'": (
            '2: telegram.webhook_listen: expected an address and a port, such as "127.0.0.1:8443"'
        )
        for listen in (
            "",
            "8443",
            ":8443",
            "localhost:",
            "localhost:0",
            "localhost:65536",
            f"localhost:{'9' * 5_000}",
            "localhost:٨٤٤٣",
            "http://localhost:8443",
            "two words:8443",
            "::1:8443",
        )
    },
    "[discord]\napi_url = 'discord.com'": (
        "2: discord.api_url: expected an address that begins with http:// or https://"
    ),
    "[discord]\nguild = -1": (
        "2: discord.guild: expected a server's id, which is a positive whole number, or 0"
    ),
    "[discord]\nguild = 18446744073709551616": (
        "2: discord.guild: expected a server's id, which is a positive whole number, or 0"
    ),
    "[discord]\nguild = '5'": "2: discord.guild: expected a whole number, got a text",
    "[discord]\nwebhook_url = 'https://x'": (
        "2: discord.webhook_url: unknown setting; the settings here are token_file, "
        "moderators, operators, api_url, guild, profile"
    ),
    "[[topics]]\nname = ' '\nquery = 'x'": (
        "2: topics[0].name: expected a name of 1 to 100 characters on one line"
    ),
    "[[topics]]\nname = 'x'\nquery = '-'": (
        "3: topics[0].query: expected at least one word to search for"
    ),
    "[[topics]]\nname = 'x'\nquery = 'rail since:2d in:title'": (
        "3: topics[0].query: a saved search cannot use since:, only words and in:title"
    ),
    f"[[topics]]\nname = 'x'\nquery = '{'x' * 1_001}'": (
        "3: topics[0].query: expected at most 1,000 characters"
    ),
    f"[[sources]]\n{ARCHIVE}every = '59s'": (
        '5: sources[0].every: expected a time of at least 1m, got "59s"'
    ),
    f"[[sources]]\n{ARCHIVE}max_size = '1B'": (
        '5: sources[0].max_size: expected a size of at least 1KB, got "1B"'
    ),
    f"[[sources]]\n{ARCHIVE}colour = 'blue'": (
        '5: sources[0].colour: expected a colour such as "#1F6FEB"'
    ),
    f"[[sources]]\n{ARCHIVE}date_from = 'mtime'": (
        '5: sources[0].date_from: expected "none", "name", "file" or "before", got "mtime"'
    ),
    f"[[sources]]\n{FEED}path = 'x'\ndate_from = 'file'": (
        "5: sources[0].date_from: only an archive can have a date_from; a feed brings its own dates"
    ),
    f"[[sources]]\n{ARCHIVE}encoding = 'base64'": (
        '5: sources[0].encoding: expected a text encoding such as "utf-8" or "cp1252", got "base64"'
    ),
    "[[sources]]\nid = 'A b'\nkind = 'archive'\npath = 'x'": (
        '2: sources[0].id: expected up to 32 lowercase letters, digits, "-" and "_", '
        'starting with a letter or digit, got "A b"'
    ),
    "[[sources]]\nid = 'a'\nkind = 'atom'": (
        '3: sources[0].kind: expected "archive", "feed" or "page", got "atom"'
    ),
    "[[sources]]\nid = 'a'\nkind = 'archive'\npath = 5": (
        "4: sources[0].path: expected a path in quotes, or a list of them"
    ),
    "[[sources]]\nid = 'a'\nkind = 'archive'\npath = []": (
        "4: sources[0].path: expected at least one path"
    ),
    "[[sources]]\nid = 'a'\nkind = 'archive'\npath = ['x', 5]": (
        "4: sources[0].path[1]: expected text in quotes, got a number"
    ),
    # Settings that are missing, unknown or out of place.
    "\n\n[[topics]]\nname = 'x'": "3: topics[0].query: this setting is required",
    f"[[sources]]\n{ARCHIVE}evry = '15m'": (
        '5: sources[0].evry: unknown setting; did you mean "every"?'
    ),
    "[telegrm]": '1: telegrm: unknown setting; did you mean "telegram"?',
    "page_size = 5": "1: page_size: unknown setting here; it belongs under [bot]",
    "kind = 'feed'": "1: kind: unknown setting here; it belongs under [[sources]]",
    "file = 'x'": (f"1: file: unknown setting; the settings here are {', '.join(TABLES)}"),
    '[store]\n"two\\nlines" = 1': (
        '2: store."two\\nlines": unknown setting; '
        "the settings here are path, url, keep, keep_stories"
    ),
    # Settings that do not go together.
    "[[sources]]\nid = 'a'\nkind = 'archive'": (
        '1: sources[0].path: an archive needs a path, such as path = "news/*.txt"'
    ),
    f"[[sources]]\n{ARCHIVE}url = 'http://x'": (
        '5: sources[0].url: only a feed can have a url; did you mean kind = "feed"?'
    ),
    f"[[sources]]\n{PAGE}": (
        "1: sources[0].url: a page needs a url, such as https://example.org/news"
    ),
    f"[[sources]]\n{PAGE}path = 'x'\nurl = 'https://x.org'": (
        '4: sources[0].path: a page is read from its url; for saved feeds set kind = "feed"'
    ),
    f"[[sources]]\n{PAGE}url = 'https://x.org'\nlink = 'http://x'": (
        "5: sources[0].link: only an archive can have a link; a page's stories bring their own"
    ),
    f"[[sources]]\n{PAGE}url = 'https://x.org'\nmax_size = '1MB'": (
        "5: sources[0].max_size: only an archive can have a max_size; for pages set feeds.max_size"
    ),
    f"[[sources]]\n{PAGE}url = 'https://x.org'\ndate_from = 'name'": (
        "5: sources[0].date_from: only an archive can have a date_from; a page shows its own dates"
    ),
    f"[[sources]]\n{PAGE}url = 'https://x.org'\nencoding = 'utf-8'": (
        "5: sources[0].encoding: only an archive can have an encoding; a page declares its own"
    ),
    f"[[sources]]\n{FEED}": "1: sources[0].url: a feed needs a url, or the path of a saved feed",
    f"[[sources]]\n{FEED}url = 'http://x'\npath = 'x'": (
        "5: sources[0].path: a feed can have a url or a path, not both"
    ),
    f"[[sources]]\n{FEED}path = 'x'\nlink = 'http://x'": (
        "5: sources[0].link: only an archive can have a link; a feed's stories bring their own"
    ),
    f"[[sources]]\n{FEED}path = 'x'\nencoding = 'utf-8'": (
        "5: sources[0].encoding: only an archive can have an encoding; a feed declares its own"
    ),
    f"[[sources]]\n{ARCHIVE}[[sources]]\n{ARCHIVE}": (
        "6: sources[1].id: already used on line 2; it must be unique"
    ),
    "topics = [\n{name = 'Expo', query = 'x'},\n{name = ' EXPO', query = 'y'}]": (
        "3: topics[1].name: already used on line 2; it must be unique"
    ),
}


@pytest.mark.parametrize(("text", "problem"), MISTAKES.items())
def test_mistakes(tmp_path: Path, text: str, problem: str) -> None:
    assert mistakes(tmp_path, text) == [f"config.toml:{problem}"]


SYNTAX = {
    "a = 1\nb": "2:2: expected key = value",
    "[bot]\nlanguage = en": (
        "2:12: expected a value: text in quotes, a number, true, false or a [list]"
    ),
    "a = 1\nb = '''x\n\n": "2:5: the closing quotes are missing",
    'a = """x\nb = 1\n': "2:6: the closing quotes are missing",
    'a = "x': "1:7: the closing quotes are missing",
    'a = "x\nb = 1': "1:7: the closing quotes are missing",
    "a = 'x\nb = 1": "1:5: the closing quotes are missing",
    'a = "C:\\news"\n': None,
    'a = "C:\\data"\n': "1:10: double the \\ in this text, or put the text in 'single quotes'",
    'a = "C:\\Users"': "1:10: double the \\ in this text, or put the text in 'single quotes'",
    "a = 1\na = 2": "2:6: this key or table is already set above",
    "[a]\n[a]": "2:3: this table is already set above",
    "a = [1,\n2\n\n": "2:2: expected a , or the ] that ends the list",
    "a = 1 2": "1:7: expected nothing more on this line (unquoted text?)",
    "a = 2023-02-31": "1:5: there is no such date or time",
    "a = 'x\0'": "1:7: there is an invisible character here; remove it",
    f"a = {'1' * 5_000}": " a number in this file is far too long",
    f"a = {'[' * 5_000}": " lists or tables are nested too deeply",
}


@pytest.mark.parametrize(("text", "problem"), SYNTAX.items())
def test_what_is_no_toml_is_told_with_its_place(
    tmp_path: Path, text: str, problem: str | None
) -> None:
    if problem is None:
        problem = "1: a: unknown setting; the settings here are " + ", ".join(Config.settings())
    assert mistakes(tmp_path, text) == [f"config.toml:{problem}"]


def test_every_mistake_is_found_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        f"""[bot]
page_size = 0
langage = "en"
[[sources]]
{ARCHIVE}
every = "soon"
[[sources]]
id = "a"
kind = "feed"
[telegram]
token_file = "no.txt"
""",
        {"DATELINE_DISCORD_TOKEN": "two words"},
    )
    places = [line.partition(": ")[0] for line in found]
    assert places == ["environment", *(f"config.toml:{line}" for line in (2, 3, 9, 10, 11, 14))]


def test_a_problem_says_what_it_knows_of_its_place() -> None:
    assert str(ConfigProblem(12, "bot.x", "no", "config.toml")) == "config.toml:12: bot.x: no"
    assert str(ConfigProblem(12, "", "no", "config.toml", 3)) == "config.toml:12:3: no"
    assert str(ConfigProblem(None, "", "no", "config.toml")) == "config.toml: no"


def test_a_link_is_judged_by_who_knows_templates(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[[sources]]\n{ARCHIVE}link = '{{slag}}'")

    def refuse(template: str) -> None:
        raise ValueError(f"no field in {template};\nthere is {{slug}}")

    assert read_config(path, {}).sources[0].link == "{slag}"
    with pytest.raises(ConfigMistakes) as refusal:
        read_config(path, {}, check_link=refuse)
    assert (
        str(refusal.value) == f"{path}:5: sources[0].link: no field in {{slag}}; there is {{slug}}"
    )


# Files that are no configuration


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "huge").write_bytes(b"#" * 10 * 1024**2)
    (tmp_path / "latin").write_bytes(b"a = 1\nb = '\xe9'\n")
    (tmp_path / "utf-16").write_text("a = 1", encoding="utf-16")
    for name, problem in {
        "loop": ": could not be read: Too many levels of symbolic links",
        "huge": f": larger than {MAX_CONFIG // 1024:,} KB",
        "latin": ":2: this is not UTF-8 text; save the file as UTF-8",
        "utf-16": ":1: this is not UTF-8 text; save the file as UTF-8",
        "none": ": there is no such file",
        ".": ": this is a folder, not a file",
        "latin/x": ": could not be read: Not a directory",
    }.items():
        path = tmp_path / name
        with pytest.raises(ConfigMistakes) as refusal:
            read_config(path, {})
        assert str(refusal.value) == f"{path}{problem}"


# Tokens


def test_the_environment_wins_over_the_token_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\ufeff from-file\n", encoding="utf-8")
    text = "[telegram]\ntoken_file = 'token'\n[discord]\ntoken_file = ''"
    config = read(tmp_path, text, {"DATELINE_TELEGRAM_TOKEN": f" {TOKEN}\n"})
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == TOKEN
    config = read(tmp_path, text, {"DATELINE_TELEGRAM_TOKEN": " "})
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == "from-file"
    assert config.telegram.token_file == tmp_path / "token"
    assert config.discord.token is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b" \n", "the file is empty"),
        (b"x" * (MAX_TOKEN_FILE + 1), "larger than 4 KB"),
        (b"\xff\xfe", "this is not UTF-8 text; save the file as UTF-8"),
        (b"two words", "this is not a token: it contains spaces or unusual characters"),
        (None, "there is no such file"),
    ],
)
def test_a_token_file_that_will_not_do(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    hint = "token_file must name a file that contains only the token"
    assert mistakes(tmp_path, "[discord]\n\ntoken_file = 'token'") == [
        f"config.toml:3: discord.token_file: {reason}; {hint}"
    ]


def test_a_variable_that_holds_no_token(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "", {"DATELINE_TELEGRAM_TOKEN": f"Bot {TOKEN}"}) == [
        (
            "environment: DATELINE_TELEGRAM_TOKEN: this is not a token: it contains spaces or "
            "unusual characters"
        )
    ]


def test_a_token_does_not_belong_in_the_file(tmp_path: Path) -> None:
    assert mistakes(tmp_path, f"[telegram]\ntoken = '{TOKEN}'\n[discord]\ntoken = 5") == [
        f"config.toml:{line}: {name}.token: a token must not be in this file; set "
        f"DATELINE_{name.upper()}_TOKEN in the environment, or token_file"
        for line, name in ((2, "telegram"), (4, "discord"))
    ]


def test_no_form_of_the_configuration_shows_a_token(tmp_path: Path) -> None:
    config = read(tmp_path, "", {"DATELINE_TELEGRAM_TOKEN": TOKEN})
    for one in (config, config.telegram, config.telegram.token):
        assert TOKEN not in f"{one} {one!r} {one!s:>9999}"
    for one in (config, config.telegram):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(one)


@pytest.mark.parametrize(
    "text",
    [
        f"[telegram]\ntoken = '{TOKEN}'",
        f"[telegram]\ntoken = {TOKEN}",
        f"[telegram]\ntoken = '{TOKEN}",
        f"[telegram]\ntoken_file = '{TOKEN}'",
        f"[telegram]\ntoken_file = '{TOKEN}/x\\u0000'",
        f"[telegram]\nmoderators = ['{TOKEN}']",
        f"[telegram]\napi_url = '{TOKEN}'",
        f"[telegram]\nwebhook_url = '{TOKEN}'\nwebhook_listen = '{TOKEN}'",
        f"[discord]\napi_url = '{TOKEN}'\nguild = '{TOKEN}'",
        f"[bot]\nlanguage = '{TOKEN}'\ntimezone = '{TOKEN}'",
        f"telegram = '{TOKEN}'",
        f"[[sources]]\nid = '{TOKEN}'\nkind = '{TOKEN}'\nevery = '{TOKEN}'\nurl = '{TOKEN}'",
    ],
)
def test_no_error_shows_a_token_wherever_it_was_put(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigMistakes) as refusal:
        read_config(path, {})
    error = refusal.value
    assert TOKEN not in "".join(traceback.format_exception(error)) + repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_file_that_is_no_text_is_not_carried_along_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(f"[telegram]\ntoken = '{TOKEN}' # \xe9".encode("latin-1"))
    with pytest.raises(ConfigMistakes) as refusal:
        read_config(path, {})
    assert refusal.value.__context__ is None


# Anything at all

KEYS = [key for table in TABLES.values() for key in table.settings()] + ["token", "file", TOKEN, ""]
VALUES = st.recursive(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=30),
        st.sampled_from([TOKEN, "archive", "feed", "15m", "64MB", "a", "~", "\0", "http://["]),
        st.integers(-(2**70), 2**70),
        st.booleans(),
        st.floats(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    ),
)
ELEMENTS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6)
DOCUMENTS = st.dictionaries(
    st.sampled_from([*TABLES, *KEYS]), st.one_of(ELEMENTS, st.lists(ELEMENTS, max_size=3), VALUES)
)


BROKEN = (
    '[bot]\npage_size = 5\n[[topics]]\nname = \'x\' # y\nquery = """a\\n"""\nt = [{a = 1.5e3}]\n'
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {toml(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower()


@given(document=DOCUMENTS)
def test_any_document_is_read_or_refused_in_our_own_words(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    text = "\n".join(f'"{key}" = {toml(value)}' for key, value in document.items())
    path.write_text(text, encoding="utf-8", newline="")
    for problem in problems_of(path):
        assert problem.line is not None
        assert str(problem).isprintable()
        assert TOKEN not in str(problem)
        assert not problem.message.startswith(("Input", "Value error", "expected another kind"))


@given(st.data())
def test_any_slip_of_the_keyboard_is_read_or_placed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(BROKEN)))
    gone = data.draw(st.integers(0, 3))
    typed = data.draw(st.text(st.sampled_from("[]{}'\"\\#=,.\n\0 x1-_"), max_size=3))
    path = tmp_path_factory.getbasetemp() / "slip.toml"
    path.write_text(BROKEN[:at] + typed + BROKEN[at + gone :], newline="")
    for problem in problems_of(path):
        assert problem.line is not None
        assert str(problem).isprintable()
        assert problem.message != "this is not TOML"


def problems_of(path: Path) -> Sequence[ConfigProblem]:
    try:
        read_config(path, {})
    except ConfigMistakes as error:
        return error.problems
    return ()
