"""What the statements of converted code call: the activation of a function, its forks, loops and returns.

Nothing here recurses with the number of statements, and no frame of ours lies between two frames of the user.
"""

from __future__ import annotations

import sys
from typing import Any

from . import errors
from .fork import FALSE, TRUE, Block, Exit, Fork, Rest, Static
from .hooks import GraphHooks, registry, set_hooks, state
from .journal import Changes, close_side, open_side, settle
from .merge import UNDEFINED, merge, snapshot, thaw

__all__ = ["Activation", "GraphHooks", "Leave", "set_hooks"]


# Of exits of some samples in one call. The tracing of a loop that ends by such exits only would never end.
LIMIT = 100_000


class Leave(BaseException):
    """Ends the tracing of one branch in which every sample has returned or goes on to the next iteration."""


class Activation:
    """One call of a converted function."""

    __slots__ = ("blocks", "file", "mark_", "name", "poison")

    def __init__(self, name: str, file: str) -> None:
        self.name, self.file = name, file

    def __enter__(self) -> Activation:
        self.blocks = [Block()]
        self.poison: dict[str, Exception] = {}
        self.mark_ = state.mark()
        return self

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if error is None:
            return
        fork = next((block.fork for block in reversed(self.blocks) if block.fork), None)
        rest = next((block.rests[-1] for block in reversed(self.blocks) if block.rests), None)
        state.unwind(self.mark_)
        if isinstance(error, RecursionError):
            if fork or rest:
                error.variegate_replacement = errors.recursion(self.name, (fork or rest).site)
        elif not hasattr(error, "variegate_replacement"):
            better = errors.replacement_of(error, self.poison, state.poison)
            if better is not None:
                error.variegate_replacement = better

    def mark(self) -> tuple:
        """For `unwind`: what is open before a `try`."""
        return state.mark(), len(self.blocks), len(self.blocks[-1].rests)

    def unwind(self, mark: tuple) -> None:
        """In an `except` clause: gives up the branches that the exception came through."""
        sides, blocks, rests = mark
        state.unwind(sides)
        del self.blocks[blocks:]
        del self.blocks[-1].rests[rests:]

    def final(self, mark: tuple, line: int) -> None:
        """In a `finally` clause that assigns something: all samples must have left the `try` at once."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, Leave):
            return
        if mark[1:] != (len(self.blocks), len(self.blocks[-1].rests) if self.blocks else 0):
            raise errors.exit_before_finally(f"{self.file}:{line}")

    def fork(self, condition: Any, line: int, names: tuple[str, ...]) -> Fork | Static:
        hooks = registry.hooks
        if not hooks.is_node(condition):
            return TRUE if condition else FALSE
        return Fork(self, hooks.predicate(condition), f"{self.file}:{line}", names)

    def merge_name(
        self, condition: Any, true: Any, false: Any, name: str, site: str, before: Any = UNDEFINED
    ) -> Any:
        """A merged variable; or UNDEFINED, with the reason put aside for the case that somebody uses it."""
        if thaw(true) is thaw(false) is before:
            return before
        if true is UNDEFINED or false is UNDEFINED:
            if before is not UNDEFINED or name not in self.poison:
                self.poison[name] = errors.undefined(name, site, "else" if true is UNDEFINED else "if")
            return UNDEFINED
        try:
            return merge(condition, true, false, f"'{name}'", site)
        except (ValueError, TypeError) as error:
            self.poison[name] = error.with_traceback(None)
            return UNDEFINED

    # -- leaving a block ---------------------------------------------------------------------------

    @property
    def gone(self) -> bool:
        """Whether no sample goes on in the innermost block."""
        return self.blocks[-1].left

    def leave_some(self, exit: Exit, names: dict | None) -> None:
        """Notes that some or all samples leave the innermost block, whose rest is for the others."""
        block = self.blocks[-1]
        block.exits.append(exit)
        if exit.when is True:
            block.left = True
        else:
            if len(block.rests) >= LIMIT:
                raise errors.endless_loop(LIMIT, exit.site)
            block.rests.append(Rest(exit.when, names, exit.site))
            open_side(exit.when, False)

    def close_rests(self, block: Block, names: dict) -> None:
        """Ends the innermost blocks up to `block`; `names` are the variables that matter behind it."""
        while self.blocks[-1] is not block:
            inner = self.blocks.pop()
            self._close_own(inner, names)
            self._no_continue(inner, "return")
            block.exits += inner.exits
            block.left = block.left or inner.left
        self._close_own(block, names)

    def _close_own(self, block: Block, names: dict) -> None:
        nothing = Changes({})
        while block.rests:
            rest = block.rests.pop()
            changes = Changes(close_side())
            settle(rest.when, nothing, changes, (), rest.site, (True, False))
            if rest.names is not None:
                for name in names:
                    gone = rest.names.get(name, UNDEFINED)
                    names[name] = self.merge_name(rest.when, gone, names[name], name, rest.site, gone)

    def _note(self, exit: Exit) -> None:
        self.blocks[-1].exits.append(exit)
        self.blocks[-1].left = True

    def _forked(self, level: int = 0) -> bool:
        return any(block.fork for block in self.blocks[level:])

    def _no_continue(self, block: Block, statement: str) -> None:
        for exit in block.exits:
            if exit.continues:
                raise errors.loop_exit(statement, exit.site)

    # -- return ------------------------------------------------------------------------------------

    def leaves(self, value: Any, line: int) -> bool:
        """Notes a `return`. Whether it ends the function; if not, it ends a branch."""
        value = snapshot(value) if self._forked() else value
        self._note(Exit(True, True, value, False, f"{self.file}:{line}"))
        return not self._forked()

    def ret(self, value: Any, line: int) -> Any:
        """A `return` in the midst of a branch."""
        self.leaves(value, line)
        return self.exit()

    def exit(self) -> Any:
        """Goes to the end of the branch, or gives what the function returns."""
        if self._forked():
            raise Leave
        return self.finish()

    def finish(self) -> Any:
        for block in self.blocks[1:]:
            self._no_continue(block, "return")
        self.close_rests(self.blocks[0], {})
        return thaw(self.blocks[0].summary().value)

    def end(self) -> Any:
        """The end of the function's text."""
        body = self.blocks[0]
        if not body.left and body.exits:
            self._note(Exit(True, True, None, False, body.exits[-1].site))
        return self.finish()

    # -- loops -------------------------------------------------------------------------------------

    def loop(self) -> int:
        return len(self.blocks)

    def iteration(self) -> int:
        """Begins an iteration of a loop that has a `continue` under an `if`."""
        self.blocks.append(Block())
        return len(self.blocks) - 1

    def continues(self, level: int, line: int) -> bool:
        """Notes a `continue`. Whether it is an ordinary one; if not, it ends a branch."""
        if not self._forked(level):
            return True
        self._note(Exit(True, False, None, True, f"{self.file}:{line}"))
        return False

    def cont(self, level: int, line: int) -> None:
        if not self.continues(level, line):
            raise Leave

    def brk(self, level: int, line: int) -> None:
        """A `break`: allowed only where it holds for all samples."""
        if self._forked(level):
            raise errors.loop_exit("break", f"{self.file}:{line}")
        for block in self.blocks[level:]:
            self._no_continue(block, "break")

    def iterates(self, level: int) -> bool:
        """Whether the block that everybody has left is this iteration, and some go on with the next one."""
        return len(self.blocks) - 1 == level and any(exit.continues for exit in self.blocks[level].exits)

    def iterated(self, level: int) -> bool:
        """Ends an iteration; True if `next` has work to do."""
        if self.blocks[level].exits:
            return True
        self.blocks.pop()
        return False

    def next(self, variables: dict, names: tuple[str, ...]) -> list:
        """The loop's variables after an iteration that some samples left early."""
        after = {name: variables.get(name, UNDEFINED) for name in names}
        block = self.blocks[-1]
        self.close_rests(block, after)
        self.blocks.pop()
        total = block.summary()
        if total.returns is not False:
            self.leave_some(Exit(total.returns, True, total.value, False, total.site), None)
        return list(after.values())
