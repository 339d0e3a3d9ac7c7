from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.archive.link_template import LinkTemplate
from bot.model import Story
from bot.text.slugs import slug

STORY = Story(
    id="bcdf23456789",
    source="lantern",
    key="k",
    title="China’s BYD: “EV” buses & more?",
    published=datetime(2023, 7, 9, tzinfo=UTC),
    date_only=True,
    place="SÃO PAULO/LIMA",
)


@pytest.mark.parametrize(
    ("template", "url"),
    [
        (
            "https://example.org/{date:%Y/%m/%d}/{slug}/",
            "https://example.org/2023/07/09/chinas-byd-ev-buses-more/",
        ),
        ("http://example.org/{date:%-d-%b-%y}", "http://example.org/9-Jul-23"),
        (
            "https://example.org:8080/?d={date}&id={id}",
            "https://example.org:8080/?d=2023-07-09&id=bcdf23456789",
        ),
        (
            "https://example.org/{source}#{place}",
            "https://example.org/lantern#S%C3%83O%20PAULO%2FLIMA",
        ),
        (
            "https://example.org/{title}",
            "https://example.org/China%E2%80%99s%20BYD%3A%20%E2%80%9CEV%E2%80%9D%20buses%20%26%20more%3F",
        ),
        (
            "https://example.org/größe/{{x}}/a%20b",
            "https://example.org/gr%C3%B6%C3%9Fe/%7Bx%7D/a%20b",
        ),
        ("HTTPS://Example.org", "HTTPS://Example.org"),
    ],
)
def test_a_template_is_filled(template: str, url: str) -> None:
    assert LinkTemplate.parse(template).url(STORY) == url


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (
            "https://example.org/{slugs}",
            "a link has no field {slugs}; the fields are {slug}, {date}, {title}, {place}, {id}",
        ),
        ("https://example.org/{}", "a link has no field {};"),
        ("https://example.org/{0}", "a link has no field {0};"),
        ("https://example.org/{__class__}", "a link has no field {__class__};"),
        ("https://example.org/{slug", "a link has an unmatched { or }"),
        ("https://example.org/slug}", "a link has an unmatched { or }"),
        ("https://example.org/{{slug}", "a link has an unmatched { or }"),
        (
            "https://example.org/{date.__class__}",
            "a link can only have whole fields: {date}, not {date.__class__}",
        ),
        (
            "https://example.org/{title[0]}",
            "a link can only have whole fields: {title}, not {title[0]}",
        ),
        ("https://example.org/{slug!r}", "a link can only have whole fields: {slug}, not {slug!r}"),
        (
            "https://example.org/{slug:>99999}",
            "only a date can have a format: {slug}, not {slug:>99999}",
        ),
        (
            "https://example.org/{date:YYYY}",
            '"YYYY" is not a date format; use one such as %Y/%m/%d',
        ),
        ("https://example.org/{date:%Q}", '"%Q" is not a date format'),
        ("https://example.org/{date:%}", '"%" is not a date format'),
        ("https://example.org/{date:{slug}}", '"{slug}" is not a date format'),
        ("ftp://example.org/{slug}", "a link must begin with http:// or https:// and a host"),
        ("javascript:alert(1)//{slug}", "a link must begin with http:// or https:// and a host"),
        ("{slug}", "a link must begin with http:// or https:// and a host"),
        ("", "a link must begin with http:// or https:// and a host"),
        ("https:///{slug}", "a link must begin with http:// or https:// and a host"),
        ("https://{slug}.example.org/", "a link must begin with http:// or https:// and a host"),
        ("https://example.org{slug}", "a link must begin with http:// or https:// and a host"),
        ("https://me@example.org/{slug}", "a link must begin with http:// or https:// and a host"),
        ("https://example.org:port/{slug}", "https://example.org:port is not an address"),
        ("https://[::1/{slug}", "https://[::1 is not an address"),
        ("https://größe.example/{slug}", "a host beyond ASCII is written as xn--…"),
        ("https://example.org/a b", "a link cannot contain spaces or control characters"),
        ("https://example.org/\n{slug}", "a link cannot contain spaces or control characters"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_line(template: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z") as refusal:
        LinkTemplate.parse(template)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("China’s BYD", "chinas-byd"),
        ("‘My Number’ national ID card folly", "my-number-national-id-card-folly"),
        ("Café  déjà-vu: 50% off!", "cafe-deja-vu-50-off"),
        ("Øresund, Łódź, Straße, Æsir, İzmir", "oresund-lodz-strasse-aesir-izmir"),
        ("東京 Expo 2025", "expo-2025"),
        ("東京の桜、満開", "東京の桜-満開"),
        ("Индекс вырос на 3%", "индекс-вырос-на-3"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("2025", "2025"),
        ("?!", ""),
    ],
)
def test_a_slug_is_made_of_the_title_s_words(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("title", "path"),
    [("東京", "%E6%9D%B1%E4%BA%AC"), ("?!", "bcdf23456789")],
)
def test_a_link_s_slug_is_never_empty_and_always_ascii(title: str, path: str) -> None:
    url = LinkTemplate.parse("https://example.org/{slug}").url(replace(STORY, title=title))
    assert url == f"https://example.org/{path}"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(title=TEXT, place=TEXT)
def test_no_story_can_change_where_a_link_leads(title: str, place: str) -> None:
    template = LinkTemplate.parse("https://example.org/{slug}/{title}/{place}?id={id}")
    story = replace(STORY, title=title, place=place)
    parts = urlsplit(template.url(story))
    assert (parts.scheme, parts.netloc, parts.query) == ("https", "example.org", "id=bcdf23456789")
    first, own_title, own_place = parts.path.removeprefix("/").split("/")
    assert first
    assert (unquote(own_title), unquote(own_place)) == (title, place)


@given(template=st.text("{}%Y:.[]!/adelrstuhp \n0") | st.text())
def test_any_template_is_taken_or_refused_with_a_reason(template: str) -> None:
    try:
        url = LinkTemplate.parse(template).url(STORY)
    except ValueError as refusal:
        assert str(refusal)  # noqa: PT017 - most texts are refused, some are not
    else:
        assert url.lower().startswith(("http://", "https://"))
