"""Tensors of the PyTorch plugin: memory, element types, ragged batches, functions; and a script written for DALI."""

import os
import subprocess
import sys
from pathlib import Path

import needs_torch  # noqa: F401
import numpy as np
import pytest
import torch
import variegate
from data import make_images
from variegate import fn, pipeline_def, types
from variegate.plugin.pytorch import (
    DALIClassificationIterator,
    DALIGenericIterator,
    DALIRaggedIterator,
    LastBatchPolicy,
    TorchPythonFunction,
    feed_ndarray,
    to_torch_type,
)
from variegate.plugin.pytorch import fn as torch_fn

FILL, PARTIAL = LastBatchPolicy.FILL, LastBatchPolicy.PARTIAL


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return [str(p) for p in make_images(tmp_path_factory.mktemp("images"), 23)]


def photos(files, size=(8, 6), batch=4, **options):
    @pipeline_def(batch_size=batch, num_threads=2, seed=9, **options)
    def pipe():
        encoded, label = fn.readers.file(files=files, name="Reader")
        image = fn.decoders.image(encoded)
        return image if size is None else fn.resize(image, size=list(size)), label

    return pipe()


def test_tensors_share_the_memory_of_the_batch_and_keep_it(files):
    it = DALIClassificationIterator(photos(files), reader_name="Reader", prepare_first_batch=False)
    reference = photos(files)
    held = []
    for step, batch in zip(it, reference, strict=False):
        data, label = step[0]["data"], step[0]["label"]
        assert data.dtype == torch.uint8 and data.shape == (4, 8, 6, 3) and data.is_contiguous()
        assert label.dtype == torch.int32 and label.shape == (4, 1) and label.device.type == "cpu"
        held.append((data, batch[0].as_array()))
    addresses = {data.data_ptr() for data, _ in held}
    assert len(addresses) == len(held) > 3
    for data, expected in held:  # though many batches came after them
        np.testing.assert_array_equal(data.numpy(), expected)


def test_no_copy_is_made(files, monkeypatch):
    batches = []
    pipe = photos(files)
    take = pipe._take
    monkeypatch.setattr(pipe, "_take", lambda *a: batches.append(take(*a)) or batches[-1])
    it = DALIClassificationIterator(pipe, reader_name="Reader")
    for step in it:
        assert step[0]["data"].data_ptr() == batches[-1][0].data_ptr()


def test_dense_outputs_only(files):
    with pytest.raises(RuntimeError, match="not dense"):
        DALIClassificationIterator(photos(files, None), reader_name="Reader")


@pytest.mark.parametrize("policy", [FILL, PARTIAL])
def test_ragged(files, policy):
    it = DALIRaggedIterator(
        photos(files, None),
        ["image", "label"],
        reader_name="Reader",
        output_types=[DALIRaggedIterator.SPARSE_LIST_TAG, DALIRaggedIterator.DENSE_TAG],
        last_batch_policy=policy,
    )
    coo = DALIRaggedIterator(
        photos(files, None),
        ["image", "label"],
        reader_name="Reader",
        output_types=["sparse_coo", "sparse_list"],
        last_batch_policy=policy,
    )
    reference = photos(files, None)
    for step, sparse, batch in zip(it, coo, reference, strict=True):
        images, whole = step[0]["image"], sparse[0]["image"].coalesce()
        assert isinstance(images, list) and len(images) == len(step[0]["label"]) == whole.shape[0]
        assert len(images) == sum(e == 0 for e in batch.epochs) or policy == FILL
        full = whole.to_dense()
        for i, image in enumerate(images):
            np.testing.assert_array_equal(image.numpy(), batch[0].at(i))
            h, w, c = image.shape
            np.testing.assert_array_equal(full[i, :h, :w, :c].numpy(), batch[0].at(i))
        assert whole.values().numel() == sum(image.numel() for image in images)
        assert list(whole.shape[1:]) == [max(i.shape[a] for i in images) for a in range(3)]
    with pytest.raises(ValueError, match="output_types"):
        DALIRaggedIterator(photos(files), ["image", "label"], output_types=["dense"])


