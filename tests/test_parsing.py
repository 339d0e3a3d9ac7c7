from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.command import Command, OptionKind
from bot.chat.parsing import parse_options, split_command
from bot.commands import REGISTRY
from bot.model import Action
from bot.text.similar_names import similar_names

SURE = {
    (OptionKind.WHEN, "2d"),
    (OptionKind.WHEN, "oct 21, 2023"),
    (OptionKind.SOURCE, "the wire"),
    (OptionKind.TOPIC, "2d printers"),
}


def _recognise(kind: OptionKind, text: str) -> bool:
    return (kind, text.casefold()) in SURE


def _command(name: str) -> Command:
    command = REGISTRY.get(name)
    assert command is not None
    return command


def _read(line: str) -> tuple[dict[str, str], str]:
    typed = split_command(line)
    assert typed.name is not None
    return parse_options(_command(typed.name), typed.rest, _recognise)


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("/latest", "latest", ""),
        ("  /latest  Japan ", "latest", "Japan"),
        ("/search@ThisBot osaka\nexpo", "search", "osaka\nexpo"),
        ("osaka expo", None, "osaka expo"),
        ("/", None, "/"),
        ("/ latest", None, "/ latest"),
        ("", None, ""),
        ("//x", None, "//x"),
    ],
)
def test_a_command_is_what_follows_a_slash(line: str, name: str | None, rest: str) -> None:
    typed = split_command(line)
    assert (typed.name, typed.rest) == (name, rest)


@pytest.mark.parametrize(
    ("line", "given_options"),
    [
        ("/latest", {}),
        ("/latest Osaka Expo", {"topic": "Osaka Expo"}),
        ("/latest 2d", {"since": "2d"}),
        ("/latest 2d printers", {"topic": "2d printers"}),
        ('/latest "oct 21, 2023" 2d', {"since": "2d", "topic": '"oct 21, 2023"'}),
        ('/latest the 2d "2d or not', {"since": "2d", "topic": 'the "2d or not'}),
        ("/latest a“2d  b”c 2d", {"since": "2d", "topic": "a“2d  b”c"}),
        ("/latest The Wire 2d Osaka", {"source": "The Wire", "since": "2d", "topic": "Osaka"}),
        ("/latest Osaka Oct 21, 2023", {"topic": "Osaka", "since": "Oct 21, 2023"}),
        ("/latest since:2d 2d", {"since": "2d", "topic": "2d"}),
        ('/latest topic:"Osaka Expo" page:2', {"topic": "Osaka Expo", "page": "2"}),
        ("/latest topic:“Osaka Expo”", {"topic": "Osaka Expo"}),
        (r'/latest topic:"a \"b\" \\ c"', {"topic": r'a "b" \ c'}),
        ('/search "osaka expo" -bus', {"words": '"osaka expo" -bus'}),
        ("/search topic:rail page:3 since:2d", {"words": "topic:rail  since:2d", "page": "3"}),
        ("/search words:rail road", {"words": "rail road"}),
        ("/search mypage:2", {"words": "mypage:2"}),
        ("/read 3", {"story": "3"}),
    ],
)
def test_options_are_read_by_name_and_by_what_they_are(
    line: str, given_options: dict[str, str]
) -> None:
    assert _read(line) == (given_options, "")


def test_words_that_no_option_takes_are_left_over() -> None:
    assert _read("/topics of the day page:2") == ({"page": "2"}, "of the day")


@given(st.text(max_size=50))
def test_no_line_is_an_error(line: str) -> None:
    for command in REGISTRY:
        parse_options(command, line, _recognise)
    split_command(line)


@given(
    st.dictionaries(
        st.sampled_from(["topic", "source", "since", "page"]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        max_size=3,
    )
)
def test_an_action_written_out_is_read_as_itself(given_options: dict[str, str]) -> None:
    action = Action("latest", tuple(given_options.items()))
    typed = split_command(str(action))
    assert typed.name == "latest"
    assert parse_options(_command("latest"), typed.rest, lambda *_: False) == (given_options, "")


def test_names_like_what_was_typed_are_found_and_others_are_not() -> None:
    assert similar_names("lates", ["topics", "latest", "sources"])[0] == "latest"
    assert similar_names("LATEST", ["latest"]) == ("latest",)
    assert similar_names("zzzz", ["latest"]) == ()
    assert similar_names("", ["latest"]) == ()


def test_a_name_is_not_like_some_letters_within_a_word() -> None:
    assert similar_names("shinkansen", ["China", "Japan"]) == ()
    assert similar_names("japanese", ["China", "Japan"]) == ("Japan",)
    assert similar_names("science news", ["Science"]) == ("Science",)
    assert similar_names("gulhaven news", ["Gullhaven"]) == ("Gullhaven",)
    assert similar_names("relo", ["reload"]) == ("reload",)
    assert similar_names("box", ["Bollywood", "Bobby Green", "Boxing"]) == ("Boxing",)
    assert similar_names("the", ["Ethereum", "Technology"]) == ()
    assert similar_names("kiew", ["Kyiv", "Kiel"]) == ("Kiel",)


def test_every_command_takes_the_rest_once_at_most_and_describes_all() -> None:
    for command in REGISTRY:
        assert sum(option.rest for option in command.options) <= 1
        assert len({option.name for option in command.options}) == len(command.options)
        assert command.help
        assert all(option.help for option in command.options)
        # The narrowest platform's limits: names of 32 lower-case letters, help of 100 characters.
        assert command.name.isascii()
        assert command.name.islower()
        assert len(command.help) <= 100
        assert all(len(option.help) <= 100 for option in command.options)
