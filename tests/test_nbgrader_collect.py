"""`nbgrader zip_collect` under our configuration: what an LMS gives becomes submissions, whatever lies among it."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import subprocess
import sys
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="the plug-in belongs to the instructor's extra")

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from graders.frontends.nbgrader import archives, collect, configure, extract
from graders.frontends.nbgrader.archives import Limits, RefusedError, read_archive

ROOT = Path(__file__).parents[1]
SLUG = "ps3_batch_descent"
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
SMALL = Limits(member=4000, total=6000, members=5, ratio=20, spared=1000)


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """Return a zip archive of (name or ZipInfo, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def tarred(*members, form=tarfile.PAX_FORMAT):
    """Return a tar archive of (name or TarInfo, content)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = content.encode() if isinstance(content, str) else content
            info.size = len(data) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def tar_member(kind, name=f"{SLUG}.ipynb", target="/etc/passwd"):
    """Return a member of a tar archive that is no file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_member(mode, name=f"{SLUG}.ipynb"):
    """Return a member of a zip archive with this mode of Unix."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def wanted(name):
    """Ask for notebooks."""
    return name.endswith(".ipynb")


def as_is(data):
    """Return an archive as it is."""
    return data


class TestArchives:
    @pytest.mark.parametrize("pack", [as_is, gzip.compress, bz2.compress, lzma.compress])
    def test_tar_archives_are_read_in_any_compression(self, pack):
        """Plain, gz, bz2 and xz: the wanted file comes out, the others stay in."""
        data = pack(tarred(("./work/a.ipynb", NOTEBOOK), ("work/b.txt", "x")))
        assert read_archive(data, wanted) == {"work/a.ipynb": NOTEBOOK.encode()}

    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    def test_zip_archives_are_read(self, method):
        """What macOS and Jupyter add is passed over."""
        names = ("work/a.ipynb", "__MACOSX/work/._a.ipynb", "work/.ipynb_checkpoints/a-checkpoint.ipynb")
        data = zipped(*[(name, NOTEBOOK) for name in names], ("work/", ""), method=method)
        assert read_archive(data, wanted) == {"work/a.ipynb": NOTEBOOK.encode()}

    @pytest.mark.parametrize(
        "name",
        [
            "/tmp/x.ipynb",
            "../x.ipynb",
            "a/../../x.ipynb",
            "..\\x.ipynb",
            "C:\\x.ipynb",
            "C:x.ipynb",
            "\\\\host\\x.ipynb",
        ],
    )
    @pytest.mark.parametrize("pack", [zipped, tarred])
    def test_a_path_that_leads_out_is_refused(self, pack, name):
        """Absolute, upwards, with backslashes or a drive letter, beside a good file: nothing of it is taken."""
        with pytest.raises(RefusedError, match=r"leads out of it"):
            read_archive(pack(("good.ipynb", NOTEBOOK), (name, NOTEBOOK)), wanted)

    @pytest.mark.parametrize(
        "name", ["a\x1b]0;x\x07.ipynb", "a\u202eb.ipynb", "x" * 250 + ".ipynb", "a/" * 30 + "a.ipynb"]
    )
    def test_a_name_no_file_should_have_is_refused(self, name):
        """Terminal escapes, marks that reorder text, names and paths too long; the message is one plain line."""
        with pytest.raises(RefusedError, match="cannot be kept") as caught:
            read_archive(zipped((name, NOTEBOOK)), wanted)
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 250

    @pytest.mark.parametrize(
        "kind",
        [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE],
    )
    def test_links_and_devices_in_tar_are_refused(self, kind):
        """Anything that is no ordinary file or folder, sparse files included."""
        with pytest.raises(RefusedError, match=r"link or a device|damaged"):
            read_archive(gzip.compress(tarred((tar_member(kind), b""))), wanted)

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
    def test_links_and_devices_in_zip_are_refused(self, kind):
        """The Unix mode of a member says what it would become."""
        with pytest.raises(RefusedError, match="link or a device"):
            read_archive(zipped((zip_member(kind | 0o644), "/etc/passwd")), wanted)

    def test_one_member_has_a_cap(self):
        """The sentence names the member and the size."""
        noise = os.urandom(5000)
        for pack in (zipped, tarred):
            with pytest.raises(RefusedError, match=r"big\.ipynb is more than"):
                read_archive(pack(("big.ipynb", noise)), wanted, SMALL)

    def test_the_whole_has_a_cap(self):
        """Members of a modest size each add up, wanted or not."""
        members = [(f"{number}.bin", os.urandom(3500)) for number in range(2)]
        for pack in (zipped, tarred):
            with pytest.raises(RefusedError, match="together is more than"):
                read_archive(pack(*members), wanted, SMALL)

    def test_the_number_of_members_has_a_cap(self):
        """Also where they are empty, and before a long list is made of them."""
        few, many = ([(f"{number}.bin", "") for number in range(count)] for count in (6, 60))
        for data in (zipped(*few), zipped(*many), tarred(*few), gzip.compress(tarred(*many))):
            with pytest.raises(RefusedError, match="more than 5 files"):
                read_archive(data, wanted, SMALL)

    def test_compression_has_a_cap(self):
        """Three thousand zeros in thirty bytes are no notebook."""
        for data in (zipped(("a.ipynb", bytes(3900))), gzip.compress(tarred(("a.ipynb", bytes(3900))))):
            with pytest.raises(RefusedError, match="20 times smaller"):
                read_archive(data, wanted, SMALL)

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
    def test_a_bomb_costs_no_more_than_the_cap(self, pack):
        """A tar archive of 50 MB in a few kB is given up early."""
        data = pack(tarred(("a.ipynb", bytes(50 * 2**20))))
        tracemalloc.start()
        try:
            with pytest.raises(RefusedError, match="too large"):
                read_archive(data, wanted, SMALL)
            assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
        finally:
            tracemalloc.stop()

    def test_a_size_that_lies_does_not_help(self):
        """A member that says it is small is not read beyond what it says, and counts as damaged."""
        data = zipped(("a.ipynb", bytes(3000)))
        told = (3000).to_bytes(4, "little")
        assert data.count(told) == 2
        with pytest.raises(RefusedError, match="damaged"):
            read_archive(data.replace(told, (10).to_bytes(4, "little")), wanted, SMALL)

    def test_a_header_made_to_take_hours_is_refused_at_once(self):
        """Python's reading of an extended header with endless digits grows with their square."""
        info = tarfile.TarInfo("a.ipynb")
        info.pax_headers = {"comment": "1" * 60_000}
        before = time.monotonic()
        with pytest.raises(RefusedError, match="damaged"):
            read_archive(tarred((info, NOTEBOOK)), wanted)
        assert time.monotonic() - before < 2

    def test_an_ordinary_long_name_is_read(self):
        """Extended headers of ordinary archives do no harm, in both spellings."""
        name = f"{'é' * 60}/{'b' * 90}.ipynb"
        for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
            assert list(read_archive(tarred((name, NOTEBOOK), form=form), wanted)) == [name]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"no archive",
            zipped(("a.ipynb", NOTEBOOK))[:60],
            gzip.compress(tarred(("a.ipynb", NOTEBOOK)))[:60],
            tarred(("a.ipynb", "x" * 2000))[:1000],
            zipped(("a.ipynb", NOTEBOOK), method=zipfile.ZIP_STORED).replace(b"cells", b"Cells", 1),
            gzip.compress(NOTEBOOK.encode()),
            b"\xfd7zXZ\x00garbage",
        ],
    )
    def test_a_damaged_archive_says_so(self, data):
        """Torn, empty, changed, or no archive at all: one sentence."""
        with pytest.raises(RefusedError, match="damaged or no zip or tar archive"):
            read_archive(data, wanted)

    def test_a_password_is_named(self):
        """An encrypted member is told from a damaged one."""
        data = bytearray(zipped(("a.ipynb", NOTEBOOK)))
        data[data.rindex(b"PK\x01\x02") + 8] |= 1
        with pytest.raises(RefusedError, match="password"):
            read_archive(bytes(data), wanted)

    def test_lzma_in_zip_is_not_read(self):
        """Its memory has no bound there."""
        with pytest.raises(RefusedError, match="not read here"):
            read_archive(zipped(("a.ipynb", NOTEBOOK), method=zipfile.ZIP_LZMA), wanted)

    def test_a_name_twice_is_refused(self):
        """Which of two counts is not for us to say."""
        with pytest.raises(RefusedError, match=r"holds a\.ipynb twice"):
            read_archive(tarred(("a.ipynb", NOTEBOOK), ("./a.ipynb", "")), wanted)

    def test_the_folder_around_everything_is_taken_off(self):
        """However many there are; where there are two folders they stay."""
        assert archives.without_common_folder({"a/b/c": b"", "a/b/d/e": b""}) == {"c": b"", "d/e": b""}
        assert archives.without_common_folder({"a/c": b"", "b/c": b""}) == {"a/c": b"", "b/c": b""}
        assert archives.without_common_folder({}) == {}


