"""What a student's archive holds, read in memory under limits: nothing is unpacked that could do harm.

Only the files asked for come out, as bytes under their path inside the archive; who writes them decides where. An
archive is refused as a whole: one that steps outside, links, or grows without measure is no accident to mend here.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graders.frontends.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

PACK_AGAIN = "Ask for a zip archive with the notebook in it."
ORDINARY = "Ask for a zip archive of ordinary files and folders."
SKIPPED = re.compile(r"^(?:\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
ZIP_ENTRY = b"PK\x01\x02"  # stands before each entry of a zip archive's directory
CHUNK = 2**16
XZ_MEMORY = 64 * 2**20
LONGEST_NAME = 200  # letters of one part of a path
DEEPEST = 20
SHOWN = 80  # letters of a name in a message
LARGEST_HEADER = 2**16  # bytes of what a tar archive says of one member beside its name
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True)
class Limits:
    """How much one archive may hold. ``ratio`` counts where what comes out is larger than ``spared`` bytes."""

    member: int = 20 * 2**20
    total: int = 50 * 2**20
    members: int = 1000
    ratio: int = 200
    spared: int = 2 * 2**20


class RefusedError(Exception):
    """Why an archive is not collected, without its name: what it is, and the cure."""


def read_archive(data: bytes, wanted: Callable[[str], bool], limits: Limits = Limits()) -> dict[str, bytes]:
    """Return the files of a zip or tar archive that are wanted, by their path with ``/`` between its parts.

    Every member is checked, also those not wanted; archives inside the archive are members like any other, and stay
    packed.

    Raises
    ------
    RefusedError
        The archive is damaged, too large, or holds what an archive of notebooks has no need of.
    """
    opened = _zip_members if zipfile.is_zipfile(io.BytesIO(data)) else _tar_members
    found: dict[str, bytes] = {}
    budget = _Budget(limits, len(data))
    try:
        for name, size, content in opened(data, limits):
            path = _safe_path(name)
            budget.declare(path, size)
            if size is None or not path or any(SKIPPED.match(part) for part in path.split("/")) or not wanted(path):
                continue
            _refuse_strange(path)
            if path in found:
                raise RefusedError(f"holds {shown(path)} twice. {PACK_AGAIN}")
            with content() as file:
                found[path] = budget.read(path, file)
    except NotImplementedError as error:
        raise RefusedError(f"is packed in a way that is not read here. {PACK_AGAIN}") from error
    except BROKEN as error:
        raise RefusedError(f"is damaged or no zip or tar archive. {PACK_AGAIN}") from error
    return found


def without_common_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files without the one folder that holds them all: people pack the folder as often as the file."""
    while files and all("/" in path for path in files) and len({path.split("/")[0] for path in files}) == 1:
        files = {path.partition("/")[2]: content for path, content in files.items()}
    return files


def shown(name: str) -> str:
    """Return a name as a message shows it: on one line, not too long, nothing in it that acts on a terminal."""
    text = visible(name.replace("\n", "\\n"))
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


class _Budget:
    """Counts what an archive says it holds, and what really comes out of it."""

    def __init__(self, limits: Limits, packed: int) -> None:
        self.limits = limits
        self.most = min(limits.total, max(limits.spared, limits.ratio * packed))
        self.members = self.declared = self.came = 0

    def declare(self, path: str, size: int | None) -> None:
        """Count one more member of that size; None is a folder."""
        self.members += 1
        self.declared += size or 0
        if self.members > self.limits.members:
            raise RefusedError(f"holds more than {self.limits.members} files. {PACK_AGAIN}")
        if (size or 0) > self.limits.member:
            raise RefusedError(_too_large(shown(path), self.limits.member))
        self._check(self.declared)

    def read(self, path: str, file: IO[bytes]) -> bytes:
        """Return the content of one member, whatever size it said it has."""
        parts: list[bytes] = []
        came = 0
        while part := file.read(CHUNK):
            came += len(part)
            if came > self.limits.member:
                raise RefusedError(_too_large(shown(path), self.limits.member))
            self._check(self.came + came)
            parts.append(part)
        self.came += came
        return b"".join(parts)

    def _check(self, total: int) -> None:
        if total > self.limits.total:
            raise RefusedError(_too_large("all it holds together", self.limits.total))
        if total > self.most:
            raise RefusedError(f"is packed more than {self.limits.ratio} times smaller than it is. {PACK_AGAIN}")


