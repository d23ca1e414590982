"""Indexing of nodes: ints, ranges, nodes as indices, new axes."""

from __future__ import annotations

from typing import Any

from ._node import DataNode, newaxis, op

# The item's kind and flags, as the core's `_index` reads them.
_AT, _RANGE, _NEW_AXIS = 0, 1, 2
_HAS = {"start": 4, "stop": 8, "step": 16}
_INPUT = {"start": 32, "stop": 64, "step": 128}


class _Items:
    def __init__(self) -> None:
        self.lists: dict[str, list[int]] = {"kind": [], "start": [], "stop": [], "step": []}
        self.names = ""
        self.inputs: list[DataNode] = []

    def add(self, kind: int, **numbers: Any) -> None:
        values = {"start": 0, "stop": 0, "step": 1}
        for place, number in numbers.items():
            if number is None:
                continue
            kind |= _HAS[place] if kind & 3 == _RANGE else 0
            if isinstance(number, DataNode):
                kind |= _INPUT[place]
                self.inputs.append(number)
            else:
                values[place] = _whole(number)
        self.lists["kind"].append(kind)
        for place, number in values.items():
            self.lists[place].append(number)


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise TypeError(
            f"a DataNode is indexed by integers, ranges of integers and scalar nodes; got {number!r} of type "
            f"{type(number).__name__}."
        )
    return number.__index__()


def index_node(node: DataNode, key: Any) -> DataNode:
    """`node[key]`. NotImplementedError for `...`, TypeError for floats, texts and lists; RuntimeError at run if out of range."""
    items = _Items()
    for item in key if isinstance(key, tuple) else (key,):
        if item is Ellipsis:
            raise NotImplementedError(
                "Ellipsis (...) is not supported in the index of a DataNode; write a `:` per axis."
            )
        if isinstance(item, newaxis) or item is newaxis or item is None:
            items.add(_NEW_AXIS)
            items.names += (item.name if isinstance(item, newaxis) else "") or " "
        elif isinstance(item, slice):
            items.add(_RANGE, start=item.start, stop=item.stop, step=item.step)
        else:
            items.add(_AT, start=item)
    args: dict[str, Any] = dict(items.lists)
    if items.names.strip():
        args["names"] = items.names
    return op("_index", [node, *items.inputs], args)
