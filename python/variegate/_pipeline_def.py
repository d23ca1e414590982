"""pipeline_def: a function that describes a graph becomes a function that gives a pipeline."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from . import _conditionals
from ._pipeline import Pipeline
from .errors import ArgumentTypeError

_CONSTRUCTOR = {
    name: p for name, p in inspect.signature(Pipeline.__init__).parameters.items() if name != "self"
}


def pipeline_def(
    fn: Callable[..., Any] | None = None,
    *,
    enable_conditionals: bool = False,
    debug: bool = False,
    **pipeline_kwargs: Any,
) -> Any:
    """Makes a function that describes a graph into a function that gives a Pipeline.

    The decorated function returns the outputs. Keyword arguments of its call that are those of `Pipeline` (or
    `enable_conditionals`) go there and win over the decorator's; the others go to the function.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Pipeline]:
        parameters = inspect.signature(function).parameters
        if any(p.kind == p.VAR_KEYWORD for p in parameters.values()):
            raise ArgumentTypeError(
                f"{function.__name__}: a pipeline function with **{'kwargs'} is not possible: arguments of the "
                "pipeline and of the function could not be told apart."
            )
        if enable_conditionals:
            _conditionals.convert(function)  # refuses what is marked do_not_convert, at once

        @functools.wraps(function)
        def create(*args: Any, **kwargs: Any) -> Pipeline:
            own, call = dict(pipeline_kwargs), {}
            conditionals = enable_conditionals
            for key, value in kwargs.items():
                if key in parameters:
                    if key in _CONSTRUCTOR:
                        print(
                            f"Warning: the argument `{key}` of {function.__name__} shadows the one of Pipeline; it goes to the "
                            "function only."
                        )
                    call[key] = value
                elif key == "enable_conditionals":
                    conditionals = value
                elif key == "debug":
                    continue
                elif key in _CONSTRUCTOR:
                    own[key] = value
                else:
                    raise AssertionError(
                        f"{function.__name__}: the argument `{key}` is neither one of the function nor of Pipeline."
                    )
            pipe = Pipeline(**own)
            with pipe:
                outputs = (_conditionals.convert(function) if conditionals else function)(*args, **call)
            pipe._outputs = (
                [] if outputs is None else list(outputs) if isinstance(outputs, tuple | list) else [outputs]
            )
            return pipe

        create._is_pipeline_def = True  # type: ignore[attr-defined]
        return create

    return decorate if fn is None else decorate(fn)
