"""Makes statements from their text, with expressions and other statements put in."""

from __future__ import annotations

import ast
import textwrap
from typing import Any


class _Filler(ast.NodeTransformer):
    def __init__(self, at: ast.AST, parts: dict[str, Any]) -> None:
        self.at, self.parts = at, parts

    def visit(self, node: ast.AST) -> Any:
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Name)
            and isinstance(self.parts.get(node.value.id), list)
        ):
            return self.parts[node.value.id]
        if isinstance(node, ast.Name) and node.id in self.parts:
            part = self.parts[node.id]
            return part if hasattr(part, "lineno") else ast.copy_location(part, self.at)
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = self.at.lineno
            node.col_offset = node.end_col_offset = self.at.col_offset
        return self.generic_visit(node)


def expand(text: str, at: ast.AST, **parts: Any) -> list[ast.stmt]:
    """The statements of `text`, placed at the line of `at`.

    An upper-case name in it is replaced by the part of that name: an expression, or for a line of its own a
    list of statements.
    """
    tree = _Filler(at, parts).visit(ast.parse(textwrap.dedent(text)))
    return tree.body
