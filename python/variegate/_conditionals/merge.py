"""Merging what the two branches of an `if` left behind: leaf by leaf, one `select` each."""

from __future__ import annotations

import enum
from typing import Any

from .errors import divergent
from .hooks import registry


class _Undefined:
    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = _Undefined()


class Frozen:
    """A list, tuple or dict that a branch has changed: the object, and its contents when the branch ended."""

    __slots__ = ("copy", "original")

    def __init__(self, original: Any, copy: Any) -> None:
        self.original, self.copy = original, copy


def thaw(value: Any) -> Any:
    return value.original if isinstance(value, Frozen) else value


class Negated:
    """The opposite of a condition, without a node of its own."""

    __slots__ = ("node",)

    def __init__(self, node: Any) -> None:
        self.node = node


def rebuild(like: Any, items: Any) -> Any:
    """A list, tuple, named tuple or dict of the kind of `like`."""
    if isinstance(like, dict):
        return dict(items)
    if isinstance(like, list):
        return list(items)
    return type(like)(*items) if hasattr(like, "_fields") else tuple(items)


def freeze(value: Any, touched: set[int], memo: dict[int, Any]) -> Any:
    """`value`, with copies of those containers in it that were changed in this branch."""
    if not isinstance(value, (list, tuple, dict)):
        return value
    if id(value) in memo:
        return memo[id(value)]
    memo[id(value)] = value
    children = list(value.values()) if isinstance(value, dict) else list(value)
    frozen = [freeze(child, touched, memo) for child in children]
    if id(value) in touched or any(a is not b for a, b in zip(frozen, children, strict=True)):
        items = zip(value, frozen, strict=True) if isinstance(value, dict) else frozen
        memo[id(value)] = Frozen(value, rebuild(value, items))
    return memo[id(value)]


def snapshot(value: Any) -> Any:
    """`value` as it is now, whatever is done to its lists and dicts later."""
    if not isinstance(value, (list, tuple, dict)):
        return value
    if isinstance(value, dict):
        return Frozen(value, {key: snapshot(item) for key, item in value.items()})
    return Frozen(value, rebuild(value, [snapshot(item) for item in value]))


def is_number(value: Any) -> bool:
    return (
        isinstance(value, (bool, int, float, complex))
        and not isinstance(value, enum.Enum)
        or type(value).__module__ == "numpy"
    )


def _kind(value: Any) -> type | None:
    return next((kind for kind in (dict, list, tuple) if isinstance(value, kind)), None)


def merge(condition: Any, true: Any, false: Any, label: str, site: str, top: bool = True) -> Any:
    """One value out of two. `top`: numbers become nodes even if they are the same object in both branches."""
    if isinstance(condition, Negated):
        condition, true, false = condition.node, false, true
    same = thaw(true) is thaw(false)
    if same and not (top and is_number(thaw(true))):
        return thaw(true)
    true = true.copy if isinstance(true, Frozen) else true
    false = false.copy if isinstance(false, Frozen) else false
    kind, other = _kind(true), _kind(false)
    if kind is None and other is None:
        return _leaf(condition, true, false, label, site)
    if kind is not other:
        raise divergent(
            label,
            site,
            f"is of type {type(true).__name__} in one branch, {type(false).__name__} in the other",
        )
    if len(true) != len(false):
        raise divergent(label, site, f"has {len(true)} elements in one branch, {len(false)} in the other")
    if kind is dict:
        if set(true) != set(false):
            odd = sorted(map(repr, set(true) ^ set(false)))[0]
            raise divergent(label, site, f"has the key {odd} in one branch only")
        return rebuild(
            true,
            {key: merge(condition, true[key], false[key], f"{label}[{key!r}]", site, False) for key in true},
        )
    return rebuild(
        true,
        [
            merge(condition, t, f, f"{label}[{i}]", site, False)
            for i, (t, f) in enumerate(zip(true, false, strict=True))
        ],
    )


def _leaf(condition: Any, true: Any, false: Any, label: str, site: str) -> Any:
    if isinstance(true, str) and isinstance(false, str) and true == false:
        return true
    return registry.hooks.select(condition, as_node(true, label, site), as_node(false, label, site))


def as_node(value: Any, label: str, site: str) -> Any:
    if registry.hooks.is_node(value):
        return value
    if value is None or isinstance(value, str) or callable(value):
        raise _no_constant(value, label, site)
    try:
        return registry.hooks.constant(value)
    except TypeError as error:
        raise _no_constant(value, label, site) from error


def _no_constant(value: Any, label: str, site: str) -> Exception:
    what = "None" if value is None else f"a value of type {type(value).__name__}"
    return divergent(
        label,
        site,
        f"is {what} in one branch, which differs from the other and cannot become a constant",
        TypeError,
    )


def choose(condition: Any, true: Any, false: Any) -> Any:
    """`merge` for conditions: each of the three is True, False, a node or a negated node."""
    if condition is True or condition is False:
        return true if condition else false
    if isinstance(condition, Negated):
        condition, true, false = condition.node, false, true
    if true is false:
        return true
    if true is True and false is False:
        return condition
    if true is False and false is True:
        return Negated(condition)
    return registry.hooks.select(condition, _boolean(true), _boolean(false))


def _boolean(condition: Any) -> Any:
    """As a node of type bool: a condition may be of any numeric type."""
    hooks = registry.hooks
    if isinstance(condition, bool):
        return hooks.constant(condition)
    if isinstance(condition, Negated):
        return hooks.logical_not(condition.node)
    return hooks.logical_not(hooks.logical_not(condition))
