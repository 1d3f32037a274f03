"""Keys on the teacher's disk: the same as computed ones, for the owner alone, and made anew whenever in doubt."""

from __future__ import annotations

import stat

import numpy as np
import pytest

from graders import cards, kept_keys, keys
from graders.engine.worker.places import CHECKOUT

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


def test_a_kept_key_is_read_without_the_reference(kept, monkeypatch):
    """The second command does not run the solution."""
    kept(SLUG, SEED)
    monkeypatch.setattr(keys, "all_keys", None)
    assert kept(SLUG, SEED)["train_batch"].cases


def test_another_seed_is_another_file_for_the_owner_alone(kept):
    """Two seeds, two files, readable by their owner; the folder likewise."""
    kept(SLUG, 1), kept(SLUG, 2)
    files = list(kept_keys.FOLDER.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(kept_keys.FOLDER.stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '{"train_batch": [{}]}'])
def test_a_damaged_file_is_made_anew(kept, text):
    """What cannot be read is computed and written again."""
    kept(SLUG, SEED)
    (file,) = kept_keys.FOLDER.iterdir()
    whole = file.read_text()
    file.write_text(text)
    assert kept(SLUG, SEED)["plot_losses"].cases
    assert file.read_text() == whole


def test_no_worker_sees_the_folder():
    """The folder of the kept keys is one of the places that are hidden from every worker."""
    assert kept_keys.FOLDER.relative_to(kept_keys.ROOT).parts[0] in CHECKOUT
