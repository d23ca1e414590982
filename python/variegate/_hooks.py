"""What conditionals ask of the graph."""

from __future__ import annotations

from typing import Any

from . import _core
from ._node import DataNode, op, to_node
from ._where import user_line
from .errors import ArgumentValueError, DataError


class Hooks:
    """The graph as converted code sees it."""

    def is_node(self, value: Any) -> bool:
        return isinstance(value, DataNode)

    def predicate(self, node: DataNode) -> DataNode:
        if node.device == "gpu":
            raise ArgumentValueError(
                'the argument `predicate` of an `if` must be on the CPU, but it is on device "gpu"; '
                f"use .cpu() on the condition ({user_line()})"
            )
        return op("_predicate", [node], {})

    def logical_operand(self, node: DataNode, which: str, side: str) -> DataNode:
        self._on_cpu(node, which)
        return op("_logical_operand", [node], {"expression": which, "side": side})

    def logical_not(self, node: DataNode) -> DataNode:
        self._on_cpu(node, "not")
        return op("_logical_operand", [node], {"expression": "not", "negate": True})

    def constant(self, value: Any) -> DataNode:
        return to_node(value)

    def select(self, condition: DataNode, if_true: Any, if_false: Any) -> DataNode:
        alternatives = [to_node(if_false).value, to_node(if_true).value]
        return DataNode(_core.select(condition.value, alternatives, user_line()))

    def enter_branch(self, condition: DataNode, taken: bool) -> None:
        outer = _core.current_guard()
        yes = outer if outer is not None else _core.constant(True)
        no = _core.constant(False)
        _core.push_guard(_core.select(condition.value, [no, yes] if taken else [yes, no]))

    def exit_branch(self) -> None:
        _core.pop_guard()

    def _on_cpu(self, node: DataNode, which: str) -> None:
        if node.device == "gpu":
            raise DataError(
                f"Logical expression `{which}` is limited to scalar (0-d tensors) inputs of bool type, placed on "
                f"CPU. Got an input on GPU; use .cpu() ({user_line()})"
            )
