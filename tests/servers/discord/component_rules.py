"""Discord's prose rules for components: buttons, select menus and Components V2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Body = Mapping[str, Any]

ROW, BUTTON, SELECT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = (
    *(1, 2, 3, 9, 10, 11, 12, 13, 14, 17),
)
SELECTS = {SELECT, 5, 6, 7, 8}
INTERACTIVE = {BUTTON, *SELECTS}
LINK, PREMIUM = 5, 6
TEXT_INPUT, LABEL = 4, 18
V2 = 1 << 15  # the message flag of Components V2


def walk(components: Sequence[Body]) -> Iterator[Body]:
    """Yields all components, nested ones too, in order."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        if accessory := component.get("accessory"):
            yield from walk([accessory])


def text_above(body: Body) -> str:
    """Returns the content or, of a message that is laid out, the texts outside of its boxes."""
    top = body.get("components") or ()
    above = [one["content"] for one in top if one["type"] == TEXT]
    return "\n".join(filter(None, (body.get("content") or "", *above)))


def component_violations(top: Sequence[Body], *, v2: bool = False) -> list[str]:
    """Returns the violations of a message's components."""
    every = list(walk(top))
    found = list(_laid_out(every) if v2 else _rows_only(top))
    for one in every:
        found += _one(one)
    ids = [one["custom_id"] for one in every if one.get("custom_id")]
    if len(set(ids)) < len(ids):
        found.append("two components have the same custom_id")
    return found


def is_address(url: object, *schemes: str) -> bool:
    """Returns True for a URL with a host and one of these schemes."""
    if not isinstance(url, str) or any(letter.isspace() for letter in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc)


def _rows_only(top: Sequence[Body]) -> Iterator[str]:
    if len(top) > 5:
        yield f"{len(top)} rows; at most 5"
    if any(component["type"] != ROW for component in top):
        yield "only rows may stand in a message that is not laid out (flag 1 << 15)"


def _laid_out(every: Sequence[Body]) -> Iterator[str]:
    if len(every) > 40:
        yield f"{len(every)} components; at most 40"
    texts = [component.get("content", "") for component in every if component["type"] == TEXT]
    if sum(map(len, texts)) > 4000:
        yield f"{sum(map(len, texts))} characters of text; at most 4000"
    if not all(text.strip() for text in texts):
        yield "a text has no text"


def _one(component: Body) -> Iterator[str]:
    kind = component["type"]
    if kind == ROW:
        yield from _row([child["type"] for child in component["components"]])
    elif kind in SELECTS:
        yield from _select(component)
    elif rule := _RULES.get(kind):
        yield from rule(component)


def _gallery(component: Body) -> Iterator[str]:
    if not 1 <= len(component["items"]) <= 10:
        yield "a gallery has 1 to 10 pictures"
    for item in component["items"]:
        yield from _media(item)


def _file(component: Body) -> Iterator[str]:
    # https://docs.discord.com/developers/components/reference#file
    if not str(component["file"]["url"]).startswith("attachment://"):
        yield "a file is one that is attached"


def _section(component: Body) -> Iterator[str]:
    texts = component["components"]
    if not 1 <= len(texts) <= 3 or any(one["type"] != TEXT for one in texts):
        yield "a section has 1 to 3 texts"
    if (component.get("accessory") or {}).get("type") not in {BUTTON, THUMBNAIL}:
        yield "beside a section stands a button or a thumbnail"


def _container(component: Body) -> Iterator[str]:
    if not component["components"]:
        yield "a container is empty"
    if any(one["type"] == CONTAINER for one in component["components"]):
        yield "a container stands in a container"


def _media(component: Body) -> Iterator[str]:
    url = component["media"]["url"]
    if not is_address(url, "http", "https", "attachment") or len(url) > 2048:
        yield f"a picture cannot be {url!r}"
    if len(component.get("description") or "") > 1024:
        yield "a picture's description has at most 1024 characters"


