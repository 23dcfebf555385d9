"""The files that a browser is given: read once, named by their content, compressed beforehand."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Served:
    """One file."""

    kind: str
    plain: bytes
    packed: bytes
    address: str


def served_files(folder: Path) -> Mapping[str, Served]:
    """Every file of the folder that a browser may ask for, by its name."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in KINDS:
            plain = path.read_bytes()
            mark = hashlib.sha256(plain).hexdigest()[:12]
            address = f"/static/{mark}/{path.name}"
            found[path.name] = Served(KINDS[path.suffix], plain, gzip.compress(plain, 9, mtime=0), address)
    return found
