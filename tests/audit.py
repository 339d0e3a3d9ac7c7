"""Looks the pinned versions up in OSV's advisories, from files on this machine alone.

The advisories of all Python packages are one file, which a machine with a network fetches:
https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip. It, or a folder with what is in it,
is the first argument; requirements files are the others. Nothing is sent anywhere. `pip-audit
--require-hashes -r requirements.txt` asks the same over the network.

Exit codes: 0 when no version is affected, 1 when some are, 2 when nothing could be looked up.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)", re.MULTILINE)
NO_ADVISORIES = """audit: no advisories; name a folder or all.zip of
https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip, as in `make audit OSV=all.zip`"""


def pins(files: Sequence[Path]) -> dict[str, set[str]]:
    """The pinned versions of each package."""
    found: dict[str, set[str]] = {}
    for file in files:
        for match in _PIN.finditer(file.read_text("utf-8")):
            found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def advisories(source: Path) -> Iterator[Mapping[str, Any]]:
    """Every advisory in a folder or an archive that still stands."""
    if source.is_dir():
        texts = (file.read_bytes() for file in sorted(source.rglob("*.json")))
    else:
        archive = zipfile.ZipFile(source)
        texts = (archive.read(name) for name in archive.namelist() if name.endswith(".json"))
    for text in texts:
        advisory = json.loads(text)
        if not advisory.get("withdrawn"):
            yield advisory


def affects(advisory: Mapping[str, Any], name: str, version: str) -> bool:
    """True when an advisory is about a version of a package."""
    return any(
        version in affected.get("versions", ()) or _in_ranges(affected, version)
        for affected in advisory.get("affected", ())
        if _is_package(affected.get("package", {}), name)
    )


def _is_package(package: Mapping[str, str], name: str) -> bool:
    return package.get("ecosystem") == "PyPI" and canonicalize_name(package["name"]) == name


def _in_ranges(affected: Mapping[str, Any], version: str) -> bool:
    ranges = (each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM")
    return any(_in_events(each.get("events", ()), Version(version)) for each in ranges)


def _in_events(events: Sequence[Mapping[str, str]], version: Version) -> bool:
    """True when the last event up to a version opens a range, or has it as its last version."""
    inside = False
    for event in sorted(events, key=_place):
        ((kind, _),) = event.items()
        at = _place(event)[0]
        if kind == "introduced" and at <= version:
            inside = True
        elif (kind == "fixed" and at <= version) or (kind == "last_affected" and at < version):
            inside = False
    return inside


def _place(event: Mapping[str, str]) -> tuple[Version, bool]:
    ((kind, text),) = event.items()
    try:
        return Version(text), kind == "last_affected"
    except InvalidVersion:
        return Version("0"), False


def main(arguments: Sequence[str]) -> int:
    """Prints one line for each advisory that a pin is affected by."""
    source, *files = map(Path, arguments)
    if not arguments[0] or not source.exists():
        sys.stderr.write(f"{NO_ADVISORIES}\n")
        return 2
    pinned, count, hits = pins(files), 0, 0
    for advisory in advisories(source):
        count += 1
        for name in {canonicalize_name(a["package"]["name"]) for a in _packages(advisory)}:
            for version in sorted(pinned.get(name, ())):
                if affects(advisory, name, version):
                    hits += 1
                    summary = advisory.get("summary", "")
                    sys.stdout.write(f"{name} {version}: {advisory['id']}: {summary}\n")
    sys.stdout.write(f"{len(pinned)} packages, {count:,} advisories: {hits} about these versions\n")
    if not count:
        sys.stderr.write(f"{NO_ADVISORIES}\n")
        return 2
    return 1 if hits else 0


def _packages(advisory: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in advisory.get("affected", ()) if "name" in each.get("package", {})]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
