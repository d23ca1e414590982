"""GPUs as a program sees them where there is none: clear words, and the host goes on."""

import numpy as np
import pytest
import variegate as vg
from variegate import _core, fn, pipeline_def
from variegate.tensors_gpu import TensorGPU, is_on_gpu, stream_of

without_gpu = pytest.mark.skipif(bool(_core.gpu_devices()), reason="this machine has a GPU")


def brightened(**options):
    @pipeline_def(batch_size=2, num_threads=1, **options)
    def pipe():
        data = fn.external_source(lambda: np.full((2, 4, 5, 3), 100, np.uint8), layout="HWC")
        return fn.brightness(data.gpu(), brightness=1.5)

    return pipe()


@without_gpu
def test_a_certain_gpu_is_refused_with_the_reason():
    with pytest.raises(RuntimeError, match="device_id = 0: no GPU is usable: .+device_id=None"):
        brightened(device_id=0).build()
    assert _core.gpu_problem()


@without_gpu
def test_any_gpu_becomes_the_host_with_one_warning():
    with pytest.warns(UserWarning, match="none is usable") as seen:
        (out,) = brightened().run()
    assert len(seen) == 1
    assert (out.as_array() == 150).all()


def test_the_host_alone_needs_no_gpu(recwarn):
    (out,) = brightened(device_id=vg.types.CPU_ONLY_DEVICE_ID).run()
    assert (out.as_array() == 150).all() and not recwarn.list


def test_streams_are_numbers_or_objects_of_other_libraries():
    class Torch:
        cuda_stream = 12345

    class Cupy:
        ptr = 2

    assert [stream_of(s) for s in (7, Torch(), Cupy())] == [7, 12345, 2]


def test_arrays_of_the_host_are_not_on_a_gpu():
    array = np.zeros(3, np.float32)
    assert not is_on_gpu(array) and not is_on_gpu([1, 2])
    with pytest.raises(ValueError, match="not on a GPU"):
        TensorGPU(array)


def test_a_tensor_with_a_gradient_is_taken_without_it():
    class Tensor:  # as PyTorch's: NumPy may not look at it before `detach`
        def __array__(self, *_, **__):
            raise RuntimeError("can't call numpy() on a tensor that requires grad")

        detach = cpu = lambda self: self

        def numpy(self):
            return np.full((4, 5, 3), 100, np.uint8)

    @pipeline_def(batch_size=2, num_threads=1)
    def pipe():
        return fn.external_source(lambda: [Tensor(), Tensor()], layout="HWC")

    assert (pipe().run()[0].as_array() == 100).all()
