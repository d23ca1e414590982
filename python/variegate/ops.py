"""Operators as classes: `ops.Resize(size=[224, 224])(images)`. Made from the same registry as `fn`."""

from __future__ import annotations

import sys
from typing import Any

from . import _functions
from ._external import external_source
from ._node import DataNode as _DataNode  # noqa: F401  (scripts import ops._DataNode)


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


class _Operator:
    """An operator with arguments; calling it with inputs adds it to the graph."""

    _schema: dict[str, Any]

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = kwargs

    def __call__(self, *inputs: Any, **kwargs: Any) -> Any:
        """Adds the operator to the graph. Arguments given here win over those of the constructor."""
        return _functions.call(self._schema, inputs, {**self._kwargs, **kwargs})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._kwargs.items())})"


def _make(schema: dict[str, Any], name: str) -> type:
    return type(
        _camel(name.rsplit(".", 1)[-1]),
        (_Operator,),
        {"_schema": schema, "__doc__": _functions.docstring(schema)},
    )


class ExternalSource:
    """`fn.external_source` as a class."""

    def __init__(self, source: Any = None, num_outputs: int | None = None, **kwargs: Any) -> None:
        self._arguments = dict(kwargs, source=source, num_outputs=num_outputs)

    def __call__(self, **kwargs: Any) -> Any:
        """Adds the source to the graph."""
        return external_source(**{**self._arguments, **kwargs})


_functions.fill(sys.modules[__name__], _make, _camel)
