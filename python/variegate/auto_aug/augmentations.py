"""The 18 ready augmentations, and the mappings from magnitudes to their parameters.

Input: uint8, HWC or FHWC (statistics are then taken frame by frame). Formulas: see docs/exactness.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _core
from .._node import DataNode
from .core import augmentation


def warp_x_param(magnitude: float) -> np.ndarray:
    """[magnitude, 0]"""
    return _core.map_magnitude("warp_x", magnitude)


def warp_y_param(magnitude: float) -> np.ndarray:
    """[0, magnitude]"""
    return _core.map_magnitude("warp_y", magnitude)


def shift_enhance_range(magnitude: float) -> np.ndarray:
    """1 + magnitude: a factor whose neutral value is 1."""
    return _core.map_magnitude("shift_enhance_range", magnitude)


def sharpness_kernel(magnitude: float) -> np.ndarray:
    """A 3x3 kernel for a magnitude in [-1, 1]: -1 smooths, 0 changes nothing, 1 sharpens."""
    return _core.map_magnitude("sharpness_kernel", magnitude)


def sharpness_kernel_shifted(magnitude: float) -> np.ndarray:
    """The same for a factor in [0, 2], neutral at 1."""
    return _core.map_magnitude("sharpness_kernel_shifted", magnitude)


def poster_mask_uint8(magnitude: float) -> np.ndarray:
    """The mask that keeps `magnitude` bits (rounded half to even; 0 counts as 1)."""
    return _core.map_magnitude("poster_mask_uint8", magnitude)


def solarize_add_shift(shift: float) -> np.ndarray:
    """The shift as uint8, cut. Exception from 128 on."""
    return _core.map_magnitude("solarize_add_shift", shift)


def _stock(name: str, data: DataNode, param: Any = None, **extras: Any) -> DataNode:
    plain = {k: v.value if isinstance(v, DataNode) else v for k, v in extras.items()}
    return DataNode(_core.apply_stock(name, data.value, None if param is None else param.value, plain))


def _plain_or_node(shape: Any) -> Any:
    return shape if isinstance(shape, DataNode) else [float(s) for s in shape]


@augmentation(mag_range=(0, 0.3), randomly_negate=True, mag_to_param=warp_x_param)
def shear_x(data, shear, fill_value=128, interp_type=None):
    """Moves lower rows to the right: x' = x + shear * y, about the top left corner."""
    return _stock("shear_x", data, shear, fill_value=fill_value, interp_type=interp_type)


@augmentation(mag_range=(0, 0.3), randomly_negate=True, mag_to_param=warp_y_param)
def shear_y(data, shear, fill_value=128, interp_type=None):
    """Moves right columns down: y' = y + shear * x, about the top left corner."""
    return _stock("shear_y", data, shear, fill_value=fill_value, interp_type=interp_type)


@augmentation(mag_range=(0.0, 1.0), randomly_negate=True, mag_to_param=warp_x_param)
def translate_x(data, rel_offset, shape, fill_value=128, interp_type=None):
    """Moves the content right by a fraction of the width; `shape` begins with (height, width)."""
    return _stock(
        "translate_x",
        data,
        rel_offset,
        shape=_plain_or_node(shape),
        fill_value=fill_value,
        interp_type=interp_type,
    )


@augmentation(name="translate_x", mag_range=(0, 250), randomly_negate=True, mag_to_param=warp_x_param)
def translate_x_no_shape(data, offset, fill_value=128, interp_type=None):
    """Moves the content right by pixels."""
    return _stock("translate_x_no_shape", data, offset, fill_value=fill_value, interp_type=interp_type)


@augmentation(mag_range=(0.0, 1.0), randomly_negate=True, mag_to_param=warp_y_param)
def translate_y(data, rel_offset, shape, fill_value=128, interp_type=None):
    """Moves the content down by a fraction of the height; `shape` begins with (height, width)."""
    return _stock(
        "translate_y",
        data,
        rel_offset,
        shape=_plain_or_node(shape),
        fill_value=fill_value,
        interp_type=interp_type,
    )


@augmentation(name="translate_y", mag_range=(0, 250), randomly_negate=True, mag_to_param=warp_y_param)
def translate_y_no_shape(data, offset, fill_value=128, interp_type=None):
    """Moves the content down by pixels."""
    return _stock("translate_y_no_shape", data, offset, fill_value=fill_value, interp_type=interp_type)


@augmentation(mag_range=(0, 30), randomly_negate=True)
def rotate(data, angle, fill_value=128, interp_type=None, rotate_keep_size=True):
    """Rotates about the centre, counter-clockwise, in degrees."""
    return _stock(
        "rotate",
        data,
        angle,
        fill_value=fill_value,
        interp_type=interp_type,
        rotate_keep_size=rotate_keep_size,
    )


@augmentation(mag_range=(0, 0.9), randomly_negate=True, mag_to_param=shift_enhance_range)
def brightness(data, parameter):
    """parameter * x"""
    return _stock("brightness", data, parameter)


@augmentation(mag_range=(0, 0.9), randomly_negate=True, mag_to_param=shift_enhance_range)
def contrast(data, parameter):
    """grey + parameter * (x - grey), where grey is the weighted mean of the image."""
    return _stock("contrast", data, parameter)


@augmentation(mag_range=(0, 0.9), randomly_negate=True, mag_to_param=shift_enhance_range)
def color(data, parameter):
    """luma + parameter * (x - luma): the saturation."""
    return _stock("color", data, parameter)


@augmentation(mag_range=(0, 0.9), randomly_negate=True, mag_to_param=sharpness_kernel, param_device="auto")
def sharpness(data, kernel):
    """A 3x3 filter between smoothing and sharpening."""
    return _stock("sharpness", data, kernel)


@augmentation(mag_range=(0, 4), mag_to_param=poster_mask_uint8, param_device="auto")
def posterize(data, mask):
    """x AND mask"""
    return _stock("posterize", data, mask)


@augmentation(mag_range=(256, 0), param_device="auto")
def solarize(data, threshold):
    """Inverts values at or above the threshold."""
    return _stock("solarize", data, threshold)


@augmentation(mag_range=(0, 110), mag_to_param=solarize_add_shift, param_device="auto")
def solarize_add(data, shift):
    """Adds the shift to values below 128."""
    return _stock("solarize_add", data, shift)


@augmentation
def invert(data, _):
    """255 - x"""
    return _stock("invert", data)


@augmentation
def equalize(data, _):
    """Makes the histogram of each channel flat."""
    return _stock("equalize", data)


@augmentation
def auto_contrast(data, _):
    """Stretches each channel to [0, 255]; a flat one stays."""
    return _stock("auto_contrast", data)


@augmentation
def identity(data, _):
    """Changes nothing."""
    return data
