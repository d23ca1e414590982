"""Outputs on a GPU in the hands of other libraries, and their arrays as inputs."""

from pathlib import Path

import numpy as np
import pytest
from variegate import fn, pipeline_def, types
from variegate.auto_aug import rand_augment
from variegate.tensors import TensorListGPU

PHOTOS = str(Path(__file__).parent.parent / "photos" / "small")
torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("PyTorch sees no GPU", allow_module_level=True)


@pipeline_def(batch_size=7, num_threads=3, seed=5, enable_conditionals=True)
def training(device):
    encoded, label = fn.readers.file(file_root=PHOTOS, random_shuffle=True)
    image = fn.decoders.image(encoded, device="cpu")
    image = fn.random_resized_crop(image, size=[64, 48])
    if device == "gpu":
        image = image.gpu()
    image = rand_augment.rand_augment(image, n=2, m=15)
    return fn.crop_mirror_normalize(image, mean=[120.0] * 3, std=[60.0] * 3, dtype=types.FLOAT16), label


def test_bytes_equal_the_hosts():
    host, device = training("cpu"), training("gpu", device_id=0)
    for _ in range(5):
        (a, _), (b, label) = host.run(), device.run()
        assert isinstance(b, TensorListGPU) and not isinstance(label, TensorListGPU)
        np.testing.assert_array_equal(a.as_array(), b.as_cpu().as_array())
        np.testing.assert_array_equal(a[2], b[2].as_cpu())


def test_torch_shares_the_memory_on_its_own_stream():
    host, device = training("cpu"), training("gpu", device_id=0)
    side = torch.cuda.Stream()
    for _ in range(20):
        expected = host.run()[0].as_array()
        batch = device.run(side)[0]
        with torch.cuda.stream(side):
            tensor = torch.from_dlpack(batch.as_tensor())
            assert tensor.data_ptr() == batch.data_ptr()
            doubled = tensor * 2
        side.synchronize()
        np.testing.assert_array_equal(doubled.cpu().numpy(), expected * np.float16(2))


def test_a_tensor_outlives_the_pipeline():
    device = training("gpu", device_id=0)
    held = torch.from_dlpack(device.run()[0].as_tensor())
    before = held.cpu().numpy()
    for _ in range(10):
        device.run()
    device.close()
    np.testing.assert_array_equal(held.cpu().numpy(), before)


def test_stream_rules_of_dlpack():
    tensor = training("gpu", device_id=0).run()[0][0]
    assert tensor.__dlpack_device__() == (2, 0)
    with pytest.raises(ValueError, match="stream = 0"):
        tensor.__dlpack__(stream=0)
    for stream in (None, -1, 1, 2):
        assert type(tensor.__dlpack__(stream=stream)).__name__ == "PyCapsule"
    interface = tensor.__cuda_array_interface__
    assert interface["version"] == 2 and interface["typestr"] == "<f2" and interface["shape"] == (3, 64, 48)


def test_cupy_reads_the_interface():
    cupy = pytest.importorskip("cupy")
    batch = training("gpu", device_id=0).run()[0]
    np.testing.assert_array_equal(cupy.asnumpy(cupy.asarray(batch[1])), batch[1].as_cpu())


def test_arrays_of_torch_come_in_without_a_copy():
    images = torch.randint(0, 256, (4, 40, 30, 3), dtype=torch.uint8, device="cuda")

    @pipeline_def(batch_size=4, num_threads=2, device_id=0)
    def pipe():
        data = fn.external_source(lambda: images, device="gpu", layout="HWC")
        return fn.brightness(data, brightness=0.5), data

    out, same = pipe().run()
    half = images.cpu().numpy().astype(np.float32) * 0.5
    np.testing.assert_array_equal(out.as_cpu().as_array(), np.floor(half + 0.5).astype(np.uint8))
    np.testing.assert_array_equal(same.as_cpu().as_array(), images.cpu().numpy())


def test_copy_to_external():
    batch = training("gpu", device_id=0).run()[0]
    target = torch.empty((7, 3, 64, 48), dtype=torch.float16, device="cuda")
    batch.copy_to_external(target.data_ptr())
    np.testing.assert_array_equal(target.cpu().numpy(), batch.as_cpu().as_array())


def test_a_value_of_the_gpu_decides_through_cpu():
    @pipeline_def(batch_size=7, num_threads=2, seed=5, enable_conditionals=True)
    def pipe(device):
        encoded, _ = fn.readers.file(file_root=PHOTOS)
        image = fn.decoders.image(encoded)
        if device == "gpu":
            image = image.gpu()
        bright = (fn.reductions.mean(image) > 110).cpu()
        if bright:
            image = fn.brightness(image, brightness=0.5)
        return image, bright

    host, device = pipe("cpu"), pipe("gpu", device_id=0)
    for _ in range(3):
        (a, p), (b, q) = host.run(), device.run()
        assert p.as_array().tolist() == q.as_array().tolist()
        for i in range(7):
            np.testing.assert_array_equal(a[i], b[i].as_cpu())


def test_stats_say_what_ran_where():
    @pipeline_def(batch_size=3, num_threads=2, device_id=0)
    def pipe():
        encoded, _ = fn.readers.file(file_root=PHOTOS)
        image = fn.decoders.image(encoded, device="mixed")
        return fn.jpeg_compression_distortion(fn.brightness(image, brightness=1.5), quality=20)

    p = pipe()
    p.run()
    stats = p.stats()
    assert stats["on_host"] == ["jpeg_compression_distortion"] and stats["launches"] > 0
