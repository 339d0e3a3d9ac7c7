"""`dateline import` and `dateline export`, in a process of their own on real files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><body>
  <outline text="Towns">
    <outline type="rss" text="The &quot;Gullhaven&quot; Lantern" xmlUrl="https://l.example/rss"/>
    <outline type="rss" text="Known" xmlUrl="http://www.known.example/feed/"/>
  </outline>
  <outline type="rss" text="Café" xmlUrl="https://c.example/"/>
</body></opml>
"""

CONFIG = """\
# Mine.  \t
[[sources]]  # the first
id = "known"
kind = 'feed'
url = "https://known.example/feed"

[bot]
page_size = 3 # no new line here"""

ADDED = """
[[sources]]
id = "the-gullhaven-lantern"
kind = "feed"
name = "The \\"Gullhaven\\" Lantern"
url = "https://l.example/rss"
topics = ["Towns"]

[[sources]]
id = "cafe"
kind = "feed"
name = "Café"
url = "https://c.example/"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "feeds.opml").write_bytes(OPML.encode())
    return tmp_path


@pytest.fixture
def config(home: Path) -> Path:
    path = home / "config.toml"
    path.write_bytes(CONFIG.encode())
    return path


@pytest.fixture
def run(home: Path) -> Run:
    own = {"DATELINE_CONFIG", "DATELINE_TELEGRAM_TOKEN", "DATELINE_DISCORD_TOKEN"}
    kept = {name: value for name, value in os.environ.items() if name not in own}

    def run(
        *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            input=stdin,
            capture_output=True,
            cwd=home,
            env={**kept, "XDG_DATA_HOME": str(home / "data"), **environment},
            timeout=60,
            check=False,
        )

    return run


def settings(path: Path) -> set[str]:
    return {one["id"] for one in tomllib.loads(path.read_text("utf-8"))["sources"]}


def left_over(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if path.name.startswith("."))


def test_new_feeds_go_to_the_end_and_nothing_else_changes(
    run: Run, home: Path, config: Path
) -> None:
    config.chmod(0o640)
    done = run("import", "feeds.opml")
    assert done.stdout.decode() == "config.toml: 2 feeds added, 1 already known\n"
    assert (done.returncode, done.stderr) == (0, b"")
    assert config.read_text("utf-8") == f"{CONFIG}\n{ADDED}"
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert left_over(home) == []
    assert run("check").returncode == 0


def test_a_second_time_there_is_nothing_to_add(run: Run, config: Path) -> None:
    run("import", "feeds.opml")
    before = config.stat()
    again = run("import", "feeds.opml")
    assert again.stdout.decode() == "config.toml: 0 feeds added, 3 already known\n"
    assert (config.stat().st_ino, config.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_windows_lines_and_a_byte_order_mark_stay(run: Run, config: Path) -> None:
    old = b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode() + b"\r\n"
    config.write_bytes(old)
    assert run("import", "feeds.opml").returncode == 0
    assert config.read_bytes() == old + ADDED.replace("\n", "\r\n").encode()
    assert run("check").returncode == 0


def test_a_dry_run_prints_and_changes_nothing(run: Run, home: Path, config: Path) -> None:
    done = run("import", "--dry-run", "feeds.opml")
    assert done.stdout.decode() == ADDED.removeprefix("\n")
    assert done.stderr.decode() == "config.toml: 2 feeds would be added, 1 already known\n"
    assert config.read_text("utf-8") == CONFIG
    config.unlink()
    assert run("import", "--dry-run", "feeds.opml").returncode == 0
    assert sorted(path.name for path in home.iterdir()) == ["feeds.opml"]


def test_a_configuration_is_made_where_there_is_none(run: Run, home: Path) -> None:
    assert run("import", "-", stdin=OPML.encode()).returncode == 0
    assert settings(home / "config.toml") == {"the-gullhaven-lantern", "known", "cafe"}
    (home / "there").mkdir()
    run("--config", "there/my.toml", "import", "feeds.opml")
    run("import", "feeds.opml", DATELINE_CONFIG="named.toml")
    made = (home / "config.toml").read_bytes()
    assert (home / "there/my.toml").read_bytes() == (home / "named.toml").read_bytes() == made
    assert run("--config", "there/my.toml", "check").returncode == 0
    assert run("--config", "nowhere/my.toml", "import", "feeds.opml").returncode == 3


def test_a_symbolic_link_is_followed_and_paths_start_where_it_is(
    run: Run, home: Path, config: Path
) -> None:
    (home / "elsewhere").mkdir()
    (home / "token").write_text("123456:" + "x" * 35, "utf-8")
    config.unlink()
    real = home / "elsewhere" / "real.toml"
    real.write_text('[telegram]\ntoken_file = "token"\n', "utf-8")
    config.symlink_to("elsewhere/real.toml")
    done = run("import", "feeds.opml")
    assert (done.returncode, done.stderr) == (0, b"")
    assert config.is_symlink()
    assert "cafe" in settings(real)
    assert [path.name for path in real.parent.iterdir()] == ["real.toml"]


def test_a_link_to_nothing_is_refused(run: Run, config: Path) -> None:
    config.unlink()
    config.symlink_to("nowhere")
    refused = run("import", "feeds.opml")
    assert refused.returncode == 3
    assert refused.stderr == b"dateline: config.toml: there is no such file\n"


def test_what_cannot_be_used_is_told_and_the_rest_is_added(
    run: Run, home: Path, config: Path
) -> None:
    bad = '<outline text="Old" xmlUrl="ftp://o.example/"/>\n<outline type="rss"/>\n</body>'
    (home / "feeds.opml").write_text(OPML.replace("</body>", bad), "utf-8")
    done = run("import", "feeds.opml")
    assert done.returncode == 5
    reason = "expected an address that begins with http:// or https://"
    assert done.stdout.decode().splitlines() == [
        "config.toml: 2 feeds added, 1 already known, 2 could not be used:",
        f"  line 8: “Old”, ftp://o.example/: {reason}",
        "  line 9: “untitled”: it has no address",
    ]
    assert settings(config) == {"known", "the-gullhaven-lantern", "cafe"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my diary", "feeds.opml: this is not OPML: line 1, column 1: syntax error"),
        ("<html/>", "feeds.opml: this is not OPML: it begins with <html>"),
        (" " * 6_000_000, "feeds.opml: larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_list(run: Run, home: Path, config: Path, text: str, told: str) -> None:
    (home / "feeds.opml").write_text(text, "utf-8")
    refused = run("import", "feeds.opml")
    assert refused.returncode == 5
    assert refused.stderr.decode() == f"dateline: {told}\n"
    assert config.read_text("utf-8") == CONFIG
    assert run("import", "-", stdin=text.encode()).stderr.startswith(b"dateline: <stdin>: ")


def test_a_file_that_is_not_there_is_a_mistaken_command(run: Run, home: Path) -> None:
    refused = run("import", "no.opml")
    assert refused.returncode == 2
    assert b"no.opml" in refused.stderr
    assert run("import", str(home)).returncode == 2
    assert run("import").returncode == 2


def test_a_mistaken_configuration_is_not_touched(run: Run, home: Path, config: Path) -> None:
    config.write_text("[bot]\npage_size = 0\n", "utf-8")
    refused = run("import", "feeds.opml")
    assert refused.returncode == 3
    assert refused.stderr.startswith(b"dateline: config.toml:2: bot.page_size: ")
    assert config.read_text("utf-8") == "[bot]\npage_size = 0\n"
    assert left_over(home) == []


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_configuration_that_takes_no_sources_at_its_end_stays_as_it_was(
    run: Run, home: Path, config: Path, more: tuple[str, ...]
) -> None:
    config.write_text("sources = []\n", "utf-8")
    refused = run("import", *more, "feeds.opml")
    assert refused.returncode == 3
    assert refused.stdout == b""
    assert refused.stderr.decode() == (
        "dateline: config.toml: nothing was added, because the result could not be read: "
        "this table is already complete above\n"
    )
    assert config.read_text("utf-8") == "sources = []\n"
    assert left_over(home) == []


def test_a_configuration_that_would_grow_too_large_stays_as_it_was(
    run: Run, home: Path, config: Path
) -> None:
    config.write_text("# " + "x" * (1024 * 1024 - 3) + "\n", "utf-8")
    refused = run("import", "feeds.opml")
    assert refused.returncode == 3
    assert b"larger than 1,024 KB" in refused.stderr
    assert config.stat().st_size == 1024 * 1024
    assert left_over(home) == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's files as Linux does")
def test_a_full_disk_loses_nothing(run: Run, home: Path, config: Path) -> None:
    config.write_text("#".ljust(98 * 1024 - 10, "x") + "\n", "utf-8")  # the next ten bytes fit
    before = config.read_bytes()
    command = f'ulimit -f 98; exec "{sys.executable}" -m bot.cli import feeds.opml'
    refused = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 - wherever the shell is
        capture_output=True,
        cwd=home,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 3
    assert (
        refused.stderr.decode() == "dateline: config.toml: could not be written: File too large\n"
    )
    assert config.read_bytes() == before
    assert left_over(home) == []
    assert run("import", "feeds.opml").returncode == 0


def test_what_is_exported_brings_nothing_new(run: Run, home: Path, config: Path) -> None:
    run("import", "feeds.opml")
    before = config.read_bytes()
    exported = run("export")
    assert exported.returncode == 0
    assert exported.stdout.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "<head><title>Dateline</title></head>\n"
        "<body>\n"
        '  <outline type="rss" text="known" title="known" xmlUrl="https://known.example/feed"/>\n'
        '  <outline type="rss" text="Café" title="Café" xmlUrl="https://c.example/"/>\n'
        '  <outline text="Towns" title="Towns">\n'
        '    <outline type="rss" text=\'The "Gullhaven" Lantern\' '
        'title=\'The "Gullhaven" Lantern\' xmlUrl="https://l.example/rss"/>\n'
        "  </outline>\n"
        "</body>\n"
        "</opml>\n"
    )
    again = run("import", "-", stdin=exported.stdout)
    assert again.stdout == b"config.toml: 0 feeds added, 3 already known\n"
    assert config.read_bytes() == before
    told = run("export", "-o", "out.opml", PYTHONIOENCODING="ascii")
    assert told.stdout == b"out.opml: 3 feeds written\n"
    assert (home / "out.opml").read_bytes() == exported.stdout
    assert run("export", PYTHONIOENCODING="ascii").stdout == exported.stdout


def test_only_feeds_with_an_address_are_exported(run: Run, home: Path, config: Path) -> None:
    saved = '[[sources]]\nid = "s"\nkind = "feed"\npath = "x.xml"\n'
    page = '[[sources]]\nid = "p"\nkind = "page"\nurl = "https://example.org/news"\n'
    archive = '[[sources]]\nid = "a"\nkind = "archive"\npath = "x.txt"\n'
    config.write_text(saved + page + archive, "utf-8")
    exported = run("export", "-o", "out.opml")
    assert exported.stdout == b"out.opml: 0 feeds written\n"
    assert b"<outline" not in (home / "out.opml").read_bytes()
    refused = run("export", "-o", "nowhere/out.opml")
    assert refused.returncode == 2
    assert b"nowhere/out.opml: No such file or directory" in refused.stderr


@pytest.mark.usefixtures("config")
def test_an_export_replaces_a_file_only_by_force(run: Run, home: Path) -> None:
    (home / "mine.opml").write_text("my own notes", "utf-8")
    (home / "nowhere.opml").symlink_to("gone.opml")
    for name in ("mine.opml", "nowhere.opml"):
        refused = run("export", "-o", name)
        assert refused.returncode == 2
        assert f"{name} exists already, and was not changed; --force replaces it" in (
            refused.stderr.decode()
        )
    assert (home / "mine.opml").read_text("utf-8") == "my own notes"
    assert not (home / "gone.opml").exists()

    assert run("export", "--force", "-o", "mine.opml").returncode == 0
    assert (home / "mine.opml").read_bytes() == run("export").stdout
    assert left_over(home) == []


@pytest.mark.usefixtures("config")
def test_an_export_may_go_to_what_is_no_file(run: Run) -> None:
    told = run("export", "-o", "/dev/stdout")
    assert told.stdout == run("export").stdout + b"/dev/stdout: 1 feed written\n"
