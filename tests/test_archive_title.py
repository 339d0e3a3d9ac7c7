"""The name of an archive to which its operator gave none."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_archive_wordpress import FOOTER, HEADER, item

from adapters.sources.archive.title import archive_title
from bot.app import load_config, open_app
from store.sqlite import SqliteStore


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("The Lantern", "The Lantern"),
        ("<![CDATA[The Lantern & Co]]>", "The Lantern & Co"),
        ("Caf&#233; &amp; K&uuml;che", "Café & Küche"),
        ("灯台だより", "灯台だより"),
        ("", ""),
        ("x" * 300, ""),
    ],
)
def test_an_export_has_its_blogs_title(tmp_path: Path, written: str, title: str) -> None:
    file = tmp_path / "wordpress.2024-05-01.xml"
    file.write_text(HEADER.replace("The Lantern", written) + item() + FOOTER, "utf-8")
    assert archive_title([str(file)], "utf-8") == title


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TOKYO, Nov. 29, 2023—It rained.\n###\n",
        "---\ntitle: A post\n---\nText\n",
        "From a@example.org Tue Mar  5 01:00:00 2024\nSubject: Hello\n\nText\n",
        "<rss version='2.0'><channel><title>A feed</title></channel></rss>",
        HEADER.replace("<title>The Lantern</title>", "") + item() + FOOTER,
    ],
)
def test_other_archives_have_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "archive.txt"
    file.write_text(text, "utf-8")
    assert not archive_title([str(file), str(tmp_path / "none.xml"), str(tmp_path)], "utf-8")


@pytest.mark.parametrize(("setting", "name"), [("", "The Lantern"), ('name = "Ours"', "Ours")])
async def test_the_title_is_the_sources_name_unless_the_operator_gave_one(
    tmp_path: Path, setting: str, name: str
) -> None:
    (tmp_path / "export.xml").write_text(HEADER + item() + FOOTER, "utf-8")
    config = tmp_path / "config.toml"
    config.write_text(
        f'[[sources]]\nid = "blog"\nkind = "archive"\npath = "export.xml"\n{setting}\n', "utf-8"
    )
    async with open_app(load_config(config, {}), SqliteStore.open) as app:
        assert app.dispatcher.services.sources["blog"].name == name
