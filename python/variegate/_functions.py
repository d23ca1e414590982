"""Python functions of the operators, made from the registry's schemas."""

from __future__ import annotations

import inspect
import itertools
import keyword
import types as python_types
import warnings
from collections.abc import Callable
from typing import Any

from . import _core, types
from ._node import DataNode, op_all, to_node
from ._where import user_line
from .errors import ArgumentTypeError

_groups = itertools.count(1)
SCHEMAS: dict[str, dict[str, Any]] = {s["name"]: s for s in _core.schemas()}
COMMON = {"device": None, "name": None, "preserve": False, "bytes_per_sample_hint": None}
_ENUMS = {
    "DALIDataType": types.DALIDataType,
    "DALIImageType": types.DALIImageType,
    "DALIInterpType": types.DALIInterpType,
}


def call(schema: dict[str, Any], inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Calls an operator as a user does. Lists of nodes as inputs are input sets: one call each, the same draws."""
    kwargs = {k: v for k, v in kwargs.items() if v is not None}
    options = {
        "device": kwargs.pop("device", ""),
        "name": kwargs.pop("name", ""),
        "where": user_line(),
        "preserve": bool(kwargs.pop("preserve", False)),
    }
    kwargs.pop("bytes_per_sample_hint", None)
    if schema["random"]:
        seed = kwargs.pop("seed", -1)
        options["seed"] = -1 if seed < 0 else int(seed)
        options["ordinal"] = kwargs.pop("_ordinal", 0)
    elif "seed" in kwargs and not any(a["name"] == "seed" for a in schema["args"]):
        kwargs.pop("seed")
    for a in schema["args"]:
        if a["renamed_to"] and a["name"] in kwargs:
            warnings.warn(
                f"fn.{schema['name']}: the argument `{a['name']}` is deprecated; use `{a['renamed_to']}`.",
                DeprecationWarning,
                stacklevel=3,
            )
    sets = max((len(x) for x in inputs if _is_set(x)), default=None)
    if sets is None:
        nodes = op_all(schema["name"], [to_node(x) for x in inputs], _plain(schema, kwargs), **options)
        if options["preserve"]:
            keep(nodes[0])
        return unpack(nodes)
    if schema["random"] and options["seed"] < 0:
        options["draw_group"] = next(_groups)  # one draw for all sets
    results = []
    for i in range(sets):
        one = [x[i] if _is_set(x) else x for x in inputs]
        results.append(op_all(schema["name"], [to_node(x) for x in one], _plain(schema, kwargs), **options))
    return (
        [unpack(r) for r in results]
        if len(results[0]) == 1
        else [list(o) for o in zip(*results, strict=True)]
    )


def keep(node: DataNode) -> None:
    """Has the pipeline that is being described evaluate a node that no output may need."""
    from ._pipeline import Pipeline

    pipe = Pipeline.current()
    if pipe is not None:
        pipe.add_sink(node)


def _is_set(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(x, DataNode) for x in value)


def _plain(schema: dict[str, Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    plain = {}
    for key, value in kwargs.items():
        if isinstance(value, types.ScalarConstant):
            value = value.value
        if isinstance(value, list | tuple) and any(isinstance(x, DataNode) for x in value):
            raise ArgumentTypeError(
                f"[{schema['name']}] {key}: a list of nodes is no argument; "
                f"put them together with fn.stack ({user_line()})"
            )
        plain[key] = value
    return plain


def unpack(nodes: list[DataNode]) -> Any:
    """One node as it is, several as a list, none as None."""
    return nodes[0] if len(nodes) == 1 else nodes if nodes else None


def docstring(schema: dict[str, Any]) -> str:
    """The documentation of an operator, from its schema."""
    lines = [schema["doc"], ""]
    if schema["inputs"]:
        lines.append("Inputs:")
        for i in schema["inputs"]:
            optional = " (optional)" if i["optional"] else ""
            layouts = f"; layouts {i['layouts']}" if i["layouts"] else ""
            lines.append(f"    {i['name']}{optional}: {i['doc']}{layouts}")
        lines.append("")
    shown = [a for a in schema["args"] if not a["renamed_to"]]
    if shown:
        lines.append("Args:")
        for a in shown:
            per_sample = ", or one per sample" if a["tensor"] else ""
            default = (
                " (required)" if a["required"] else f"; default {show_default(a)}" if a["has_default"] else ""
            )
            lines.append(f"    {a['name']} ({a['type']}{per_sample}): {a['doc']}{default}")
    return "\n".join(lines).rstrip() + "\n"


def show_default(argument: dict[str, Any]) -> str:
    """A default as Python text."""
    enum_type = _ENUMS.get(argument["type"])
    value = argument["default"]
    return f"types.{enum_type(value).name}" if enum_type else repr(value)


def signature(schema: dict[str, Any]) -> inspect.Signature:
    """The signature of an operator's function."""
    P = inspect.Parameter
    names = [i["name"] for i in schema["inputs"]]
    variadic = schema["max_inputs"] > len(names) or any(not n.isidentifier() for n in names)
    if variadic:
        parameters = [P("inputs", P.VAR_POSITIONAL)]
    else:
        # An input may share its name with an argument (`matrix` of warp_affine).
        taken = {a["name"] for a in schema["args"]}
        parameters = [
            P(
                i["name"] + "_" if keyword.iskeyword(i["name"]) or i["name"] in taken else i["name"],
                P.POSITIONAL_ONLY,
                default=None if i["optional"] else P.empty,
            )
            for i in schema["inputs"]
        ]
    for a in schema["args"]:
        if a["renamed_to"]:
            continue
        default = P.empty if a["required"] else a["default"] if a["has_default"] else None
        parameters.append(P(a["name"], P.KEYWORD_ONLY, default=default))
    taken = {p.name for p in parameters}
    common = dict(COMMON, **({"seed": None} if schema["random"] else {}))
    parameters += [P(k, P.KEYWORD_ONLY, default=v) for k, v in common.items() if k not in taken]
    return inspect.Signature(parameters)


def make_function(schema: dict[str, Any], name: str) -> Callable[..., Any]:
    """The function of an operator under one of its names."""

    def function(*inputs: Any, **kwargs: Any) -> Any:
        return call(schema, inputs, kwargs)

    function.__name__ = function.__qualname__ = name.rsplit(".", 1)[-1]
    function.__doc__ = docstring(schema)
    function.__signature__ = signature(schema)  # type: ignore[attr-defined]
    function._schema = schema  # type: ignore[attr-defined]
    return function


def public_names() -> dict[str, dict[str, Any]]:
    """Name (and alias) -> schema of all operators that are functions of `fn`."""
    names = {}
    for s in SCHEMAS.values():
        if not s["hidden"] and not s["name"].startswith("math."):
            for n in [s["name"], *s["aliases"]]:
                names[n] = s
    return names


def fill(
    root: python_types.ModuleType,
    make: Callable[[dict[str, Any], str], Any],
    case: Callable[[str], str] = str,
) -> None:
    """Puts what `make` gives for each operator into a module and its submodules (`readers`, `random`, ...)."""
    import sys

    for name, schema in public_names().items():
        *path, last = name.split(".")
        module = root
        for part in path:
            full = f"{module.__name__}.{part}"
            if full not in sys.modules:
                sys.modules[full] = python_types.ModuleType(
                    full, f"Operators `{full.removeprefix('variegate.')}`."
                )
            setattr(module, part, sys.modules[full])
            module = sys.modules[full]
        item = make(schema, name)
        if hasattr(item, "__module__"):
            item.__module__ = module.__name__
        setattr(module, case(last), item)
