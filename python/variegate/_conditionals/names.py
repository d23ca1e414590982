"""Which names some statements assign, and which statements may leave a branch."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
Comprehension = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Loop = (ast.For, ast.AsyncFor, ast.While)


def mangled(name: str, klass: str | None) -> str:
    """`name` as Python stores it inside of a class."""
    if klass is None or not name.startswith("__") or name.endswith("__") or not klass.strip("_"):
        return name
    return f"_{klass.lstrip('_')}{name}"


def assigned(statements: Iterable[ast.AST]) -> list[str]:
    """Names that the statements assign or delete in their own scope, sorted."""
    found: set[str] = set()
    todo = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, Scope):
            if not isinstance(node, ast.Lambda):
                found.add(node.name)
            continue
        if isinstance(node, Comprehension):
            found.update(n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
        todo += ast.iter_child_nodes(node)
    return sorted(found)


def walk_scope(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of the statements, without the insides of nested functions and classes."""
    todo = list(statements)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Scope):
            todo += ast.iter_child_nodes(node)


def declared(body: list[ast.stmt], kind: type) -> set[str]:
    """Names that a function declares as global or nonlocal."""
    return {name for node in walk_scope(body) if isinstance(node, kind) for name in node.names}


def has(statements: Iterable[ast.AST], kinds: tuple[type, ...]) -> bool:
    return any(isinstance(node, kinds) for node in walk_scope(statements))


def continues(statements: Iterable[ast.AST]) -> bool:
    """Whether there is a `continue` that belongs to the loop around the statements."""
    todo = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Continue):
            return True
        if isinstance(node, Loop):
            todo += node.orelse
        elif not isinstance(node, Scope):
            todo += ast.iter_child_nodes(node)
    return False


def forked_continue(body: list[ast.stmt]) -> bool:
    """Whether the loop with this body has a `continue` under an `if`."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and continues([node]):
            return True
        if isinstance(node, Loop):
            todo += node.orelse
        elif not isinstance(node, Scope):
            todo += ast.iter_child_nodes(node)
    return False


def stores(statements: Iterable[ast.AST]) -> bool:
    """Whether the statements assign a variable, an attribute or an item."""
    return any(not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) for node in walk_scope(statements))
