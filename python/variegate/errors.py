"""The exceptions of the package. Each is also the built-in class that callers of DALI's names expect."""

from __future__ import annotations


class VariegateError(Exception):
    """Anything that this package raises on purpose."""


class DataError(VariegateError, RuntimeError):
    """Bad data, or values that do not fit at run time."""


class ArgumentValueError(VariegateError, ValueError):
    """An argument outside its range."""


class ArgumentTypeError(VariegateError, TypeError):
    """An argument of the wrong type."""


class UnknownNameError(VariegateError, KeyError):
    """A name that does not exist."""

    def __str__(self) -> str:  # KeyError would show the text quoted
        return str(self.args[0]) if self.args else ""


class OutOfRangeError(VariegateError, IndexError):
    """An index outside its range."""


class GraphError(VariegateError, NotImplementedError):
    """A graph that cannot be built."""


class NumberOverflowError(VariegateError, OverflowError):
    """A number that its type cannot hold."""


class ByteCeilingError(VariegateError, MemoryError):
    """A byte ceiling (`max_host_bytes`) was reached."""


class IteratorRuleError(VariegateError, AssertionError):
    """A broken rule of the iterators."""


# In the order of the core's ErrorKind.
BY_KIND = [
    DataError,
    ArgumentValueError,
    ArgumentTypeError,
    UnknownNameError,
    OutOfRangeError,
    GraphError,
    NumberOverflowError,
    ByteCeilingError,
    IteratorRuleError,
    StopIteration,
    VariegateError,
]
