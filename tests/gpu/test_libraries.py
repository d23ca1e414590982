"""PyTorch and CuPy read tensors on a GPU, and feed pipelines with theirs."""

import gc

import numpy as np
import pytest
import variegate as vg
from test_gpu_tensors import NAMES, SHAPES, bright, pixels, same
from variegate import types
from variegate.tensors import TensorGPU, TensorListGPU

if NAMES == ["emulated"]:
    pytest.skip("no library knows the GPU that the host plays", allow_module_level=True)

try:
    import torch
except ImportError:
    torch = None
try:
    import cupy
except ImportError:
    cupy = None
needs_torch = pytest.mark.skipif(torch is None, reason="no PyTorch")
needs_cupy = pytest.mark.skipif(cupy is None, reason="no CuPy")

BATCHES = [pixels(SHAPES["equal"], i) for i in range(3)]


def on_host(batches=BATCHES, runs=3):
    with bright(batches, types.CPU_ONLY_DEVICE_ID) as pipe:
        return [pipe.run() for _ in range(runs)]


@needs_torch
def test_torch_reads_on_a_side_stream():
    side = torch.cuda.Stream()
    with bright(BATCHES) as pipe:
        for expected in on_host():
            images, means = pipe.run()
            with torch.cuda.stream(side):
                whole = torch.from_dlpack(images.as_tensor())
                assert whole.is_cuda and whole.data_ptr() == images.as_tensor().data_ptr()
                twice = whole.to(torch.int32) * 2
                one = torch.from_dlpack(means[1])
            del images, means, whole
            gc.collect()
            pipe.run()  # would use the memory again, were the side stream not waited for
            [pipe.run() for _ in range(2)]
            side.synchronize()
            np.testing.assert_array_equal(twice.cpu().numpy(), expected[0].as_array().astype(np.int32) * 2)
            assert one.item() == float(expected[1].at(1))


@needs_torch
def test_outputs_in_the_order_of_a_torch_stream():
    side = torch.cuda.Stream()
    expected = on_host()[0]
    with bright(BATCHES) as pipe:
        images = pipe.run(side)[0]
        assert images.stream == side.cuda_stream
        target = torch.empty((4, 6, 5, 3), dtype=torch.uint8, device="cuda")
        images.copy_to_external(target.data_ptr(), cuda_stream=side, non_blocking=True)
        side.synchronize()
        np.testing.assert_array_equal(target.cpu().numpy(), expected[0].as_array())
        images = pipe.run(torch.cuda.current_stream())[0]
        np.testing.assert_array_equal(
            torch.as_tensor(images.as_tensor(), device="cuda").cpu().numpy(), on_host()[1][0].as_array()
        )


@needs_torch
def test_every_element_type_reaches_torch():
    for dtype in (
        np.uint8,
        np.int8,
        np.int16,
        np.int32,
        np.int64,
        np.float16,
        np.float32,
        np.float64,
        np.bool_,
    ):
        data = [np.arange(6).reshape(2, 3).astype(dtype)] * 2

        @vg.pipeline_def(batch_size=2, num_threads=1)
        def pipe(data=data):
            return vg.fn.external_source(source=lambda: data).gpu()

        with pipe() as p:
            tensor = torch.from_dlpack(p.run()[0][1])
            np.testing.assert_array_equal(tensor.cpu().numpy(), data[1])
            assert TensorGPU(tensor).dtype == types.to_dali_type(dtype)


@needs_torch
def test_a_torch_tensor_outlives_its_pipeline_and_goes_from_another_thread():
    import threading

    with bright(BATCHES) as pipe:
        held = [torch.from_dlpack(pipe.run()[0].as_tensor())]
        expected = held[0].clone()
    del pipe
    gc.collect()
    assert torch.equal(held[0], expected)
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()


