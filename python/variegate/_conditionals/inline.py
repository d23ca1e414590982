"""The names that converted code uses, under the one name `vg__`."""

from builtins import globals, locals

from .calls import conv
from .changes import on_attr, on_cell, on_global, on_item, touch
from .lazy import and_begin, chain_begin, if_begin, if_end, if_other, keep, kept, logic_end, not_, or_begin
from .merge import UNDEFINED
from .runtime import Activation, Leave

UNDEF = UNDEFINED

__all__ = [
    "UNDEF",
    "Activation",
    "Leave",
    "and_begin",
    "chain_begin",
    "conv",
    "globals",
    "if_begin",
    "if_end",
    "if_other",
    "keep",
    "kept",
    "locals",
    "logic_end",
    "not_",
    "on_attr",
    "on_cell",
    "on_global",
    "on_item",
    "or_begin",
    "touch",
]
