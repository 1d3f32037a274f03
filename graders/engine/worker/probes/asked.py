"""What a probe is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch

from graders.engine.worker.arguments import build, build_all
from graders.engine.worker.failures import StudentError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class Reading:
    """Plain numbers read from a result. ``faults``: (mistake id or "", sentence)."""

    values: dict[str, Any] = field(default_factory=dict)
    dtypes: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Asked:
    """One call to make. ``built`` holds the arguments once made; ``memory`` outlives the earlier call."""

    function: Any
    name: str
    arguments: Mapping[str, Any]
    options: Mapping[str, Any]
    dtype: torch.dtype
    device: torch.device
    memory: dict[str, Any]
    built: dict[str, Any] = field(default_factory=dict)

    def build(self) -> dict[str, Any]:
        """Make fresh arguments, in the order of the contract."""
        self.built = build_all(self.arguments, self.dtype, self.device)
        return self.built

    def make(self, value: Any) -> Any:
        """Make one value as if it were an argument."""
        return build(value, self.dtype, self.device)

    def call(self, *arguments: Any) -> Any:
        """Call the student's function; whatever leaves it becomes a StudentError."""
        return self.run(self.function, *arguments)

    def run(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Do something that runs the student's code, and count the backward passes that succeed."""
        backward, grad = torch.autograd.backward, torch.autograd.grad

        def counted(original: Callable[..., Any]) -> Callable[..., Any]:
            def counting(*given: Any, **named: Any) -> Any:
                result = original(*given, **named)
                self.memory["backwards"] = self.memory.get("backwards", 0) + 1
                return result

            return counting

        torch.autograd.backward, torch.autograd.grad = counted(backward), counted(grad)
        try:
            return action(*arguments)
        except BaseException as error:
            raise StudentError(error) from None
        finally:
            torch.autograd.backward, torch.autograd.grad = backward, grad
