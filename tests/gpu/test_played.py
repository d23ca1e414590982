"""GPU arrays of other libraries as inputs, on the GPU that the host plays: there host memory can pass for theirs."""

import gc
import sys
import threading
import weakref

import numpy as np
import pytest
import variegate as vg
from test_gpu_tensors import NAMES, SHAPES, bright, pixels, same
from variegate import fn, types
from variegate.tensors import TensorGPU, TensorListGPU

if NAMES != ["emulated"]:
    pytest.skip("a real GPU cannot read host memory", allow_module_level=True)


class Interface:
    """An array that is known by `__cuda_array_interface__` alone."""

    def __init__(self, array, **facts):
        self.array = array
        self.__cuda_array_interface__ = {
            "version": 3,
            "typestr": array.dtype.str,
            "shape": array.shape,
            "data": (array.ctypes.data, False),
            "stream": 1,
            **facts,
        }


class Dlpack:
    """An array that is known by DLPack alone, of before there were versions."""

    def __init__(self, array, device=0):
        self.tensor, self.device, self.streams = TensorGPU(Interface(array)), device, []

    def __dlpack_device__(self):
        return 2, self.device

    def __dlpack__(self, stream=None):
        self.streams.append(stream)
        return self.tensor.__dlpack__(stream=stream)


@pytest.mark.parametrize("wrap", [Interface, Dlpack])
@pytest.mark.parametrize("kind", ["equal", "ragged", "whole"])
@pytest.mark.parametrize(
    "options", [{"device": "gpu"}, {"device": "gpu", "no_copy": True}, {"device": "cpu"}]
)
def test_arrays_feed_a_pipeline(wrap, kind, options):
    batches = [pixels(SHAPES["ragged" if kind == "ragged" else "equal"], i) for i in range(3)]
    fed = [wrap(np.stack(b)) if kind == "whole" else [wrap(a) for a in b] for b in batches]
    with bright(fed, **options) as gpu, bright(batches, types.CPU_ONLY_DEVICE_ID) as cpu:
        for _ in range(5):
            for a, b in zip(gpu.run(), cpu.run(), strict=True):
                same(a, b)
    if wrap is Dlpack and kind != "whole":
        assert set(fed[0][0].streams) == {1}


def test_arrays_are_copied_unless_told_not_to():
    def run(no_copy):
        buffer = np.zeros((2, 4, 4, 3), np.uint8)
        count = iter(range(100))

        def source():
            buffer[:] = next(count)
            return Interface(buffer)

        @vg.pipeline_def(batch_size=2, num_threads=1, prefetch_queue_depth=4)
        def pipe():
            return fn.copy(fn.external_source(source=source, layout="HWC", device="gpu", no_copy=no_copy))

        with pipe() as p:
            return [int(p.run()[0].as_cpu().at(1).max()) for _ in range(3)]

    assert run(no_copy=False) == [0, 1, 2]
    run(no_copy=True)  # what it reads is the caller's affair; it ends


def test_what_was_shared_is_let_go_by_any_thread():
    class Array(np.ndarray):
        pass

    alive = []

    def source():
        array = np.zeros((8, 16, 16, 3), np.uint8).view(Array)
        alive.append(weakref.ref(array))
        return Interface(array)

    @vg.pipeline_def(batch_size=8, num_threads=4, prefetch_queue_depth=3)
    def pipe():
        data = fn.external_source(source=source, layout="HWC", device="gpu", no_copy=True)
        return fn.brightness(data, brightness=2.0)

    with pipe() as p:
        for _ in range(60):
            p.run()
    gc.collect()
    assert len(alive) >= 60 and sum(a() is not None for a in alive) == 0
    array = Interface(np.zeros(4, np.uint8))
    count = sys.getrefcount(array)
    held = [TensorGPU(array)]
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert sys.getrefcount(array) == count


def test_promises_are_checked():
    array = Interface(np.zeros((2, 4, 4, 3), np.uint8))

    def run(batch=array, **promises):
        @vg.pipeline_def(batch_size=2, num_threads=1)
        def pipe():
            return fn.copy(fn.external_source(source=lambda: batch, device="gpu", **promises))

        with pipe() as p:
            return p.run()[0]

    assert run(dtype=types.UINT8, ndim=3, layout="HWC").layout() == "HWC"
    for promise, text in (
        ({"dtype": types.FLOAT}, "UINT8 came"),
        ({"ndim": 2}, "3 dimensions"),
        ({"layout": "HW"}, "'HW'"),
        ({"batch": [Elsewhere()] * 2}, "GPU 1 came"),
        ({"batch": Interface(np.zeros((), np.uint8))}, "batch axis"),
        ({"batch": Interface(np.zeros((3, 4), np.uint8))}, "larger than batch_size"),
    ):
        with pytest.raises(RuntimeError, match=text):
            run(**promise)


class Elsewhere(Interface):
    """An array on the second GPU."""

    device = 1

    def __init__(self):
        super().__init__(np.zeros((4, 4, 3), np.uint8), stream=None)


def test_lists_of_foreign_arrays():
    array = np.arange(24, dtype=np.int32).reshape(2, 3, 4)
    whole = TensorListGPU(Interface(array), "HW")
    assert len(whole) == 2 and whole.layout() == "HW" and whole[1].data_ptr() == array[1].ctypes.data
    assert whole.as_tensor().data_ptr() == array.ctypes.data
    apart = TensorListGPU([Interface(array[1]), Interface(array[0])])
    np.testing.assert_array_equal(np.asarray(apart.as_tensor().as_cpu()), array[::-1])
    np.testing.assert_array_equal(apart.as_cpu().as_array(), array[::-1])
    target = np.zeros_like(array)
    apart.copy_to_external(target.ctypes.data)
    np.testing.assert_array_equal(target, array[::-1])
    with pytest.raises(TypeError):
        TensorListGPU([Interface(array), Interface(array.astype(np.float32))])
    strided = np.zeros((4, 4), np.uint8)[:, ::2]
    with pytest.raises(ValueError, match="dense"):
        TensorGPU(Interface(strided, strides=strided.strides))
