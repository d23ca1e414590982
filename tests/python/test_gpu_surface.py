"""What scripts see of GPUs where there is none: rules of arguments, warnings, errors; and a GPU that the host plays."""

import ctypes
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import variegate as vg
from variegate import _core, _cuda, fn, types
from variegate.tensors import TensorCPU, TensorGPU, TensorListCPU, TensorListGPU

ROOT = Path(__file__).parents[2]
DATA = [np.full((4, 4, 3), v, np.uint8) for v in (10, 200)]
no_gpu = pytest.mark.skipif(bool(_core.gpu_devices()), reason="there is a GPU")


def make(build=lambda image: image.gpu(), **options):
    @vg.pipeline_def(batch_size=2, num_threads=1, enable_conditionals=True)
    def pipe():
        return build(fn.external_source(source=lambda: DATA, layout="HWC"))

    return pipe(**options)


@no_gpu
@pytest.mark.parametrize(
    "build", [lambda x: x.gpu(), lambda x: x.gpu().cpu(), lambda x: fn.flip(x, device="gpu")]
)
def test_the_host_stands_in_with_one_warning(build):
    with pytest.warns(UserWarning, match="runs on the host") as seen, make(build) as pipe:
        out = pipe.run()[0]
        pipe.run()
    assert len(seen) == 1 and _core.gpu_problem() in str(seen[0].message)
    assert isinstance(out, TensorListCPU)


@no_gpu
def test_a_certain_gpu_is_an_error_that_says_why():
    with pytest.raises(RuntimeError, match="device_id = 0") as error:
        make(device_id=0).build()
    assert _core.gpu_problem() in str(error.value)


def test_who_asks_for_no_gpu_gets_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with make(device_id=types.CPU_ONLY_DEVICE_ID) as pipe:
            assert isinstance(pipe.run()[0], TensorListCPU)
        for device_id in (None, 0, 7):
            with make(lambda image: image, device_id=device_id) as pipe:
                assert isinstance(pipe.run()[0], TensorListCPU)


def test_a_condition_must_be_on_the_host():
    def on_gpu(image):
        if fn.reductions.mean(image.gpu()) > 100:
            image = image + 1
        return image

    def on_host(image):
        if (fn.reductions.mean(image.gpu()) > 100).cpu():
            image = fn.brightness(image, brightness=0.5)
        return image

    with pytest.raises(ValueError, match=r"\.cpu\(\)"):
        make(on_gpu).build()
    with make(on_host, device_id=types.CPU_ONLY_DEVICE_ID) as pipe:
        assert [int(t.max()) for t in pipe.run()[0].as_array()] == [10, 100]


def test_cpu_makes_a_node_of_the_host():
    seen = []

    def build(image):
        gpu = image.gpu()
        seen.extend([image.device, gpu.device, gpu.cpu().device, image.cpu() is image, gpu.gpu() is gpu])
        return image

    make(build).build()
    assert seen == ["cpu", "gpu", "cpu", True, True]


class TorchStream:
    cuda_stream = 77


class CupyStream:
    ptr = 0


class OtherStream:
    def __cuda_stream__(self):
        return 0, 99


def test_streams_are_numbers():
    for stream, number in ((5, 5), (0, 1), (TorchStream(), 77), (CupyStream(), 1), (OtherStream(), 99)):
        assert _cuda.stream_number(stream) == number
    assert _cuda.stream_number(ctypes.c_void_p(12)) == 12
    for bad in ("1", None, True, 1.0, object()):
        with pytest.raises(TypeError, match="cuda_stream"):
            _cuda.stream_number(bad)
    with pytest.raises(ValueError):
        _cuda.stream_number(-1)


def test_a_stream_is_accepted_by_pipelines_of_the_host():
    with make(lambda image: image) as pipe:
        np.testing.assert_array_equal(pipe.run(TorchStream())[0].at(1), DATA[1])
        with pytest.raises(TypeError, match="cuda_stream"):
            pipe.run("stream")
    with make(lambda image: image, exec_dynamic=False) as pipe:
        with pytest.raises(RuntimeError, match="exec_dynamic"):
            pipe.run(1)


