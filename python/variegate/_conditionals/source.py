"""Finds the source text of a function as a syntax tree, and makes sure that it is the function's own."""

from __future__ import annotations
import __future__

import ast
import copy
import linecache
import types
import warnings

from .names import walk_scope

FEATURES = 0
for _feature in __future__.all_feature_names:
    FEATURES |= getattr(__future__, _feature).compiler_flag

FACTORY = "vg__factory"
FUNCTION = "vg__function"  # not the real name: inside of itself, that is a global variable


class NoSource(Exception):
    """Says why a function cannot be converted."""


class Definition:
    """The syntax tree of one function: `node`, and what its surroundings contribute to its code.

    `klass`: the name of the class around it, for names such as `__x`. `imported`: names that the module
    imports; the compiler treats a call of `imported.name()` in another way than one of a method.
    """

    def __init__(self, node: ast.FunctionDef | ast.Lambda, klass: str | None, imported: list[str]) -> None:
        self.node, self.klass, self.imported = node, klass, imported

    @property
    def shell(self) -> list[str]:
        """A class to put the function into: Python makes `_Name__x` of `__x` in `_____Name`, too."""
        return [] if self.klass is None else ["_" * 9 + self.klass]

    def path(self) -> str:
        """The qualified name of the function in its factory."""
        name = "<lambda>" if isinstance(self.node, ast.Lambda) else FUNCTION
        return ".".join([FACTORY, "<locals>", *self.shell, name])


_files: dict[str, tuple[str, dict[int, list[Definition]]]] = {}


def _definitions(tree: ast.Module) -> dict[int, list[Definition]]:
    """All functions of a file, by the line at which their code begins."""
    found: dict[int, list[Definition]] = {}
    imported = sorted(
        {
            alias.asname or alias.name.split(".")[0]
            for node in walk_scope(tree.body)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
            if alias.name != "*"
        }
    )
    todo: list[tuple[ast.AST, str | None]] = [(tree, None)]
    while todo:
        node, klass = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            decorators = getattr(node, "decorator_list", [])
            line = decorators[0].lineno if decorators else node.lineno
            found.setdefault(line, []).append(Definition(node, klass, imported))
        if isinstance(node, ast.ClassDef):
            klass = node.name
        todo += [(child, klass) for child in ast.iter_child_nodes(node)]
    return found


def _file(code: types.CodeType, variables: dict) -> dict[int, list[Definition]]:
    linecache.checkcache(code.co_filename)
    text = "".join(linecache.getlines(code.co_filename, variables))
    if not text:
        raise NoSource("its source text is not available")
    known = _files.get(code.co_filename)
    if known is None or known[0] != text:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text, code.co_filename)
        except SyntaxError as error:
            raise NoSource("its source text cannot be parsed") from error
        known = _files[code.co_filename] = (text, _definitions(tree))
    return known[1]


def find(function: types.FunctionType) -> Definition:
    """The definition of `function`, free to be changed. Raises NoSource."""
    code = function.__code__
    candidates = [
        d
        for d in _file(code, function.__globals__).get(code.co_firstlineno, [])
        if getattr(d.node, "name", "<lambda>") == code.co_name
    ]
    matching = []
    for candidate in candidates:
        stripped = strip(candidate)
        pristine = compile_definition(stripped, code)
        if _same(pristine, code):
            matching.append(stripped)
    if not matching:
        raise NoSource(
            "its source text has changed" if candidates else "its source text is not where it should be"
        )
    # Several can match only if they do the same: the code objects are equal.
    return matching[0]


def strip(definition: Definition) -> Definition:
    """A copy without decorators, defaults and annotations, which the function object has already."""
    node = copy.deepcopy(definition.node)
    args = node.args
    args.defaults = []
    args.kw_defaults = [None] * len(args.kwonlyargs)
    for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]:
        if arg is not None:
            arg.annotation = None
    if isinstance(node, ast.FunctionDef):
        node.decorator_list = []
        node.returns = None
        if hasattr(node, "type_params"):
            node.type_params = []
    return Definition(node, definition.klass, definition.imported)


def compile_definition(
    definition: Definition, code: types.CodeType, extra: tuple[str, ...] = ()
) -> types.CodeType:
    """Compiles a definition inside of a factory whose arguments are the function's free variables."""
    node = definition.node
    if isinstance(node, ast.Lambda):
        inner: ast.stmt = ast.copy_location(ast.Expr(node), node)
    else:
        inner = node
        inner.name = FUNCTION
    for name in definition.shell:
        inner = ast.ClassDef(name=name, bases=[], keywords=[], body=[inner], decorator_list=[])
        if hasattr(ast, "type_param"):
            inner.type_params = []
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(name) for name in (*code.co_freevars, *extra)],
        vararg=None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=None,
        defaults=[],
    )
    factory = ast.FunctionDef(name=FACTORY, args=arguments, body=[inner], decorator_list=[], returns=None)
    if hasattr(ast, "type_param"):
        factory.type_params = []
    imports = [ast.Import(names=[ast.alias(name)]) for name in definition.imported]
    module = ast.Module(body=[*imports, factory], type_ignores=[])
    aliases = [name for statement in imports for name in statement.names]
    for outer in (inner, factory, *imports, *aliases, *arguments.args):
        ast.copy_location(outer, node)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = compile(module, code.co_filename, "exec", code.co_flags & FEATURES, dont_inherit=True)
    for step in definition.path().split("."):
        codes = [c for c in compiled.co_consts if isinstance(c, types.CodeType) and c.co_name == step]
        compiled = codes[0] if codes else compiled  # "<locals>" is no code
    return compiled


def _same(a: types.CodeType, b: types.CodeType) -> bool:
    """Whether two code objects do the same, wherever they stand. `b` may have been instrumented by pytest."""
    if a.co_varnames[: a.co_argcount] != b.co_varnames[: b.co_argcount] or set(a.co_freevars) != set(
        b.co_freevars
    ):
        return False
    if any(name.startswith("@py") for name in b.co_varnames):
        return True
    if a.co_code != b.co_code or a.co_names != b.co_names or a.co_varnames != b.co_varnames:
        return False
    return len(a.co_consts) == len(b.co_consts) and all(map(_same_constant, a.co_consts, b.co_consts))


def _same_constant(a: object, b: object) -> bool:
    if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
        return _same(a, b)
    if isinstance(a, str) and isinstance(b, str) and a.startswith(FACTORY):
        # Python 3.10 stores the qualified name of a nested function among the constants.
        return a.rpartition(".")[2] == b.rpartition(".")[2]
    if isinstance(a, frozenset):
        return a == b
    return type(a) is type(b) and repr(a) == repr(b)