@needs_cupy
def test_cupy_reads():
    expected = on_host()[0]
    with bright(BATCHES) as pipe:
        images, means = pipe.run()
        np.testing.assert_array_equal(cupy.asarray(images.as_tensor()).get(), expected[0].as_array())
        np.testing.assert_array_equal(cupy.asarray(images).get(), expected[0].as_array())
        np.testing.assert_array_equal(cupy.from_dlpack(images[1]).get(), expected[0].at(1))
        assert float(cupy.asarray(means[2])) == float(expected[1].at(2))


def libraries():
    if torch is not None:
        yield "torch", lambda a: torch.from_numpy(np.array(a)).cuda()
        yield (
            "torch, not dense",
            lambda a: torch.from_numpy(np.array(a.transpose(2, 0, 1))).cuda().permute(1, 2, 0),
        )
    if cupy is not None:
        yield "cupy", cupy.asarray
        yield "cupy, not dense", lambda a: cupy.asarray(a.transpose(1, 0, 2).copy()).transpose(1, 0, 2)


@pytest.mark.parametrize("make", [pytest.param(m, id=n) for n, m in libraries()])
@pytest.mark.parametrize("kind", ["equal", "ragged"])
@pytest.mark.parametrize("device", ["gpu", "cpu"])
def test_arrays_feed_a_pipeline(make, kind, device):
    batches = [pixels(SHAPES[kind], i) for i in range(3)]
    fed = [[make(a) for a in batch] for batch in batches]
    with bright(fed, device=device) as gpu:
        for expected in on_host(batches):
            for a, b in zip(gpu.run(), expected, strict=True):
                same(a, b)


@needs_torch
@pytest.mark.parametrize("no_copy", [False, True])
def test_a_whole_batch_that_is_being_computed_feeds_a_pipeline(no_copy):
    side = torch.cuda.Stream()
    whole = [torch.from_numpy(np.stack(b)).cuda() for b in BATCHES]
    count = iter(range(1000))

    def compute():
        with torch.cuda.stream(side):
            big = torch.rand(2000, 2000, device="cuda")
            for _ in range(5):
                big = big @ big / 1000
            return whole[next(count) % 3] + (big[0, 0] * 0).to(torch.uint8)

    @vg.pipeline_def(batch_size=4, num_threads=2)
    def pipe():
        data = vg.fn.external_source(
            source=compute, layout="HWC", device="gpu", cuda_stream=side, no_copy=no_copy
        )
        return vg.fn.brightness(data, brightness=1.5)

    with pipe() as p:
        for expected in on_host():
            same(p.run()[0], expected[0])


@needs_torch
def test_a_buffer_that_is_written_again_is_copied_before():
    buffer = torch.empty((4, 6, 5, 3), dtype=torch.uint8, device="cuda")
    count = iter(range(1000))

    def source():
        buffer.copy_(torch.from_numpy(np.stack(BATCHES[next(count) % 3])))
        return buffer

    @vg.pipeline_def(batch_size=4, num_threads=2, prefetch_queue_depth=3)
    def pipe():
        return vg.fn.brightness(
            vg.fn.external_source(source=source, layout="HWC", device="gpu"), brightness=1.5
        )

    with pipe() as p:
        for expected in on_host():
            same(p.run()[0], expected[0])


@needs_torch
def test_tensors_of_torch_become_lists():
    whole = torch.arange(24, dtype=torch.int32, device="cuda").reshape(2, 3, 4)
    one = TensorGPU(whole, "DHW")
    assert one.data_ptr() == whole.data_ptr() and one.shape() == [2, 3, 4] and one.layout() == "DHW"
    some = TensorListGPU(whole, "HW")
    assert len(some) == 2 and some[1].data_ptr() == whole[1].data_ptr() and some.layout() == "HW"
    np.testing.assert_array_equal(some.as_cpu().as_array(), whole.cpu().numpy())
    some = TensorListGPU([whole[1], whole[0]])
    np.testing.assert_array_equal(some.as_cpu().as_array(), whole.flip(0).cpu().numpy())
    with pytest.raises(ValueError, match="dense"):
        TensorGPU(whole.permute(1, 0, 2).__dlpack__(stream=1))
    with pytest.raises(TypeError):
        TensorGPU(torch.zeros(3))
