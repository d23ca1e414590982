"""Mathematics on nodes, element by element. The transcendental functions turn integers into FLOAT."""

from __future__ import annotations

from typing import Any

from ._functions import SCHEMAS
from ._node import DataNode, op, to_node


def _function(name: str, schema: dict[str, Any]) -> Any:
    def function(*values: Any) -> DataNode:
        if len(values) != schema["min_inputs"]:
            raise TypeError(f"math.{name} takes {schema['min_inputs']} values; got {len(values)}.")
        if not any(isinstance(v, DataNode) for v in values):
            raise TypeError(f"math.{name} needs at least one DataNode.")
        return op(schema["name"], [to_node(v) for v in values], {})

    function.__name__ = function.__qualname__ = name
    function.__doc__ = schema["doc"]
    return function


for _name, _schema in SCHEMAS.items():
    if _name.startswith("math."):
        globals()[_name[5:]] = _function(_name[5:], _schema)


def abs(value: DataNode) -> DataNode:  # noqa: A001
    """The absolute value; the type stays."""
    return op("_abs", [value], {})


__all__ = [
    n
    for n in globals()
    if not n.startswith("_") and n not in ("annotations", "Any", "SCHEMAS", "DataNode", "op", "to_node")
]
