"""Where the libraries are that a worker needs, and where the secrets are that it must not see."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

LIBRARIES = ("torch", "numpy", "matplotlib", "IPython")
SECRETS = ("solutions", "tests")
PACKAGE = Path(__file__).resolve().parents[2]
CHECKOUT = ("solutions", "tests", "assignments", "source", "gradebook.db", ".git", ".descentlab")


def library_paths() -> list[str]:
    """Return the folders of ``sys.path`` that hold the libraries, without importing one."""
    found = []
    for path in sys.path:
        folder = Path(path) if path else Path.cwd()
        if folder != PACKAGE.parent and any((folder / name / "__init__.py").is_file() for name in LIBRARIES):
            found.append(str(folder.resolve()))
    return found


def secret_places() -> list[str]:
    """Return what no worker may read, wherever it is installed."""
    places = {PACKAGE.parent / name for name in CHECKOUT}
    for name in SECRETS:
        spec = PathFinder.find_spec(name)
        if spec is not None:
            places.update(Path(place) for place in spec.submodule_search_locations or [])
    return sorted(str(place) for place in places if place.exists())
