"""route="nvjpeg": how far its pixels are from libjpeg-turbo's, and that they are the same each time."""

import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import variegate as vg
from PIL import Image
from variegate import _core, fn, types

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
from data import PHOTOS  # noqa: E402

if _core.gpu_devices() == ["emulated"]:
    pytest.skip("on the GPU that the host plays, libjpeg-turbo stands for nvJPEG", allow_module_level=True)

KINDS = {
    "grey": {},
    "4:4:4": {"subsampling": "4:4:4"},
    "4:2:2": {"subsampling": "4:2:2"},
    "4:2:0": {"subsampling": "4:2:0"},
}
#: Largest and mean difference that are allowed.
BOUNDS = {"grey": (2, 0.1), "4:4:4": (4, 0.1), "4:2:2": (4, 0.1), "4:2:0": (4, 0.1)}


def files_of(kind):
    files = []
    for path in sorted(PHOTOS.rglob("*.jpg")):
        photo = Image.open(path).convert("L" if kind == "grey" else "RGB")
        for quality in (60, 90, 97):
            file = io.BytesIO()
            photo.save(file, "JPEG", quality=quality, **KINDS[kind])
            files.append(np.frombuffer(file.getvalue(), np.uint8))
    return files


def decoding(files, **decoder):
    @vg.pipeline_def(batch_size=len(files), num_threads=4, prefetch_queue_depth=3)
    def pipe():
        return fn.decoders.image(fn.external_source(lambda: files), **decoder)

    return pipe(device_id=0 if decoder else None)


@pytest.fixture(scope="module", autouse=True)
def there_is_nvjpeg():
    try:
        with decoding(files_of("4:4:4")[:1], device="mixed", route="nvjpeg") as pipe:
            pipe.run()
    except RuntimeError as e:
        if "nvJPEG" not in str(e):
            raise
        pytest.skip(str(e))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("output_type", [types.RGB, types.BGR, types.GRAY])
def test_deviation_from_libjpeg_turbo(kind, output_type, capsys):
    files = files_of(kind)
    with decoding(files, device="mixed", route="nvjpeg", output_type=output_type) as pipe:
        batch = pipe.run()
        decoded = pipe.stats()["decoded"]
    assert decoded["nvjpeg"] >= len(files) and decoded["gpu"] == decoded["host"] == 0
    assert "route=nvjpeg" in str(batch.program(0))
    device = batch[0].as_cpu()
    with decoding(files, device="mixed", output_type=output_type) as pipe:
        exact = pipe.run()[0].as_cpu()
    most, total, count = 0, 0, 0
    for i in range(len(files)):
        difference = np.abs(device.at(i).astype(int) - exact.at(i))
        most = max(most, int(difference.max()))
        total += int(difference.sum())
        count += difference.size
    with capsys.disabled():
        print(f"\nnvJPEG, {kind} to {output_type}: at most {most}, mean {total / count:.3f}", end=" ")
    assert most <= BOUNDS[kind][0] and total / count <= BOUNDS[kind][1]


def test_two_hundred_rounds_are_equal():
    files = files_of("4:2:0") + files_of("4:4:4")
    seen = set()
    with decoding(files, device="mixed", route="nvjpeg") as pipe:
        for _ in range(200):
            images = pipe.run()[0].as_cpu()
            digest = hashlib.sha256()
            for i in range(len(images)):
                digest.update(images.at(i).tobytes())
            seen.add(digest.hexdigest())
    assert len(seen) == 1


def test_windows_are_cut_from_the_same_pixels():
    files = files_of("4:2:0")

    @vg.pipeline_def(batch_size=len(files), num_threads=4, device_id=0)
    def pipe():
        data = fn.external_source(lambda: files)
        args = dict(device="mixed", route="nvjpeg")
        window = fn.decoders.image_crop(data, crop=[101, 77], crop_pos_x=0.3, crop_pos_y=0.8, **args)
        return window, fn.crop(
            fn.decoders.image(data, **args), crop=[101, 77], crop_pos_x=0.3, crop_pos_y=0.8
        )

    with pipe() as p:
        window, cut = (out.as_cpu() for out in p.run())
        for i in range(len(files)):
            np.testing.assert_array_equal(window.at(i), cut.at(i))


def test_a_library_that_is_not_there_is_an_error():
    code = f"""
import numpy as np
import variegate as vg
from variegate import fn
data = np.fromfile({str(next(PHOTOS.rglob("*.jpg")))!r}, np.uint8)
@vg.pipeline_def(batch_size=1, num_threads=1, device_id=0)
def pipe():
    return fn.decoders.image(fn.external_source(lambda: [data]), device="mixed", route="nvjpeg")
pipe().run()
"""
    env = {**os.environ, "VARIEGATE_NVJPEG_LIBRARY": "/nowhere/libnvjpeg.so"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "/nowhere/libnvjpeg.so" in done.stderr, done.stderr
