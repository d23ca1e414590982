"""The module in which scripts look for DataNode."""

from ._node import DataNode

__all__ = ["DataNode"]
