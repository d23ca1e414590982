"""What nodes know of their values before the run, and the warning about branches that cannot be mixed."""

import warnings

import numpy as np
import pytest
import variegate as vg
from variegate import fn, types


def described(build):
    with vg.Pipeline(batch_size=1, num_threads=1):
        node = build()
    return node.dtype, node.ndim, node.layout


def encoded():
    return fn.readers.file(files=["a.jpg"])[0]


@pytest.mark.parametrize(
    "build, known",
    [
        (lambda: fn.readers.file(files=["a.jpg"])[1], (types.INT32, 1, "")),
        (lambda: fn.decoders.image(encoded()), (types.UINT8, 3, "HWC")),
        (lambda: fn.decoders.image(encoded(), dtype=types.FLOAT), (types.FLOAT, 3, "HWC")),
        (lambda: fn.rotate(fn.decoders.image(encoded()), angle=3.0), (types.UINT8, 3, "HWC")),
        (lambda: fn.brightness(fn.decoders.image(encoded()), dtype=types.FLOAT), (types.FLOAT, 3, "HWC")),
        (lambda: fn.hsv(fn.decoders.image(encoded(), dtype=types.FLOAT)), (types.UINT8, 3, "HWC")),
        (lambda: fn.random.uniform(), (types.FLOAT, 0, "")),
        (lambda: fn.random.uniform(shape=[2]), (types.FLOAT, None, None)),
        (lambda: fn.random.coin_flip(dtype=types.BOOL), (types.BOOL, 0, "")),
        (lambda: fn.cast(fn.decoders.image(encoded()), dtype=types.INT16), (types.INT16, 3, "HWC")),
        (lambda: fn.external_source(), (None, None, None)),
        (
            lambda: types.Constant(np.zeros((2, 3), np.uint8), layout="HW", device="cpu"),
            (types.UINT8, 2, "HW"),
        ),
    ],
)
def test_what_is_known(build, known):
    assert described(build) == known


def branches(left, right):
    @vg.pipeline_def(batch_size=1, num_threads=1, enable_conditionals=True, device_id=None)
    def pipe():
        image = fn.external_source(source=lambda: [np.zeros((4, 4, 3), np.uint8)], layout="HWC")
        image = fn.cast(image, dtype=types.UINT8)
        if fn.random.coin_flip():
            image = left(image)
        else:
            image = right(image)
        return image

    return pipe()


def test_branches_of_distinct_types_are_a_warning_at_build():
    with pytest.warns(
        UserWarning, match="distinct types: float32 and uint8|distinct types: uint8 and float32"
    ):
        branches(lambda x: fn.cast(x, dtype=types.FLOAT), lambda x: x).build()


def test_equal_branches_are_none():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        branches(lambda x: fn.flip(x), lambda x: fn.rotate(x, angle=3.0, keep_size=True)).build()


def test_what_the_branches_agree_in_is_known_after_them():
    known = {}

    @vg.pipeline_def(batch_size=1, num_threads=1, enable_conditionals=True, device_id=None)
    def pipe():
        image = fn.decoders.image(encoded())
        if fn.random.coin_flip():
            image = fn.cast(image, dtype=types.FLOAT)
        known["dtype"], known["ndim"], known["layout"] = image.dtype, image.ndim, image.layout
        return image

    pipe()
    assert known == {"dtype": None, "ndim": 3, "layout": "HWC"}
