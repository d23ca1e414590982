"""Operators as functions: each takes nodes and arguments and gives nodes.

All are made from the registry. Every operator accepts `device` ("cpu", "gpu"; "mixed" for decoders), `name`, `preserve`,
`bytes_per_sample_hint` (ignored) and, if it draws numbers, `seed`. Arguments that are None count as absent. Arguments
marked "or one per sample" take a node.
"""

import sys as _sys

from .._external import external_source, python_function
from .._functions import fill as _fill
from .._functions import make_function as _make
from ..errors import GraphError as _GraphError

_fill(_sys.modules[__name__], _make)


def per_frame(node, replace=False, device=None, name=None):
    """Marks the first axis of an argument as frames. NotImplementedError: a sequence takes one argument for all its frames."""
    raise _GraphError(
        "per_frame: arguments per frame are not supported; a sequence takes one argument for all its frames."
    )


__all__ = [n for n in dir() if not n.startswith("_")]