def test_bad_samples(files, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no image")
    mixed = [*files[:5], str(bad), *files[6:9]]
    it = DALIClassificationIterator(photos(mixed, batch=3), reader_name="Reader")
    assert len(next(it)[0]["data"]) == 3
    with pytest.raises(RuntimeError, match=r"bad\.jpg"):
        next(it)
    assert next(it)[0]["label"].flatten().tolist() == [6, 7, 8]
    with pytest.raises(StopIteration):
        next(it)
    it = DALIClassificationIterator(photos(mixed, batch=3, on_error="skip"), reader_name="Reader")
    assert [s[0]["label"].flatten().tolist() for s in it] == [[0, 1, 2], [3, 4], [6, 7, 8]]


def test_feed_ndarray(files):
    batch = photos(files).run()
    target = torch.zeros(4, 8, 6, 3, dtype=torch.uint8)
    assert feed_ndarray(batch[0], target) is target
    np.testing.assert_array_equal(target.numpy(), batch[0].as_array())
    strided = torch.zeros(8, 3, 6, dtype=torch.uint8).transpose(1, 2)
    feed_ndarray(batch[0][1], strided)
    np.testing.assert_array_equal(strided.numpy(), batch[0].at(1))
    with pytest.raises(AssertionError, match="torch.uint8"):
        feed_ndarray(batch[0], target.float())
    with pytest.raises(AssertionError, match="shape"):
        feed_ndarray(batch[0], target[:3])


def test_types():
    assert len(to_torch_type) == 9 and to_torch_type[types.FLOAT16] == torch.float16
    with pytest.raises(KeyError):
        to_torch_type[types.UINT16]

    @pipeline_def(batch_size=2, num_threads=1)
    def pipe(dtype):
        return fn.cast(types.Constant([0, 1, 1, 7], shape=[2, 2]), dtype=dtype)

    for dali, torch_type in to_torch_type.items():
        (out,) = next(DALIGenericIterator(pipe(dali), ["x"]))
        assert out["x"].dtype == torch_type and out["x"].shape == (2, 2, 2)
        assert out["x"][1].flatten()[:3].tolist() == [0, 1, 1]
    with pytest.raises(KeyError):
        DALIGenericIterator(pipe(types.UINT32), ["x"])


def test_functions_on_tensors():
    def half(x):
        assert isinstance(x, torch.Tensor)
        return x.float() / 2

    @pipeline_def(batch_size=2, num_threads=1)
    def pipe():
        data = fn.external_source(lambda: np.arange(8, dtype=np.int32).reshape(2, 4))
        whole = torch_fn.torch_python_function(
            data, function=lambda xs: [x + len(xs) for x in xs], batch_processing=True
        )
        return torch_fn.torch_python_function(data, function=half), whole, TorchPythonFunction(half)(data)

    with pipe() as p:
        a, b, c = p.run()
        np.testing.assert_array_equal(a.as_array(), np.arange(8).reshape(2, 4) / 2)
        np.testing.assert_array_equal(b.as_array(), np.arange(8).reshape(2, 4) + 2)
        np.testing.assert_array_equal(c.as_array(), a.as_array())


SCRIPT = """
import sys
import torch
from nvidia.dali import fn, types
from nvidia.dali.pipeline.experimental import pipeline_def
from nvidia.dali.auto_aug import trivial_augment
from nvidia.dali.plugin.pytorch import DALIClassificationIterator

@pipeline_def(enable_conditionals=True)
def training(folder, augment):
    encoded, labels = fn.readers.file(name="Reader", file_root=folder, random_shuffle=True, pad_last_batch=True)
    images = fn.decoders.image_random_crop(encoded, output_type=types.RGB, random_area=[0.08, 1])
    images = fn.resize(images, size=[32, 32], interp_type=types.INTERP_TRIANGULAR, antialias=False)
    images = fn.flip(images, horizontal=fn.random.coin_flip(probability=0.5))
    if augment == "trivial":
        images = trivial_augment.trivial_augment_wide(images, shape=[32, 32])
    images = fn.crop_mirror_normalize(images, dtype=types.FLOAT, output_layout="HWC", crop=(32, 32), mean=[127.0] * 3)
    return images, labels

pipe = training(sys.argv[1], "trivial", batch_size=4, num_threads=2, device_id=None, seed=12)
pipe.build()
loader = DALIClassificationIterator(pipe, reader_name="Reader", fill_last_batch=False)
assert int(pipe.epoch_size("Reader") / 4) == 5
for epoch in range(2):
    seen = 0
    for data in loader:
        images, target = data[0]["data"], data[0]["label"].reshape(-1).long()
        b, h, w, c = images.shape
        s = images.stride()
        assert torch.as_strided(images, (b, c, h, w), (s[0], s[3], s[1], s[2])).shape == (len(target), 3, 32, 32)
        seen += len(target)
    loader.reset()
    assert seen == 23
print("trained")
"""


def test_a_script_for_dali(files, tmp_path):
    """The host's side of DALI's own EfficientNet example, through `variegate dali`."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    folder = Path(files[0]).parents[1]
    end = subprocess.run(
        [sys.executable, "-m", "variegate", "dali", script, folder],
        env=dict(os.environ, PYTHONPATH=str(Path(variegate.__file__).resolve().parents[1])),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert end.returncode == 0 and "trained" in end.stdout, end.stderr
