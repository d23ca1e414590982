"""Rewrites loops, `with`, `try` and `match`, out of which some samples may return or continue."""

from __future__ import annotations

import ast
from typing import Any, NamedTuple

from . import names as look
from .expressions import RUNTIME, Expressions
from .template import expand

ACTIVATION = "vg__f"


class Branch:
    """The body of an `if` around a statement. `raises`: whether something in it raises `Leave`."""

    def __init__(self, outer: Branch | None) -> None:
        self.outer = outer
        self.raises = False

    def must_catch(self) -> None:
        branch: Branch | None = self
        while branch is not None:
            branch.raises = True
            branch = branch.outer


class Loop(NamedTuple):
    """The innermost loop. `names`: what its body assigns, if it has a `continue` under an `if`."""

    level: str
    names: list[str] | None


class Spot(NamedTuple):
    """Where a statement stands. `tail`: behind it, the innermost branch (or the function) ends."""

    tail: bool
    loop: Loop | None
    branch: Branch | None

    @property
    def inside(self) -> Spot:
        return self._replace(tail=False)


class Compound(Expressions):
    """The statements around an `if`; `FunctionTransformer` adds the `if` itself."""

    active: bool
    globals: set[str]

    def fresh(self) -> str:
        """A name that the user doesn't have."""
        self.counter[0] += 1
        return f"vg__{self.counter[0]}"

    def stored(self, names: list[str]) -> str:
        return repr(tuple(look.mangled(name, self.klass) for name in names))

    def assign(self, names: list[str], call: str, at: ast.AST) -> list[ast.stmt]:
        """Assigns what `call` returns, and deletes those names that have no value."""
        if not names:
            return expand(call, at)
        out = expand(f"[{', '.join(names)}] = {call}", at)
        for name in names:
            out += expand(f"if {name} is {RUNTIME}.UNDEFINED: del {name}", at)
        return out

    # -- loops -----------------------------------------------------------------------------------------

    def on_For(self, node: Any, spot: Spot) -> list[ast.stmt]:
        node.iter = self.visit(node.iter)
        node.target = self.visit(node.target)
        return self.loop(node, spot)

    def on_While(self, node: ast.While, spot: Spot) -> list[ast.stmt]:
        node.test = self.visit(node.test)
        return self.loop(node, spot)

    def loop(self, node: Any, spot: Spot) -> list[ast.stmt]:
        own = look.forked_continue(node.body)
        names = [n for n in look.assigned(node.body) if n not in self.globals] if own else None
        loop = Loop(self.fresh(), names)
        before: list[ast.stmt] = []
        body = self.block(node.body, Spot(False, loop, spot.branch))
        if own:
            begin = expand(f"{loop.level} = {ACTIVATION}.iteration()", node.body[0])
            body = [*begin, *body, *self.end_iteration(loop, node)]
        elif self.active and look.has(node.body, (ast.Break,)):
            before = expand(f"{loop.level} = {ACTIVATION}.loop()", node)
        node.body = body
        node.orelse = self.block(node.orelse, spot.inside)
        return [*before, node]

    def end_iteration(self, loop: Loop, at: ast.AST) -> list[ast.stmt]:
        if loop.names is None:
            return []
        call = f"{ACTIVATION}.next({RUNTIME}.locals(), {self.stored(loop.names)})"
        return expand(
            f"if {ACTIVATION}.iterated({loop.level}): NEXT", at, NEXT=self.assign(loop.names, call, at)
        )

    def on_Continue(self, node: ast.Continue, spot: Spot) -> list[ast.stmt]:
        loop = spot.loop
        if loop is None or loop.names is None:
            return [node]
        end = [*self.end_iteration(loop, node), node]
        if spot.tail and spot.branch is not None:
            return expand(f"if {ACTIVATION}.continues({loop.level}, {node.lineno}): END", node, END=end)
        if spot.branch is not None:
            spot.branch.must_catch()
        return expand(f"{ACTIVATION}.cont({loop.level}, {node.lineno})", node) + end

    def on_Break(self, node: ast.Break, spot: Spot) -> list[ast.stmt]:
        if spot.loop is None or not self.active:
            return [node]
        check = expand(f"{ACTIVATION}.brk({spot.loop.level}, {node.lineno})", node)
        return [*check, *self.end_iteration(spot.loop, node), node]

    # -- with, try, match ------------------------------------------------------------------------------

    def on_With(self, node: ast.With, spot: Spot) -> list[ast.stmt]:
        node.items = [self.visit(item) for item in node.items]
        node.body = self.block(node.body, spot)
        return [node]

    def on_Try(self, node: Any, spot: Spot) -> list[ast.stmt]:
        mark = self.fresh()
        exits = look.has([node], (ast.Return, ast.Continue))
        node.body = self.block(node.body, spot._replace(tail=spot.tail and not node.orelse))
        for handler in node.handlers:
            handler.type = handler.type and self.visit(handler.type)
            unwind = expand(f"{ACTIVATION}.unwind({mark})", handler)
            handler.body = unwind + self.block(handler.body, spot)
        if exits and node.handlers and isinstance(node, ast.Try):
            # `Leave` must get past a bare `except`.
            node.handlers[:0] = expand(f"try: pass\nexcept {RUNTIME}.Leave: raise", node)[0].handlers
        node.orelse = self.block(node.orelse, spot)
        final = self.block(node.finalbody, spot.inside)
        if exits and look.stores(node.finalbody):
            check = expand(f"{ACTIVATION}.final({mark}, {node.lineno})", node.finalbody[0])
            final = check + final
        node.finalbody = final
        return [*expand(f"{mark} = {ACTIVATION}.mark()", node), node]

    on_TryStar = on_Try

    def on_Match(self, node: ast.Match, spot: Spot) -> list[ast.stmt]:
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.guard = case.guard and self.visit(case.guard)
            case.body = self.block(case.body, spot.inside)
        return [node]
