"""Arithmetic, casts, reductions, constants and random numbers as a pipeline sees them, against NumPy."""

from __future__ import annotations

import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import variegate as vg
from variegate import fn, math, types

RNG = np.random.default_rng(3)


Batch = list[np.ndarray]


def always(batch: Batch) -> Callable[[], Batch]:
    return lambda: batch


def run(build: Callable[..., Any], *batches: Batch, layout: str | None = None) -> list[Batch]:
    """Outputs of `build` for one batch of samples per input."""
    size = len(batches[0]) if batches else 2

    @vg.pipeline_def(batch_size=size, num_threads=2, device_id=None)
    def pipe() -> Any:
        return build(*[fn.external_source(source=always(b), layout=layout) for b in batches])

    p = pipe()
    p.build()
    return [[np.array(t.at(i)) for i in range(size)] for t in p.run()]


SHAPES = [((4, 5, 3), (3,)), ((4, 1, 3), (5, 1)), ((700, 3), ()), ((2, 1, 2, 1, 2), (3, 1, 3, 1))]


@pytest.mark.parametrize("name", ["add", "sub", "mul", "lt", "ge", "eq"])
@pytest.mark.parametrize("shapes", SHAPES)
def test_broadcasting_is_numpys(name: str, shapes: tuple[Any, Any]) -> None:
    op = getattr(operator, name)
    a, b = (np.array(RNG.integers(-50, 50, s), np.int32) for s in shapes)
    (got,) = run(op, [a], [b])
    np.testing.assert_array_equal(got[0], op(a, b))


def test_samples_broadcast_each_by_itself() -> None:
    a = [np.ones((n, 3), np.float32) for n in (1, 4, 2)]
    b = [np.float32([1, 2, 3]), np.float32(5), np.ones((2, 1), np.float32)]
    (got,) = run(operator.add, a, b)
    for x, y, z in zip(a, b, got, strict=True):
        np.testing.assert_array_equal(x + y, z)


def test_python_numbers_are_32_bits_wide() -> None:
    image = np.uint8([250])
    one, half, small, condition = run(
        lambda x: (x + 10, x * 0.5, x + types.Constant(10, dtype=types.UINT8), x > 3), [image]
    )
    assert (one[0].dtype, one[0][0]) == (np.int32, 260)
    assert (half[0].dtype, half[0][0]) == (np.float32, 125)
    assert (small[0].dtype, small[0][0]) == (np.uint8, 4)
    assert condition[0].dtype == np.bool_


def test_negative_constants_compare_as_numbers() -> None:
    x = np.float32([-7.5, -1, 2])
    less, more = run(lambda v: (v < -1, -1 < v), [x])
    assert less[0].tolist() == [True, False, False]
    assert more[0].tolist() == [False, False, True]


