"""An `if` over samples: two branches, traced one after the other and merged; and samples that leave early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors
from .journal import Changes, close_side, open_side, settle
from .merge import UNDEFINED, choose, merge, thaw

if TYPE_CHECKING:
    from .runtime import Activation


class Exit:
    """Samples that have left a block: which, which of those returned, and what.

    Conditions: True, False or a node.
    """

    __slots__ = ("continues", "returns", "site", "value", "when")

    def __init__(self, when: Any, returns: Any, value: Any, continues: bool, site: str) -> None:
        self.when, self.returns, self.value, self.continues, self.site = when, returns, value, continues, site


class Rest:
    """What follows an exit of some samples, traced for the others until the block ends."""

    __slots__ = ("names", "site", "when")

    def __init__(self, when: Any, names: dict | None, site: str) -> None:
        self.when, self.names, self.site = when, names, site


class Block:
    """A run of statements: a function's body, one branch, one iteration. `left`: nobody reaches its end."""

    __slots__ = ("exits", "fork", "left", "rests")

    def __init__(self, fork: Fork | None = None) -> None:
        self.fork = fork
        self.exits: list[Exit] = []
        self.rests: list[Rest] = []
        self.left = False

    def summary(self) -> Exit:
        when: Any = False
        returns: Any = False
        value, continues, site = None, False, ""
        for exit in reversed(self.exits):
            if exit.returns is not False:
                value = (
                    exit.value if returns is False else merge_returns(exit.when, exit.value, value, exit.site)
                )
            returns = choose(exit.when, exit.returns, returns)
            when = choose(exit.when, True, when)
            continues = continues or exit.continues
            site = exit.site
        return Exit(when, returns, value, continues, site)


def merge_returns(condition: Any, true: Any, false: Any, site: str) -> Any:
    if (thaw(true) is None) != (thaw(false) is None):
        raise errors.missing_return(site)
    return merge(condition, true, false, "the returned value", site)


class Static:
    """An `if` over an ordinary Python value."""

    node = False

    def __init__(self, value: bool) -> None:
        self.then, self.other = value, not value

    def left(self) -> None:
        raise  # noqa: PLE0704 - called from an `except` clause: the exit belongs to an enclosing branch


TRUE, FALSE = Static(True), Static(False)


class Branch:
    """What one branch of a fork came to."""

    __slots__ = ("changes", "dead", "exit", "frozen", "names")

    def __init__(self, block: Block, names: dict, changes: Changes) -> None:
        self.exit = block.summary()
        self.dead = block.left
        self.names = names
        self.changes = changes
        self.frozen = {name: changes.frozen(value) for name, value in names.items()}


class Fork:
    """An `if` over samples. Its branches are traced one after the other, from the same state."""

    node = then = other = True

    def __init__(self, activation: Activation, condition: Any, site: str, names: tuple[str, ...]) -> None:
        self.activation, self.condition, self.site, self.names = activation, condition, site, names

    def begin(self, variables: dict, module: dict) -> None:
        self.roots = (dict(variables), module)
        self.before = {name: variables.get(name, UNDEFINED) for name in self.names}
        self._open(True)

    def left(self) -> None:
        """The branch was left early; its exit is noted already."""

    def half(self, variables: dict) -> list:
        """Between the branches. Returns the variables as they were before."""
        self.true = self._close(variables)
        self.true.changes.undo()
        self._open(False)
        return list(self.before.values())

    def join(self, variables: dict) -> list:
        """After the branches. Returns the merged variables."""
        true, false = self.true, self._close(variables)
        # Behind an exit, only what outlives the function is shared with those who have left.
        roots = () if true.dead or false.dead else self.roots
        settle(self.condition, true.changes, false.changes, roots, self.site, (true.dead, false.dead))
        del self.block, self.true, self.roots  # cycles would keep the graph alive
        when = choose(self.condition, true.exit.when, false.exit.when)
        if when is False:
            return list(self._merged(true, false).values())
        continues = true.exit.continues or false.exit.continues
        names, exited = self._after_exit(true, false, continues)
        if continues:
            exited = {**variables, **exited}
        self.activation.leave_some(self._exit(true, false, when, continues), exited if continues else None)
        return list(names.values())

    def _exit(self, true: Branch, false: Branch, when: Any, continues: bool) -> Exit:
        returns = choose(self.condition, true.exit.returns, false.exit.returns)
        if true.exit.returns is False or false.exit.returns is False:
            value = true.exit.value if false.exit.returns is False else false.exit.value
        else:
            value = merge_returns(self.condition, true.exit.value, false.exit.value, self.site)
        return Exit(when, returns, value, continues, self.site)

    def _after_exit(self, true: Branch, false: Branch, continues: bool) -> tuple[dict, dict]:
        """The variables of those who go on, and of those who have left."""
        if true.dead == false.dead:
            names = self._merged(true, false) if continues or not true.dead else self.before
            return names, names
        stays, goes = (false, true) if true.dead else (true, false)
        if not continues or stays.exit.when is False:
            return stays.names, goes.frozen
        return stays.names, self._merged(true, false)

    def _merged(self, true: Branch, false: Branch) -> dict:
        return {
            name: self.activation.merge_name(
                self.condition, true.frozen[name], false.frozen[name], name, self.site, self.before[name]
            )
            for name in self.names
        }

    def _open(self, taken: bool) -> None:
        self.block = Block(self)
        self.activation.blocks.append(self.block)
        open_side(self.condition, taken)

    def _close(self, variables: dict) -> Branch:
        names = {name: variables.get(name, UNDEFINED) for name in self.names}
        self.activation.close_rests(self.block, names)
        return Branch(self.activation.blocks.pop(), names, Changes(close_side()))
