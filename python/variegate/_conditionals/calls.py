"""Which callables are converted: the user's functions, methods, lambdas, partials and callable objects."""

from __future__ import annotations

import functools
import inspect
import os
import sysconfig
import threading
import types
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from .changes import before_call
from .errors import polish
from .hooks import state

F = TypeVar("F", bound=Callable[..., Any])
MARK = "_variegate_do_not_convert"
PACKAGE = __name__.split(".")[0]
FOREIGN = frozenset(
    "absl cupy cv2 flax IPython jax jaxlib keras matplotlib numba numpy nvidia paddle pandas PIL pytest "
    "_pytest scipy skimage sklearn tensorflow torch torchvision triton wrapt".split()
)
_GENERATOR = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_STANDARD = tuple({os.path.join(sysconfig.get_path(key), "") for key in ("stdlib", "platstdlib")})

_codes: dict[tuple, types.CodeType | None] = {}
_lock = threading.RLock()


def active() -> bool:
    """Whether a pipeline with conditionals is being traced in this thread."""
    return state.depth > 0


def do_not_convert(function: F) -> F:
    """Leaves `function` as it is when a pipeline with conditionals calls it. Usable as a decorator."""
    target = getattr(function, "__func__", function)
    try:
        setattr(target, MARK, True)
        return function
    except (AttributeError, TypeError):

        @functools.wraps(function)
        def unconverted(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        setattr(unconverted, MARK, True)
        return unconverted


def convert(function: F) -> F:
    """`function`, which builds a graph, with `if` and the logical operators over nodes as parts of it.

    The conversion takes place when it is called, and extends to the user's functions that it calls. Raises
    ValueError if the function is marked with `do_not_convert`.
    """
    if getattr(function, MARK, False):
        raise ValueError(
            f"{_name(function)} is marked with `do_not_convert`, so it cannot be a pipeline with "
            "conditionals."
        )

    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        return convert_call(function, *args, **kwargs)

    return traced


def is_converted(function: Any) -> bool:
    """Whether `function` is converted code: it was defined inside of a pipeline with conditionals."""
    from .rewrite import is_converted_code

    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code is not None and is_converted_code(code)


def convert_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Calls `function` converted. Errors come out with the user's lines in the traceback and in the text."""
    mark = state.mark()
    state.depth += 1
    try:
        return conv(function)(*args, **kwargs)
    except Exception as error:
        if state.depth > 1:
            raise
        better = polish(error, error.__traceback__)
    finally:
        state.depth -= 1
        state.unwind(mark)
        if state.depth == 0:
            state.poison.clear()
    try:
        raise better
    finally:
        del better


def conv(function: Any) -> Any:
    """What is called in the place of `function` in converted code.

    It is called from the user's frame, not from here.
    """
    if not state.depth:
        return function
    kind = type(function)
    if kind is types.FunctionType:
        return _function(function)
    if kind is types.MethodType:
        inner = conv(function.__func__)
        return function if inner is function.__func__ else types.MethodType(inner, function.__self__)
    if kind is types.BuiltinMethodType or kind is types.MethodWrapperType:
        if state.sides:
            before_call(function)
        return _applying(function) if function is functools.reduce else function
    if kind is functools.partial:
        inner = conv(function.func)
        return (
            function
            if inner is function.func
            else functools.partial(inner, *function.args, **function.keywords)
        )
    if isinstance(function, type):
        return _applying(function) if function is map or function is filter else function
    method = getattr(kind, "__call__", None)  # noqa: B004 - the function itself is asked for
    if type(method) is types.FunctionType and not getattr(function, MARK, False):
        inner = _function(method)
        return function if inner is method else types.MethodType(inner, function)
    return function


def _applying(function: Any) -> Any:
    """`map`, `filter`, `reduce`: their first argument is called in the end."""
    return lambda first, *rest: function(conv(first), *rest)


def _function(function: types.FunctionType) -> types.FunctionType:
    from .rewrite import build

    if MARK in function.__dict__:
        return function
    code = function.__code__
    key = (code.co_filename, code.co_firstlineno, code)
    try:
        converted = _codes[key]
    except KeyError:
        with _lock:
            converted = _codes[key] = _convert(function)
    return _through(function) if converted is None else build(function, converted)


def _through(function: types.FunctionType) -> types.FunctionType:
    """A library's wrapper, such as `contextlib` makes, around a function that is to be converted."""
    wrapped = function.__dict__.get("__wrapped__")
    if wrapped is None or not function.__closure__ or not _foreign(function):
        return function
    inner = conv(wrapped)
    if inner is wrapped:
        return function
    cells = tuple(
        types.CellType(inner) if _contents(cell) is wrapped else cell for cell in function.__closure__
    )
    wrapper = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, cells
    )
    wrapper.__kwdefaults__ = function.__kwdefaults__
    return wrapper


def _contents(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _convert(function: types.FunctionType) -> types.CodeType | None:
    from .rewrite import NoSource, convert_code, is_converted_code

    code = function.__code__
    if code.co_flags & _GENERATOR or is_converted_code(code) or _foreign(function):
        return None
    try:
        return convert_code(function)
    except NoSource as reason:
        warnings.warn(
            f"{_name(function)} runs without conversion of its conditionals: {reason}. Put it into a file, "
            "or mark it with `do_not_convert`.",
            RuntimeWarning,
            stacklevel=_user_level(),
        )
        return None


def _foreign(function: types.FunctionType) -> bool:
    """Whether the function belongs to this package, to Python or to a library without graphs."""
    name = str(function.__globals__.get("__name__", ""))
    if name.startswith(PACKAGE + "._cli."):
        return False  # the command line describes pipelines, as a user does
    module = name.split(".")[0]
    if module == PACKAGE or module in FOREIGN:
        return True
    path = function.__code__.co_filename
    return path.startswith("<frozen") or path.startswith(_STANDARD) and "-packages" + os.sep not in path


def _name(function: Any) -> str:
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", repr(function))
    return f"{name}()" if code is None else f"{name}() ({code.co_filename}:{code.co_firstlineno})"


def _user_level() -> int:
    """The `stacklevel` of a warning at the innermost line of the user."""
    import sys

    here = os.path.dirname(os.path.abspath(__file__))
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(here):
        level, frame = level + 1, frame.f_back
    return level
