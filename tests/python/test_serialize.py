"""A pipeline as bytes, made again: the same samples."""

import pytest
import variegate as vg
from data import PHOTOS
from variegate import fn, types
from variegate.auto_aug import rand_augment


@vg.pipeline_def(batch_size=4, num_threads=2, seed=3, enable_conditionals=True, device_id=None)
def augmented():
    encoded, label = fn.readers.file(file_root=str(PHOTOS), random_shuffle=True, name="Reader")
    image = fn.resize(fn.decoders.image(encoded), size=[64, 64])
    image = rand_augment.rand_augment(image, n=2, m=9)
    if label[0] > 0:
        image = 255 - image
        image = fn.cast(image, dtype=types.UINT8)
    return image, label


def test_a_deserialized_pipeline_gives_the_same_batches(tmp_path):
    first = augmented()
    data = first.serialize(filename=str(tmp_path / "pipe.vg"))
    assert (tmp_path / "pipe.vg").read_bytes() == data
    for second in (
        vg.Pipeline.deserialize(data),
        vg.Pipeline.deserialize(filename=str(tmp_path / "pipe.vg"), num_threads=1),
    ):
        with augmented() as reference, second:
            for _ in range(3):
                a, b = reference.run(), second.run()
                assert a[0].as_array().tobytes() == b[0].as_array().tobytes()
                assert a.sample_ids == b.sample_ids


def test_arguments_given_win():
    again = vg.Pipeline.deserialize(augmented().serialize(), batch_size=2)
    assert len(again.run()[0]) == 2


def test_python_functions_cannot_be_serialized():
    @vg.pipeline_def(batch_size=1, num_threads=1, device_id=None)
    def pipe():
        return fn.external_source(source=lambda: [0])

    with pytest.raises(RuntimeError, match="serialized"):
        pipe().serialize()


@pytest.mark.parametrize("data", [b"", b"{}", b'{"pipeline": {}, "graph": {"nodes": [{"op": "nothing"}]}}'])
def test_damaged_data_are_refused(data):
    with pytest.raises(ValueError):
        vg.Pipeline.deserialize(data)
