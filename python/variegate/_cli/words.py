"""Programs of samples in words: what was done to a picture, in a few short lines."""

from __future__ import annotations

import math
from typing import Any

#: What every picture of a sheet has in common says nothing about one of them.
COMMON = {"decoders.image", "resize", "crop", "crop_mirror_normalize"}
#: Operators that a policy uses under another name.
RENAMED = {"filter": "sharpness"}


def number(value: float) -> str:
    """One or two digits behind the point, and no more than the value needs."""
    text = f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def warp(m: list[float]) -> str:
    """A 2x3 matrix by what it does, if that has a name."""
    a, b, tx, c, d, ty = m
    if (a, b, c, d) == (1, 0, 0, 1):
        parts = [f"{axis}={number(v)}" for axis, v in (("x", tx), ("y", ty)) if v]
        return "translate " + " ".join(parts) if parts else "translate 0"
    if (a, d, tx, ty) == (1, 1, 0, 0) and (b == 0 or c == 0):
        return f"shear x={number(b)}" if b else f"shear y={number(c)}"
    if (
        math.isclose(a, d, abs_tol=1e-5)
        and math.isclose(b, -c, abs_tol=1e-5)
        and math.isclose(a * a + b * b, 1, abs_tol=1e-4)
    ):
        return f"rotate angle={number(math.degrees(math.atan2(b, a)))}"
    return f"warp [{number(a)} {number(b)} ...]"


def value(v: Any) -> str:
    """A parameter: numbers short, lists shortened."""
    if isinstance(v, list | tuple):
        return "[" + " ".join(map(value, v[:2])) + (" ...]" if len(v) > 2 else "]")
    return number(v) if isinstance(v, int | float) else str(v)


def parameter(name: str, v: Any) -> str:
    """The parameter of a ready augmentation, as one reads it."""
    if name == "posterize":
        return f"{int(v).bit_count()} bits"
    if name == "sharpness":  # a kernel, of which the centre tells the factor
        return number(1 + (v[4] - 1) * 13 / 8)
    if isinstance(v, list | tuple) and len(v) == 2:  # (x, y), one of which is 0
        return number(v[0] or v[1])
    return value(v)


def operation(name: str, parameters: dict[str, Any]) -> str:
    """One operation with its parameters, as `rotate angle=-12.3`."""
    if name == "warp_affine" and len(parameters.get("matrix", ())) == 6:
        return warp(list(parameters["matrix"]))
    if set(parameters) == {"parameter"}:
        return f"{name} {parameter(name, parameters['parameter'])}"
    if name == "flip":
        axes = [k for k, v in parameters.items() if v]
        return "flip " + " ".join(axes) if axes else ""
    shown = [f"{'' if k in ('factor', name) else k + '='}{value(v)}" for k, v in parameters.items()]
    return " ".join([RENAMED.get(name, name), *shown])


def program(operations: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """The lines of a sample's program, without what all samples have in common."""
    lines = [operation(name, parameters) for name, parameters in operations if name not in COMMON]
    return [line for line in lines if line] or ["unchanged"]
