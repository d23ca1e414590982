"""Colour, statistics, erased boxes and noise in pipelines, against formulas in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import variegate as vg
from variegate import fn, types

Q = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]])


def always(batch: list[np.ndarray]) -> Any:
    return lambda: batch


def run(
    build: Any, batch: list[np.ndarray], layout: str = "HWC", size: int | None = None
) -> list[np.ndarray]:
    """The first output of one batch, a sample per image."""

    @vg.pipeline_def(batch_size=size or len(batch), num_threads=2, device_id=None, seed=3)
    def pipe() -> Any:
        return build(fn.external_source(source=always(batch), layout=layout))

    p = pipe()
    p.build()
    return [np.array(t) for t in p.run()[0]]


def image(dtype: Any = np.uint8, shape: tuple[int, ...] = (23, 31, 3)) -> np.ndarray:
    random = np.random.default_rng(5)
    if np.issubdtype(dtype, np.floating):
        return random.random(shape).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)


def stored(x: np.ndarray, dtype: Any) -> np.ndarray:
    if np.issubdtype(dtype, np.floating):
        return x.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(np.sign(x) * np.floor(np.abs(x) + 0.5), limits.min, limits.max).astype(dtype)


def twist(hue: float = 0, saturation: float = 1) -> np.ndarray:
    h = np.deg2rad(hue)
    turn = np.array([[1, 0, 0], [0, np.cos(h), np.sin(h)], [0, -np.sin(h), np.cos(h)]])
    return np.linalg.inv(Q) @ turn @ np.diag([1, saturation, saturation]) @ Q


def close(got: np.ndarray, want: np.ndarray) -> None:
    assert got.dtype == want.dtype and got.shape == want.shape
    tolerance = (
        1e-6 if np.issubdtype(want.dtype, np.floating) else {1: 1, 2: 1, 4: 1024}[want.itemsize]
    )  # of float32
    assert np.max(np.abs(got.astype(float) - want.astype(float))) <= tolerance


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32])
def test_point_operators_equal_their_formulas(dtype: Any) -> None:
    x = image(dtype)
    f = x.astype(float)
    bits = 8 * x.itemsize
    signed = np.issubdtype(dtype, np.signedinteger)
    floating = np.issubdtype(dtype, np.floating)
    top = 1 if floating else np.iinfo(dtype).max
    centre = 0.5 if floating else 2.0 ** (bits - 2 if signed else bits - 1)
    half = 0.5 if floating else 128
    close(
        run(lambda i: fn.brightness(i, brightness=1.3, brightness_shift=-0.1), [x])[0],
        stored(1.3 * f - 0.1 * top, dtype),
    )
    close(run(lambda i: fn.contrast(i, contrast=0.6), [x])[0], stored(centre + 0.6 * (f - centre), dtype))
    close(run(lambda i: fn.hue(i, hue=50.0), [x])[0], stored(f @ twist(50).T, dtype))
    close(run(lambda i: fn.saturation(i, saturation=0.3), [x])[0], stored(f @ twist(0, 0.3).T, dtype))
    close(
        run(lambda i: fn.color_twist(i, hue=-20.0, saturation=1.4, contrast=0.8, brightness=1.1), [x])[0],
        stored(0.88 * f @ twist(-20, 1.4).T + (half - half * 0.8) * 1.1, dtype),
    )
    close(
        run(lambda i: fn.hsv(i, hue=10.0, value=0.7, dtype=types.FLOAT), [image(np.float32)])[0],
        stored(0.7 * image(np.float32).astype(float) @ twist(10).T, np.float32),
    )


def test_a_chain_of_points_equals_its_links() -> None:
    x = image(shape=(2, 13, 17, 3))
    links: list[Any] = [
        lambda i: fn.brightness(i, brightness=1.4),
        lambda i: fn.hue(i, hue=77.0),
        lambda i: fn.contrast(i, contrast=1.2),
        lambda i: fn.color_space_conversion(i, image_type=types.RGB, output_type=types.GRAY),
        lambda i: fn.brightness(i, brightness=0.8),
    ]

    def chain(i: Any) -> Any:
        for link in links:
            i = link(i)
        return i

    alone = x
    for link in links:
        alone = run(link, [alone], "FHWC")[0]
    np.testing.assert_array_equal(run(chain, [x], "FHWC")[0], alone)


@pytest.mark.parametrize(
    "layout, shape",
    [
        ("HW", (20, 30)),
        ("HWC", (20, 30, 3)),
        ("CHW", (4, 20, 30)),
        ("FHWC", (2, 20, 30, 3)),
        ("FCHW", (2, 3, 20, 30)),
    ],
)
def test_equalize_in_every_layout(layout: str, shape: tuple[int, ...]) -> None:
    x = image(shape=shape) // 3 + 40
    spatial = tuple(layout.index(a) for a in "HW")
    planes = np.moveaxis(x, spatial, (-2, -1))
    want = np.empty_like(planes)
    for i in np.ndindex(planes.shape[:-2]):
        cdf = np.cumsum(np.bincount(planes[i].ravel(), minlength=256))
        low = cdf[planes[i].min()]
        want[i] = stored((cdf - low) * 255 / (cdf[-1] - low), np.uint8)[planes[i]]
    np.testing.assert_array_equal(run(fn.equalize, [x], layout)[0], np.moveaxis(want, (-2, -1), spatial))


def test_erase_takes_a_box_per_sample() -> None:
    batch = [image() for _ in range(6)]

    def build(i: Any) -> Any:
        anchor = fn.random.uniform(range=[0.0, 0.8], shape=[2])
        return fn.erase(
            i, anchor=anchor, shape=[0.3, 0.2], normalized=True, axis_names="HW", fill_value=[7, 8, 9]
        ), anchor

    @vg.pipeline_def(batch_size=6, num_threads=2, device_id=None, seed=3)
    def pipe() -> Any:
        return build(fn.external_source(source=always(batch), layout="HWC"))

    p = pipe()
    p.build()
    erased, anchors = p.run()
    size = np.array([23, 31], np.float32)
    for got, anchor, x in zip(erased, anchors, batch, strict=True):
        start = np.array(anchor) * size
        stop = start + np.array([0.3, 0.2], np.float32) * size
        want = x.copy()
        want[int(start[0]) : int(stop[0]), int(start[1]) : int(stop[1])] = [7, 8, 9]
        np.testing.assert_array_equal(np.array(got), want)


@pytest.mark.parametrize(
    "noise",
    [
        lambda i: fn.noise.gaussian(i, stddev=20.0),
        lambda i: fn.noise.shot(i, factor=3.0),
        lambda i: fn.noise.salt_and_pepper(i, prob=0.3),
    ],
)
def test_noise_belongs_to_the_sample(noise: Any) -> None:
    flat = np.full((30, 40, 3), 100, np.uint8)
    first = run(noise, [flat] * 6)
    np.testing.assert_array_equal(run(noise, [flat] * 6), first)
    np.testing.assert_array_equal(run(noise, [flat] * 2, size=2), first[:2])
    assert all(np.any(first[i] != first[j]) for i in range(6) for j in range(i))


def test_noise_of_one_seed_is_that_of_its_place() -> None:
    zeros = np.zeros((200, 300, 3), np.float32)
    z = run(lambda i: fn.noise.gaussian(i, seed=11), [zeros])[0]
    np.testing.assert_array_equal(
        run(lambda i: fn.noise.gaussian(i, mean=2.0, stddev=3.0, seed=11), [zeros])[0],
        z * np.float32(3) + np.float32(2),
    )
    assert abs(z.mean()) < 6 / np.sqrt(z.size) and abs(z.var() - 1) < 6 * np.sqrt(2 / z.size)
    neighbours = np.corrcoef(z[:, :-1].ravel(), z[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 6 / np.sqrt(z.size)


def test_grid_mask_repeats_its_tile() -> None:
    ones = np.ones((60, 60, 3), np.uint8)
    out = run(lambda i: fn.grid_mask(i, tile=20, ratio=0.25, shift_x=3.0), [ones])[0]
    want = np.ones((60, 60), np.uint8)
    for y in range(0, 60, 20):
        for x in range(3, 60, 20):
            want[y : y + 5, x : x + 5] = 0
    np.testing.assert_array_equal(out, np.repeat(want[..., None], 3, axis=2))


@pytest.mark.parametrize(
    "build, words",
    [
        (lambda i: fn.noise.salt_and_pepper(i, prob=1.5), "prob = 1.5 is not in"),
        (lambda i: fn.saturation(i[:, :, 0:1]), "3 channels"),
        (
            lambda i: fn.color_space_conversion(i, image_type=types.RGB, output_type=types.RGB),
            "not supported",
        ),
        (lambda i: fn.equalize(fn.cast(i, dtype=types.FLOAT)), "uint8"),
        (lambda i: fn.erase(i, anchor=[0.0, 0.0], shape=[1.0, 1.0], axis_names="XY"), "axis_names"),
        (lambda i: fn.grid_mask(i, tile=0), "tile"),
    ],
)
def test_errors_name_operator_and_argument(build: Any, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        run(build, [image()])