def test_floor_division_and_remainder_go_toward_zero() -> None:
    a, b = np.int32([-7, 7, -7, 7]), np.int32([2, 2, -2, -2])
    quotient, rest = run(lambda x, y: (x // y, x % y), [a], [b])
    np.testing.assert_array_equal(quotient[0], np.trunc(a / b))
    np.testing.assert_array_equal(rest[0], np.fmod(a, b))
    with pytest.raises(ValueError, match="Integer division by zero"):
        run(lambda x: x // 0, [a])


FUNCTIONS = ["sqrt", "exp", "log", "log2", "sin", "cos", "tan", "atan", "sinh", "tanh", "floor", "cbrt"]


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_functions_of_math(name: str, dtype: type) -> None:
    x = RNG.uniform(0.1, 9, 2000).astype(dtype) + dtype(1)
    (got,) = run(getattr(math, name), [x])
    number = np.float64 if dtype == np.float64 else np.float32
    want = getattr(np, {"atan": "arctan"}.get(name, name))(x.astype(np.float64)).astype(number)
    assert got[0].dtype == number
    np.testing.assert_allclose(got[0], want, rtol=4 * np.finfo(number).eps, atol=4 * np.finfo(number).eps)


def test_clamp_min_max() -> None:
    x = RNG.integers(0, 255, (50, 3)).astype(np.uint8)
    clamped, low, high = run(lambda v: (math.clamp(v, 10, 100), math.min(v, 77.5), math.max(v, v)), [x])
    np.testing.assert_array_equal(clamped[0], np.clip(x.astype(np.int32), 10, 100))
    np.testing.assert_array_equal(low[0], np.minimum(x, np.float32(77.5)))
    np.testing.assert_array_equal(high[0], x)


def test_normalize_over_the_batch() -> None:
    images = [RNG.integers(0, 255, (h, 7, 3)).astype(np.uint8) for h in (4, 9, 2)]
    (got,) = run(lambda x: fn.normalize(x, batch=True, axes=[0, 1], ddof=1), images, layout="HWC")
    pixels = np.concatenate([i.reshape(-1, 3) for i in images]).astype(np.float64)
    for image, out in zip(images, got, strict=True):
        np.testing.assert_allclose(out, (image - pixels.mean(0)) / pixels.std(0, ddof=1), atol=1e-5)
    (got,) = run(lambda x: fn.normalize(x, batch=True, mean=100.0), images)
    distance = np.concatenate([i.ravel() for i in images]) - 100.0
    for image, out in zip(images, got, strict=True):
        np.testing.assert_allclose(out, (image - 100.0) / np.sqrt((distance**2).mean()), atol=1e-5)


def test_normalize_over_the_batch_needs_equal_channels() -> None:
    images = [np.ones((2, 2, c), np.uint8) for c in (3, 1)]
    with pytest.raises(RuntimeError, match="batch"):
        run(lambda x: fn.normalize(x, batch=True, axes=[0, 1]), images)


def test_a_mean_can_be_a_condition() -> None:
    @vg.pipeline_def(batch_size=2, num_threads=1, device_id=None, enable_conditionals=True)
    def pipe() -> Any:
        x = fn.external_source(source=lambda: [np.full((300, 3), v, np.uint8) for v in (10, 200)])
        if fn.reductions.mean(x) > 100:  # noqa: SIM108
            y = fn.cast(x, dtype=types.INT32) - 1
        else:
            y = fn.cast(x, dtype=types.INT32)
        return y

    p = pipe()
    p.build()
    (out,) = p.run()
    assert [int(np.array(out.at(i)).max()) for i in range(2)] == [10, 199]


def test_fills_and_constants() -> None:
    zeros, ones, full, like, constant = run(
        lambda: (
            fn.zeros(shape=[2, 3]),
            fn.ones(shape=4, dtype=types.UINT8),
            fn.full(7.5, shape=[2]),
            fn.full_like(fn.zeros(shape=[2, 2]), 3),
            fn.constant(fdata=[1.0, 2.0], shape=[2, 1], layout="HW"),
        )
    )
    np.testing.assert_array_equal(zeros[0], np.zeros((2, 3), np.int32))
    np.testing.assert_array_equal(ones[1], np.ones(4, np.uint8))
    assert full[0].tolist() == [7.5, 7.5]
    assert like[0].tolist() == [[3, 3], [3, 3]]
    assert constant[0].tolist() == [[1], [2]]


def test_random_numbers_differ_by_sample_and_take_a_shape() -> None:
    a, b, like = run(
        lambda x: (
            fn.random.uniform(shape=[5]),
            fn.random.normal(),
            fn.random.coin_flip(x, dtype=types.BOOL),
        ),
        [np.zeros((2, 4), np.uint8)] * 3,
    )
    assert a[0].shape == (5,) and a[0].dtype == np.float32 and not np.array_equal(a[0], a[1])
    assert b[0].shape == () and len({float(x) for x in b}) == 3
    assert like[0].shape == (2, 4) and like[0].dtype == np.bool_


def test_random_arguments_may_be_given_per_sample() -> None:
    bounds = [np.float32([0, 1]), np.float32([10, 11])]
    (got,) = run(lambda r: fn.random.uniform(range=r), bounds)
    assert 0 <= got[0] < 1 and 10 <= got[1] < 11


def test_file_read(tmp_path: Path) -> None:
    content = RNG.integers(0, 255, 5000).astype(np.uint8)
    (tmp_path / "one.bin").write_bytes(content.tobytes())
    path = np.frombuffer(str(tmp_path / "one.bin").encode(), np.uint8)
    (got,) = run(fn.io.file.read, [path, path.astype(np.int8)])
    np.testing.assert_array_equal(got[0], content)
    np.testing.assert_array_equal(got[1], content)
    with pytest.raises(RuntimeError, match="missing"):
        run(fn.io.file.read, [np.frombuffer(b"/missing/file", np.uint8)])


def test_input_sets_share_their_draws_and_a_seed_fixes_them() -> None:
    image = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)

    def crops(seed: int) -> bytes:
        @vg.pipeline_def(batch_size=8, num_threads=1, seed=seed, device_id=None)
        def pipe():
            x = fn.external_source(source=lambda: [image] * 8, layout="HWC")
            both = fn.random_resized_crop([x, x], size=[16, 16])
            return (*both, fn.random_resized_crop(x, size=[16, 16]))

        with pipe() as p:
            a, b, c = p.run()
            assert a.as_array().tobytes() == b.as_array().tobytes()
            assert a.as_array().tobytes() != c.as_array().tobytes()
            return a.as_array().tobytes()

    assert crops(1) == crops(1)
    assert crops(1) != crops(2)
