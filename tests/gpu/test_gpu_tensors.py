"""Tensors on a GPU: the bytes of the host, and what other libraries see of them."""

import ctypes
import gc

import numpy as np
import pytest
import variegate as vg
from variegate import _core, fn, types
from variegate.tensors import TensorCPU, TensorGPU, TensorListCPU, TensorListGPU

NAMES = _core.gpu_devices()
if not NAMES:
    pytest.skip(f"no GPU: {_core.gpu_problem()}", allow_module_level=True)

SHAPES = {"equal": [(6, 5, 3)] * 4, "ragged": [(6, 5, 3), (1, 9, 3), (7, 2, 3), (4, 4, 3)]}


def pixels(shapes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, s, np.uint8) for s in shapes]


def source(batches):
    """A callable that gives these batches for ever."""
    count = iter(range(10**9))
    return lambda: batches[next(count) % len(batches)]


def bright(batches, device_id=None, device="cpu", size=4, **external):
    @vg.pipeline_def(batch_size=size, num_threads=2, device_id=device_id)
    def pipe():
        data = fn.external_source(source=source(batches), layout="HWC", device=device, **external)
        return fn.brightness(data.gpu(), brightness=1.5), fn.reductions.mean(data.gpu())

    return pipe()


def one_batch(kind="equal", runs=1):
    batches = [pixels(SHAPES[kind], i) for i in range(runs)]
    pipe = bright(batches)
    with pipe:
        for _ in range(runs):
            out = pipe.run()
    return out


