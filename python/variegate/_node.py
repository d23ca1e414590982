"""DataNode: what an operator returns while a graph is written."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core, types
from ._where import user_line

_TRUTH = (
    '"DataNode" was used in conditional context - it might have been used in truth evaluation for `if` statement, '
    "logical expression or cast to a boolean. To use conditional execution via `if` statements you need to specify "
    "`enable_conditionals=True` in `@variegate.pipeline_def` decorator. A value per sample has no truth value outside "
    "such an `if`: `while`, `assert` and `bool()` cannot ask for it."
)


class newaxis:  # noqa: N801
    """Adds an axis when it indexes a DataNode: `x[..., newaxis]` is not possible, `x[:, newaxis("C")]` is."""

    def __init__(self, name: str | None = None) -> None:
        if name is not None and (not isinstance(name, str) or len(name) != 1):
            raise ValueError(f"newaxis takes the name of an axis, one letter; got {name!r}.")
        self.name = name or ""


class DataNode:
    """One output of an operator: a tensor per sample, known only when the pipeline runs.

    `device` is "cpu" or "gpu". Arithmetic, comparisons and indexing make new nodes; `if` needs `enable_conditionals=True`.
    """

    __array_ufunc__ = None  # NumPy must not try to take nodes element by element
    __slots__ = ("value", "__weakref__")

    def __init__(self, value: _core.Value) -> None:
        self.value = value

    name = property(
        lambda self: self.value.name or f"{self.value.op}_{self.value.order}[{self.value.output}]"
    )
    device = property(lambda self: self.value.device)
    source = property(lambda self: self.value)
    index = property(lambda self: self.value.output)
    ndim = property(lambda self: self.value.ndim, doc="Number of axes; None if not known before the run.")
    layout = property(
        lambda self: self.value.layout, doc="Names of the axes; None if not known before the run."
    )
    dtype = property(
        lambda self: None if self.value.dtype is None else types.DALIDataType(self.value.dtype),
        doc="Type of elements; None if not known before the run.",
    )

    def gpu(self) -> DataNode:
        """The same data on the GPU."""
        return _to_device(self, "gpu")

    def cpu(self) -> DataNode:
        """The same data on the CPU."""
        return _to_device(self, "cpu")

    def shape(self, dtype: types.DALIDataType = types.DALIDataType.INT64, device: str = "cpu") -> DataNode:
        """The shape of each sample: 1-d, `dtype` INT64 by default, on the CPU unless `device` says "gpu"."""
        return op("_shape", [self], {"dtype": dtype}, device=device)

    def property(self, key: str, device: str = "cpu") -> DataNode:
        """A property of each sample: "source_info" or "layout"."""
        return op("get_property", [self], {"key": key}, device=device)

    def source_info(self, device: str = "cpu") -> DataNode:
        """The name of the file that each sample came from, as bytes."""
        return self.property("source_info", device)

    def __bool__(self) -> bool:
        raise TypeError(_TRUTH)

    def __iter__(self) -> Any:
        raise TypeError(
            '"DataNode" is not iterable: the extents of samples are not known while the graph is written.'
        )

    def __len__(self) -> int:
        raise TypeError('"DataNode" has no len(): use .shape() for the extents of each sample.')

    def __getitem__(self, key: Any) -> DataNode:
        from ._index import index_node

        return index_node(self, key)

    def __repr__(self) -> str:
        where = f" at {self.value.where}" if self.value.where else ""
        return f'DataNode(op="{self.value.op}", device="{self.device}"{where})'

    __str__ = __repr__
    __hash__ = object.__hash__


# (`property` is a method of the class: the decorator is taken from builtins where it is needed.)


def op(op_name: str, inputs: list[DataNode], args: dict[str, Any], /, **options: Any) -> DataNode:
    """Calls an operator with one output."""
    return op_all(op_name, inputs, args, **options)[0]


def op_all(op_name: str, inputs: list[DataNode], args: dict[str, Any], /, **options: Any) -> list[DataNode]:
    """Calls an operator. Nodes in `args` become values per sample."""
    options.setdefault("where", user_line())
    plain = {k: v.value if isinstance(v, DataNode) else v for k, v in args.items()}
    return [DataNode(v) for v in _core.call(op_name, [n.value for n in inputs], plain, **options)]


def constant_node(array: np.ndarray, layout: str = "", device: str = "cpu") -> DataNode:
    """A node with the same tensor for every sample."""
    return DataNode(_core.constant(array, layout, device))


def to_node(value: Any) -> DataNode:
    """A node as it is; anything else as a constant. TypeError if that is not possible."""
    if isinstance(value, DataNode):
        return value
    return constant_node(types.as_constant_array(value))


def _to_device(node: DataNode, device: str) -> DataNode:
    if node.device == device:
        return node
    return op("copy", [node], {}, device=device)


def _operand(value: Any, name: str) -> DataNode | None:
    """The other side of an operator; None if Python should try something else."""
    if isinstance(value, DataNode):
        return value
    if isinstance(value, np.generic):
        raise TypeError(
            f"`{name}` with a NumPy scalar ({type(value).__name__}): use a Python number, or types.Constant."
        )
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**31) <= value < 2**31:
        return op("_wide_constant", [], {"value": float(value)})
    if isinstance(value, bool | int | float | types.ScalarConstant | list | tuple | np.ndarray):
        if isinstance(value, list | tuple) and any(isinstance(x, DataNode) for x in value):
            raise TypeError(f"`{name}`: a list that holds nodes is no operand; use fn.stack or fn.cat.")
        return constant_node(types.as_constant_array(value))
    if hasattr(value, "__dlpack__") or hasattr(value, "__array__"):
        return constant_node(types.as_constant_array(value))
    return None


def _binary(symbol: str, operator: str) -> tuple[Any, Any]:
    def forward(self: DataNode, other: Any) -> Any:
        right = _operand(other, symbol)
        return NotImplemented if right is None else op(operator, [self, right], {})

    def backward(self: DataNode, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            raise TypeError(f"`{symbol}` with a NumPy array on the left: wrap it in types.Constant.")
        left = _operand(other, symbol)
        return NotImplemented if left is None else op(operator, [left, self], {})

    return forward, backward


BINARY = {
    "add": ("+", "_add"),
    "sub": ("-", "_sub"),
    "mul": ("*", "_mul"),
    "truediv": ("/", "_div"),
    "floordiv": ("//", "_floordiv"),
    "mod": ("%", "_mod"),
    "pow": ("**", "_pow"),
    "and": ("&", "_and"),
    "or": ("|", "_or"),
    "xor": ("^", "_xor"),
    "lshift": ("<<", "_shl"),
    "rshift": (">>", "_shr"),
}
COMPARE = {
    "eq": ("==", "_eq"),
    "ne": ("!=", "_ne"),
    "lt": ("<", "_lt"),
    "le": ("<=", "_le"),
    "gt": (">", "_gt"),
    "ge": (">=", "_ge"),
}
UNARY = {"neg": "_neg", "pos": "_pos", "invert": "_bitwise_not", "abs": "_abs"}

for _name, (_symbol, _op) in BINARY.items():
    _forward, _backward = _binary(_symbol, _op)
    setattr(DataNode, f"__{_name}__", _forward)
    setattr(DataNode, f"__r{_name}__", _backward)
for _name, (_symbol, _op) in COMPARE.items():
    setattr(DataNode, f"__{_name}__", _binary(_symbol, _op)[0])
for _name, _op in UNARY.items():
    setattr(DataNode, f"__{_name}__", (lambda o: lambda self: op(o, [self], {}))(_op))
