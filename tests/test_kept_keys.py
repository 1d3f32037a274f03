"""Keys on the teacher's disk: the same as computed ones, for the owner alone, and made anew whenever in doubt."""

from __future__ import annotations

import hashlib
import stat
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from graders import cards, drawing, kept_keys, keys
from graders.engine.screen import screens
from graders.engine.worker.places import CHECKOUT
from solutions.mistakes import machine

SLUG = "ps3_batch_descent"
SEED = 7


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Keep keys in a folder of the test's own; return a way to ask without the memory of this process."""
    monkeypatch.setattr(kept_keys, "FOLDER", tmp_path / ".descentlab" / "keys")
    return kept_keys.all_keys.__wrapped__


def same(one, other):
    """Compare values of a case to the last bit, with their types."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or one != one)  # noqa: PLR0124


@pytest.mark.parametrize("slug", cards.SLUGS)
def test_kept_keys_are_the_computed_ones(kept, slug):
    """Cases, expected answers and mistakes read from the disk are those that were computed."""
    made, read = kept(slug, SEED), kept(slug, SEED)
    assert made.keys() == read.keys()
    for name, key in made.items():
        assert [case.hidden for case in key.cases] == [case.hidden for case in read[name].cases]
        for one, other in zip(key.cases, read[name].cases, strict=True):
            assert same(dict(one.case.arguments), dict(other.case.arguments))
            assert same(one.case.earlier and dict(one.case.earlier), other.case.earlier and dict(other.case.earlier))
            assert same(dict(one.expected), dict(other.expected))
            assert (one.case.name, one.case.trivial, one.case.stable) == (
                other.case.name,
                other.case.trivial,
                other.case.stable,
            )
        assert [mistake.id for mistake in key.mistakes] == [mistake.id for mistake in read[name].mistakes]
        assert [pair.id for pair in key.pairs()] == [pair.id for pair in read[name].pairs()]
        for one, other in zip(key.mistakes, read[name].mistakes, strict=True):
            assert all(same(mine, theirs) for mine, theirs in zip(one.answers, other.answers, strict=True)), one.id


@pytest.mark.parametrize("slug", cards.SLUGS)
def test_kept_pairs_are_the_computed_ones(kept, slug):
    """The pairs' answers on the first case, and those of a pair made from its kept recipe, are the computed ones."""
    made, read = kept(slug, SEED), kept(slug, SEED)
    for name, key in made.items():
        fresh, stored = screens(key, "pairs"), screens(read[name], "pairs")
        assert fresh.keys() == stored.keys()
        for form, screen in fresh.items():
            assert same(screen.places, stored[form].places)
            assert same(screen.rows, stored[form].rows)
            assert same(screen.sizes, stored[form].sizes)
        every = max(1, len(key.pairs()) // 40)
        for one, other in zip(key.pairs()[::every], read[name].pairs()[::every], strict=True):
            assert all(same(mine, theirs) for mine, theirs in zip(one.answers, other.answers, strict=True)), one.id


def test_a_kept_key_is_read_without_the_reference(kept, monkeypatch):
    """The second command runs neither the solution nor a mistake, and draws nothing."""
    kept(SLUG, SEED)
    monkeypatch.setattr(keys, "all_keys", None)
    monkeypatch.setattr(machine, "run", None)
    monkeypatch.setattr(drawing, "complaints", None)
    key = kept(SLUG, SEED)["train_batch"]
    assert [len(mistake.answers) for mistake in key.mistakes] == [len(key.cases)] * len(key.mistakes)
    assert all(answer for mistake in key.mistakes for answer in mistake.answers)
    assert screens(key, "pairs")
    assert key.pairs()


def test_another_seed_is_another_file_for_the_owner_alone(kept):
    """Two seeds, two files, readable by their owner; the folder likewise."""
    kept(SLUG, 1), kept(SLUG, 2)
    files = list(kept_keys.FOLDER.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(kept_keys.FOLDER.stat().st_mode) == 0o700


def hashed(body):
    return hashlib.sha256(body).digest() + body


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-8],
        lambda whole: whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
        lambda whole: hashed(b""),
        lambda whole: hashed(b"["),
        lambda whole: hashed(b"[]\n"),
        lambda whole: hashed(b"[" * 100_000),
        lambda whole: hashed(b'{"train_batch": [{}]}\n'),
        lambda whole: hashed(whole[32:-800]),
    ],
    ids=["empty", "cut", "one bit", "nothing", "no text", "a list", "deep", "no key", "numbers missing"],
)
def test_a_damaged_file_is_made_anew(kept, damage):
    """What cannot be read is computed and written again."""
    kept(SLUG, SEED)
    (file,) = kept_keys.FOLDER.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert kept(SLUG, SEED)["plot_losses"].cases
    assert file.read_bytes() == whole


def test_no_worker_sees_the_folder():
    """The folder of the kept keys is one of the places that are hidden from every worker."""
    assert kept_keys.FOLDER.relative_to(kept_keys.ROOT).parts[0] in CHECKOUT


def test_one_process_makes_a_key_and_the_others_read_it(kept, monkeypatch):
    """Judges that begin together compute a key once: who comes second waits and finds it on the disk."""
    made = []

    def slow(slug, seed):
        made.append(slug)
        time.sleep(0.3)
        return computed(slug, seed)

    computed = keys.all_keys
    monkeypatch.setattr(keys, "all_keys", slow)
    with ThreadPoolExecutor(3) as judges:
        found = list(judges.map(lambda _: kept(SLUG, SEED), range(3)))
    assert made == [SLUG]
    assert len({tuple(one) for one in found}) == 1
