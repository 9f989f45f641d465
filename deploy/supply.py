"""What is shipped, from `requirements.lock` and what is installed: an SBOM and a list of licences.

    python deploy/supply.py sbom > haitang.cdx.json      # CycloneDX 1.5
    python deploy/supply.py licences                     # name, version, licence

The lock is made anew with
`uv pip compile pyproject.toml --generate-hashes --universal --no-emit-index-url --no-annotate
--no-header --python-version 3.11 -o requirements.lock`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENDOR = ROOT / "bot" / "web" / "static" / "vendor"
OURS = "Apache-2.0"
_PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def pins(lock: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of every locked package."""
    for block in re.split(r"\n(?=[a-z])", lock.strip()):
        found = _PIN.match(block)
        if found is not None:
            yield found[1], found[2], _HASH.findall(block)


def licence(name: str) -> str:
    """As the package itself says; empty when it is not installed here."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ""
    return _told(found)


def _told(found: Distribution) -> str:
    meta = found.metadata
    expression = meta.get("License-Expression", "")
    classes = [
        line.rpartition(" :: ")[2]
        for line in meta.get_all("Classifier") or []
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    short = (meta.get("License") or "").strip().split("\n")[0][:60]
    return expression or " / ".join(classes) or short


def vendored() -> Iterator[tuple[str, str, list[str]]]:
    """What lies in the package for browsers: folders `name-version`, with the hash of each file."""
    for folder in sorted(path for path in VENDOR.iterdir() if path.is_dir()):
        name, _, version = folder.name.rpartition("-")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        yield name, version, [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]


def _component(name: str, version: str, hashes: list[str], told: str, purl: str) -> dict[str, Any]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"{purl}/{name}@{version}",
        "licenses": [{"license": {"name": told}}],
        "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
    }


def sbom(lock: str) -> dict[str, Any]:
    """CycloneDX: every locked package and every vendored page library."""
    own = {"type": "application", "name": "haitang", "licenses": [{"license": {"id": OURS}}]}
    locked = [_component(n, v, h, licence(n) or "unknown", "pkg:pypi") for n, v, h in pins(lock)]
    pages = [_component(n, v, h, "see NOTICE beside it", "pkg:npm") for n, v, h in vendored()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": own},
        "components": locked + pages,
    }


def main(what: str) -> int:
    """Write one of the two to standard output."""
    lock = LOCK.read_text("utf-8")
    if what == "sbom":
        sys.stdout.write(json.dumps(sbom(lock), indent=1) + "\n")
    else:
        for name, version, _ in pins(lock):
            sys.stdout.write(f"{name} {version}\t{licence(name) or 'unknown'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "licences"))
