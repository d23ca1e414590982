"""Lets `import nvidia.dali` give this package, so that scripts written for DALI run unchanged."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

_THEIRS, _OURS = "nvidia.dali", "variegate"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives `nvidia.dali.x` the very module object of `variegate.x`: no module is executed twice."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        if name == "nvidia":
            # Only if no package of that name is installed: this finder is asked before the others.
            for finder in sys.meta_path:
                if finder is not self and (spec := finder.find_spec(name, path, target)):
                    return spec
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if name == _THEIRS or name.startswith(_THEIRS + "."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> ModuleType:
        if spec.name == "nvidia":
            return ModuleType("nvidia")
        ours = _OURS + spec.name[len(_THEIRS) :]
        try:
            module = importlib.import_module(ours)
        except ModuleNotFoundError as e:
            if e.name is None or not (ours + ".").startswith(e.name + "."):
                raise
            raise ModuleNotFoundError(
                f"No module named {spec.name!r}: variegate has no {ours!r}", name=spec.name
            ) from e
        # The import system is about to write the other name into the module; exec_module puts this back.
        spec.loader_state = module.__spec__
        spec.submodule_search_locations = getattr(module, "__path__", None)
        return module

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        if spec is not None and spec.loader is self and spec.loader_state is not None:
            module.__spec__ = spec.loader_state


_finder = _Finder()


def install() -> None:
    """From now on, in this process, `nvidia.dali` and its submodules are those of variegate.

    Other packages under `nvidia` are not touched. RuntimeError if DALI itself was imported before. May be called twice.
    """
    loaded = sys.modules.get(_THEIRS)
    if loaded is not None and loaded is not sys.modules.get(_OURS):
        raise RuntimeError(
            "nvidia.dali is imported already: call variegate.compat.dali.install() before that"
        )
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
