"""Crops, slices, flips, indexing and shapes against NumPy; decoders against Pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import variegate as vg
from variegate import fn, types


def always(batch: list[np.ndarray]) -> Any:
    return lambda: batch


def run(build: Any, *batches: list[np.ndarray], layout: str | None = None) -> list[list[np.ndarray]]:
    """The outputs of one batch of a pipeline whose inputs are given."""

    @vg.pipeline_def(batch_size=len(batches[0]), num_threads=2, device_id=None, seed=1)
    def pipe() -> Any:
        return build(*[fn.external_source(source=always(b), layout=layout) for b in batches])

    p = pipe()
    p.build()
    return [[np.array(t.at(i)) for i in range(len(t))] for t in p.run()]


def images(count: int, dtype: Any = np.uint8) -> list[np.ndarray]:
    random = np.random.default_rng(count)
    return [random.integers(0, 256, (20 + i, 30 - i, 3)).astype(dtype) for i in range(count)]


@pytest.mark.parametrize(
    "index",
    [
        (0,),
        (-1, 2),
        (slice(1, -2), slice(None, None, -3)),
        (slice(None), slice(None), slice(2, 0, -1)),
        (vg.newaxis("F"), slice(3, 100)),
        (slice(5, 2), 1),
        (slice(None), -4, 0),
    ],
)
def test_index_equals_numpy(index: tuple[Any, ...]) -> None:
    batch = images(3)
    key = tuple(None if isinstance(i, vg.newaxis) else i for i in index)
    for got, image in zip(run(lambda x: x[index], batch, layout="HWC")[0], batch, strict=True):
        np.testing.assert_array_equal(got, image[key])


def test_index_by_a_node_of_each_sample() -> None:
    batch, rows = images(4), [np.int32(i - 2) for i in range(4)]
    got = run(lambda x, r: (x[r], x[r:, 1]), batch, rows)
    for i in range(4):
        np.testing.assert_array_equal(got[0][i], batch[i][rows[i]])
        np.testing.assert_array_equal(got[1][i], batch[i][rows[i] :, 1])


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize("layout", ["CHW", "HWC", "WHC", "HCW"])
def test_normalize_is_a_subtraction_and_a_multiplication(dtype: Any, layout: str) -> None:
    batch = images(4, dtype)
    mean, std = [100.5, 120.25, 130.0], [60.0, 50.0, 40.0]
    mirror = [np.int32(i % 2) for i in range(4)]

    def build(x: Any, m: Any) -> Any:
        x = fn.reshape(x, layout="HWC")
        return fn.crop_mirror_normalize(
            x,
            crop=(12, 14),
            crop_pos_x=0.3,
            crop_pos_y=1.0,
            mirror=m,
            mean=mean,
            std=std,
            output_layout=layout,
        )

    got = run(build, batch, mirror)[0]
    factor = (1 / np.array(std)).astype(np.float32)
    for image, m, out in zip(batch, mirror, got, strict=True):
        y, x = image.shape[0] - 12, int(np.float32(0.3) * np.float32(image.shape[1] - 14) + np.float32(0.5))
        window = image[y : y + 12, x : x + 14][:, :: -1 if m else 1]
        want = (window.astype(np.float32) - np.float32(mean)) * factor
        np.testing.assert_array_equal(out, want.transpose(["HWC".index(c) for c in layout]))


@pytest.mark.parametrize(
    "policy, mode",
    [
        ("edge", "edge"),
        ("reflect_101", "reflect"),
        ("reflect_1001", "symmetric"),
        ("wrap", "wrap"),
        ("pad", "constant"),
    ],
)
def test_slice_continues_as_numpy_pads(policy: str, mode: str) -> None:
    batch = images(3)

    def build(x: Any) -> Any:
        return fn.slice(x, start=[-7, -40], end=[45, 33], out_of_bounds_policy=policy)

    got = run(build, batch, layout="HWC")[0]
    for image, out in zip(batch, got, strict=True):
        h, w = image.shape[:2]
        np.testing.assert_array_equal(out, np.pad(image, ((40, 33 - h), (7, 45 - w), (0, 0)), mode=mode))


def test_flip_and_transpose() -> None:
    batch = images(3)

    def build(x: Any) -> Any:
        return fn.flip(x, horizontal=1, vertical=1), fn.transpose(x, perm=[1, 2, 0])

    got = run(build, batch, layout="HWC")
    for i, image in enumerate(batch):
        np.testing.assert_array_equal(got[0][i], image[::-1, ::-1])
        np.testing.assert_array_equal(got[1][i], image.transpose(1, 2, 0))


def test_pad_to_the_largest() -> None:
    batch = images(4)
    got = run(lambda x: fn.pad(x, fill_value=9, axes=[0, 1]), batch)[0]
    for image, out in zip(batch, got, strict=True):
        h, w = image.shape[:2]
        want = np.pad(image, ((0, 23 - h), (0, 30 - w), (0, 0)), constant_values=9)
        np.testing.assert_array_equal(out, want)


def test_one_hot_takes_single_labels_as_scalars_if_all_are_single() -> None:
    def build(x: Any) -> Any:
        return fn.one_hot(x, num_classes=3)

    single = run(build, [np.array([1]), np.array([2])])[0]
    np.testing.assert_array_equal(np.stack(single), [[0, 1, 0], [0, 0, 1]])
    mixed = run(lambda x: fn.reshape(build(x), shape=[-1]), [np.array([1]), np.array([2, 0])])[0]
    np.testing.assert_array_equal(mixed[1], [0, 0, 1, 1, 0, 0])


def test_permutations_are_permutations() -> None:
    batch = [np.int32(i) for i in range(16)]

    def build(x: Any) -> Any:
        order = fn.batch_permutation(no_fixed_points=True)
        return order, fn.permute_batch(x, indices=order), fn.batch_permutation()

    order, moved, free = ([int(v) for v in out] for out in run(build, batch))
    assert sorted(order) == sorted(free) == list(range(16))
    assert order == moved and all(i != v for i, v in enumerate(order))


def test_shapes_need_no_pixels() -> None:
    batch = images(3)
    got = run(lambda x: (x.shape(), x.shape(dtype=types.FLOAT)), batch)
    for i, image in enumerate(batch):
        assert got[0][i].tolist() == list(image.shape) and got[1][i].dtype == np.float32


@pytest.fixture
def encoded() -> list[np.ndarray]:
    image_module = pytest.importorskip("PIL.Image")
    files = []
    for k, kind in enumerate(["JPEG", "PNG", "JPEG"]):
        smooth = np.add.outer(np.arange(40 + k), 2 * np.arange(50))[..., None] + np.array([0, 40, 80])
        buffer = io.BytesIO()
        image_module.fromarray((smooth % 256).astype(np.uint8)).save(buffer, kind)
        files.append(np.frombuffer(buffer.getvalue(), np.uint8))
    return files


def test_decoders_give_pillows_bytes(encoded: list[np.ndarray]) -> None:
    from PIL import Image

    def build(x: Any) -> Any:
        shape = fn.peek_image_shape(x)
        return (
            fn.decoders.image(x),
            fn.decoders.image_crop(x, crop=(20, 22)),
            fn.decoders.image_slice(x, start=[3, 4], shape=[20, 21]),
            shape,
            fn.decoders.image_random_crop(x, seed=5),
            *fn.random_crop_generator(shape, seed=5),
        )

    got = run(build, encoded)
    for i, file in enumerate(encoded):
        want = np.asarray(Image.open(io.BytesIO(file.tobytes())).convert("RGB"))
        np.testing.assert_array_equal(got[0][i], want)
        y = (want.shape[0] - 20 + 1) // 2
        np.testing.assert_array_equal(got[1][i], want[y : y + 20, 14:36])
        np.testing.assert_array_equal(got[2][i], want[4:25, 3:23])
        assert got[3][i].tolist() == list(want.shape)
        (y, x), (h, w) = got[5][i], got[6][i]
        np.testing.assert_array_equal(got[4][i], want[y : y + h, x : x + w])


def test_a_damaged_file_is_named(encoded: list[np.ndarray], tmp_path: Any) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(encoded[0].tobytes()[:-30])

    @vg.pipeline_def(batch_size=1, num_threads=1, device_id=None)
    def pipe() -> Any:
        data, _ = fn.readers.file(files=[str(path)])
        return fn.decoders.image(data)

    p = pipe()
    p.build()
    with pytest.raises(RuntimeError, match="cut.jpg"):
        p.run()
