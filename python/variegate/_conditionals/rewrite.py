"""Turns a function's code into converted code: source text, syntax tree, rewritten tree, code object."""

from __future__ import annotations

import ast
import sys
import types

from . import inline
from .expressions import RUNTIME
from .source import Definition, NoSource, compile_definition, find
from .transform import FunctionTransformer

_cell = types.CellType(inline)
_known: set[types.CodeType] = set()


def is_converted_code(code: types.CodeType) -> bool:
    return RUNTIME in code.co_freevars or code in _known


def convert_code(function: types.FunctionType) -> types.CodeType:
    """The converted code of `function`. Raises NoSource."""
    code = function.__code__
    definition = find(function)
    transformer = FunctionTransformer(code.co_filename, definition.klass)
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(max(limit, 10_000))
        if isinstance(definition.node, ast.Lambda):
            definition.node.body = transformer.visit(definition.node.body)
        else:
            transformer.convert(definition.node, code.co_name)
        converted = compile_definition(definition, code, (RUNTIME,))
    except (RecursionError, SyntaxError) as error:
        raise NoSource(f"it is too deeply nested ({error})") from error
    finally:
        sys.setrecursionlimit(limit)
    converted = _renamed(converted, definition.path(), function.__qualname__).replace(co_name=code.co_name)
    _register(converted)
    return converted


def _register(code: types.CodeType) -> None:
    """Notes the functions inside of converted code, which must not be converted a second time."""
    _known.add(code)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            _register(inner)


def _renamed(code: types.CodeType, prefix: str, qualname: str) -> types.CodeType:
    """With the qualified names of the original instead of those in the factory.

    Python 3.11 and later keep them in the code, 3.10 among the constants of the function around it.
    """

    def name(text: str) -> str:
        return qualname + text[len(prefix) :] if text.startswith(prefix) else text

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
    """`function` with converted code: the same globals, defaults, attributes and closure cells."""
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


__all__ = ["Definition", "NoSource", "build", "convert_code", "is_converted_code"]
