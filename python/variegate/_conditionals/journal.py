"""What a branch changes beside its own variables: attributes, lists, dicts, globals.

Changes are noted, undone and merged.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from typing import Any

from .errors import HERE, divergent, undefined
from .hooks import registry, state
from .merge import UNDEFINED, Negated, freeze, merge, thaw


class Place:
    """One thing that can be assigned: its value before the branch, and how to read and write it."""

    label = ""

    def __init__(self, key: tuple) -> None:
        self.key = key
        self.old: Any = UNDEFINED
        self.roots: tuple = ()

    def restore(self) -> None:
        self.write(self.old)

    def fresh(self, roots: tuple) -> bool:
        """Whether the changed object came into being inside of the branch, so that nobody else sees it."""
        return False

    def read(self) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> None:
        raise NotImplementedError


class Attribute(Place):
    def __init__(self, owner: Any, name: str) -> None:
        super().__init__((id(owner), name))
        self.owner, self.name = owner, name
        self.label = f"{type(owner).__name__}.{name}"
        # The value of a class must be uncovered again, not copied; properties and slots live in the class.
        default = inspect.getattr_static(type(owner), name, UNDEFINED)
        covers = default is not UNDEFINED and not hasattr(type(default), "__set__")
        self.covers = covers and name not in getattr(owner, "__dict__", ())

    def read(self) -> Any:
        return getattr(self.owner, self.name, UNDEFINED)

    def write(self, value: Any) -> None:
        if value is not UNDEFINED:
            setattr(self.owner, self.name, value)
        elif self.name in self.owner.__dict__ if self.covers else self.read() is not UNDEFINED:
            delattr(self.owner, self.name)

    def restore(self) -> None:
        self.write(UNDEFINED if self.covers else self.old)


class Entry(Place):
    """A variable of a module."""

    def __init__(self, owner: dict, name: str) -> None:
        super().__init__((id(owner), name))
        self.owner, self.name, self.label = owner, name, name

    def read(self) -> Any:
        return self.owner.get(self.name, UNDEFINED)

    def write(self, value: Any) -> None:
        if value is UNDEFINED:
            self.owner.pop(self.name, None)
        else:
            self.owner[self.name] = value


class Cell(Place):
    """A variable of an enclosing function."""

    def __init__(self, cell: Any, name: str) -> None:
        super().__init__((id(cell), "cell"))
        self.cell, self.name, self.label = cell, name, name

    def read(self) -> Any:
        try:
            return self.cell.cell_contents
        except ValueError:
            return UNDEFINED

    def write(self, value: Any) -> None:
        if value is not UNDEFINED:
            self.cell.cell_contents = value
        elif self.read() is not UNDEFINED:
            del self.cell.cell_contents


class Container(Place):
    """The contents of a list, dict, set, deque or array."""

    def __init__(self, owner: Any) -> None:
        super().__init__((id(owner),))
        self.owner = owner
        self.label = f"the {type(owner).__name__} that is changed in place"

    def read(self) -> Any:
        if isinstance(self.owner, dict):
            return dict(self.owner)
        if isinstance(self.owner, (set, bytearray)):
            return type(self.owner)(self.owner)
        return self.owner.copy() if is_array(self.owner) else list(self.owner)

    def write(self, value: Any) -> None:
        if isinstance(self.owner, (dict, set)):
            self.owner.clear()
            self.owner.update(value)
        elif isinstance(self.owner, deque):
            self.owner.clear()
            self.owner.extend(value)
        else:
            self.owner[:] = value

    def fresh(self, roots: tuple) -> bool:
        return not _reachable(self.owner, [*roots, *self.roots])


def is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy" and hasattr(value, "setflags")


def is_container(value: Any) -> bool:
    return isinstance(value, (list, dict, set, deque, bytearray)) or is_array(value) and value.ndim > 0


def _reachable(target: Any, roots: list, limit: int = 50_000) -> bool:
    seen: set[int] = set()
    todo = list(roots)
    while todo:
        value = todo.pop()
        if value is target:
            return True
        if id(value) in seen:
            continue
        seen.add(id(value))
        if len(seen) > limit:
            return True
        if isinstance(value, dict):
            todo += [v for v in value.values() if not isinstance(v, (type, type(sys), str, int))]
        elif isinstance(value, (list, tuple, set, deque)):
            todo += value
        elif hasattr(value, "__dict__") and not isinstance(value, (type, type(sys))):
            todo.append(vars(value))
    return False


class Side:
    """One branch being traced: places that it has changed, by key."""

    __slots__ = ("journal",)

    def __init__(self) -> None:
        self.journal: dict[tuple, Place] = {}


def open_side(condition: Any, taken: bool) -> None:
    if isinstance(condition, Negated):
        condition, taken = condition.node, not taken
    registry.hooks.enter_branch(condition, taken)
    state.sides.append(Side())


def close_side() -> dict[tuple, Place]:
    side = state.sides.pop()
    registry.hooks.exit_branch()
    return side.journal


def note_place(place: Place) -> None:
    journal = state.sides[-1].journal
    if place.key not in journal:
        place.old = place.read()
        frame = sys._getframe(2)
        while frame.f_code.co_filename.startswith(HERE):
            frame = frame.f_back
        # What outlives this call of the function: a list that is only its own may differ after a `return`.
        code = frame.f_code
        count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        lasting = {*code.co_freevars, *code.co_varnames[:count]}
        place.roots = (frame.f_globals, {k: v for k, v in frame.f_locals.items() if k in lasting})
        journal[place.key] = place


class Changes:
    """What a finished branch has changed, its contents frozen, and the means to undo it."""

    __slots__ = ("journal", "memo", "touched", "values")

    def __init__(self, journal: dict[tuple, Place]) -> None:
        self.journal = journal
        self.touched = {id(p.owner) for p in journal.values() if isinstance(p, Container)}
        self.memo: dict[int, Any] = {}
        self.values = {key: self.frozen_contents(place.read()) for key, place in journal.items()}

    def frozen(self, value: Any) -> Any:
        return freeze(value, self.touched, self.memo) if self.touched else value

    def frozen_contents(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.frozen(item) for key, item in value.items()}
        return [self.frozen(item) for item in value] if isinstance(value, list) else value

    def undo(self) -> None:
        for place in self.journal.values():
            place.restore()


def settle(
    condition: Any, true: Changes, false: Changes, roots: tuple, site: str, dead: tuple = (False, False)
) -> None:
    """Writes the merged value of every place that one of two branches has changed.

    `dead`: which of them ended in a `return` or `continue`; what only the other one defines is simply kept.
    """
    outer = state.sides[-1].journal if state.sides else {}
    for key, place in {**true.journal, **false.journal}.items():
        outer.setdefault(key, place)
        values = [side.values[key] if key in side.values else place.old for side in (true, false)]
        _settle_place(condition, place, values, [key in true.values, key in false.values], roots, site, dead)


def _settle_place(
    condition: Any, place: Place, values: list, changed: list, roots: tuple, site: str, dead: tuple
) -> None:
    if isinstance(place, Container):
        try:
            place.write(_merge_contents(condition, place, *values, site))
        except (ValueError, TypeError):
            if not place.fresh(roots):
                raise
            value = values[0] if changed[0] and not dead[0] else values[1]
            place.write(_thawed(value))
        return
    missing = [v is UNDEFINED for v in values]
    if all(missing):
        place.write(UNDEFINED)
    elif any(missing):
        side = missing.index(True)
        if dead[side]:
            place.write(thaw(values[1 - side]))
        else:
            place.write(UNDEFINED)
            label = getattr(place, "name", place.label)
            error = undefined(label, site, "else" if side == 0 else "if")
            state.poison[(place.key[0], label) if isinstance(place, Attribute) else label] = error
    elif values[0] is values[1] is place.old:
        place.write(place.old)
    else:
        place.write(merge(condition, *values, place.label, site))


def _thawed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: thaw(item) for key, item in value.items()}
    return [thaw(item) for item in value] if isinstance(value, list) else value


def _merge_contents(condition: Any, place: Container, true: Any, false: Any, site: str) -> Any:
    if isinstance(true, (dict, list)):
        return merge(condition, true, false, place.label, site)
    if (true.tobytes() == false.tobytes()) if is_array(true) else true == false:
        return true
    raise divergent(
        place.label,
        site,
        "differs between the branches; use a list or a dict, whose items can be merged",
        TypeError,
    )