def same(gpu, cpu):
    host = gpu.as_cpu()
    assert isinstance(host, TensorListCPU) and host.dtype == cpu.dtype and host.layout() == cpu.layout()
    assert host.shape() == cpu.shape() == gpu.shape()
    for a, b in zip(host, cpu, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("kind", ["equal", "ragged"])
def test_bytes_are_those_of_the_host(kind):
    batches = [pixels(SHAPES[kind], i) for i in range(3)]
    with bright(batches) as gpu, bright(batches, types.CPU_ONLY_DEVICE_ID) as cpu:
        for _ in range(5):
            for a, b in zip(gpu.run(), cpu.run(), strict=True):
                assert isinstance(a, TensorListGPU) and isinstance(b, TensorListCPU)
                same(a, b)
        stats = gpu.stats()
        assert stats["launches"] > 0 and stats["device_bytes"] > 0 and stats["on_host"] == []
        assert cpu.stats()["device_bytes"] == 0


def test_members_of_a_list():
    out = one_batch(runs=2)[0]
    assert len(out) == 4 and out.shape() == [(6, 5, 3)] * 4 and out.ndim() == 3
    assert out.dtype == types.UINT8 and out.layout() == "HWC" and out.device_id() == 0
    assert out.is_dense_tensor() and not hasattr(out, "as_array")
    assert isinstance(out[-1], TensorGPU) and out[-1].data_ptr() == out[3].data_ptr()
    assert "TensorListGPU(4 samples" in repr(out) and "TensorGPU(shape=(6, 5, 3)" in repr(out[0])
    with pytest.raises(IndexError):
        out[4]
    with pytest.warns(DeprecationWarning, match="list"):
        assert out.at(1).data_ptr() == out[1].data_ptr()
    with pytest.warns(DeprecationWarning), pytest.raises(RuntimeError):
        out.at(-1)
    out.set_layout("ABC")
    assert out[2].layout() == "ABC" and out.as_cpu().layout() == "ABC" and out.as_tensor().layout() == "NABC"
    with pytest.raises(ValueError):
        out.set_layout("AB")


def test_one_tensor_of_all_samples():
    out = one_batch(runs=2)[0]
    whole = out.as_tensor()
    assert whole.shape() == [4, 6, 5, 3] and whole.layout() == "NHWC"
    assert whole.data_ptr() == out.data_ptr()
    np.testing.assert_array_equal(np.asarray(whole.as_cpu()), out.as_cpu().as_array())
    flat = out.as_reshaped_tensor((-1, 3))
    assert flat.shape() == [120, 3]
    np.testing.assert_array_equal(np.asarray(flat.as_cpu()), out.as_cpu().as_array().reshape(-1, 3))
    with pytest.raises(ValueError):
        out.as_reshaped_tensor((7, 7))
    apart = TensorListGPU([out[2], out[0]], "HWC")
    np.testing.assert_array_equal(np.asarray(apart.as_tensor().as_cpu())[0], np.asarray(out[2].as_cpu()))
    assert TensorListGPU.broadcast(out[1], 3).as_tensor().shape() == [3, 6, 5, 3]
    with pytest.raises(RuntimeError, match="dense"):
        one_batch("ragged")[0].as_tensor()


def test_the_same_bytes_as_another_type():
    out = one_batch()[0]
    seen = out.reinterpret(types.INT8)
    assert seen.dtype == types.INT8 and seen[0].data_ptr() == out[0].data_ptr()
    np.testing.assert_array_equal(np.asarray(seen[1].as_cpu()), np.asarray(out[1].as_cpu()).view(np.int8))
    with pytest.raises(ValueError):
        out.reinterpret(types.FLOAT)


def test_squeeze_and_properties():
    tensor = TensorGPU(one_batch("ragged")[0][1])
    assert tensor.squeeze(0) and tensor.shape() == [9, 3] and tensor.layout() == "WC"
    assert not tensor.squeeze()
    assert tensor.get_property("layout") == "WC" and tensor.source_info() == ""
    with pytest.raises(RuntimeError):
        tensor.get_property("age")


@pytest.mark.parametrize("kind", ["equal", "ragged"])
def test_copies_to_an_address(kind):
    out = one_batch(kind)[0]
    cpu = out.as_cpu()
    target = np.zeros(sum(np.asarray(t).size for t in cpu), np.uint8)
    out.copy_to_external(target.ctypes.data_as(ctypes.c_void_p))
    np.testing.assert_array_equal(target, np.concatenate([np.asarray(t).ravel() for t in cpu]))
    one = np.zeros(np.asarray(cpu[2]).shape, np.uint8)
    out[2].copy_to_external(one.ctypes.data, cuda_stream=1, non_blocking=False, use_copy_kernel=True)
    np.testing.assert_array_equal(one, np.asarray(cpu[2]))


def test_nobody_takes_it_for_host_memory():
    out = one_batch()[0]
    for thing in (out, out[0]):
        with pytest.raises(TypeError, match="as_cpu"):
            np.asarray(thing)
    with pytest.raises(BufferError):
        memoryview(out[0])
    assert isinstance(TensorCPU(out[0]), TensorCPU)
    np.testing.assert_array_equal(np.asarray(TensorCPU(out[0])), np.asarray(out[0].as_cpu()))


def capsule(c):
    """Device and address of a capsule of DLPack."""
    name = b"dltensor_versioned" if "versioned" in repr(c) else b"dltensor"
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    at = get(c, name) + (32 if b"versioned" in name else 0)
    address, kind, device, ndim = (
        ctypes.c_uint64.from_address(at).value,
        *(ctypes.c_int32.from_address(at + 8 + 4 * i).value for i in range(3)),
    )
    return address, kind, device, ndim


def test_dlpack():
    tensor = one_batch()[0][1]
    assert tensor.__dlpack_device__() == (2, 0)
    for stream in (None, -1, 1, 2):
        for version in (None, (0, 8), (1, 0), (1, 3)):
            c = tensor.__dlpack__(stream=stream, max_version=version)
            assert ("versioned" in repr(c)) == (version in ((1, 0), (1, 3)))
            assert capsule(c) == (tensor.data_ptr(), 2, 0, 3)
    assert capsule(tensor.__dlpack__(copy=True))[0] != tensor.data_ptr()
    for bad in (0, -2):
        with pytest.raises(ValueError, match="stream"):
            tensor.__dlpack__(stream=bad)
    with pytest.raises(TypeError):
        tensor.__dlpack__(stream="1")
    with pytest.raises(BufferError):
        tensor.__dlpack__(dl_device=(2, 1))
    with pytest.raises(BufferError):
        tensor.__dlpack__(dl_device=(1, 0), copy=False)
    assert "dltensor" in repr(tensor.__dlpack__(dl_device=(1, 0)))


def test_a_capsule_keeps_the_memory():
    out = one_batch()[0]
    expected, c = np.asarray(out[1].as_cpu()), out[1].__dlpack__()
    del out
    gc.collect()
    again = TensorGPU(c, "HWC")
    assert "used" in repr(c) and again.layout() == "HWC"
    np.testing.assert_array_equal(np.asarray(again.as_cpu()), expected)


def test_cuda_array_interface():
    tensor = one_batch()[1][1]
    interface = tensor.__cuda_array_interface__
    assert interface["version"] == 2 and interface["strides"] is None and "stream" not in interface
    assert interface["data"] == (tensor.data_ptr(), False) and interface["shape"] == ()
    assert np.dtype(interface["typestr"]) == types.to_numpy_type(tensor.dtype)


def test_held_outputs_survive_ten_batches():
    batches = [pixels(SHAPES["equal"], i) for i in range(12)]
    with bright(batches) as pipe:
        held = pipe.run()
        before = [[np.array(t) for t in o.as_cpu()] for o in held]
        for _ in range(10):
            pipe.run()
        for output, expected in zip(held, before, strict=True):
            for t, e in zip(output.as_cpu(), expected, strict=True):
                np.testing.assert_array_equal(np.asarray(t), e)
    tensor = held[0][2]  # and the end of their pipeline
    del held, pipe
    gc.collect()
    np.testing.assert_array_equal(np.asarray(tensor.as_cpu()), before[0][2])


@pytest.mark.parametrize("no_copy", [False, True])
def test_outputs_feed_another_pipeline(no_copy):
    batches = [pixels(SHAPES["ragged"], i) for i in range(3)]
    with bright(batches) as first, bright(batches, types.CPU_ONLY_DEVICE_ID) as host:
        images = [first.run()[0] for _ in range(3)]
        on_host = [[np.array(t) for t in host.run()[0]] for _ in range(3)]
    with bright(images, device="gpu", no_copy=no_copy) as a, bright(on_host, types.CPU_ONLY_DEVICE_ID) as b:
        for _ in range(4):
            for x, y in zip(a.run(), b.run(), strict=True):
                same(x, y)
    with bright(images, types.CPU_ONLY_DEVICE_ID, device="gpu") as a:  # brought back to the host
        np.testing.assert_array_equal(
            a.run()[0].at(0), np.clip(np.floor(on_host[0][0] * 1.5 + 0.5), 0, 255).astype(np.uint8)
        )


def test_data_are_fed():
    images = one_batch()[0]

    @vg.pipeline_def(batch_size=4, num_threads=1, prefetch_queue_depth=1)
    def pipe():
        return fn.copy(fn.external_source(name="in", device="gpu", layout="HWC"))

    with pipe() as p:
        p.feed_input("in", images, cuda_stream=1)
        same(p.run()[0], images.as_cpu())
        same(p.run(**{"in": images.as_tensor()})[0], images.as_cpu())
        with pytest.raises(RuntimeError, match="batch axis"):
            p.feed_input("in", one_batch()[1][0])
            p.run()


def test_a_condition_of_gpu_pixels_comes_back_to_the_host():
    data = [np.full((4, 4, 3), v, np.uint8) for v in (10, 200, 90, 101)]

    @vg.pipeline_def(batch_size=4, num_threads=2, enable_conditionals=True)
    def pipe():
        image = fn.external_source(source=lambda: data, layout="HWC").gpu()
        mean = fn.reductions.mean(image)
        if (mean > 100).cpu():
            image = fn.brightness(image, brightness=0.5)
        return image, mean.cpu()

    with pipe() as p:
        out, means = p.run()
        assert isinstance(out, TensorListGPU) and isinstance(means, TensorListCPU)
        assert [int(np.asarray(t)[0, 0, 0]) for t in out.as_cpu()] == [10, 100, 90, 51]
        assert [float(m) for m in means.as_array()] == [10, 200, 90, 101]


def test_the_device_of_a_pipeline():
    batches = [pixels(SHAPES["equal"])]
    with pytest.raises(ValueError, match="device_id"):
        bright(batches, len(NAMES)).build()
    with bright(batches, 0) as p:
        assert p.run()[0].device_id() == 0


def test_a_ceiling_of_device_memory():
    big = [[np.zeros((600, 600, 3), np.uint8)] * 4]

    @vg.pipeline_def(batch_size=4, num_threads=1, max_gpu_bytes=1 << 20)
    def pipe():
        return fn.brightness(fn.external_source(source=source(big), layout="HWC").gpu())

    with pipe() as p, pytest.raises(MemoryError, match="max_gpu_bytes"):
        p.run()


def test_a_stream_orders_the_outputs():
    batches = [pixels(SHAPES["equal"])]
    with bright(batches) as p:
        out = p.run(1)[0]
        assert out.stream == out[0].stream == out.as_tensor().stream == 1
        assert p.run(0)[0].stream == 1
        assert p.run()[0].stream != 0 or NAMES == ["emulated"]
    with bright(batches) as p:
        p.schedule_run()
        assert p.share_outputs(2)[0].stream == 2
