"""What a worker may read: the Python environment and the judge-free part of this package. Nothing else."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[3]
# Beside the engine, a worker needs only these of the package: no card, no frontend, no keys.
OURS = ("__init__.py", "history.py", "py.typed", "engine")
SYSTEM = ("/lib", "/lib64", "/lib32", "/bin", "/usr/lib", "/usr/lib64", "/usr/bin", "/usr/local/lib")
DATA = ("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
ACCELERATOR = ("/usr/local/cuda/lib64", "/usr/local/nvidia", "/usr/lib/wsl", "/opt/rocm/lib")
INSIDE = ("bin", "lib", "lib64", "share", "include", "pyvenv.cfg")


@dataclass(frozen=True)
class Shown:
    """A folder or file to show: where it really is, where it is shown, and what below it is hidden."""

    source: str
    target: str
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """``shown``: the Python environment. ``ours``: parts of this package. ``base``: for scratch directories."""

    shown: tuple[Shown, ...]
    ours: tuple[str, ...]
    base: str

    @classmethod
    def of_this_process(cls, base: str, hidden: list[str]) -> Plan:
        """Return the plan for the Python that is running."""
        secret = {os.path.realpath(path) for path in hidden} | {str(PACKAGE)}
        targets: dict[str, str] = {}
        for path in _candidates():
            real = os.path.realpath(path)
            for target in (os.path.normpath(path), real):
                within_secret = any(_below(real, other) for other in secret)
                if not within_secret and not _below(base, real) and real != str(PACKAGE.parent):
                    targets.setdefault(target, real)
        kept: list[Shown] = []
        for target in sorted(targets):
            source = targets[target]
            if any(_below(target, one.target) and source == _shown_at(target, one) for one in kept):
                continue
            below = sorted(path[len(source) :] for path in secret if _below(path, source))
            kept.append(Shown(source, target, tuple(below)))
        ours = tuple(str(PACKAGE / name) for name in OURS if (PACKAGE / name).exists())
        return cls(tuple(kept), ours, base)

    def readable(self) -> list[str]:
        """Return what may be read, for Landlock: it has no exceptions, so around a hidden path its neighbours."""
        paths = list(self.ours)
        for one in self.shown:
            paths += _around(one.source, [one.source + path for path in one.hidden])
        return paths

    def listable(self) -> list[str]:
        """Return the folders around hidden paths: Python finds its libraries by listing them."""
        return [one.source for one in self.shown if one.hidden and "" not in one.hidden]


def _candidates() -> list[str]:
    found = [*SYSTEM, *DATA, *ACCELERATOR]
    for prefix in sorted({sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix} - {"/", "/usr"}):
        found += [str(Path(prefix) / name) for name in INSIDE]
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    found += [path for path in (*sys.path, *libraries) if path and Path(path).is_absolute()]
    return [path for path in found if Path(path).exists()]


def _shown_at(target: str, one: Shown) -> str:
    return os.path.realpath(one.source + target[len(one.target) :])


def _around(path: str, hidden: list[str]) -> list[str]:
    inside = [secret for secret in hidden if _below(secret, path)]
    if not inside:
        return [path]
    if path in inside:
        return []
    return [kept for entry in sorted(Path(path).iterdir()) for kept in _around(str(entry), inside)]


def _below(path: str, other: str) -> bool:
    return path == other or path.startswith(other.rstrip("/") + "/")
