"""Rewrites the statements of a function, in place of each `if` the tracing of both branches.

    if c:                         vg_1 = vg_f.fork(c, 12, ('y',))
        y = f(x)                  if vg_1.node: vg_1.begin(locals(), globals())
    else:                 ->      if vg_1.then:
        y = g(x)                      y = f(x)
                                      if vg_1.node: [y] = vg_1.half(locals())
                                  if vg_1.other:
                                      y = g(x)
                                  if vg_1.node: [y] = vg_1.join(locals())

The branches stay where they are, in the user's own frame: variables, closures, `super()` and line numbers are
as written.
A `return` at the end of a branch is noted and the text goes on; elsewhere it raises `Leave`, which the branch
catches.
"""

from __future__ import annotations

import ast
from typing import Any

from . import names as look
from .expressions import RUNTIME, Expressions
from .template import expand

ACTIVATION = "vg_f"


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


class LoopBody:
    """The innermost loop around a statement.

    `ends`: statements that end an iteration with a `continue` under an `if`.
    """

    def __init__(self, level: str, names: list[str] | None) -> None:
        self.level, self.names = level, names


class FunctionTransformer(Expressions):
    """Converts one function definition, nested ones included."""

    def __init__(self, file: str, klass: str | None, counter: list[int] | None = None) -> None:
        super().__init__(file, klass)
        self.counter = counter if counter is not None else [0]

    # -- functions ---------------------------------------------------------------------------------

    def convert(self, node: ast.FunctionDef, name: str) -> None:
        """Rewrites the body of `node`."""
        self.globals = look.declared(node.body, ast.Global)
        self.nonlocals = look.declared(node.body, ast.Nonlocal)
        head = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        rest = node.body[len(head) :]
        self.active = look.has(rest, (ast.If, ast.Try, getattr(ast, "TryStar", ast.Try)))
        body = self.block(rest, True, None, None)
        if self.active:
            body = expand(
                f"""
                with {RUNTIME}.Activation(NAME, FILE) as {ACTIVATION}:
                    BODY
                    return {ACTIVATION}.end()
                """,
                node,
                NAME=ast.Constant(name),
                FILE=ast.Constant(self.file),
                BODY=body,
            )
        node.body = head + body

    def nested(self, klass: str | None) -> FunctionTransformer:
        return FunctionTransformer(self.file, klass, self.counter)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        node.decorator_list = [self.visit(value) for value in node.decorator_list]
        self._defaults(node.args)
        if not look.has(node.body, (ast.Yield, ast.YieldFrom, ast.Await)):
            self.nested(self.klass).convert(node, node.name)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        node.bases = [self.visit(value) for value in node.bases]
        inner = self.nested(node.name)
        node.body = [inner.visit(s) if isinstance(s, ast.FunctionDef) else s for s in node.body]
        return node

    # -- statements --------------------------------------------------------------------------------

    def block(
        self, statements: list[ast.stmt], tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        """`tail`: behind the last statement, the branch (or the function) around it ends."""
        out: list[ast.stmt] = []
        for i, statement in enumerate(statements):
            out += self.statement(statement, tail and i == len(statements) - 1, loop, branch)
            if isinstance(statement, (ast.Return, ast.Continue, ast.Break)) and i + 1 < len(statements):
                # Never reached, but its assignments make names local.
                dead = ast.If(ast.Constant(False), statements[i + 1 :], [])
                return [*out, ast.fix_missing_locations(ast.copy_location(dead, statements[i + 1]))]
        return out

    def statement(
        self, node: ast.stmt, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        method = getattr(self, f"on_{type(node).__name__}", None)
        if method is not None:
            return self.shared_names(node) + method(node, tail, loop, branch)
        before = self.shared_names(node)
        if isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                before += expand(f"{RUNTIME}.touch({node.target.id})", node)
            node.target = self.in_place_target(node.target)
            node.value = self.visit(node.value)
            return [*before, node]
        return [*before, self.visit(node)]

    def shared_names(self, node: ast.stmt) -> list[ast.stmt]:
        """Notes the values of global and nonlocal variables that the statement assigns."""
        if not (self.globals or self.nonlocals) or isinstance(node, (ast.If, ast.While, ast.Try)):
            return []
        out: list[ast.stmt] = []
        for name in look.assigned([node]):
            stored = look.mangled(name, self.klass)
            if name in self.globals:
                out += expand(f"{RUNTIME}.on_global({RUNTIME}.globals(), {stored!r})", node)
            elif name in self.nonlocals:
                out += expand(f"{RUNTIME}.on_cell(lambda: {name}, {stored!r})", node)
        return out

    def on_If(self, node: ast.If, tail: bool, loop: LoopBody | None, branch: Branch | None) -> list[ast.stmt]:
        self.counter[0] += 1
        fork = f"vg_{self.counter[0]}"
        names = [n for n in look.assigned([*node.body, *node.orelse]) if n not in self.globals]
        then = self.branch(node.body, fork, loop, branch)
        other = self.branch(node.orelse, fork, loop, branch) if node.orelse else []
        out = expand(
            f"""
            {fork} = {ACTIVATION}.fork(TEST, {node.lineno}, {self.stored(names)})
            if {fork}.node:
                {fork}.begin({RUNTIME}.locals(), {RUNTIME}.globals())
            if {fork}.then:
                THEN
                if {fork}.node:
                    HALF
            """,
            node,
            TEST=self.test(node.test),
            THEN=then,
            HALF=self.assign(names, f"{fork}.half({RUNTIME}.locals())", node),
        )
        if other:
            out += expand(f"if {fork}.other: OTHER", node, OTHER=other)
        out += expand(
            f"if {fork}.node: JOIN", node, JOIN=self.assign(names, f"{fork}.join({RUNTIME}.locals())", node)
        )
        exits = (
            look.has([node], (ast.Return,))
            or loop is not None
            and loop.names is not None
            and look.continues([node])
        )
        if exits and not tail:
            out += self.go(node, loop, branch)
        return out

    def branch(
        self, statements: list[ast.stmt], fork: str, loop: LoopBody | None, outer: Branch | None
    ) -> list[ast.stmt]:
        branch = Branch(outer)
        body = self.block(statements, True, loop, branch)
        if not branch.raises:
            return body
        return expand(
            f"""
            try:
                BODY
            except {RUNTIME}.Leave:
                {fork}.left()
            """,
            statements[0],
            BODY=body,
        )

    def go(self, node: ast.stmt, loop: LoopBody | None, branch: Branch | None) -> list[ast.stmt]:
        """Behind an `if` that everybody may have left."""
        if branch is not None:
            branch.must_catch()
        inner: list[ast.stmt] = []
        if loop is not None and loop.names is not None:
            inner = expand(
                f"if {ACTIVATION}.iterates({loop.level}): END",
                node,
                END=[*self.end_iteration(loop, node), ast.copy_location(ast.Continue(), node)],
            )
        return expand(
            f"""
            if {ACTIVATION}.gone:
                INNER
                return {ACTIVATION}.exit()
            """,
            node,
            INNER=inner,
        )

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

    def on_Return(
        self, node: ast.Return, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        value = self.visit(node.value) if node.value is not None else ast.Constant(None)
        if not self.active:
            return [ast.copy_location(ast.Return(value), node)]
        if tail and branch is not None:
            return expand(
                f"if {ACTIVATION}.leaves(VALUE, {node.lineno}): return {ACTIVATION}.finish()",
                node,
                VALUE=value,
            )
        if branch is not None:
            branch.must_catch()
        return expand(f"return {ACTIVATION}.ret(VALUE, {node.lineno})", node, VALUE=value)

    # -- loops -------------------------------------------------------------------------------------

    def on_For(self, node: Any, tail: bool, loop: LoopBody | None, branch: Branch | None) -> list[ast.stmt]:
        node.iter = self.visit(node.iter)
        node.target = self.visit(node.target)
        return self.loop(node, loop, branch)

    def on_While(
        self, node: ast.While, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        node.test = self.visit(node.test)
        return self.loop(node, loop, branch)

    def loop(self, node: Any, outer: LoopBody | None, branch: Branch | None) -> list[ast.stmt]:
        self.counter[0] += 1
        level = f"vg_{self.counter[0]}"
        own = look.forked_continue(node.body)
        names = [n for n in look.assigned(node.body) if n not in self.globals] if own else None
        loop = LoopBody(level, names)
        before: list[ast.stmt] = []
        body = self.block(node.body, False, loop, branch)
        if own:
            node.body = (
                expand(f"{level} = {ACTIVATION}.iteration()", node.body[0])
                + body
                + self.end_iteration(loop, node)
            )
        else:
            node.body = body
            if self.active and look.has(node.body, (ast.Break,)):
                before = expand(f"{level} = {ACTIVATION}.loop()", node)
        node.orelse = self.block(node.orelse, False, outer, branch)
        return [*before, node]

    def end_iteration(self, loop: LoopBody, at: ast.AST) -> list[ast.stmt]:
        assert loop.names is not None
        call = f"{ACTIVATION}.next({RUNTIME}.locals(), {self.stored(loop.names)})"
        return expand(
            f"if {ACTIVATION}.iterated({loop.level}): NEXT", at, NEXT=self.assign(loop.names, call, at)
        )

    def on_Continue(
        self, node: ast.Continue, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        if loop is None or loop.names is None:
            return [node]
        end = [*self.end_iteration(loop, node), node]
        if tail and branch is not None:
            return expand(f"if {ACTIVATION}.continues({loop.level}, {node.lineno}): END", node, END=end)
        if branch is not None:
            branch.must_catch()
        return expand(f"{ACTIVATION}.cont({loop.level}, {node.lineno})", node) + end

    def on_Break(
        self, node: ast.Break, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        if loop is None or not self.active:
            return [node]
        end = self.end_iteration(loop, node) if loop.names is not None else []
        return [*expand(f"{ACTIVATION}.brk({loop.level}, {node.lineno})", node), *end, node]

    # -- other compound statements -----------------------------------------------------------------

    def on_With(
        self, node: ast.With, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        node.items = [self.visit(item) for item in node.items]
        node.body = self.block(node.body, tail, loop, branch)
        return [node]

    def on_Try(self, node: Any, tail: bool, loop: LoopBody | None, branch: Branch | None) -> list[ast.stmt]:
        self.counter[0] += 1
        mark = f"vg_{self.counter[0]}"
        exits = look.has([node], (ast.Return, ast.Continue))
        node.body = self.block(node.body, tail and not node.orelse, loop, branch)
        for handler in node.handlers:
            handler.type = handler.type and self.visit(handler.type)
            handler.body = expand(f"{ACTIVATION}.unwind({mark})", handler) + self.block(
                handler.body, tail, loop, branch
            )
        if exits and node.handlers and isinstance(node, ast.Try):
            leave = expand(f"try: pass\nexcept {RUNTIME}.Leave: raise", node)[0].handlers[0]
            node.handlers.insert(0, leave)
        node.orelse = self.block(node.orelse, tail, loop, branch)
        node.finalbody = self.block(node.finalbody, False, loop, branch)
        return [*expand(f"{mark} = {ACTIVATION}.mark()", node), node]

    on_TryStar = on_Try

    def on_Match(
        self, node: ast.Match, tail: bool, loop: LoopBody | None, branch: Branch | None
    ) -> list[ast.stmt]:
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.guard = case.guard and self.visit(case.guard)
            case.body = self.block(case.body, False, loop, branch)
        return [node]