def _too_large(what: str, most: int) -> str:
    return f"is too large: {what} is more than {most / 2**20:g} MB. {PACK_AGAIN}"


def _safe_path(name: str) -> str:
    """Return the path of a member, relative and without ``.``; refuse one that could lead elsewhere."""
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if name.startswith("/") or "\\" in name or ".." in parts or re.match(r"^[A-Za-z]:", name):
        raise RefusedError(f"holds a path that leads out of it ({shown(name)}). {ORDINARY}")
    return "/".join(parts)


def _refuse_strange(path: str) -> None:
    parts = path.split("/")
    if not path.isprintable() or max(len(part.encode()) for part in parts) > LONGEST_NAME or len(parts) > DEEPEST:
        raise RefusedError(f"holds a file whose name cannot be kept ({shown(path)}). {ORDINARY}")


def _zip_members(data: bytes, limits: Limits) -> Iterator[tuple[str, int | None, Callable[[], IO[bytes]]]]:
    """Yield name, size and content of each member; a folder has no size."""
    if data.count(ZIP_ENTRY) > 10 * limits.members:  # before a list of them is made
        raise RefusedError(f"holds more than {limits.members} files. {PACK_AGAIN}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.orig_filename
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise RefusedError(f"holds a link or a device ({shown(name)}). {ORDINARY}")
            if info.flag_bits & 1:
                raise RefusedError("has a password. Ask for an archive without one.")
            if info.is_dir():
                yield name, None, io.BytesIO
                continue
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}:
                raise NotImplementedError
            yield name, info.file_size, lambda info=info: archive.open(info)  # type: ignore[misc]


class _Header(tarfile.TarInfo):
    """A member's header; Python's own reading of an extended one can take hours where it is made for that."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}:
            assert archive.fileobj is not None
            place = archive.fileobj.tell()
            if self.size > LARGEST_HEADER or re.search(rb"\d{40}", archive.fileobj.read(LARGEST_HEADER)[: self.size]):
                raise tarfile.ReadError
            archive.fileobj.seek(place)
        made: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return made


def _tar_members(data: bytes, limits: Limits) -> Iterator[tuple[str, int | None, Callable[[], IO[bytes]]]]:
    """Yield name, size and content of each member; a folder has no size."""
    plain = _decompressed(data, limits)
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:", tarinfo=_Header) as archive:
        for member in archive:
            if member.isdir():
                yield member.name, None, io.BytesIO
            elif not member.isreg() or member.issparse():
                raise RefusedError(f"holds a link or a device ({shown(member.name)}). {ORDINARY}")
            else:
                yield member.name, member.size, lambda member=member: archive.extractfile(member)  # type: ignore[misc]


def _decompressed(data: bytes, limits: Limits) -> bytes:
    """Return a tar archive without its compression, or refuse one that grows too much on the way."""
    most = limits.total + 2**20 + 2048 * limits.members  # each member has a header or two, and is filled up
    plain = data
    if data.startswith(b"\x1f\x8b"):
        with gzip.open(io.BytesIO(data)) as file:
            plain = file.read(most + 1)
    elif data.startswith(b"BZh"):
        with bz2.open(io.BytesIO(data)) as file:
            plain = file.read(most + 1)
    elif data.startswith(b"\xfd7zXZ"):
        plain = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY).decompress(data, most + 1)
    if len(plain) > most:
        raise RefusedError(_too_large("all it holds together", limits.total))
    return plain
