"""Conditionals: `if` over samples in the user's Python becomes a lazy select in the graph.

A converted function traces both branches of an `if` whose condition is a node, and merges what they assign
with one `select` per value. A condition that is an ordinary value is an ordinary `if`.
"""

from .calls import active, convert, convert_call, do_not_convert, is_converted
from .hooks import GraphHooks, set_hooks

__all__ = ["GraphHooks", "active", "convert", "convert_call", "do_not_convert", "is_converted", "set_hooks"]
