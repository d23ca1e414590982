"""Turns a function's code into converted code: source text, syntax tree, rewritten tree, code object."""

from __future__ import annotations

import ast
import sys
import types

from . import inline
from .expressions import RUNTIME
from .source import FACTORY, Definition, NoSource, compile_definition, find
from .transform import FunctionTransformer

_cell = types.CellType(inline)
_known: set[types.CodeType] = set()


def is_converted(code: types.CodeType) -> bool:
    return RUNTIME in code.co_freevars or code in _known


def convert_code(function: types.FunctionType) -> types.CodeType:
    """The converted code of `function`. Raises NoSource."""
    code = function.__code__
    definition = find(function)
    transformer = FunctionTransformer(code.co_filename, definition.klass)
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(max(limit, 20_000))
        if isinstance(definition.node, ast.Lambda):
            definition.node.body = transformer.visit(definition.node.body)
        else:
            transformer.convert(definition.node)
        converted = compile_definition(definition, code, (RUNTIME,))
    except (RecursionError, SyntaxError) as error:
        raise NoSource(f"it is too deeply nested ({error})") from error
    finally:
        sys.setrecursionlimit(limit)
    assert converted is not None
    converted = _renamed(converted, function.__qualname__)
    _register(converted)
    return converted


def _register(code: types.CodeType) -> None:
    """Notes the functions inside of converted code, which must not be converted a second time."""
    _known.add(code)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            _register(inner)


def _renamed(code: types.CodeType, qualname: str) -> types.CodeType:
    """With qualified names as in the original, which the factory has prefixed.

    Python 3.10 keeps them as constants.
    """
    prefix = f"{FACTORY}.<locals>."
    end = qualname.rpartition("<locals>.")[2]

    def name(text: str) -> str:
        if not text.startswith(prefix):
            return text
        rest = text[len(prefix) :]
        # What is behind the converted function's own name belongs to the functions inside of it.
        inner = rest.partition(".<locals>")
        return (
            qualname + inner[1] + inner[2] if inner[0].rpartition(".")[2] == end.rpartition(".")[2] else text
        )

    def rename(old: types.CodeType) -> types.CodeType:
        consts = tuple(
            rename(c) if isinstance(c, types.CodeType) else name(c) if isinstance(c, str) else c
            for c in old.co_consts
        )
        if hasattr(old, "co_qualname"):
            return old.replace(co_consts=consts, co_qualname=name(old.co_qualname))
        return old.replace(co_consts=consts)

    return rename(code)


def build(function: types.FunctionType, code: types.CodeType) -> types.FunctionType:
    """`function` with converted code: the same globals, defaults, attributes and the very same closure cells.
    """
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells[RUNTIME] = _cell
    closure = tuple(cells[name] for name in code.co_freevars)
    built = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    built.__kwdefaults__ = function.__kwdefaults__
    built.__qualname__ = function.__qualname__
    built.__module__ = function.__module__
    built.__doc__ = function.__doc__
    built.__dict__.update(function.__dict__)
    return built


__all__ = ["Definition", "NoSource", "build", "convert_code", "is_converted"]
