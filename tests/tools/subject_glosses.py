"""Makes labelled texts of WordNet's glosses, for `subject_weights.py`: what words mean, by subject.

WordNet (https://wordnet.princeton.edu) is packaged by Debian as `wordnet-base`, which puts it into
`/usr/share/wordnet`; its files are described in wndb(5WN). A gloss is on a subject when its synset
lies below one of the subject's nouns, or belongs to one of its fields. So what countries, offices
and institutions are called is known of far more of them than any news of a few weeks names.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path("/usr/share/wordnet")

# Nouns, below which everything is on the subject. `.2` is a noun's second sense, `~` stands behind
# one that is itself on the subject, though much of what lies below is not.
_NOUNS = {
    "world": """
        country.2 national_capital inhabitant military_unit war weapon terrorist terrorism army_unit
        treaty diplomat head_of_state invasion refugee dictator insurgent dynasty peacekeeping
        ambassador embassy hostage massacre guerrilla
    """,
    "politics": """
        politician legislature political_party election legislator vote campaigner bill constitution
        government_department ideologue politics liberalism lawmaker parliament candidate
        political_orientation legislation referendum
    """,
    "business": """
        business commerce businessperson financial_institution investment market currency stock
        trader corporation tax price merchandise income loan bank employer merger economy wages
        profit retailer security.4 debt industry airline
    """,
    "technology": """
        computer software electronic_equipment telephone internet computer_programmer
        computer_network web_site camera data_processing electronic_device broadcast_medium~
        television_receiver computer_file video_game hacker telecommunication robot
    """,
    "science": """
        scientist natural_science celestial_body spacecraft chemical_element dinosaur laboratory
        fossil elementary_particle natural_phenomenon~ geological_time telescope physics biology
        theory experiment astronaut organism~ fish bird mammal evolution
    """,
    "health": """
        disease drug medical_procedure doctor symptom hospital medicine vaccine illness injury
        medical_science diet nutriment~ virus patient surgery nurse therapy exercise mental_illness
        pregnancy obesity vitamin
    """,
    "sports": """
        sport athlete athletic_game sports_equipment team contest.2~ coach tournament playing_field
        score athletic_contest olympic_games referee championship race.2~ stadium
    """,
    "entertainment": """
        performer musician show movie music dance television_program celebrity actor singer
        film_maker dramatist musical_composition drama theater comedy musical_group party.2~
        broadcast festival album song novel
    """,
}
_FIELDS = {
    "world": "military war armed_forces diplomacy terrorism warfare",
    "politics": "politics government parliament law",
    "business": """
        commerce finance business economics accounting stock_exchange banking industry
        commercial_enterprise
    """,
    "technology": "computer_science computing computer electronics telecommunication photography",
    "science": """
        physics chemistry biology astronomy geology genetics botany zoology mathematics meteorology
        ecology astrophysics paleontology
    """,
    "health": """
        medicine pathology surgery psychiatry pharmacology anatomy physiology dentistry
    """,
    "sports": """
        sport football baseball basketball tennis golf soccer hockey ice_hockey boxing cricket
        swimming horse_racing skiing auto_racing track_and_field rugby gymnastics
    """,
    "entertainment": """
        music film dance theater dramaturgy movie art jazz ballet opera television dramatic_art
        cinematography
    """,
}
_PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_BELOW = {"~", "~i"}  # hyponyms and instances
_IN_FIELD = "-c"  # members of a field
_EXAMPLES = re.compile(r'"[^"]*"')

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Synset:
    """Words that mean the same: their names, their gloss, and what other synsets are to them."""

    names: tuple[str, ...]
    gloss: str
    pointers: Mapping[str, list[Key]] = field(default_factory=dict)


def read_synsets(folder: Path) -> dict[Key, Synset]:
    """Reads WordNet's synsets, by their part of speech and place."""
    return {
        (part, line[:8]): _synset(line)
        for name, part in _PARTS.items()
        for line in (folder / f"data.{name}").read_text("latin-1").splitlines()
        if not line.startswith(" ")
    }


def _synset(line: str) -> Synset:
    data, _, gloss = line.partition(" | ")
    parts = data.split()
    at = 4 + 2 * int(parts[3], 16)
    names = tuple(name.partition("(")[0] for name in parts[4:at:2])
    pointers: dict[str, list[Key]] = defaultdict(list)
    for start in range(at + 1, at + 1 + 4 * int(parts[at]), 4):
        symbol, place, part = parts[start : start + 3]
        pointers[symbol].append(("a" if part == "s" else part, place))
    return Synset(names, _EXAMPLES.sub("", gloss), pointers)


def read_senses(folder: Path) -> dict[str, list[Key]]:
    """Reads the senses of nouns, the commonest first."""
    lines = (folder / "index.noun").read_text("latin-1").splitlines()
    found = (line.split() for line in lines if not line.startswith(" "))
    return {parts[0]: [("n", place) for place in parts[-int(parts[2]) :]] for parts in found}


def labelled(folder: Path) -> Iterator[tuple[Synset, str]]:
    """Yields each synset that is on one subject, with that."""
    synsets, senses = read_synsets(folder), read_senses(folder)
    subjects: dict[Key, set[str]] = defaultdict(set)
    for subject, names in _NOUNS.items():
        for name in names.split():
            for key in _below(name, synsets, senses):
                subjects[key].add(subject)
    for subject, names in _FIELDS.items():
        for sense in (sense for name in names.split() for sense in senses.get(name, ())[:2]):
            for key in synsets[sense].pointers.get(_IN_FIELD, ()):
                subjects[key].add(subject)
    for key, found in subjects.items():
        if len(found) == 1:
            yield synsets[key], found.pop()


def _below(name: str, synsets: Mapping[Key, Synset], senses: Mapping[str, list[Key]]) -> set[Key]:
    word, _, number = name.rstrip("~").partition(".")
    known, at = senses.get(word, ()), int(number or 1) - 1
    if at >= len(known):  # in another version of WordNet
        return set()
    first = known[at]
    found, waiting = {first}, [] if name.endswith("~") else [first]
    while waiting:
        pointers = synsets[waiting.pop()].pointers
        new = {key for symbol in _BELOW for key in pointers.get(symbol, ())} - found
        found |= new
        waiting += new
    return found


def main(target: Path, folder: Path = FOLDER) -> None:
    """Writes the glosses into a file, packed with gzip."""
    with gzip.open(target, "wt", encoding="utf-8") as file:
        for synset, subject in labelled(folder):
            title = ", ".join(synset.names).replace("_", " ")
            line = {"title": title, "desc": synset.gloss.strip(" ;"), "cats": [subject]}
            file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