class Folder:
    """A course folder with what an LMS gave, and zip_collect run in this process."""

    def __init__(self, root):
        self.root = root
        self.archive = root / "downloaded" / SLUG / "archive"
        self.archive.mkdir(parents=True)
        self.notes = []

    def put(self, name, content):
        """Put a file into the archive folder."""
        path = self.archive / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def collect(self, **settings):
        """Run the command; return whether it says that all is collected."""
        config = Config()
        configure(config)
        config.FileNameCollectorPlugin.update(settings.pop("names", {}))
        config.ZipCollectApp.update(settings)
        app = ZipCollectApp(config=config, log_level=50)
        app.coursedir = CourseDirectory(parent=app, root=str(self.root), assignment_id=SLUG)
        try:
            app.start()
        except SystemExit:
            return False
        finally:
            self.notes = extract.notes_of(app)
        return True

    def submitted(self):
        """Return the submitted files: student/path and content."""
        base = self.root / "submitted"
        files = (path for path in base.rglob("*") if path.is_file())
        return {
            str(path.relative_to(base)).replace(f"/{SLUG}/", "/", 1): path.read_text(encoding="utf-8") for path in files
        }

    def outside(self):
        """Return what lies in the course folder beside the folders that zip_collect works in."""
        return {path.name for path in self.root.iterdir()} - {"downloaded", "submitted"}


