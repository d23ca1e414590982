"""Extra keyword arguments of augmentations: which are wanted, which are missing, which nobody uses."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from ...errors import VariegateError


class MissingArgException(VariegateError):
    """A required argument of an augmentation was not given (`augmentation`, `missing_args`)."""

    def __init__(self, message: str, augmentation: Any, missing_args: list[str]) -> None:
        super().__init__(message)
        self.augmentation, self.missing_args = augmentation, missing_args


class UnusedArgException(VariegateError):
    """An argument that no augmentation takes (`unused_args`)."""

    def __init__(self, message: str, unused_args: list[str]) -> None:
        super().__init__(message)
        self.unused_args = unused_args


def positional(op: Callable[..., Any]) -> list[inspect.Parameter]:
    """The positional parameters of an operation."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in inspect.signature(op).parameters.values() if p.kind in kinds]


def extra_parameters(op: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters after (data, parameter) that can be given by name."""
    skipped = {p.name for p in positional(op)[:2]}
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [
        p for p in inspect.signature(op).parameters.values() if p.kind in by_name and p.name not in skipped
    ]


def filter_extra_kwargs(augmentation: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Those of `kwargs` that the operation takes. MissingArgException if it needs more."""
    parameters = extra_parameters(augmentation.op)
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in kwargs]
    if missing:
        names = ", ".join(missing)
        raise MissingArgException(
            f"The augmentation `{augmentation.name}` requires following named argument(s) which were not "
            f"provided to the call: {names}.",
            augmentation,
            missing,
        )
    wanted = {p.name for p in parameters}
    return {k: v for k, v in kwargs.items() if k in wanted}


def forbid_unused_kwargs(augmentations: Iterable[Any], kwargs: dict[str, Any], call_name: str) -> None:
    """UnusedArgException if a name in `kwargs` is an argument of none of the augmentations."""
    used = {p.name for a in augmentations for p in extra_parameters(a.op)}
    unused = [k for k in kwargs if k not in used]
    if not unused:
        return
    names = ", ".join(unused)
    what = f"The kwarg `{names}` is" if len(unused) == 1 else f"The kwargs `{names}` are"
    raise UnusedArgException(
        f"The {call_name} got unexpected kwarg(s). {what} not used by any of the augmentations.", unused
    )
