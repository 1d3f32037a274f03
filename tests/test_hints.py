"""Type hints: equal or spelled another way is right; anything else is one sentence with the expected signature."""

from __future__ import annotations

import pytest

from graders.engine.hints import canonical, compare_signature
from tests.support.cells import ask

GRADIENTS = "def f(x: Tensor, lr: float, epochs: int) -> tuple[Tensor, Tensor]"
LOSSES = "def f(losses: Mapping[str, Sequence[float]], order: list[Tensor]) -> Figure"
DATASET = """class L(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]: ..."""
HEAD = """import collections.abc, typing, torch, numpy as np
from typing import List, Dict, Tuple, Optional, Union, Any, Mapping, Sequence, TYPE_CHECKING
from torch import Tensor, nn
from torch.utils.data import Dataset, TensorDataset
from matplotlib.figure import Figure
import matplotlib.figure
T = torch.Tensor
Pair = Tuple[T, "T"]
"""


def differences(contract, code, name="f", head=HEAD):
    """Return the sentences for a piece of code."""
    return compare_signature(contract, ask(head + code, name, "signature", {}))


@pytest.mark.parametrize(
    "code",
    [
        "def f(x: Tensor, lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x",
        "def f(x: torch.Tensor, lr: float, epochs: int) -> Tuple[torch.Tensor, Tensor]: return x",
        "def f(x: T, lr: float, epochs: int) -> Pair: return x",
        "def f(x: 'Tensor', lr: 'float', epochs: int) -> 'tuple[Tensor, Tensor]': return x",
        "def f(x: Tensor, lr: float = 0.1, epochs: int = 3) -> tuple['Tensor', 'torch.Tensor']: return x",
        "def f(x: Tensor, lr: float, epochs: int, verbose: bool = False) -> tuple[Tensor, Tensor]: return x",
        "def f(x: Tensor, lr: float, epochs: int, *rest, **more) -> tuple[Tensor, Tensor]: return x",
        "def f(x: Tensor, lr: float, epochs: int, *, verbose=False) -> typing.Tuple[Tensor, Tensor]: return x",
        "@torch.no_grad()\ndef f(x: Tensor, lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x",
        "def f(x: typing.Annotated[Tensor, '(n, 1)'], lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x",
        "def f(x: 'nowhere.Tensor', lr: float, epochs: int) -> 'Tuple[nowhere.Tensor, Unknown.Tensor]': return x",
    ],
)
def test_an_equivalent_spelling_is_right(code):
    """Aliases, quotes, typing's generics, defaults, optional extras."""
    assert differences(GRADIENTS, code) == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(losses: Mapping[str, Sequence[float]], order: List[Tensor]) -> Figure: return x",
        "def f(losses: collections.abc.Mapping[str, typing.Sequence[float]], order: list[T]) -> matplotlib.figure.Figure: return x",
        "def f(losses: 'Mapping[str, Sequence[float]]', order: 'List[T]') -> 'plt.Figure': return x",
    ],
)
def test_generics_of_either_module_are_right(code):
    """typing and collections.abc mean the same."""
    assert differences(LOSSES, code) == []


def test_future_annotations_and_type_checking_imports():
    """Names that exist for the type checker only are compared by their last part."""
    head = "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n    from torch import Tensor\n"
    code = "def f(x: Tensor, lr: float, epochs: int) -> tuple[torch.Tensor, Tensor]: return x"
    assert differences(GRADIENTS, code, head=head) == []


GUARDED = "from __future__ import annotations\nimport typing\nif typing.TYPE_CHECKING:\n"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("    from torch import Tensor as T", "def f(x: T, lr: float, epochs: int) -> tuple[T, 'T']: return x"),
        ("    import torch as t", "def f(x: t.Tensor, lr: float, epochs: int) -> tuple[t.Tensor, t.Tensor]: return x"),
        (
            "    from torch import Tensor as T\n    Rate: typing.TypeAlias = float\n    Pair = typing.Tuple[T, T]",
            "def f(x: T, lr: Rate, epochs: int) -> Pair: return x",
        ),
    ],
)
def test_other_names_for_the_type_checker_are_what_they_stand_for(block, code):
    """An import under another name and an assignment under TYPE_CHECKING are read from the cell."""
    assert differences(GRADIENTS, code, head=f"{GUARDED}{block}\n") == []


