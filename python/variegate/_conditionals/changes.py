"""What converted code calls before it changes something: notes the old value if a branch is being traced."""

from __future__ import annotations

from inspect import getattr_static
from typing import Any

from .hooks import state
from .journal import Attribute, Cell, Container, Entry, is_array, is_container, note_place

ARRAY_WRITERS = frozenset("byteswap fill itemset partition put resize setfield sort".split())
READ_ONLY = frozenset(
    "copy count get index items keys values union difference intersection issubset issuperset isdisjoint "
    "__len__ __getitem__ __contains__ __iter__ __eq__".split()
)


class _Property:
    """Stands for the owner of a property that is assigned: its setter is called, converted."""

    def __init__(self, owner: Any, described: property) -> None:
        self.__dict__.update(vg_owner=owner, vg_property=described)

    def __getattr__(self, name: str) -> Any:
        return self._call(self.vg_property.fget, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._call(self.vg_property.fset, name, value)

    def __delattr__(self, name: str) -> None:
        self._call(self.vg_property.fdel, name)

    def _call(self, function: Any, name: str, *value: Any) -> Any:
        from .calls import conv

        if function is None:
            raise AttributeError(f"property '{name}' of '{type(self.vg_owner).__name__}' cannot be used so")
        return conv(function)(self.vg_owner, *value)


def on_attr(owner: Any, name: str, in_place: bool = False) -> Any:
    """Before `owner.name = ...`, `del owner.name` or (`in_place`) `owner.name += ...`. Returns `owner`."""
    if state.sides:
        described = getattr_static(type(owner), name, None)
        if isinstance(described, property):
            return _Property(owner, described)
        note_place(Attribute(owner, name))
        value = getattr(owner, name, None) if in_place else None
        if is_container(value):
            note_place(Container(value))
    return owner


def on_item(owner: Any, in_place: bool = False) -> Any:
    """Before `owner[...] = ...` and the like. Returns `owner`."""
    if state.sides:
        if is_container(owner):
            note_place(Container(owner))
            for item in (owner.values() if isinstance(owner, dict) else owner) if in_place else ():
                if is_container(item):
                    note_place(Container(item))
        else:
            raise TypeError(
                f"items of a {type(owner).__name__} cannot be assigned under an `if` over samples: the "
                "change could not be undone for the other branch. Use a list or a dict."
            )
    return owner


def on_global(variables: dict, name: str) -> None:
    if state.sides:
        note_place(Entry(variables, name))


def on_cell(function: Any, name: str) -> None:
    """Before an assignment to a `nonlocal` variable; `function` is a lambda that reads it."""
    if state.sides:
        cells = dict(zip(function.__code__.co_freevars, function.__closure__, strict=True))
        note_place(Cell(cells[name], name))


def touch(value: Any) -> None:
    """Before `x += ...`, which changes a list in place."""
    if state.sides and is_container(value):
        note_place(Container(value))


def before_call(function: Any) -> None:
    """Before a built-in method is called that may change its list, dict or set."""
    owner = getattr(function, "__self__", None)
    name = function.__name__
    if is_container(owner) and (name in ARRAY_WRITERS if is_array(owner) else name not in READ_ONLY):
        note_place(Container(owner))