def _row(kinds: Sequence[int]) -> Iterator[str]:
    if not kinds:
        yield "a row is empty"
    if len(kinds) > (1 if SELECTS.intersection(kinds) else 5):
        yield "a row has at most 5 buttons, or one menu"
    if not INTERACTIVE.issuperset(kinds):
        yield "only buttons and menus may stand in a row"


def _button(button: Body) -> Iterator[str]:
    label, style = button.get("label") or "", button["style"]
    if len(label) > 80:
        yield f"a button's label has at most 80 characters, not {len(label)}"
    if not (label.strip() or button.get("emoji") or style == PREMIUM):
        yield "a button has neither label nor emoji"
    if style == LINK:
        yield from _link(button)
    elif style != PREMIUM:
        yield from _custom_id(button)
        if button.get("url"):
            yield f"only link buttons have a URL: {label!r}"


def _link(button: Body) -> Iterator[str]:
    if button.get("custom_id") is not None:
        yield "a link button has no custom_id"
    url = button.get("url") or ""
    if not is_address(url, "http", "https", "discord") or len(url) > 512:
        yield f"a link button cannot have the URL {url!r}"


def _custom_id(component: Body) -> Iterator[str]:
    custom_id = component.get("custom_id") or ""
    if not 1 <= len(custom_id) <= 100:
        yield f"a custom_id has 1 to 100 characters, not {len(custom_id)}"


def _select(menu: Body) -> Iterator[str]:
    yield from _custom_id(menu)
    if len(menu.get("placeholder") or "") > 150:
        yield "a placeholder has at most 150 characters"
    least, most = menu.get("min_values", 1), menu.get("max_values", 1)
    if not 0 <= least <= most <= 25 or most < 1:
        yield f"min_values {least} and max_values {most} do not go together"
    if menu["type"] == SELECT:
        yield from _choices(menu.get("options") or (), least, most)


def _choices(options: Sequence[Body], least: int, most: int) -> Iterator[str]:
    if not 1 <= len(options) <= 25:
        yield f"a menu has 1 to 25 options, not {len(options)}"
    if not least <= len(options) or most > len(options):
        yield f"a menu of {len(options)} options asks for {least} to {most}"
    if len({option["value"] for option in options}) < len(options):
        yield "two options of a menu have the same value"
    if sum(bool(option.get("default")) for option in options) > most:
        yield "more options are chosen by default than may be"
    for option in options:
        for key in ("label", "value", "description"):
            size = len(option.get(key) or "")
            if size > 100 or (size < 1 and key != "description"):
                yield f"an option's {key} has 1 to 100 characters, not {size}"


_RULES: Mapping[int, Callable[[Body], Iterator[str]]] = {
    BUTTON: _button,
    SECTION: _section,
    CONTAINER: _container,
    THUMBNAIL: _media,
    GALLERY: _gallery,
    FILE: _file,
}


def form_violations(data: Mapping[str, Any]) -> list[str]:
    """Returns the violations of a form: a title, and labels with a text input each."""
    rows = data.get("components") or ()
    found = [] if 1 <= len(rows) <= 5 else [f"{len(rows)} components; a form has 1 to 5"]
    found += _length("form title", data.get("title"), 45)
    found += _length("form custom_id", data.get("custom_id"), 100)
    for row in rows:
        found += _length("label", row.get("label"), 45)
        field = row.get("component") or {}
        if (row.get("type"), field.get("type")) != (LABEL, TEXT_INPUT):
            found.append(f"a {row.get('type')} with a {field.get('type')} in a form")
            continue
        found += _length("field custom_id", field.get("custom_id"), 100)
        if len(field.get("placeholder") or "") > 100:
            found.append("a placeholder has at most 100 characters")
        if not 1 <= (field.get("max_length") or 4000) <= 4000:
            found.append(f"max_length cannot be {field['max_length']}")
    return found


def _length(what: str, text: str | None, most: int) -> list[str]:
    count = len(text or "")
    return [] if 1 <= count <= most else [f"{what}: {count} characters; 1 to {most}"]
