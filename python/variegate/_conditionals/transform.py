"""Rewrites the statements of a function, in place of each `if` the tracing of both branches.

    if c:                     vg__1 = vg__f.fork(c, 12, ('y',))
        y = f(x)              if vg__1.node: vg__1.begin(locals(), globals())
    else:              ->     if vg__1.then:
        y = g(x)                  y = f(x)
                                  if vg__1.node: [y] = vg__1.half(locals())
                              if vg__1.other:
                                  y = g(x)
                              if vg__1.node: [y] = vg__1.join(locals())

The branches stay where they are, in the user's own frame: variables, closures, `super()` and line numbers
are as written. A `return` at the end of a branch is noted and the text goes on; elsewhere it raises `Leave`,
which the branch catches.
"""

from __future__ import annotations

import ast

from . import names as look
from .compound import ACTIVATION, Branch, Compound, Spot
from .expressions import RUNTIME, constant
from .template import expand


class FunctionTransformer(Compound):
    """Converts one function definition, nested ones included."""

    def __init__(self, file: str, klass: str | None, counter: list[int] | None = None) -> None:
        super().__init__(file, klass)
        self.counter = counter if counter is not None else [0]

    # -- functions -------------------------------------------------------------------------------------

    def convert(self, node: ast.FunctionDef, name: str) -> None:
        """Rewrites the body of `node`, which is called `name` in messages."""
        self.globals = look.declared(node.body, ast.Global)
        self.nonlocals = look.declared(node.body, ast.Nonlocal)
        head = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        rest = node.body[len(head) :]
        self.active = look.has(rest, (ast.If, ast.Try, getattr(ast, "TryStar", ast.Try)))
        body = self.block(rest, Spot(True, None, None))
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

    # -- statements ------------------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt], spot: Spot) -> list[ast.stmt]:
        """`spot`: where the last statement stands."""
        out: list[ast.stmt] = []
        for i, statement in enumerate(statements):
            last = i == len(statements) - 1
            out += self.statement(statement, spot if last else spot.inside)
            if isinstance(statement, (ast.Return, ast.Continue, ast.Break)) and not last:
                # Never reached, but its assignments make names local.
                dead = ast.If(ast.Constant(False), statements[i + 1 :], [])
                return [*out, ast.fix_missing_locations(ast.copy_location(dead, statements[i + 1]))]
        return out

    def statement(self, node: ast.stmt, spot: Spot) -> list[ast.stmt]:
        before = self.shared_names(node)
        method = getattr(self, f"on_{type(node).__name__}", None)
        return before + (method(node, spot) if method is not None else [self.visit(node)])

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

    def on_AugAssign(self, node: ast.AugAssign, spot: Spot) -> list[ast.stmt]:
        before: list[ast.stmt] = []
        if isinstance(node.target, ast.Name):
            before = expand(f"{RUNTIME}.touch({node.target.id})", node)
        node.target = self.in_place_target(node.target)
        node.value = self.visit(node.value)
        return [*before, node]

    def on_If(self, node: ast.If, spot: Spot) -> list[ast.stmt]:
        fork = self.fresh()
        names = [n for n in look.assigned([*node.body, *node.orelse]) if n not in self.globals]
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
            THEN=self.branch(node.body, fork, spot),
            HALF=self.assign(names, f"{fork}.half({RUNTIME}.locals())", node),
        )
        if node.orelse:
            out += expand(f"if {fork}.other: OTHER", node, OTHER=self.branch(node.orelse, fork, spot))
        join = self.assign(names, f"{fork}.join({RUNTIME}.locals())", node)
        out += expand(f"if {fork}.node: JOIN", node, JOIN=join)
        continues = spot.loop is not None and spot.loop.names is not None and look.continues([node])
        if not spot.tail and (continues or look.has([node], (ast.Return,))):
            out += self.go(node, spot)
        return out

    def branch(self, statements: list[ast.stmt], fork: str, spot: Spot) -> list[ast.stmt]:
        branch = Branch(spot.branch)
        body = self.block(statements, Spot(True, spot.loop, branch))
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

    def go(self, node: ast.stmt, spot: Spot) -> list[ast.stmt]:
        """Behind an `if` that everybody may have left."""
        if spot.branch is not None:
            spot.branch.must_catch()
        inner: list[ast.stmt] = []
        if spot.loop is not None and spot.loop.names is not None:
            end = [*self.end_iteration(spot.loop, node), ast.copy_location(ast.Continue(), node)]
            inner = expand(f"if {ACTIVATION}.iterates({spot.loop.level}): END", node, END=end)
        return expand(
            f"""
            if {ACTIVATION}.gone:
                INNER
                return {ACTIVATION}.exit()
            """,
            node,
            INNER=inner,
        )

    def on_Return(self, node: ast.Return, spot: Spot) -> list[ast.stmt]:
        value = self.visit(node.value) if node.value is not None else constant(None, node)
        if not self.active:
            return [ast.copy_location(ast.Return(value), node)]
        if spot.tail and spot.branch is not None:
            text = f"if {ACTIVATION}.leaves(VALUE, {node.lineno}): return {ACTIVATION}.finish()"
            return expand(text, node, VALUE=value)
        if spot.branch is not None:
            spot.branch.must_catch()
        return expand(f"return {ACTIVATION}.ret(VALUE, {node.lineno})", node, VALUE=value)
