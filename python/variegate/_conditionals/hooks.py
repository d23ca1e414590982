"""The little that conditionals need of a graph, and the state of the thread that traces one."""

from __future__ import annotations

import threading
from typing import Any, Protocol


class GraphHooks(Protocol):
    """What a graph offers to converted code.

    One object is set with `set_hooks` when the package is imported.
    """

    def is_node(self, value: Any) -> bool:
        """Whether `value` stands for one value per sample."""

    def predicate(self, node: Any) -> Any:
        """`node` as the condition of an `if`: a scalar of any numeric type on the CPU.

        ValueError if it is on the GPU.
        """

    def logical_operand(self, node: Any, which: str, side: str) -> Any:
        """`node`, a scalar of type bool on the CPU, as the "left" or "right" operand of "and" or "or"."""

    def logical_not(self, node: Any) -> Any:
        """The negation of a numeric scalar, as bool."""

    def constant(self, value: Any) -> Any:
        """A plain value as a node. TypeError if there is no such constant."""

    def select(self, condition: Any, if_true: Any, if_false: Any) -> Any:
        """For each sample one of two nodes; the other one is not computed."""

    def enter_branch(self, condition: Any, taken: bool) -> None:
        """From here on, tracing is for the samples whose `condition` is true (`taken`) or false."""

    def exit_branch(self) -> None:
        """Undoes the latest `enter_branch`."""


class _Registry:
    hooks: GraphHooks


registry = _Registry()


def set_hooks(hooks: GraphHooks) -> None:
    """Says which graph converted code works on."""
    registry.hooks = hooks


class State(threading.local):
    """What one thread has open: branches, half-evaluated expressions, calls of `convert`ed functions."""

    def __init__(self) -> None:
        self.depth = 0
        self.sides: list[Any] = []
        self.expressions: list[Any] = []
        self.poison: dict[Any, Exception] = {}

    def mark(self) -> tuple[int, int]:
        return len(self.sides), len(self.expressions)

    def unwind(self, mark: tuple[int, int]) -> None:
        """Leaves what was opened since `mark`, after an exception."""
        sides, expressions = mark
        while len(self.sides) > sides:
            self.sides.pop()
            registry.hooks.exit_branch()
        del self.expressions[expressions:]


state = State()
