"""The resize family against Pillow and NumPy."""

import numpy as np
import PIL
import pytest
from PIL import Image
from variegate import fn, pipeline_def, types

# Which pass comes first is ruled otherwise before Pillow 13 (no such version for Python 3.10).
needs_pillow_13 = pytest.mark.skipif(
    int(PIL.__version__.split(".")[0]) < 13, reason="Pillow is older than 13"
)

FILTERS = {
    types.INTERP_LINEAR: Image.Resampling.BILINEAR,
    types.INTERP_CUBIC: Image.Resampling.BICUBIC,
    types.INTERP_LANCZOS3: Image.Resampling.LANCZOS,
}


def evaluate(build, images, layout="HWC", **pipeline):
    """The outputs of a pipeline over one batch: a list per output, an array per sample."""

    @pipeline_def(batch_size=len(images), num_threads=2, device_id=None, **pipeline)
    def pipe():
        return build(fn.external_source(source=lambda: images, layout=layout))

    p = pipe()
    p.build()
    return [[np.array(o.at(i)) for i in range(len(images))] for o in p.run()]


def pictures(sizes, channels=3, seed=0):
    random = np.random.default_rng(seed)
    return [random.integers(0, 256, (h, w, channels), np.uint8) for h, w in sizes]


@needs_pillow_13
@pytest.mark.parametrize("interp_type", list(FILTERS))
@pytest.mark.parametrize("size", [(224, 224), (31, 200), (300, 40), (1, 1), (97, 64)])
def test_antialiased_images_equal_pillows(interp_type, size):
    images = pictures([(97, 64), (150, 333), (12, 7), (240, 241), (64, 1)])
    (got,) = evaluate(lambda x: fn.resize(x, size=size, interp_type=interp_type), images)
    for image, result in zip(images, got, strict=True):
        expected = Image.fromarray(image).resize((size[1], size[0]), FILTERS[interp_type])
        np.testing.assert_array_equal(result, np.array(expected))


@needs_pillow_13
def test_a_region_equals_pillows_box():
    images = pictures([(120, 90)] * 3)
    (got,) = evaluate(
        lambda x: fn.resize(x, size=(50, 60), roi_start=(3.25, 10), roi_end=(100.5, 77.75)), images
    )
    for image, result in zip(images, got, strict=True):
        box = (10, 3.25, 77.75, 100.5)
        expected = Image.fromarray(image).resize((60, 50), Image.Resampling.BILINEAR, box)
        np.testing.assert_array_equal(result, np.array(expected))


def test_without_antialias_two_pixels_are_blended():
    (image,) = pictures([(40, 60)])
    (got,) = evaluate(lambda x: fn.resize(x, size=(17, 91), antialias=False), [image])

    def axis(n, m):
        centre = (np.arange(m) + 0.5) * n / m - 0.5
        left = np.floor(centre).astype(int)
        return np.clip(left, 0, n - 1), np.clip(left + 1, 0, n - 1), centre - left

    top, bottom, v = axis(40, 17)
    left, right, h = axis(60, 91)
    rows = image[top] * (1 - v)[:, None, None] + image[bottom] * v[:, None, None]
    expected = rows[:, left] * (1 - h)[None, :, None] + rows[:, right] * h[None, :, None]
    difference = np.abs(got[0] - expected)
    assert difference.max() < 0.55  # rounding to the nearest, and 14 bits of the weights


def test_random_resized_crop_equals_resize_over_the_generated_window():
    images = pictures([(80, 120), (120, 80), (33, 44)])

    def build(x):
        anchor, shape = fn.random_crop_generator(x.shape(), seed=9)
        region = fn.resize(x, size=24, roi_start=anchor, roi_end=anchor + shape)
        return fn.random_resized_crop(x, size=24, seed=9), region

    a, b = evaluate(build, images)
    for one, other in zip(a, b, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_same_size_changes_nothing():
    images = pictures([(20, 30)])
    (got,) = evaluate(lambda x: fn.resize(x, size=(20, 30), interp_type=types.INTERP_LANCZOS3), images)
    np.testing.assert_array_equal(got[0], images[0])


def test_planes_and_frames_are_resized_one_by_one():
    (image,) = pictures([(40, 30)])
    (planes,) = evaluate(lambda x: fn.resize(x, size=(13, 19)), [image.transpose(2, 0, 1).copy()], "CHW")
    (frames,) = evaluate(lambda x: fn.resize(x, size=(13, 19)), [np.stack([image, image[::-1]])], "FHWC")
    (whole,) = evaluate(lambda x: fn.resize(x, size=(13, 19)), [image])
    np.testing.assert_array_equal(planes[0].transpose(1, 2, 0), whole[0])
    np.testing.assert_array_equal(frames[0][0], whole[0])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({}, "resize_shorter"),
        ({"resize_shorter": 4, "resize_longer": 3}, "resize_longer"),
        ({"size": (4, 4, 4)}, "size"),
        ({"size": 4, "mode": "fill"}, "mode"),
        ({"size": 4, "roi_start": (0, 0)}, "roi_end"),
        ({"size": 4, "roi_start": (3, 0), "roi_end": (3, 9)}, "roi_start"),
        ({"size": (1e12, 4)}, "pixels"),
        ({"size": float("nan")}, "size"),
    ],
)
def test_wrong_arguments_are_refused_at_run(arguments, word):
    with pytest.raises(RuntimeError, match=word):
        evaluate(lambda x: fn.resize(x, **arguments), pictures([(8, 10)]))
