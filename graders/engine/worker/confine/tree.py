"""What a worker may read: the Python environment and the judge-free part of this package. Nothing else."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[3]
# Beside the engine, a worker needs only these of the package: no card, no frontend, no keys.
OURS = ("__init__.py", "history.py", "py.typed", "engine")
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/bin", "/usr/share/zoneinfo", "/usr/share/fonts", "/usr/local/lib")
LINKS = ("/lib", "/lib64", "/bin")
ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/nsswitch.conf", "/etc/fonts")
INSIDE = ("bin", "lib", "lib64", "share", "include", "pyvenv.cfg")
DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True)
class Plan:
    """``readable``: files and folders to show. ``hidden``: what lies below them and is not shown.

    ``base``: where scratch directories are made. ``ours``: the shown parts of this package.
    """

    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    ours: tuple[str, ...]
    base: str

    @classmethod
    def of_this_process(cls, base: str, hidden: list[str]) -> Plan:
        """Return the plan for the Python that is running."""
        prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
        candidates = [*SYSTEM, *LINKS, *ETC]
        for prefix in sorted(prefixes - {"/", "/usr"}):
            candidates += [str(Path(prefix) / name) for name in INSIDE]
        candidates += [path for path in sys.path if path and Path(path).is_absolute()]
        shown: list[str] = []
        for path in sorted({os.path.realpath(path) for path in candidates if Path(path).exists()}):
            covered = any(_below(path, other) for other in shown)
            if not covered and path not in {"/", str(PACKAGE.parent), base}:
                shown.append(path)
        secret = {os.path.realpath(path) for path in hidden} | {str(PACKAGE)}
        covered_secrets = sorted(path for path in secret if any(_below(path, other) for other in shown))
        ours = [str(PACKAGE / name) for name in OURS if (PACKAGE / name).exists()]
        return cls(tuple(shown), tuple(covered_secrets), tuple(ours), base)


def _below(path: str, other: str) -> bool:
    return path == other or path.startswith(other.rstrip("/") + "/")
