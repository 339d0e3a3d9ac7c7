"""The `dateline` command, as a person or a script meets it: in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click import Group
from click.testing import CliRunner

from bot import __version__
from bot.cli.main import main

pytestmark = pytest.mark.process

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ARCHIVE = """\
Bridge opens at last

SÃO PAULO, Nov. 2, 2026—The bridge opened. It was late.

It cost more than planned.

JD.

###

Crematorium sold to a café

LYON, Oct. 30, 2026 -- Nobody knows why. The café is silent.

###

A title without a dateline

And its text.

###
"""

CONFIG = """\
[[sources]]
id = "lantern"
name = "The Lantern"
kind = "archive"
path = "news/*.txt"
link = "https://example.org/{date:%Y/%m/%d}/{slug}/"
topics = ["Towns"]

[[topics]]
name = "Bridges"
query = "bridge OR bridges"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(ARCHIVE, encoding="utf-8")
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def _environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    own = {"DATELINE_CONFIG", "DATELINE_TELEGRAM_TOKEN", "DATELINE_DISCORD_TOKEN"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    folders = {"XDG_DATA_HOME": str(home / "data"), "XDG_STATE_HOME": str(home / "state")}
    return {**kept, **folders, "NO_COLOR": "1", "COLUMNS": "100", **more}


@pytest.fixture
def run(home: Path) -> Run:
    """Runs the command in the folder of the configuration."""

    def run(
        *arguments: str, stdin: str = "", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=cwd or home,
            env=_environment(home, environment),
            timeout=60,
            check=False,
        )

    return run


def _objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_rebuild_makes_summaries_of_another_length_anew(run: Run, home: Path) -> None:
    sentences = [f"The bridge number {n} of the town opened on day {n}{n}." for n in range(30)]
    text = ARCHIVE.replace("The bridge opened.", " ".join(sentences))
    (home / "news" / "a.txt").write_text(text, encoding="utf-8")
    run("load")
    first = run("rebuild").stdout
    assert "dateline.db: 0 summaries made anew\n" in first
    assert "stories put into events\n" in first  # as many as the load did not wait for

    (home / "config.toml").write_text(f"[bot]\nsummary_length = 100\n{CONFIG}", encoding="utf-8")
    second = run("rebuild").stdout
    assert "dateline.db: 2 summaries made anew\n" in second
    assert "dateline.db: 0 stories put into events\n" in second
    (reply,) = _objects(run("ask", "--json", "/search bridge").stdout)
    assert 0 < len(reply["stories"][0]["summary"]) <= 100
    first = run("rebuild").stdout
    assert "dateline.db: 0 summaries made anew\n" in first
    assert "stories put into events\n" in first  # as many as the load did not wait for


def test_rebuild_finds_the_subjects_of_stories_once_they_are_switched_on(
    run: Run, home: Path
) -> None:
    config = CONFIG.replace('topics = ["Towns"]', "")
    text = ARCHIVE.replace("The bridge opened.", "The striker's goals won the match for the team.")
    (home / "news" / "a.txt").write_text(text, encoding="utf-8")
    (home / "config.toml").write_text(f"[bot]\nsubjects = false\n{config}", encoding="utf-8")
    run("load")
    assert "subjects" not in run("rebuild").stdout
    assert "Sports" not in run("ask", "/topics").stdout

    (home / "config.toml").write_text(config, encoding="utf-8")
    assert "subjects of 2 stories found anew" in run("rebuild").stdout
    assert "subjects of 0 stories found anew" in run("rebuild").stdout
    assert "Sports" in run("ask", "/topics").stdout


def test_load_reports_what_is_new_and_then_what_is_unchanged(run: Run) -> None:
    first = run("load")
    assert first.returncode == 5
    lines = first.stdout.splitlines()
    assert lines[0] == "lantern: 2 new, 0 changed, 0 unchanged, 1 unreadable"
    line = ARCHIVE.splitlines().index("A title without a dateline") + 1
    assert f"a.txt:{line}: no dateline such as " in lines[1]
    again = run("load", "lantern")
    assert again.stdout.startswith("lantern: 0 new, 0 changed, 2 unchanged, 1 unreadable")


def test_load_of_a_folder_of_posts_says_what_is_left_out(run: Run, home: Path) -> None:
    (home / "blog").mkdir()
    for name, line in (("a", "draft: true"), ("b", "draft: false"), ("c", "layout: page")):
        post = f"---\ntitle: Post {name}\ndate: 2024-03-05\n{line}\n---\nText.\n"
        (home / "blog" / f"{name}.md").write_text(post, "utf-8")
    (home / "config.toml").write_text(
        '[[sources]]\nid = "blog"\nkind = "archive"\npath = "blog"\n', "utf-8"
    )
    done = run("load")
    assert done.stdout.splitlines() == [
        "blog: 1 new, 0 changed, 0 unchanged, 0 unreadable",
        "  left out: 1 draft, 1 page",
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_load_finds_an_edited_story_changed(run: Run, home: Path) -> None:
    run("load")
    archive = home / "news" / "a.txt"
    archive.write_text(
        ARCHIVE.replace("It was late.", "It was early.").split("A title")[0], "utf-8"
    )
    edited = run("load")
    assert edited.stdout == "lantern: 0 new, 1 changed, 1 unchanged, 0 unreadable\n"
    assert edited.returncode == 0
    assert "It was early." in run("ask", "/search bridge").stdout


def test_load_of_an_unknown_source_offers_the_nearest(run: Run) -> None:
    refused = run("load", "lanten")
    assert refused.returncode == 2
    assert 'there is no source "lanten"; did you mean lantern?' in refused.stderr
    unlike = run("load", "nosuch")
    assert 'there is no source "nosuch"; the sources are lantern' in unlike.stderr


def test_without_sources_it_says_how_to_add_some(run: Run, home: Path) -> None:
    (home / "config.toml").write_text("", "utf-8")
    for command in ("check", "load"):
        done = run(command)
        assert "no sources yet: add a [[sources]] table" in done.stdout
        assert done.returncode == 0


def test_ask_answers_one_line_and_loads_by_itself_at_first(run: Run) -> None:
    answered = run("ask", "/latest")
    assert answered.returncode == 0
    assert "1. Bridge opens at last" in answered.stdout
    assert "SÃO PAULO · The Lantern · Nov 2, 2026  #Bridges  #Towns" in answered.stdout
    assert "1 unreadable" in answered.stderr
    assert "The café is silent." in run("ask", "/read 2").stdout


def test_ask_ends_with_6_when_it_could_not_answer(run: Run) -> None:
    refused = run("ask", "/lates")
    assert refused.returncode == 6
    assert "There is no command /lates." in refused.stdout
    assert "/latest" in refused.stdout


def test_the_json_is_what_the_readme_says(run: Run) -> None:
    (reply,) = _objects(run("ask", "--json", "/search bridge").stdout)
    ms = reply.pop("ms")
    assert 0 < ms < 60_000
    (story,) = reply.pop("stories")
    story_id, score = story.pop("id"), story.pop("score")
    assert 0 < score <= 1
    assert story == {
        "number": 1,
        "title": "Bridge opens at last",
        "url": "https://example.org/2026/11/02/bridge-opens-at-last/",
        "image": None,
        "image_alt": "",
        "enclosures": [],
        "source": "lantern",
        "also": [],
        "told_by": [],
        "published": "2026-11-02",
        "place": "SÃO PAULO",
        "byline": "JD.",
        "summary": "The bridge opened. It was late. It cost more than planned.",
        "topics": ["Bridges", "Towns"],
        "categories": [],
        "language": "",
        "heading": "",
        "snippet": {
            "text": "The bridge opened. It was late. It cost more than planned.",
            "marks": [[4, 10]],
        },
    }
    assert reply == {
        "command": "search",
        "ok": True,
        "text": "Stories about “bridge”",
        "more": [],
        "page": 1,
        "pages": 1,
        "notes": [],
        "buttons": [
            {"label": "Bridge opens at last", "role": "read", "command": f"/read story:{story_id}"}
        ],
    }


def test_ask_answers_every_line_of_its_input(run: Run) -> None:
    asked = "/latest\n\n/read 2\n/nothing\n/topics\nbridg\n"
    answers = run("ask", "--json", stdin=asked)
    assert answers.returncode == 0
    replies = _objects(answers.stdout)
    assert [reply["command"] for reply in replies] == [
        "latest",
        "read",
        "nothing",
        "topics",
        "search",
    ]
    assert [reply["ok"] for reply in replies] == [True, True, False, True, True]
    assert "Nobody knows why." in replies[1]["text"]
    assert [button["command"] for button in replies[3]["buttons"]] == [
        "/topic name:Towns",
        "/topic name:Bridges",
        "/topic name:Crematorium",
    ]
    assert replies[4]["stories"][0]["title"] == "Bridge opens at last"


def test_what_a_button_says_can_be_asked(run: Run) -> None:
    (reply,) = _objects(run("ask", "--json", "/topics").stdout)
    lines = "\n".join(button["command"] for button in reply["buttons"])
    replies = _objects(run("ask", "--json", stdin=lines).stdout)
    assert [len(one["stories"]) for one in replies] == [2, 1, 1]


def test_reload_works_in_the_terminal_without_a_pause(run: Run) -> None:
    replies = _objects(run("ask", "--json", stdin="/reload\n/reload").stdout)
    assert "The Lantern — 2 unchanged, 1 unreadable" in replies[0]["text"]
    assert replies[1]["text"] == replies[0]["text"]


def test_chat_reads_plain_lines_when_there_is_no_terminal(run: Run) -> None:
    talk = run("chat", stdin="/latest\n2\n/search crematorum\n")
    assert talk.returncode == 0
    assert "> /latest" in talk.stdout
    assert "Nobody knows why." in talk.stdout
    assert "Showing results for “crematorium”." in talk.stdout
    assert "\x1b" not in talk.stdout


def test_without_a_configuration_the_samples_are_served(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    topics = run("ask", "/topics", cwd=empty)
    assert topics.returncode == 0
    assert "Climate" in topics.stdout
    assert list(empty.iterdir()) == []
    assert (tmp_path / "data" / "dateline" / "samples.db").exists()
    assert run("check", cwd=empty).returncode == 0


@pytest.mark.parametrize(
    "asked",
    [
        "/latest",
        "/topic climate",
        "/topic transport",
        "/search storm",
        "/sources",
        "/read 1",
        "/help",
    ],
)
def test_the_samples_have_something_for_every_command(run: Run, tmp_path: Path, asked: str) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (reply,) = _objects(run("ask", "--json", asked, cwd=empty).stdout)
    assert reply["ok"]
    assert reply["stories"] or reply["buttons"]


def test_check_names_every_mistake_with_its_line(run: Run, home: Path) -> None:
    (home / "config.toml").write_text('[bot]\nlanguge = "en"\npage_size = "5"\n', "utf-8")
    refused = run("check")
    assert refused.returncode == 3
    assert refused.stdout == ""
    first, second = refused.stderr.splitlines()
    assert (
        first == 'dateline: config.toml:2: bot.languge: unknown setting; did you mean "language"?'
    )
    assert second.startswith("config.toml:3: bot.page_size: expected a whole number")


def test_check_says_that_all_is_well(run: Run) -> None:
    good = run("check", "--store")
    assert good.returncode == 0
    assert "config.toml: the configuration is valid (1 source, 2 topics)" in good.stdout
    assert "the store is intact" in good.stdout


def test_a_link_template_is_checked_with_the_configuration(run: Run, home: Path) -> None:
    (home / "config.toml").write_text(CONFIG.replace("{slug}", "{slugg}"), "utf-8")
    refused = run("check")
    assert refused.returncode == 3
    assert "config.toml:6: sources[0].link: a link has no field {slugg}" in refused.stderr


def test_a_config_that_is_named_must_exist(run: Run) -> None:
    for refused in (run("--config", "no.toml", "load"), run("load", DATELINE_CONFIG="no.toml")):
        assert refused.returncode == 3
        assert refused.stderr.count("\n") == 1
        assert "no.toml" in refused.stderr


def test_a_store_that_is_none_of_ours_is_refused_in_one_line(run: Run, home: Path) -> None:
    (home / "dateline.db").write_text("my diary\n" * 1_000, "utf-8")
    refused = run("load")
    assert refused.returncode == 4
    assert refused.stderr.startswith("dateline: the store ")
    assert refused.stderr.endswith("is no Dateline store\n")
    assert "Traceback" in run("--debug", "load").stderr
    assert (home / "dateline.db").read_text("utf-8").startswith("my diary")


def test_a_source_without_files_does_not_stop_the_others(run: Run, home: Path) -> None:
    missing = '[[sources]]\nid = "gone"\nkind = "archive"\npath = "gone/*.txt"\n\n'
    feed = '[[sources]]\nid = "feed"\nkind = "feed"\nurl = "http://127.0.0.1:1/feed"\n\n'
    (home / "config.toml").write_text(missing + feed + CONFIG, "utf-8")
    loaded = run("load")
    assert loaded.returncode == 5
    lines = loaded.stdout.splitlines()
    assert lines[0].startswith("gone: could not be read: no file matches ")
    assert (
        lines[1] == "feed: could not be read: 127.0.0.1 is a loopback address; "
        "the operator can allow it by allow_hosts in the configuration"
    )
    assert lines[2].startswith("lantern: 2 new")


def test_run_says_what_is_missing_and_how_to_get_it(run: Run) -> None:
    refused = run("run")
    assert refused.returncode == 3
    assert "@BotFather" in refused.stderr
    assert "DATELINE_DISCORD_TOKEN" in refused.stderr


def test_help_and_version(run: Run) -> None:
    told = run("--help").stdout
    assert isinstance(main, Group)
    for command in main.commands:
        assert f"\n  {command} " in told
        helped = CliRunner().invoke(main, [command, "--help"])  # each process takes a second
        assert helped.output.startswith(f"Usage: main {command} ")
    assert "Exit codes" in told
    assert run("--version").stdout == f"Dateline {__version__}\n"
    assert run("lod").returncode == 2


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "ask"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home,
        env=_environment(home, {}),
    )
    assert asking.stdout is not None
    asking.stdout.close()
    _, told = asking.communicate(b"/latest\n" * 500, timeout=60)
    assert b"Traceback" not in told
    assert b"Exception" not in told


def _hear_interrupts() -> None:
    """Undoes what shells do to commands in the background: these ignore interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("command", [("chat",), ("ask",), ("--debug", "chat")])
def test_an_interrupt_ends_a_piped_chat_quietly(home: Path, command: tuple[str, ...]) -> None:
    asking = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home,
        env=_environment(home, {"PYTHONUNBUFFERED": "1"}),
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - no thread of the test's holds a lock
    )
    assert asking.stdin
    assert asking.stdout
    asking.stdin.write(b"/topics\n")
    asking.stdin.flush()
    assert asking.stdout.readline()  # it answers, and waits for the next line
    asking.send_signal(signal.SIGINT)
    _, told = asking.communicate(timeout=60)
    assert asking.returncode == 130
    assert b"Aborted" not in told
    assert b"Traceback" not in told
