"""Each rule of messages and commands: what keeps it passes, what breaks it is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from servers.discord.command_rules import bulk_command_violations, command_violations, is_name
from servers.discord.component_rules import V2
from servers.discord.links_and_pings import Link, links, pings
from servers.discord.rules import (
    autocomplete_violations,
    callback_violations,
    is_empty,
    message_violations,
    violations,
)

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
Body = dict[str, Any]


def embed(**also: object) -> Body:
    return {"title": "Title", **also}


def button(label: str = "Next", custom_id: str | None = None, **also: object) -> Body:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id or label, **also}


def link(url: str, **also: object) -> Body:
    return {"type": 2, "style": 5, "label": "Site", "url": url, **also}


def row(*inner: Body) -> Body:
    return {"type": 1, "components": list(inner)}


def menu(*options: Body, **also: object) -> Body:
    return {"type": 3, "custom_id": "menu", "options": list(options), **also}


def choice(value: str = "1", label: str = "One", **also: object) -> Body:
    return {"label": label, "value": value, **also}


def says(content: str = "x", **also: object) -> Body:
    return {"content": content, **QUIET, **also}


def shows(*rows: Body) -> Body:
    return says(components=list(rows))


def text(content: str) -> Body:
    return {"type": 10, "content": content}


def laid_out(*components: Body, **also: object) -> Body:
    return {"flags": V2, "components": list(components), **QUIET, **also}


RIGHT = {
    "text": says("x" * 2000),
    "embeds": {"embeds": [embed(url="https://example.org")] * 10, **QUIET},
    "attached image": {"embeds": [{"image": {"url": "attachment://a.png"}}], **QUIET},
    "buttons": shows(*(row(*(button(f"{n}{m}") for m in range(5))) for n in range(5))),
    "links": shows(row(link("https://example.org"), link("discord://-/channels/1"))),
    "a menu": shows(row(menu(choice("1"), choice("2"), placeholder="x" * 150))),
    "laid out": laid_out({"type": 17, "components": [text("x"), row(button())]}),
    "a section": laid_out({"type": 9, "components": [text("x")], "accessory": button()}),
    "a nonce": says(nonce="x" * 25, enforce_nonce=True),
}

WRONG: Mapping[str, tuple[Body, str]] = {
    "nothing": ({**QUIET}, "empty"),
    "blanks": (says("  \n"), "empty"),
    "no embeds": ({"embeds": [], **QUIET}, "empty"),
    "only buttons": ({"components": [row(button())], **QUIET}, "empty"),
    "long content": (says("x" * 2001), "2001 characters of content"),
    "no allowed_mentions": ({"content": "x"}, "allowed_mentions is missing"),
    "none of them": ({"embeds": [embed()], "allowed_mentions": None}, "missing"),
    "parse": (says(allowed_mentions={"parse": ["users"]}), "allows unwanted mentions"),
    "no parse": (says(allowed_mentions={}), "allows unwanted mentions"),
    "users": (says(allowed_mentions={"parse": [], "users": ["1"]}), "unwanted mentions"),
    "reply": (says(allowed_mentions={"parse": [], "replied_user": True}), "unwanted mentions"),
    "role": (says("<@&3>", allowed_mentions={"parse": [], "roles": ["3"]}), "unwanted mentions"),
    "nonce": (says(nonce="x" * 26), "nonce has at most 25"),
    "no nonce": (says(enforce_nonce=True), "without a nonce"),
    "embeds": (says(embeds=[embed()] * 11), "11 embeds"),
    "empty embed": (says(embeds=[{"color": 1}]), "embed is empty"),
    "title": (says(embeds=[embed(title="x" * 257)]), "embed title; at most 256"),
    "description": (says(embeds=[embed(description="x" * 4097)]), "at most 4096"),
    "footer": (says(embeds=[embed(footer={"text": "x" * 2049})]), "at most 2048"),
    "author": (says(embeds=[embed(author={"name": "x" * 257})]), "embed author; at most 256"),
    "fields": (says(embeds=[embed(fields=[{"name": "x", "value": "x"}] * 26)]), "25 fields"),
    "field": (says(embeds=[embed(fields=[{"name": "x" * 257, "value": "x"}])]), "field name"),
    "value": (says(embeds=[embed(fields=[{"name": "x", "value": "x" * 1025}])]), "field value"),
    "empty value": (says(embeds=[embed(fields=[{"name": "x", "value": " "}])]), "value is empty"),
    "all": (says(embeds=[embed(description="x" * 3000)] * 2), "6010 characters in all embeds"),
    "url": (says(embeds=[embed(url="javascript:alert(1)")]), "embed url cannot be"),
    "relative": (says(embeds=[embed(url="/story")]), "embed url cannot be"),
    "broken": (says(embeds=[embed(url="http://[x")]), "embed url cannot be"),
    "image": (says(embeds=[embed(image={"url": "data:image/png,x"})]), "image.url cannot be"),
    "attached": (says(embeds=[embed(url="attachment://a.png")]), "embed url cannot be"),
    "rows": (shows(*(row(button(str(n))) for n in range(6))), "6 rows"),
    "row": (shows(row(*(button(str(n)) for n in range(6)))), "at most 5 buttons"),
    "mixed": (shows(row(button(), menu(choice()))), "or one menu"),
    "empty row": (shows(row()), "a row is empty"),
    "text in a row": (shows(row(text("x"))), "only buttons and menus"),
    "top level": (shows(button()), "only rows may stand"),
    "same id": (shows(row(button("A", "x"), button("B", "x"))), "same custom_id"),
    "long id": (shows(row(button("A", "x" * 101))), "custom_id has 1 to 100"),
    "no id": (shows(row({"type": 2, "style": 1, "label": "x"})), "not 0"),
    "label": (shows(row(button("x" * 81))), "at most 80"),
    "no label": (shows(row(button(" "))), "neither label nor emoji"),
    "url and id": (shows(row(button(url="https://example.org"))), "only link buttons"),
    "link with id": (shows(row(link("https://example.org", custom_id="x"))), "no custom_id"),
    "link": (shows(row(link("ftp://example.org"))), "cannot have the URL"),
    "long link": (shows(row(link("https://example.org/" + "x" * 500))), "cannot have the URL"),
    "no link": (shows(row({"type": 2, "style": 5, "label": "x"})), "cannot have the URL ''"),
    "no options": (shows(row(menu())), "1 to 25 options, not 0"),
    "options": (shows(row(menu(*(choice(str(n)) for n in range(26))))), "not 26"),
    "same value": (shows(row(menu(choice("1"), choice("1")))), "same value"),
    "option label": (shows(row(menu(choice(label="x" * 101)))), "label has 1 to 100"),
    "option value": (shows(row(menu(choice("")))), "value has 1 to 100"),
    "option text": (shows(row(menu(choice(description="x" * 101)))), "description has"),
    "placeholder": (shows(row(menu(choice(), placeholder="x" * 151))), "at most 150"),
    "too few": (shows(row(menu(choice(), max_values=2))), "1 options asks for 1 to 2"),
    "min and max": (shows(row(menu(choice(), min_values=2))), "do not go together"),
    "defaults": (
        shows(row(menu(choice("1", default=True), choice("2", default=True)))),
        "by default",
    ),
    "laid out, content": (laid_out(text("x"), content="x"), "neither content nor embeds"),
    "laid out, embeds": (laid_out(text("x"), embeds=[embed()]), "neither content nor"),
    "laid out, too much": (laid_out(*[text("x" * 1001)] * 4), "4004 characters of text"),
    "laid out, too many": (laid_out(*[text("x")] * 41), "41 components; at most 40"),
    "laid out, nested": (
        laid_out({"type": 17, "components": [text("x")] * 40}),
        "41 components; at most 40",
    ),
    "laid out, empty": (laid_out(), "empty"),
    "laid out, blank": (laid_out(text(" ")), "a text has no text"),
    "laid out, loud": ({"flags": V2, "components": [text("x")]}, "missing"),
    "section": (laid_out({"type": 9, "components": [], "accessory": button()}), "1 to 3"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_keeps_the_rules_passes(name: str) -> None:
    assert message_violations(RIGHT[name]) == []


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_named(name: str) -> None:
    body, expected = WRONG[name]
    found = message_violations(body)
    assert any(expected in each for each in found), found


def test_a_role_is_called_only_where_moderators_chose_it_and_the_message_names_it() -> None:
    one = {"parse": [], "roles": ["3"]}
    loud = says("<@&3>", allowed_mentions=one)
    assert message_violations(loud, may_call={3}) == []
    both = {"parse": [], "roles": ["3", "4"]}
    for wrong in (
        says("x", allowed_mentions=one),
        says("<@&3> <@&4>", allowed_mentions=both),
        says("<@&3>", allowed_mentions={**one, "parse": ["roles"]}),
        says("<@&3>", allowed_mentions={**one, "users": ["3"]}),
    ):
        (told,) = message_violations(wrong, may_call={3})
        assert "unwanted mentions" in told
    for path, quiet in (("/channels/1/messages", True), ("/webhooks/1/x", False)):
        assert (violations("POST", path, loud, may_call={3}) == []) is quiet


def test_edits_may_leave_out_what_stays() -> None:
    assert message_violations({"components": []}, edit=True) == []
    assert message_violations({"components": [text("x")], **QUIET}, edit=True, flags=V2) == []
    assert message_violations({"components": [text("x")], **QUIET}, edit=True) != []
    assert message_violations({"content": "x" * 2001, **QUIET}, edit=True) != []


def test_routes_have_their_rules() -> None:
    hook, command_list = "/webhooks/1/token", "/applications/1/commands"
    empty: Body = {}
    assert violations("POST", hook, empty) == ["the message is empty"]
    assert violations("POST", "/channels/1/messages", empty) == ["the message is empty"]
    assert violations("PATCH", f"{hook}/messages/@original", empty) == []
    assert violations("POST", "/interactions/1/token/callback", {"type": 4}) != []
    assert violations("PUT", command_list, [{"name": "UP", "description": "x"}]) != []
    assert violations("POST", command_list, {"name": "UP", "description": "x"}) != []
    assert violations("PUT", "/applications/1/guilds/2/commands", [{"name": "x"}]) != []
    assert violations("POST", "/users/@me/channels", empty) == []
    assert violations("GET", "/channels/1/messages", None) == []


def test_first_answers() -> None:
    assert callback_violations({"type": 4, "data": says()}) == []
    assert callback_violations({"type": 5, "data": {"flags": 64}}) == []
    assert callback_violations({"type": 5, "data": says()}) == [
        "a deferred answer has no content yet"
    ]
    assert callback_violations({"type": 6}) == []
    assert callback_violations({"type": 7, "data": {"components": []}}) == []
    assert callback_violations({"type": 7, "data": {"content": "x"}}) == [
        "allowed_mentions is missing"
    ]
    assert callback_violations({"type": 8, "data": {"choices": []}}) == []


def test_suggestions() -> None:
    one = {"name": "x" * 100, "value": "x" * 100}
    assert autocomplete_violations({"choices": [one] * 25}) == []
    assert autocomplete_violations({"choices": [one] * 26}) == ["26 suggestions; at most 25"]
    for key in ("name", "value"):
        for value in ("", "x" * 101):
            assert "1 to 100" in autocomplete_violations({"choices": [one | {key: value}]})[0]


def test_what_is_empty() -> None:
    assert is_empty({"components": [row(button())]})
    assert not is_empty({"attachments": [{"id": "0"}]})
    assert not is_empty(laid_out(text("x")))


@pytest.mark.parametrize("name", ["search", "a-b_c'1", "検索", "हिन्दी", "ค้นหา", "x" * 32])
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "Search", "É", "a b", "a.b", "x" * 33, "a/b", "😀"])
def test_what_is_no_name(name: str) -> None:
    assert not is_name(name)


def a_command(*options: Body, **also: object) -> Body:
    return {"name": "search", "description": "Find", "options": list(options), **also}


def option(name: str = "words", kind: int = 3, **also: object) -> Body:
    return {"name": name, "description": "What", "type": kind, **also}


def named(name: str = "x", value: object = "x") -> Body:
    return {"name": name, "value": value}


LONG = "x" * 100
COMMANDS: Mapping[str, tuple[Body, str]] = {
    "name": (a_command(name="Search"), "is no name"),
    "translated": (a_command(name_localizations={"de": "Suche"}), "'Suche' is no name"),
    "description": (a_command(description=""), "1 to 100 characters, not 0"),
    "long": (a_command(description_localizations={"de": LONG + "x"}), "not 101"),
    "options": (a_command(*(option(f"o{n}") for n in range(26))), "26 options"),
    "twice": (a_command(option(), option()), "words more than once"),
    "order": (a_command(option("a"), option("b", required=True)), "required options come first"),
    "option": (a_command(option("Words")), "'Words' is no name"),
    "choices": (a_command(option(choices=[named(str(n)) for n in range(26)])), "26 choices"),
    "same choices": (a_command(option(choices=[named(), named()])), "x more than once"),
    "choice": (a_command(option(choices=[named(LONG + "x")])), "not 101"),
    "value": (a_command(option(choices=[named(value=LONG + "x")])), "not 101"),
    "kind": (a_command(option(choices=[named(value=1)])), "no value of that type"),
    "text": (a_command(option(kind=4, choices=[named()])), "no value of that type"),
    "both": (a_command(option(choices=[named()], autocomplete=True)), "choices or autocomplete"),
    "lengths": (a_command(option(min_length=3, max_length=2)), "more than max_length"),
    "mixed": (a_command(option(kind=1), option("other")), "cannot be mixed"),
    "nested": (a_command(option(kind=2, options=[option(kind=2)])), "subcommands nest once"),
    "within": (a_command(option(kind=1, options=[option("B")])), "'B' is no name"),
    "size": (
        a_command(*(option(f"o{n}", choices=[named(LONG, LONG)] * 2) for n in range(20))),
        "at most 8000",
    ),
    "menu": ({"type": 3, "name": "x" * 33}, "1 to 32"),
    "menu text": ({"type": 3, "name": "Related", "description": "x"}, "no description"),
    "menu options": ({"type": 3, "name": "Related", "options": [option()]}, "no options"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_no_command_may_be(name: str) -> None:
    body, expected = COMMANDS[name]
    found = command_violations(body)
    assert any(expected in each for each in found), found


def test_what_commands_may_be() -> None:
    choices = [named(str(n), LONG) for n in range(25)]
    group = option("add", 2, options=[option("feed", 1, options=[option(required=True)])])
    right = [
        a_command(option(required=True, autocomplete=True), option("in", choices=choices)),
        a_command(group, name="follow"),
        {"type": 3, "name": "Related stories"},
    ]
    assert bulk_command_violations(right) == []


def test_how_many_commands_there_may_be() -> None:
    many = [a_command(name=f"c{n}") for n in range(101)]
    assert bulk_command_violations(many[:100]) == []
    assert bulk_command_violations(many) == ["101 commands of type 1; at most 100"]
    assert bulk_command_violations([a_command(), a_command()]) == [
        "commands of type 1: search more than once"
    ]
    menus = [{"type": 3, "name": f"Menu {n}"} for n in range(16)]
    assert bulk_command_violations(menus) == ["16 commands of type 3; at most 15"]


CALLS = "@everyone @here <@1> <@!2> <@&3>"


@pytest.mark.parametrize(
    ("allowed", "called"),
    [
        (None, CALLS.split()),
        ({"parse": []}, []),
        ({"parse": ["everyone"]}, ["@everyone", "@here"]),
        ({"parse": ["users"]}, ["<@1>", "<@!2>"]),
        ({"parse": [], "users": [2]}, ["<@!2>"]),
        ({"parse": ["roles"]}, ["<@&3>"]),
        ({"parse": [], "roles": ["3"]}, ["<@&3>"]),
    ],
)
def test_who_is_called(allowed: Body | None, called: list[str]) -> None:
    assert pings({"content": CALLS, "allowed_mentions": allowed}) == called
    assert pings(laid_out(text(CALLS), allowed_mentions=allowed)) == called


def test_who_is_not_called() -> None:
    assert pings({"content": "`@everyone` ```\n<@1>\n``` me@heretic"}) == ["@here"]
    assert pings({"embeds": [embed(description=CALLS)]}) == []


def test_a_reply_calls() -> None:
    reply = {"content": "x", "message_reference": {"message_id": "1"}}
    assert pings(reply) == ["reply"]
    assert pings(reply | QUIET) == []
    assert pings(reply | {"allowed_mentions": {"parse": [], "replied_user": True}}) == ["reply"]


def test_where_links_lead() -> None:
    body = {
        "content": "[a](https://a.example 'x') <https://b.example/x> discord.gg/abc `https://no`",
        "embeds": [
            embed(
                url="https://c.example",
                description=r"[x\]y](javascript:alert(1)) \[no](y) https://discord.com/invite/q",
                fields=[{"name": "n", "value": "ftp://d.example)"}],
                footer={"text": "x", "icon_url": "https://e.example"},
            )
        ],
        "components": [row(link("https://f.example"))],
    }
    found = links(body)
    assert {(one.kind, one.url) for one in found} == {
        ("masked", "https://a.example"),
        ("bare", "https://b.example/x"),
        ("invite", "discord.gg/abc"),
        ("masked", "javascript:alert(1"),
        ("invite", "https://discord.com/invite/q"),
        ("bare", "https://discord.com/invite/q"),
        ("bare", "ftp://d.example"),
        ("embed", "https://c.example"),
        ("embed", "https://e.example"),
        ("button", "https://f.example"),
    }
    assert {one.scheme for one in found} == {"https", "javascript", "ftp", ""}


def test_links_of_laid_out_messages() -> None:
    assert links(laid_out(text("[a](https://a.example)"))) == [
        Link("masked", "https://a.example", "a")
    ]
    assert Link("bare", "http://[x").scheme == ""