def test_tensors_of_the_host_stay_there():
    with make(lambda image: image) as pipe:
        out = pipe.run()[0]
    assert out.as_cpu() is out and out.__dlpack_device__() == (1, 0)
    for thing in (out, out[0]):
        assert not hasattr(thing, "__cuda_array_interface__") and not hasattr(thing, "device_id")
        with pytest.raises((RuntimeError, BufferError, ValueError)):
            thing.__dlpack__(stream=0)
    for made in (lambda: TensorGPU(out[0]), lambda: TensorGPU(DATA[0]), lambda: TensorListGPU(DATA)):
        with pytest.raises(TypeError):
            made()
    assert len(TensorListGPU([])) == 0 and TensorListGPU([]).device_id() == -1


def test_squeeze_takes_the_letters_along():
    tensor = TensorCPU(np.zeros((1, 4, 1), np.int32), "HWC")
    assert tensor.squeeze(0) and tensor.layout() == "WC"
    assert tensor.squeeze() and tensor.layout() == "W" and np.asarray(tensor).shape == (4,)


def test_figures_and_settings_of_the_gpu():
    with make(lambda image: image, max_gpu_bytes=123) as pipe:
        pipe.run()
        stats = pipe.stats()
        assert stats["device_bytes"] == 0 and stats["launches"] == 0 and stats["on_host"] == []
        assert pipe.executor_statistics()["device"]["reserved_memory_size"] == [0]
    assert pipe.max_gpu_bytes == 123


class CudaArray:
    """Says of host memory that it lies on a GPU."""

    def __init__(self, array, **facts):
        self.array = array
        self.facts = {
            "typestr": array.dtype.str,
            "shape": array.shape,
            "data": (array.ctypes.data, False),
            **facts,
        }
        self.__cuda_array_interface__ = {"version": 3, "stream": None, "strides": None, **self.facts}


def test_foreign_arrays_are_looked_at_before_they_are_shared():
    assert _cuda.is_on_gpu(CudaArray(DATA[0])) and not _cuda.is_on_gpu(DATA[0]) and not _cuda.is_on_gpu(3)
    array = CudaArray(DATA[0])
    tensor = TensorGPU(array, "HWC")
    assert (
        tensor.data_ptr() == DATA[0].ctypes.data and tensor.shape() == [4, 4, 3] and tensor.device_id() == 0
    )
    references = sys.getrefcount(array)
    del tensor
    assert sys.getrefcount(array) == references - 1
    for facts, error in (
        ({"strides": (3, 12, 1)}, ValueError),
        ({"mask": 1}, TypeError),
        ({"typestr": "<c8"}, TypeError),
    ):
        with pytest.raises(error):
            TensorGPU(CudaArray(DATA[0], **facts))
    with pytest.raises(ValueError, match="axes"):
        TensorGPU(CudaArray(DATA[0]), "HW")


BUILD = os.environ.get("VG_BUILD_DIR")
PLAYED = Path(BUILD or ".") / "tests" / "played"


@pytest.mark.skipif(
    not (PLAYED / "libvariegate_cuda.so").exists(), reason="VG_BUILD_DIR names no build with a played GPU"
)
def test_on_a_gpu_that_the_host_plays():
    env = {**os.environ, "VARIEGATE_CUDA_LIBRARY": str(PLAYED / "libvariegate_cuda.so")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        str(ROOT / "tests" / "gpu"),
    ]
    result = subprocess.run(command, env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "passed" in result.stdout


def test_a_tensor_with_a_gradient_is_taken_without_it():
    class Tensor:  # as PyTorch's: NumPy may not look at it before `detach`
        def __array__(self, *_, **__):
            raise RuntimeError("can't call numpy() on a tensor that requires grad")

        detach = cpu = lambda self: self

        def numpy(self):
            return np.full((4, 5, 3), 100, np.uint8)

    with make(lambda image: fn.external_source(lambda: [Tensor(), Tensor()], layout="HWC")) as pipe:
        assert (pipe.run()[0].as_array() == 100).all()
