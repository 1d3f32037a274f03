"""Frames survive any bytes: they give plain values or one kind of error."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.engine import wire
from graders.engine.observation import Frame, Observation, Question, Raised
from graders.engine.wire import HEADER, LENGTH, CellRun, WireError, pack, unpack

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def frame(header, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    body = HEADER.pack(len(text)) + text + data
    return LENGTH.pack(len(body)) + body


def lone(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


@given(PLAIN)
@settings(max_examples=100, deadline=None)
def test_plain_values_arrive_as_they_were(value):
    """None, booleans, integers, floats, text, lists and dicts come back equal and of the same type."""
    back = unpack(pack(value))
    assert repr(back) == repr(value)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3)])
def test_arrays_arrive_with_dtype_and_shape(dtype, shape):
    """The four dtypes and every shape, 0-dim and empty ones included, come back exactly."""
    array = np.asarray(np.arange(math.prod(shape)).reshape(shape) % 2, dtype)
    back = unpack(pack({"a": [array, {"b": array.T}]}))["a"]
    assert back[0].dtype == array.dtype
    assert np.array_equal(back[0], array)
    assert np.array_equal(back[1]["b"], array.T)


def test_not_a_number_and_infinity_travel():
    """NaN and infinities are numbers here, alone and in arrays."""
    back = unpack(pack([math.nan, math.inf, -math.inf, np.array([math.nan, math.inf])]))
    assert math.isnan(back[0])
    assert back[1:3] == [math.inf, -math.inf]
    assert np.isnan(back[3][0])


def test_huge_integers_become_floats():
    """An integer beyond 64 bits is sent as the nearest float, or as infinity."""
    assert unpack(pack([2**64, -(10**400), {10**400: 1}])) == [2.0**64, -math.inf, {math.inf: 1}]


def test_keys_keep_their_type():
    """A dictionary by batch size or learning rate keeps its integer and float keys."""
    assert unpack(pack({1: "a", 0.5: "b", "1": "c"})) == {1: "a", 0.5: "b", "1": "c"}


def test_lone_surrogates_are_replaced():
    """Text that is no Unicode arrives as text that is."""
    (back,) = unpack(pack(["a\ud800b"]))
    assert not lone(back)
    (read,) = unpack(frame(b'{"value": ["\\ud800"], "arrays": []}'))
    assert not lone(read)


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"bytes", 1j, np.zeros(2, np.float16), np.array(["a"]), np.array([None]), {(1, 2): 3}],
    ids=lambda value: type(value).__name__,
)
def test_other_objects_are_refused(value):
    """What is no plain value is not sent."""
    with pytest.raises(WireError):
        pack(value)


def test_deep_nesting_is_refused_when_sent():
    """A list nested a hundred thousand deep is refused, not followed."""
    value: list = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(WireError):
        pack(value)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_an_error_or_a_value(data):
    """Random bytes, alone and as header and body, never raise anything but WireError."""
    for candidate in (data, LENGTH.pack(len(data)) + data, frame(data), frame({"value": 1, "arrays": []}, data)):
        try:
            unpack(candidate)
        except WireError:
            continue


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_damaged_answers_give_an_error_or_an_observation(data):
    """One changed byte of a right answer never raises anything but WireError."""
    seen = Observation(
        "returned", {"w": np.arange(3.0), "x": [1, "a"]}, {"w": "float64"}, (("", "a"),), {}, Raised("E", "m"), "t", 0.5
    )
    damaged = bytearray(pack(wire.observation_to_plain(seen)))
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        wire.observation_from_plain(unpack(bytes(damaged)))
    except WireError:
        return


HOSTILE = {
    "nested brackets": frame(b"[" * 200_000),
    "nested brackets in the value": frame(b'{"arrays": [], "value": ' + b"[" * 90_000 + b"]" * 90_000 + b"}"),
    "nested dictionaries": frame(b'{"arrays": [], "value": ' + b'{"d":[[1,' * 9000 + b"1" + b"]]}" * 9000 + b"}"),
    "integer of 5000 digits": frame(b'{"arrays": [], "value": ' + b"9" * 5000 + b"}"),
    "integer of 65 bits": frame(b'{"arrays": [], "value": 18446744073709551616}'),
    "no header": LENGTH.pack(0),
    "header longer than the body": LENGTH.pack(4) + HEADER.pack(100),
    "cut short": pack([1, 2, 3])[:-1],
    "too long": pack([1, 2, 3]) + b"x",
    "announces too much": LENGTH.pack(2**62) + b"x",
    "not text": frame(b"\xff\xfe"),
    "a list": frame([1]),
    "a field too many": frame({"value": 1, "arrays": [], "more": 1}),
    "an unknown node": frame({"value": {"z": 1}, "arrays": []}),
    "a node of two kinds": frame({"value": {"a": 0, "d": []}, "arrays": [["bool", [0]]]}),
    "an array that is not there": frame({"value": {"a": 0}, "arrays": []}),
    "an array by a negative number": frame({"value": {"a": -1}, "arrays": [["bool", [0]]]}),
    "an array by true": frame({"value": [{"a": 0}, {"a": True}], "arrays": [["bool", [0]], ["bool", [0]]]}),
    "an array used twice": frame({"value": [{"a": 0}, {"a": 0}], "arrays": [["bool", [0]]]}),
    "an array not used": frame({"value": 1, "arrays": [["float64", [0]]]}),
    "objects": frame({"value": {"a": 0}, "arrays": [["object", [1]]]}, b"x" * 8),
    "another dtype": frame({"value": {"a": 0}, "arrays": [["<M8[s]", [1]]]}, b"x" * 8),
    "a dtype that is a list": frame({"value": {"a": 0}, "arrays": [[["f8"], [1]]]}, b"x" * 8),
    "too few bytes": frame({"value": {"a": 0}, "arrays": [["float64", [2]]]}, b"x" * 8),
    "too many bytes": frame({"value": {"a": 0}, "arrays": [["float64", [1]]]}, b"x" * 9),
    "a negative side": frame({"value": {"a": 0}, "arrays": [["float64", [-1]]]}, b"x" * 8),
    "a side that is a float": frame({"value": {"a": 0}, "arrays": [["float64", [1.0]]]}, b"x" * 8),
    "a side that is true": frame({"value": {"a": 0}, "arrays": [["float64", [True]]]}, b"x" * 8),
    "a product beyond 64 bits": frame({"value": {"a": 0}, "arrays": [["float64", [2**26, 2**26, 2**26]]]}),
    "an empty giant": frame({"value": {"a": 0}, "arrays": [["float64", [0, *[2**26] * 6]]]}),
    "many dimensions": frame({"value": {"a": 0}, "arrays": [["float64", [1] * 100]]}, b"x" * 8),
    "a list as a key": frame({"value": {"d": [[[1], 2]]}, "arrays": []}),
    "a pair of three": frame({"value": {"d": [[1, 2, 3]]}, "arrays": []}),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_frames_are_refused(data):
    """Every frame that is none is refused with WireError."""
    with pytest.raises(WireError):
        unpack(data)


def test_a_limit_holds_on_both_sides():
    """More than the limit is neither sent nor read."""
    with pytest.raises(WireError):
        pack(np.zeros(100), limit=500)
    with pytest.raises(WireError):
        unpack(pack(np.zeros(100)), limit=500)


def test_bytes_of_a_boolean_array_are_read_as_booleans():
    """Bytes other than 0 and 1 in a boolean array are read as True."""
    back = unpack(frame({"value": {"a": 0}, "arrays": [["bool", [3]]]}, b"\x00\x07\xff"))
    assert back.tolist() == [False, True, True]
    assert set(back.view(np.uint8)) <= {0, 1}


def test_a_question_comes_back_equal():
    """A question with arrays and options survives the way."""
    question = Question("f", "mse", {"x": np.ones((2, 1)), "lr": 0.5}, {"grad": "off"}, {"x": 1}, "float32", "cpu")
    back = wire.question_from_plain(unpack(pack(wire.question_to_plain(question))))
    assert np.array_equal(back.arguments["x"], question.arguments["x"])
    assert (back.function, back.options, back.earlier, back.dtype) == ("f", {"grad": "off"}, {"x": 1}, "float32")


def test_an_observation_comes_back_equal():
    """Everything an observation holds survives the way."""
    error = Raised("ValueError", "no", (Frame("3", 2, "x = 1", "f"),))
    seen = Observation("raised", {"n": 1}, {"w": "float32"}, (("mse", "a fault"),), {"x": 2}, error, "printed", 0.25)
    assert wire.observation_from_plain(unpack(pack(wire.observation_to_plain(seen)))) == seen


def test_text_of_a_student_is_cut():
    """Messages, sources and texts inside values are cut before the judge keeps them."""
    error = Raised("E" * 10_000, "m" * 100_000, tuple(Frame("1", 1, "s" * 10_000, "f") for _ in range(100)))
    seen = Observation("raised", {"t": ["x" * 100_000]}, error=error, text="t" * 100_000)
    back = wire.observation_from_plain(unpack(pack(wire.observation_to_plain(seen))))
    assert back.error is not None
    assert len(back.error.type) == wire.WORDS
    assert len(back.error.message) == 2000
    assert len(back.error.frames) == 50
    assert len(back.text) == len(back.values["t"][0]) == wire.MAX_TEXT


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "passed"},
        {"outcome": "timed-out"},
        {"outcome": ["returned"]},
        {"seconds": -1.0},
        {"seconds": math.nan},
        {"seconds": True},
        {"values": [1]},
        {"values": {1: 2}},
        {"dtypes": {"w": 1}},
        {"faults": [["a"]]},
        {"faults": [[1, 2]]},
        {"faults": [["", ""]] * 101},
        {"error": {"type": "E"}},
        {"error": {"type": "E", "message": "m", "frames": [["1", "2", "s", "f"]]}},
        {"text": None},
        {"more": 1},
    ],
    ids=str,
)
def test_an_answer_of_another_form_is_refused(change):
    """A record whose fields are not those of an observation is refused."""
    plain = wire.observation_to_plain(Observation("returned"))
    with pytest.raises(WireError):
        wire.observation_from_plain(unpack(pack({**plain, **change})))


def test_outputs_keep_only_what_nbformat_knows():
    """A cell's outputs lose unknown media types and metadata; unknown kinds are refused."""
    shown = {"output_type": "display_data", "data": {"text/plain": "a", "application/x": "b"}, "metadata": {"tags": 1}}
    run = wire.cell_from_plain(wire.cell_to_plain(CellRun("1", (shown,))))
    assert run.outputs == ({"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}},)
    for output in ({"output_type": "comm"}, 3, {"output_type": "stream", "text": 3}, {"output_type": "execute_result"}):
        with pytest.raises(WireError):
            wire.cell_from_plain({"name": "1", "outputs": [output], "error": None})
