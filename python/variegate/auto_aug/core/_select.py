"""select: one of several operations per sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import _conditionals, _core
from ..._node import DataNode, to_node


def select(
    ops: list[Callable[..., Any]], selected_op_idx: DataNode, *op_args: Any, **op_kwargs: Any
) -> DataNode:
    """Per sample the result of `ops[selected_op_idx]`, called with the same arguments. Only that one is computed.

    An index outside the list is clamped. AssertionError: the list is empty.
    """
    assert len(ops), "The list of operations to select from cannot be empty."
    if len(ops) == 1:
        return ops[0](*op_args, **op_kwargs)
    return choose(selected_op_idx, [lambda op=op: op(*op_args, **op_kwargs) for op in ops])


def choose(index: DataNode, alternatives: list[Callable[[], Any]]) -> DataNode:
    """As `select`, over functions without arguments."""
    require_conditionals()
    return DataNode(_core.choose(index.value, [lambda f=f: to_node(f()).value for f in alternatives]))


def require_conditionals() -> None:
    """TypeError unless a pipeline with conditionals is being described."""
    if not _conditionals.active():
        from ..._node import _TRUTH

        raise TypeError(_TRUTH)