@pytest.mark.parametrize("block", ["from torch import Size as T", "T = list[T]", "from torch import Tensor"])
def test_other_names_for_the_type_checker_do_not_hide_another_type(block):
    """A name that stands for something else, for itself, or for nothing is a difference."""
    code = "def f(x: T, lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x"
    sentences = differences(GRADIENTS, code, head=f"{GUARDED}    {block}\n")
    assert len(sentences) == 1
    assert "x is annotated T, not Tensor" in sentences[0]


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        ("def f(x: float | None) -> None", "def f(x: Optional[float]): return x\nf.__annotations__['return'] = None"),
        ("def f(x: Optional[float]) -> None", "def f(x: Union[None, float]) -> None: return x"),
        ("def f(x: int | float) -> None", "def f(x: 'float | int') -> type(None): return x"),
        ("def f(d: Dataset) -> int", "def f(d: Dataset[Tuple[Tensor, Tensor]]) -> int: return x"),
        ("f(x: Tensor) -> Tensor", "def f(x: Tensor) -> Tensor: return x"),
        ("def f(x: Tensor) -> Tensor: ...", "def f(x: Tensor) -> Tensor: return x"),
    ],
)
def test_unions_and_bare_generics(contract, code):
    """Optional, Union and the bar mean the same; a bare generic may be made more precise."""
    assert differences(contract, code) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def f(x, lr, epochs): return x", ["x has no", "lr has no", "epochs has no", "the result has no type hint"]),
        ("def f(x: Tensor, lr: float, epochs: int): return x", ["the result has no type hint"]),
        (
            "def f(x: Tensor, lr: int, epochs: int) -> tuple[Tensor, Tensor]: return x",
            ["lr is annotated int, not float"],
        ),
        (
            "def f(x: np.ndarray, lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x",
            ["x is annotated numpy.ndarray, not Tensor"],
        ),
        ("def f(x: Tensor, lr: float, epochs: int) -> tuple: return x", ["the result is annotated tuple, not tuple["]),
        ("def f(x: Tensor, lr: float, epochs: int) -> list[Tensor]: return x", ["annotated list[torch.Tensor]"]),
        (
            "def f(x: Tensor, rate: float, epochs: int) -> tuple[Tensor, Tensor]: return x",
            ["no parameter lr", "more than the contract: rate"],
        ),
        (
            "def f(lr: float, x: Tensor, epochs: int) -> tuple[Tensor, Tensor]: return x",
            ["parameters in another order"],
        ),
        (
            "def f(x: Tensor, lr: float, epochs: int, n: int) -> tuple[Tensor, Tensor]: return x",
            ["more than the contract: n"],
        ),
        ("def f(*args) -> tuple[Tensor, Tensor]: return x", ["no parameter x or lr or epochs"]),
        ("def f(x: Any, lr: float, epochs: int) -> tuple[Tensor, Tensor]: return x", ["x is annotated typing.Any"]),
        ("def f(x: Tensor, lr: Optional[float], epochs: int) -> tuple[Tensor, Tensor]: return x", ["lr is annotated"]),
    ],
)
def test_each_difference_is_one_sentence(code, words):
    """A missing or different hint is named, and the expected signature shown."""
    found = differences(GRADIENTS, code)
    assert len(found) == len(words)
    assert all(part in sentence for part, sentence in zip(words, found, strict=True))
    assert all(
        sentence.endswith("expected f(x: Tensor, lr: float, epochs: int) -> tuple[Tensor, Tensor].")
        for sentence in found
    )


CLASS = """class L(Dataset):
    def __init__(self, x: Tensor, y: Tensor) -> None: self.x = x
    def __len__(self) -> int: return 1
    def __getitem__(self, index: int) -> Tuple[Tensor, Tensor]: return self.x
    def helper(self): return 1
"""


def test_a_class_is_compared_method_by_method():
    """All three methods count; others are the student's own."""
    assert differences(DATASET, CLASS, "L") == []
    assert differences(DATASET, CLASS.replace(" -> int", ""), "L") == [
        "L.__len__: the result has no type hint; expected __len__(self) -> int."
    ]
    missing = differences(DATASET, CLASS.replace("__len__", "size"), "L")
    assert missing == ["L.__len__ is missing; expected __len__(self) -> int."]
    assert "index has no type hint" in differences(DATASET, CLASS.replace("index: int", "index"), "L")[0]


def test_methods_left_to_a_base_class():
    """PyTorch's own methods carry PyTorch's hints; those of the student's own base class are the student's."""
    start = "    def __init__(self, x: Tensor, y: Tensor) -> None: super().__init__(x, y)\n"
    assert differences(DATASET, f"class L(TensorDataset):\n{start}", "L") == []
    assert len(differences(DATASET, f"class L(TensorDataset):\n{start.replace(': Tensor', '')}", "L")) == 2
    assert [one[:10] for one in differences(DATASET, "class L(TensorDataset): pass", "L")] == ["L.__init__"]
    own = CLASS.replace("class L", "class Base")
    assert differences(DATASET, f"{own}class L(Base): pass", "L") == []
    assert len(differences(DATASET, f"{own.replace(' -> int', '')}class L(Base): pass", "L")) == 1


def test_a_function_for_a_class_has_no_methods():
    """A function where a class is asked for lacks every method."""
    assert len(differences(DATASET, "def L(x): return x\n", "L")) == 3


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("typing.List[torch.Tensor]", "list[Tensor]"),
        ("Optional[int]", "None | int"),
        ("Union[int, None, 'float']", "None | float | int"),
        ("Callable[[int], str]", "Callable[[int], str]"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("not a hint", "not a hint"),
    ],
)
def test_one_spelling_for_a_hint(text, spelling):
    """The canonical spelling uses last names, builtin generics and sorted unions."""
    assert canonical(text) == spelling
