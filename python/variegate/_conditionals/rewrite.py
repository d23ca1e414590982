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
    converted = _renamed(converted, code)
    _register(converted)
    return converted


def _register(code: types.CodeType) -> None:
    """Notes the functions inside of converted code, which must not be converted a second time."""
    _known.add(code)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            _register(inner)


def _renamed(code: types.CodeType, original: types.CodeType) -> types.CodeType:
    """With the qualified names of the original, which the factory has prefixed (Python 3.11 and later store them in the code)."""
    if not hasattr(code, "co_qualname"):
        return code
    old = code.co_qualname
    assert old.startswith(FACTORY)

    def rename(inner: types.CodeType) -> types.CodeType:
        consts = tuple(rename(c) if isinstance(c, types.CodeType) else c for c in inner.co_consts)
        name = original.co_qualname + inner.co_qualname[len(old):] if inner.co_qualname.startswith(old) else inner.co_qualname
        return inner.replace(co_consts=consts, co_qualname=name)
    return rename(code)


def build(function: types.FunctionType, code: types.CodeType) -> types.FunctionType:
    """`function` with converted code: the same globals, defaults, attributes and the very same closure cells."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
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
