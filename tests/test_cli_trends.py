"""`dateline trends`: pictures in files, and the same facts in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scripted_renderer import needs_resvg, size_of_png
from svg_texts import text_boxes

from bot.cli.main import main
from bot.trends.theme import DARK, LIGHT

pytestmark = pytest.mark.process

Run = Callable[..., Result]

CONFIG = """
[bot]
subjects = false  # what stories as like as these are on is learnt from one another

[[sources]]
id = "wire"
name = "The Wire"
kind = "archive"
path = "wire.txt"

[[topics]]
name = "Bridges"
query = "bridge"

[[topics]]
name = "大阪"
query = "大阪"
"""


def _archive() -> str:
    days = (*range(1, 11), *range(20, 31))
    return "".join(
        f"Bridge number {day} opens\n\nOSAKA, Oct. {day}, 2023—A bridge in 大阪.\n\n###\n"
        for day in days
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration whose stories have been loaded."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "wire.txt").write_text(_archive(), "utf-8")
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    assert (
        CliRunner().invoke(main, ["--config", str(folder / "config.toml"), "load"]).exit_code == 0
    )
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    def ask(*arguments: str) -> Result:
        return CliRunner().invoke(
            main, ["--config", str(home / "config.toml"), "trends", *arguments]
        )

    return ask


def test_the_facts_are_printed(run: Run) -> None:
    found = run()
    assert found.exit_code == 0
    title, measure, *rows = found.output.replace("\N{THIN SPACE}", " ").splitlines()
    assert (title, measure) == ("What the news was about", "Stories a week, Aug 8 – Oct 30, 2023")
    row = "▁▁▁▁▁▁▁▃█▂▅█"
    assert rows == [
        f"{row}  Bridges: 21 stories, most from Oct 24 – 30 (7), lately 7",
        f"{row}  大阪: 21 stories, most from Oct 24 – 30 (7), lately 7",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("bridges",), "Bridges"),
        (("the bridge",), "Bridges"),
        (("大阪", "--since", "2023-10"), "大阪"),
        (("--source", "wire"), "The Wire"),
        ((), "What the news was about"),
    ],
)
def test_a_picture_is_written_as_svg(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], expected: str
) -> None:
    file = tmp_path / "news.svg"
    found = run(*arguments, "-o", str(file))
    assert (found.exit_code, found.stderr) == (0, "")
    svg = file.read_text("utf-8")
    assert expected in [one.text for one in text_boxes(svg)]
    assert LIGHT.background in svg


def test_the_chat_in_the_terminal_shows_rows_of_blocks(home: Path) -> None:
    asked = CliRunner().invoke(main, ["--config", str(home / "config.toml"), "ask", "/trends"])
    shown = asked.output.replace("\N{THIN SPACE}", " ")
    assert "Stories a week, Aug 8 – Oct 30, 2023" in shown
    assert "There are no newer stories." in shown
    assert "Bridges  ▁▁▁▁▁▁▁▃█▂▅█ 21 stories" in shown
    assert "For a picture" in shown


def test_a_source_shows_its_silence(run: Run) -> None:
    assert "Longest silence: 9 days, Oct 11" in run("--source", "The Wire").output


def test_a_picture_may_be_dark(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "news.SVG"
    assert run("--theme", "dark", "-o", str(file)).exit_code == 0
    assert DARK.background in file.read_text("utf-8")


@needs_resvg
def test_a_picture_is_written_as_png(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "news.png"
    assert run("-o", str(file)).exit_code == 0
    assert size_of_png(file.read_bytes()) == (1000, 675)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-o", "news.gif"), 2, "must end in .svg or .png"),
        (("bridges", "--source", "wire"), 2, "a topic or a source, not both"),
        (("tunnels",), 6, "there is no topic 'tunnels'"),
        (("--source", "nobody"), 6, "there is no source 'nobody'"),
        (("--since", "sometime"), 6, "'sometime' is no date"),
        (("--since", "1d"), 6, "there are no stories of that in the period"),
        (("-o", "no/such/folder/news.svg"), 1, "cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    found = run(*arguments)
    assert found.exit_code == code
    assert said in found.stderr
