"""Tensors and lists of tensors as other programs read them."""

import ctypes
import gc

import numpy as np
import pytest
import variegate as vg
from variegate import fn, types
from variegate.tensors import TensorCPU, TensorListCPU


def one_batch(dtype=np.uint8, shapes=((3, 4), (3, 4))):
    data = [(np.arange(np.prod(s)).reshape(s) + i).astype(dtype) for i, s in enumerate(shapes)]

    @vg.pipeline_def(batch_size=len(data), num_threads=1, device_id=None)
    def pipe():
        return fn.external_source(source=lambda: data, layout="HW")

    with pipe() as p:
        return data, p.run()[0]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32, np.float64, np.bool_])
def test_every_way_to_read_a_tensor_gives_the_same(dtype):
    data, out = one_batch(dtype)
    tensor = out[1]
    assert tensor.dtype == types.to_dali_type(dtype)
    for array in (np.array(tensor), np.asarray(memoryview(tensor)), out.at(1)):
        assert array.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(array, data[1])
    interface = tensor.__array_interface__
    assert interface["shape"] == (3, 4) and interface["data"][0] == tensor.data_ptr()
    if dtype is not np.bool_:
        np.testing.assert_array_equal(np.from_dlpack(tensor), data[1])
        np.testing.assert_array_equal(np.from_dlpack(out.as_tensor()), np.stack(data))
    target = np.zeros_like(data[1])
    tensor.copy_to_external(target.ctypes.data_as(ctypes.c_void_p))
    np.testing.assert_array_equal(target, data[1])


def test_no_copy_is_made_and_memory_lives_as_long_as_an_array():
    data, out = one_batch()
    tensor = out[0]
    array, view = np.asarray(tensor), memoryview(tensor)
    assert array.ctypes.data == tensor.data_ptr()
    del tensor, out
    gc.collect()
    np.testing.assert_array_equal(array, data[0])
    assert view[1, 2] == data[0][1, 2]


def test_lists():
    data, out = one_batch()
    assert len(out) == 2 and out.shape() == [(3, 4), (3, 4)] and out.layout() == "HW" and out.ndim() == 2
    assert out.is_dense_tensor() and out.as_tensor().layout() == "NHW"
    np.testing.assert_array_equal(out.as_array(), np.stack(data))
    np.testing.assert_array_equal(np.array(out[-1]), data[1])
    with pytest.raises(IndexError):
        out[2]
    with pytest.raises(RuntimeError):
        out.at(-1)
    again = TensorListCPU([TensorCPU(d, "HW") for d in data])
    assert again.shape() == out.shape() and again.layout() == "HW"
    assert TensorListCPU.broadcast(out[0], 3).shape() == [(3, 4)] * 3
    np.testing.assert_array_equal(out.as_reshaped_tensor((24,)), np.stack(data).reshape(24))


def test_ragged_lists_refuse_to_be_one_array():
    _, out = one_batch(shapes=((3, 4), (5, 4)))
    assert not out.is_dense_tensor()
    with pytest.raises(RuntimeError, match="dense"):
        out.as_array()


def test_squeeze_is_in_place():
    tensor = TensorCPU(np.zeros((1, 4, 1), np.int32), "HWC")
    assert tensor.squeeze(0) and tensor.shape() == [4, 1]
    assert not tensor.squeeze(0)
    assert memoryview(tensor).shape == (4, 1)


def test_a_layout_must_name_all_axes():
    tensor = TensorCPU(np.zeros((2, 3)))
    tensor.set_layout("HW")
    assert tensor.get_property("layout") == "HW"
    with pytest.raises(ValueError):
        tensor.set_layout("HWC")
