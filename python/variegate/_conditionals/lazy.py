"""What the expressions of converted code call: `and`, `or`, `not`, chained comparisons and `a if c else b`.

`a and b` becomes `logic_end(and_begin(a) and b)`: Python itself decides whether `b` is evaluated, in the
user's own frame.
`x if c else y` becomes `if_end(x if if_begin(c) else None, y if if_other() else None)`.
"""

from __future__ import annotations

from typing import Any

from .hooks import registry, state
from .journal import Changes, close_side, open_side, settle
from .merge import as_node, merge


class _Logic:
    __slots__ = ("kept", "mode", "value")

    def __init__(self, mode: str, value: Any = None, kept: Any = None) -> None:
        self.mode, self.value, self.kept = mode, value, kept


def _begin(left: Any, which: str, kept: Any = None) -> bool:
    hooks = registry.hooks
    if hooks.is_node(left):
        checked = hooks.logical_operand(left, which, "left")
        open_side(checked, which == "and")
        state.expressions.append(_Logic(which, checked, kept))
        return True
    if bool(left) == (which == "and"):
        state.expressions.append(_Logic("right", None, kept))
        return True
    state.expressions.append(_Logic("left", left, kept))
    return False


def and_begin(left: Any) -> bool:
    return _begin(left, "and")


def or_begin(left: Any) -> bool:
    return _begin(left, "or")


def logic_end(right: Any) -> Any:
    """The value of `left and right` or `left or right`.

    Samples that the left side decides don't compute the right one.
    """
    logic = state.expressions.pop()
    if logic.mode == "left":
        return logic.value
    if logic.mode == "right":
        return right
    hooks, which, left = registry.hooks, logic.mode, logic.value
    operand = hooks.logical_operand(
        as_node(right, f"an operand of `{which}`", "this expression"), which, "right"
    )
    changes = Changes(close_side())
    if changes.journal:
        pair = (changes, Changes({}))
        settle(left, *(pair if which == "and" else pair[::-1]), (), f"a logical `{which}`")
    if which == "and":
        return hooks.select(left, operand, hooks.constant(False))
    return hooks.select(left, hooks.constant(True), operand)


def keep(value: Any) -> Any:
    """The middle of `a < b < c`, for the second comparison."""
    state.expressions.append(value)
    return value


def chain_begin(comparison: Any) -> bool:
    return _begin(comparison, "and", state.expressions.pop())


def kept() -> Any:
    return state.expressions[-1].kept


def not_(value: Any, condition: bool = False) -> Any:
    """`condition`: whether this is the condition of an `if`, which must be on the CPU."""
    hooks = registry.hooks
    if not hooks.is_node(value):
        return not value
    if condition:
        hooks.predicate(value)
    return hooks.logical_not(value)


class _Choice:
    __slots__ = ("condition", "false", "node", "site", "true")

    def __init__(self, condition: Any, node: bool, site: str) -> None:
        self.condition, self.node, self.site = condition, node, site


def if_begin(condition: Any, site: str) -> bool:
    hooks = registry.hooks
    if not hooks.is_node(condition):
        state.expressions.append(_Choice(bool(condition), False, site))
        return bool(condition)
    choice = _Choice(hooks.predicate(condition), True, site)
    state.expressions.append(choice)
    open_side(choice.condition, True)
    return True


def if_other() -> bool:
    choice = state.expressions[-1]
    if not choice.node:
        return not choice.condition
    choice.true = Changes(close_side())
    choice.true.undo()
    open_side(choice.condition, False)
    return True


def if_end(true: Any, false: Any) -> Any:
    choice = state.expressions.pop()
    if not choice.node:
        return true if choice.condition else false
    changes = Changes(close_side())
    settle(choice.condition, choice.true, changes, (), choice.site)
    return merge(choice.condition, true, false, "the value", choice.site)


__all__ = [
    "and_begin",
    "chain_begin",
    "if_begin",
    "if_end",
    "if_other",
    "keep",
    "kept",
    "logic_end",
    "not_",
    "or_begin",
]
