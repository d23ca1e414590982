"""Rewrites expressions: calls, logic, comparisons in a chain, `a if c else b`, targets of assignments."""

from __future__ import annotations

import ast
from typing import Any

from .names import mangled

RUNTIME = "vg__"


def runtime(name: str, *args: ast.expr, at: ast.AST) -> ast.Call:
    """A call of `name` of the runtime, placed where `at` is."""
    function = ast.Attribute(ast.Name(RUNTIME, ast.Load()), name, ast.Load())
    call = ast.Call(function, list(args), [])
    for node in (call, function, function.value):
        ast.copy_location(node, at)
    return call


def constant(value: Any, at: ast.AST) -> ast.Constant:
    return ast.copy_location(ast.Constant(value), at)


class Expressions(ast.NodeTransformer):
    """For the expressions of one function. Nested functions are handed to `nested`."""

    def __init__(self, file: str, klass: str | None) -> None:
        self.file, self.klass = file, klass

    def test(self, node: ast.expr) -> ast.expr:
        """The condition of an `if`."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return runtime("not_", self.visit(node.operand), constant(True, node), at=node)
        return self.visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        begin = "and_begin" if isinstance(node.op, ast.And) else "or_begin"
        result = self.visit(node.values[-1])
        for value in reversed(node.values[:-1]):
            result = self._logic(runtime(begin, self.visit(value), at=value), result, node)
        return result

    def _logic(self, left: ast.expr, right: ast.expr, at: ast.AST) -> ast.expr:
        both = ast.copy_location(ast.BoolOp(ast.And(), [left, right]), at)
        return runtime("logic_end", both, at=at)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not):
            return runtime("not_", self.visit(node.operand), at=node)
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) == 1:
            return node
        # From the right: each comparison but the last keeps its right side for the next one.
        count = len(node.ops)
        result: ast.expr | None = None
        for i in reversed(range(count)):
            left = node.left if i == 0 else runtime("kept", at=node)
            right = node.comparators[i]
            if i < count - 1:
                right = runtime("keep", right, at=right)
            compare = ast.copy_location(ast.Compare(left, [node.ops[i]], [right]), node)
            result = (
                compare
                if result is None
                else self._logic(runtime("chain_begin", compare, at=node), result, node)
            )
        return result

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        begin = runtime(
            "if_begin", self.test(node.test), constant(f"{self.file}:{node.lineno}", node), at=node.test
        )
        sides = [
            ast.copy_location(ast.IfExp(condition, self.visit(value), constant(None, value)), value)
            for condition, value in ((begin, node.body), (runtime("if_other", at=node), node.orelse))
        ]
        return runtime("if_end", *sides, at=node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        plain = isinstance(node.func, ast.Name) and node.func.id == "super"
        self.generic_visit(node)
        if not plain:
            node.func = runtime("conv", node.func, at=node.func)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._attribute(node, ())

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._subscript(node, ())

    def _attribute(self, node: ast.Attribute, extra: tuple) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            name = constant(mangled(node.attr, self.klass), node)
            node.value = runtime("on_attr", node.value, name, *extra, at=node.value)
        return node

    def _subscript(self, node: ast.Subscript, extra: tuple) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load):
            node.value = runtime("on_item", node.value, *extra, at=node.value)
        return node

    def in_place_target(self, node: ast.expr) -> ast.expr:
        """The left side of `target += value`."""
        extra = (constant(True, node),)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, extra)
        return self._subscript(node, extra) if isinstance(node, ast.Subscript) else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        node.target = self.visit(node.target)
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        if any(isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Await)) for inner in ast.walk(node)):
            return node
        self._defaults(node.args)
        node.body = self.visit(node.body)
        return node

    def _defaults(self, args: ast.arguments) -> None:
        args.defaults = [self.visit(value) for value in args.defaults]
        args.kw_defaults = [value and self.visit(value) for value in args.kw_defaults]