@pytest.fixture
def folder(tmp_path):
    """Return a course folder of its own."""
    return Folder(tmp_path / "course")


class TestCollect:
    def test_every_usual_form_is_collected(self, folder):
        """Files, zip, tar.gz, a folder of Moodle, names of Canvas; the notebook lies where the grader looks."""
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
        folder.put("bob_11_12_work.tar.gz", gzip.compress(tarred((f"work/{SLUG}.ipynb", "B"), ("work/lines.py", "b"))))
        folder.put(f"cleo_21_22_{SLUG}-1.ipynb", "C")
        folder.put("dora_31_32_mine.ipynb", "D")
        folder.put("emil.py", "E")
        folder.put(f"Ada Lovelace_1017_assignsubmission_file_/{SLUG}.ipynb", "F")
        folder.put("Ada Lovelace_1018_assignsubmission_file_/all.zip", zipped(("x/mine.ipynb", "G")))
        folder.put("fritz.tgz", gzip.compress(tarred(("deep/down/my.ipynb", "H"), ("helper.py", "h"))))
        folder.put(".DS_Store", "x")
        assert folder.collect(), folder.notes
        assert folder.submitted() == {
            f"ada/{SLUG}.ipynb": "A",
            f"bob/{SLUG}.ipynb": "B",
            "bob/lines.py": "b",
            f"cleo/{SLUG}.ipynb": "C",
            "dora/dora_31_32_mine.ipynb": "D",
            "emil/emil.py": "E",
            f"Ada Lovelace_1017/{SLUG}.ipynb": "F",
            "Ada Lovelace_1018/mine.ipynb": "G",
            "fritz/my.ipynb": "H",
            "fritz/helper.py": "h",
        }

    def test_names_inside_an_archive_name_nobody(self, folder):
        """A student who packs files under others' names hands in for himself alone."""
        folder.put("bob_1_2_work.zip", zipped((f"{SLUG}.ipynb", "bob's own")))
        members = [f"{SLUG}.ipynb", f"bob_1_2_work/{SLUG}.ipynb", "bob/x.ipynb", "bob_9_9_x.ipynb"]
        folder.put("mallory_3_4_work.zip", zipped(*[(name, "forged") for name in members]))
        assert folder.collect(), folder.notes
        submitted = folder.submitted()
        assert submitted[f"bob/{SLUG}.ipynb"] == "bob's own"
        assert {name.split("/")[0] for name, text in submitted.items() if text == "forged"} == {"mallory"}

    @pytest.mark.parametrize(
        "pattern",
        [
            r"(?P<student_id>\w+)-(?P<file_id>\w+)",
            r".*/(?P<student_id>\w+)-(?P<file_id>\w+)",
            r".*/(?P<student_id>\w+?)-\w+/(?P<file_id>\w+)\.ipynb",
            r".*[/\\](?P<student_id>[a-z]+)-",
        ],
    )
    def test_a_pattern_written_for_nbgrader_works(self, folder, pattern):
        """For the name or for the whole path; what is inside the archive never takes part."""
        folder.put("ada-work.zip", zipped((f"bob-work/{SLUG}.ipynb", "A"), ("bob-work.py", "B")))
        assert folder.collect(names={"named_regexp": pattern}), folder.notes
        assert {name.split("/")[0] for name in folder.submitted()} == {"ada"}

    @pytest.mark.parametrize(
        "pattern", [r".*/(?P<student_id>\w+)\.ipynb$", r".*(?P<student_id>extracted)", r"(?P<name>\w+)"]
    )
    def test_a_pattern_that_misses_the_name_collects_nobody(self, folder, pattern):
        """An id found elsewhere in the path, or none, is no identity; the sentence names the setting."""
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
        assert not folder.collect(names={"named_regexp": pattern})
        assert folder.submitted() == {}
        assert "named_regexp" in folder.notes[0]

    def test_one_bad_archive_stops_nobody(self, folder):
        """Each is named in one sentence with the cure; the others are there; nothing lies outside."""
        good = (f"{SLUG}.ipynb", NOTEBOOK)
        folder.put("ada.zip", zipped(good))
        folder.put("zoe.tar.gz", gzip.compress(tarred(good)))
        bad = {
            "b-up.zip": zipped(good, ("../../up.ipynb", NOTEBOOK)),
            "c-link.tgz": gzip.compress(tarred(good, (tar_member(tarfile.SYMTYPE, "x.ipynb"), b""))),
            "d-torn.zip": zipped(good)[:70],
            "e-many.zip": zipped(*[(f"{number}.txt", "") for number in range(1001)]),
            "f-bomb.zip": zipped(("zeros.ipynb", bytes(20 * 2**20))),
            "g-nested.zip": zipped((f"{SLUG}.zip", zipped(good))),
            "h-empty.zip": zipped(),
            "i.rar": b"Rar!",
            "j-password.zip": zipped(good).replace(
                b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
            ),
            "k-several.zip": zipped(("a.ipynb", NOTEBOOK), ("b.ipynb", NOTEBOOK)),
            "l-clash.zip": zipped(("a.ipynb/b.py", "x"), ("a.ipynb", NOTEBOOK)),
        }
        for name, data in bad.items():
            folder.put(name, data)
        (folder.archive / "m-link.zip").symlink_to(folder.archive / "ada.zip")
        os.mkfifo(folder.archive / "n-fifo.zip")
        assert not folder.collect()
        assert folder.submitted() == {f"ada/{SLUG}.ipynb": NOTEBOOK, f"zoe/{SLUG}.ipynb": NOTEBOOK}
        assert folder.outside() == set()
        names = [*bad, "m-link.zip", "n-fifo.zip"]
        assert len(folder.notes) == len(names)
        for name, sentence in zip(names, folder.notes, strict=True):
            assert sentence.startswith(f"{name} ")
            assert sentence.endswith(".")
            assert str(folder.root) not in sentence

    def test_nested_archives_stay_packed(self, folder):
        """An archive in an archive is a file that is not asked for."""
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A"), ("more.zip", zipped(("evil.ipynb", "B")))))
        assert folder.collect()
        assert folder.submitted() == {f"ada/{SLUG}.ipynb": "A"}

    def test_the_download_of_a_class_is_no_students(self, folder):
        """Put in as it is, it is refused with what to do; unpacked, it is collected."""
        members = [("ada_1_2_mine.ipynb", "A"), ("bob_3_4_mine.ipynb", "B")]
        folder.put("submissions.zip", zipped(*members))
        assert not folder.collect()
        assert "unpack it into the archive folder" in folder.notes[0]
        (folder.archive / "submissions.zip").unlink()
        for name, content in members:
            folder.put(name, content)
        assert folder.collect(force=True)
        assert {name.split("/")[0] for name in folder.submitted()} == {"ada", "bob"}

    def test_a_folder_in_a_folder_is_not_guessed_about(self, folder):
        """A class unpacked one folder too deep is not taken for one student."""
        folder.put(f"download/ada/{SLUG}.ipynb", "A")
        assert not folder.collect()
        assert "directly into the archive folder" in folder.notes[0]
        assert folder.submitted() == {}

    def test_two_of_one_name_are_both_left_out(self, folder):
        """Nothing tells which counts, so none is chosen; the next student is collected."""
        folder.put("ada_1_1_x.ipynb", "A")
        folder.put("ada_2_2_x.ipynb", "B")
        folder.put("bob.zip", zipped((f"{SLUG}.ipynb", "C")))
        folder.put("cleo.zip", zipped((f"{SLUG}.ipynb", "D")))
        folder.put("cleo.tar", tarred((f"{SLUG}.ipynb", "E")))
        assert not folder.collect()
        assert folder.submitted() == {f"bob/{SLUG}.ipynb": "C"}
        assert sorted(sentence.split(" ")[0] for sentence in folder.notes) == ["ada_1_1_x.ipynb,", "cleo.tar"]

    def test_of_several_attempts_the_last_one_counts(self, folder):
        """Where the pattern tells the time, whole attempts are compared, and the stamp is written."""
        pattern = r".*?_(?P<student_id>[a-z]+)_attempt_(?P<timestamp>[\d-]+)"
        for day in (2, 9, 5):
            folder.put(f"ps3_ada_attempt_2024-05-0{day}-10-00-00_x.zip", zipped((f"{SLUG}.ipynb", str(day))))
        folder.put("ps3_bob_attempt_2024-99-99_x.ipynb", "B")
        assert folder.collect(names={"named_regexp": pattern}), folder.notes
        submitted = folder.submitted()
        assert submitted[f"ada/{SLUG}.ipynb"] == "9"
        assert submitted["ada/timestamp.txt"].startswith("2024-05-09")
        assert not [name for name in submitted if name.startswith("bob/timestamp")]

    @pytest.mark.parametrize("name", ["..", "a/b", "a:b", ".hidden", "-rf", "a{b}", "x" * 101, "a\nb", "*"])
    def test_a_strange_id_is_no_folder(self, name):
        """What a pattern may find in a name is checked before it becomes one."""
        assert not collect._is_id(name)
        assert all(collect._is_id(plain) for plain in ("ada", "Ada Lovelace_1017", "ada@uni.example", "José", "李"))

    def test_an_earlier_submission_stays_without_force(self, folder):
        """The rest of the class is collected; with --force it is replaced, and nothing of the old one is left."""
        old = folder.root / "submitted" / "ada" / SLUG
        old.mkdir(parents=True)
        (old / "old.ipynb").write_text("old")
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
        folder.put("bob.zip", zipped((f"{SLUG}.ipynb", "B")))
        assert not folder.collect()
        assert folder.submitted() == {"ada/old.ipynb": "old", f"bob/{SLUG}.ipynb": "B"}
        assert "--force" in folder.notes[0]
        assert folder.collect(force=True)
        assert folder.submitted() == {f"ada/{SLUG}.ipynb": "A", f"bob/{SLUG}.ipynb": "B"}
        assert sorted(path.name for path in old.parent.iterdir()) == [SLUG]

    def test_a_full_disk_loses_no_earlier_submission(self, folder, monkeypatch):
        """What cannot be written is named; the submission that was there is still there."""
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
        folder.put("bob.zip", zipped((f"{SLUG}.ipynb", "B")))
        assert folder.collect()
        copy = collect.shutil.copyfile

        def full(source, target, **options):
            if "ada" in str(target):
                raise OSError(28, "No space left on device")
            return copy(source, target, **options)

        monkeypatch.setattr(collect.shutil, "copyfile", full)
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A2")))
        folder.put("bob.zip", zipped((f"{SLUG}.ipynb", "B2")))
        assert not folder.collect(force=True)
        assert folder.submitted() == {f"ada/{SLUG}.ipynb": "A", f"bob/{SLUG}.ipynb": "B2"}
        assert folder.notes == [
            "ada cannot be copied (No space left on device). Mend this and run it again with --force."
        ]

    def test_a_pattern_that_is_none_says_so(self, folder):
        """One sentence with the name of the setting, no traceback."""
        folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
        assert not folder.collect(names={"named_regexp": "(?P<student_id>"})

    def test_an_empty_folder_is_no_error(self, folder):
        """Nothing handed in, nothing collected."""
        assert folder.collect()
        assert folder.submitted() == {}


@pytest.mark.slow
def test_the_real_command_collects(tmp_path):
    """`nbgrader zip_collect`, as typed: the plug-in is in place, and what is not collected decides the exit code."""
    (tmp_path / "nbgrader_config.py").write_text(
        "from graders.frontends.nbgrader import configure\n\nc = get_config()\nconfigure(c)\n"
    )
    folder = Folder(tmp_path / "course")
    (tmp_path / "nbgrader_config.py").rename(folder.root / "nbgrader_config.py")
    folder.put("ada.zip", zipped((f"{SLUG}.ipynb", "A")))
    folder.put("eve.zip", zipped(("../../../eve.ipynb", "B")))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder.root)}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "zip_collect", SLUG],
        cwd=folder.root, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert folder.submitted() == {f"ada/{SLUG}.ipynb": "A"}
    assert "Not collected: eve.zip holds a path that leads out of it (../../../eve.ipynb)." in done.stderr
    assert "Traceback" not in done.stderr
