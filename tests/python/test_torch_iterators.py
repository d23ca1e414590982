"""DALI's iterators for PyTorch: epochs, last batches, several pipelines, checkpoints, tensors."""

import logging

import numpy as np
import pytest
import torch_here  # noqa: F401
from data import make_images

import torch
from variegate import fn, pipeline_def, types
from variegate.plugin import base_iterator
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

FILL, DROP, PARTIAL = LastBatchPolicy.FILL, LastBatchPolicy.DROP, LastBatchPolicy.PARTIAL


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return [str(p) for p in make_images(tmp_path_factory.mktemp("images"), 23)]


def labels(files, n, batch=2, enable_checkpointing=False, checkpoint=None, **reader):
    """A pipeline of the labels 1 ... n."""

    @pipeline_def(
        batch_size=batch,
        num_threads=2,
        seed=3,
        enable_checkpointing=enable_checkpointing,
        checkpoint=checkpoint,
    )
    def pipe():
        return fn.readers.file(files=files[:n], labels=list(range(1, n + 1)), name="Reader", **reader)[1]

    return pipe()


def numbers(step, pipeline=0, name="label"):
    return step[pipeline][name].flatten().tolist()


def epochs(it, count=2):
    """Label numbers of whole epochs, reset in between."""
    found = []
    for _ in range(count):
        found.append([numbers(step) for step in it])
        it.reset()
    return found


@pytest.mark.parametrize(
    ("policy", "pads", "last", "first", "length", "size"),
    [
        (PARTIAL, True, [7], [1, 2], 4, 7),
        (PARTIAL, False, [7], [2, 3], 4, 8),
        (FILL, True, [7, 7], [1, 2], 4, 7),
        (FILL, False, [7, 1], [2, 3], 4, 8),
        (DROP, True, [5, 6], [1, 2], 3, 7),
        (DROP, False, [5, 6], [2, 3], 3, 7),
    ],
)
def test_last_batch(files, policy, pads, last, first, length, size):
    pipe = labels(files, 7, pad_last_batch=pads)
    it = DALIGenericIterator(pipe, ["label"], reader_name="Reader", last_batch_policy=policy)
    assert (len(it), it.size, it.batch_size) == (length, size, 2)
    one, two = epochs(it)
    assert one == [[1, 2], [3, 4], [5, 6], [7, *last[1:]]][:length] and one[-1] == last
    assert two[0] == first
    if not pads:  # one sample was read ahead, and is not read again
        assert two == [[2, 3], [4, 5], [6, 7]]


@pytest.mark.parametrize("stick", [True, False])
@pytest.mark.parametrize("pads", [True, False])
@pytest.mark.parametrize("policy", list(LastBatchPolicy))
def test_shards_of_several_pipelines_take_equal_steps(files, policy, pads, stick):
    n, shards = 23, 3
    pipes = [
        labels(files, n, 4, pad_last_batch=pads, stick_to_shard=stick, shard_id=s, num_shards=shards)
        for s in range(shards)
    ]
    together = DALIGenericIterator(pipes, ["label"], reader_name="Reader", last_batch_policy=policy)
    alone = [
        DALIGenericIterator(
            labels(files, n, 4, pad_last_batch=pads, stick_to_shard=stick, shard_id=s, num_shards=shards),
            ["label"],
            reader_name="Reader",
            last_batch_policy=policy,
        )
        for s in range(shards)
    ]
    for epoch in range(4):
        steps = [[numbers(step, p) for p in range(shards)] for step in together]
        assert steps == [
            [numbers(step) for step in ranks] for ranks in zip(*alone, strict=True)
        ], "a rank alone does what it does beside others"
        seen = [label for step in steps for part in step for label in part]
        if policy == PARTIAL and (pads or epoch == 0):
            assert sorted(seen) == list(range(1, n + 1))
        if policy != PARTIAL:
            assert {len(part) for step in steps for part in step} == {4}
        if policy == FILL and (pads or epoch == 0):
            assert set(seen) == set(range(1, n + 1))
        for it in (together, *alone):
            it.reset()


def test_a_shard_may_have_no_sample_in_the_last_step(files):
    pipes = [labels(files, 5, pad_last_batch=True, shard_id=s, num_shards=2) for s in range(2)]
    it = DALIGenericIterator(pipes, ["label"], reader_name="Reader", last_batch_policy=PARTIAL)
    assert [[numbers(step, p) for p in range(2)] for step in it] == [[[1, 2], [3, 4]], [[], [5]]]
    it.reset()  # the shards have rotated
    assert [[numbers(step, p) for p in range(2)] for step in it] == [[[3, 4], [1, 2]], [[5], []]]


@pytest.mark.parametrize("batch", [8, 20])
def test_a_batch_larger_than_the_data(files, batch):
    it = DALIGenericIterator(labels(files, 3, batch), ["label"], reader_name="Reader", last_batch_policy=FILL)
    stream = [n for epoch in epochs(it, 5) for step in epoch for n in step]
    assert len(stream) == 5 * batch and stream == [i % 3 + 1 for i in range(5 * batch)]


def counting(batch, per_epoch=None):
    """A source of its own: 1, 2, 3, ...; with `per_epoch`, it ends after so many batches."""

    def source(info):
        if per_epoch is not None and info.iteration >= per_epoch:
            raise StopIteration
        start = info.iteration * batch
        return [np.array([start + i + 1], np.int32) for i in range(batch)]

    @pipeline_def(batch_size=batch, num_threads=1, seed=1)
    def pipe():
        return fn.external_source(source, batch_info=True)

    return pipe()


def test_without_a_size_an_epoch_ends_with_the_source():
    it = DALIGenericIterator(counting(2, per_epoch=3), ["label"])
    assert it.size == -1
    with pytest.raises(TypeError):
        len(it)
    assert epochs(it, 3) == [[[1, 2], [3, 4], [5, 6]]] * 3


@pytest.mark.parametrize(
    ("policy", "padded", "last", "first"),
    [
        (FILL, False, [7, 8], [9, 10]),
        (PARTIAL, False, [7], [9, 10]),
        (PARTIAL, True, [7], [9, 10]),
        (DROP, False, [5, 6], [9, 10]),
    ],
)
def test_an_explicit_size(policy, padded, last, first):
    with pytest.warns(DeprecationWarning, match="reader_name"):
        it = DALIGenericIterator(
            counting(2), ["label"], size=7, last_batch_policy=policy, last_batch_padded=padded
        )
    assert len(it) == (3 if policy == DROP else 4)
    one, two = epochs(it)
    assert one[-1] == last and two[0] == first
    # What filled the last batch was the first sample of the next epoch, unless the source pads.
    assert len(two) == (4 if padded else 3)


def test_an_explicit_size_is_that_of_all_pipelines():
    with pytest.warns(DeprecationWarning):
        it = DALIGenericIterator(
            [counting(2), counting(2)], ["label"], size=7, last_batch_policy=PARTIAL, last_batch_padded=True
        )
    assert len(it) == 2
    assert [[numbers(step, p) for p in range(2)] for step in it] == [[[1, 2], [1, 2]], [[3, 4], [3]]]


@pytest.mark.parametrize("auto", [True, "yes"])
def test_auto_reset(files, auto):
    it = DALIGenericIterator(labels(files, 4), ["label"], reader_name="Reader", auto_reset=auto)
    assert [[numbers(s) for s in it] for _ in range(3)] == [[[1, 2], [3, 4]]] * 3
    assert [numbers(it.next()) for _ in range(2)] == [[1, 2], [3, 4]]
    with pytest.raises(StopIteration):
        it.next()
    assert numbers(it.next()) == [1, 2]


def test_the_end_stays_until_reset(files):
    it = DALIGenericIterator(labels(files, 4), ["label"], reader_name="Reader")
    assert [numbers(next(it)) for _ in range(2)] == [[1, 2], [3, 4]]
    for _ in range(3):
        with pytest.raises(StopIteration):
            next(it)
    assert len([numbers(s) for s in it]) == 2, "iter() resets where an epoch has ended"


def test_reset_in_the_middle_is_ignored(files, caplog):
    it = DALIGenericIterator(labels(files, 6), ["label"], reader_name="Reader")
    it.reset()
    assert not caplog.records
    next(it)
    with caplog.at_level(logging.WARNING):
        it.reset()
    assert "middle of an epoch" in caplog.text
    assert [numbers(s) for s in it] == [[3, 4], [5, 6]]


def test_the_first_batch_is_taken_at_once(files):
    pipe = labels(files, 6)
    DALIGenericIterator(pipe, ["label"], reader_name="Reader")
    assert pipe.stats()["batches"] == 1
    pipe = labels(files, 6)
    DALIGenericIterator(pipe, ["label"], reader_name="Reader", prepare_first_batch=False)
    assert not pipe.stats() or pipe.stats()["batches"] == 0
    with pytest.raises(RuntimeError, match="no batch"):
        DALIGenericIterator(counting(2, per_epoch=0), ["label"])


def test_wrong_arguments(files):
    def make(pipes=None, names=("label",), **options):
        return DALIGenericIterator(labels(files, 4) if pipes is None else pipes, names, **options)

    with pytest.raises(ValueError, match="auto_reset"):
        make(auto_reset="maybe")
    with pytest.raises(ValueError, match="last_batch_policy"):
        make(last_batch_policy=2)
    for wrong in (
        {"size": 0},
        {"reader_name": "Reader", "size": 4},
        {"reader_name": "Reader", "last_batch_padded": True},
        {"names": ["a", "b"]},
        {"names": ["a", "a"]},
        {"pipes": [labels(files, 4), labels(files, 4)]},
        {"pipes": [labels(files, 4), labels(files, 4, 3)], "reader_name": "Reader"},
        {"pipes": [labels(files, 4), labels(files, 5)], "reader_name": "Reader"},
        {"pipes": []},
    ):
        with pytest.raises(AssertionError):
            make(**wrong)
    with pytest.raises(KeyError, match="Other"):
        make(reader_name="Other")
    with pytest.warns(DeprecationWarning, match="fill_last_batch"):
        partial = make(pipes=labels(files, 3, pad_last_batch=True), reader_name="Reader", fill_last_batch=False)
    assert [numbers(s) for s in partial] == [[1, 2], [3]]
    with pytest.warns(DeprecationWarning, match="fill_last_batch"):
        full = make(pipes=labels(files, 3, pad_last_batch=True), reader_name="Reader", fill_last_batch=True)
    assert [numbers(s) for s in full] == [[1, 2], [3, 3]]
    pipe = labels(files, 4)
    pipe.run()
    with pytest.raises(RuntimeError, match="Mixing"):
        make(pipes=pipe)


def test_batches_that_are_not_full_are_a_broken_rule():
    def source(info):
        return [np.zeros(1, np.int32)] * (2 if info.iteration < 2 else 1)

    @pipeline_def(batch_size=2, num_threads=1)
    def pipe():
        return fn.external_source(source, batch_info=True)

    with pytest.warns(DeprecationWarning):
        it = DALIGenericIterator(pipe(), ["label"], size=6)
    with pytest.raises(AssertionError, match="batch of 1"):
        list(it)
    assert [len(step[0]["label"]) for step, _ in zip(DALIGenericIterator(pipe(), ["label"]), "abc", strict=False)] == [2, 2, 1]


@pytest.mark.parametrize("taken", [0, 1, 3, 4, 6])
@pytest.mark.parametrize("policy", list(LastBatchPolicy))
def test_checkpoints(files, policy, taken):
    def make(checkpoints=(None, None)):
        pipes = [
            labels(files, 13, shard_id=s, num_shards=2, enable_checkpointing=True, checkpoint=c)
            for s, c in enumerate(checkpoints)
        ]
        return DALIGenericIterator(
            pipes, ["label"], reader_name="Reader", auto_reset=True, last_batch_policy=policy
        )

    def steps(it, count):
        found = []
        while len(found) < count:
            try:
                step = next(it)
            except StopIteration:
                found.append("end")
            else:
                found.append([numbers(step, p) for p in range(2)])
        return found

    it = make()
    steps(it, taken)
    saved = it.checkpoints()
    assert all(isinstance(c, bytes) and len(c) < 1000 for c in saved)
    assert steps(make(saved), 9) == steps(it, 9)


def test_checkpoints_that_are_missing_or_damaged(files, caplog):
    with pytest.raises(ValueError, match="enable_checkpointing"):
        DALIGenericIterator(labels(files, 4), ["label"], reader_name="Reader").checkpoints()
    it = DALIGenericIterator(labels(files, 4, enable_checkpointing=True), ["label"], reader_name="Reader")
    (saved,) = it.checkpoints()
    damaged = saved.replace(b'"epoch": 0, "step": 0', b'"epoch": 0, "step": -1')
    assert damaged != saved
    with pytest.raises(ValueError, match="damaged"):
        DALIGenericIterator(labels(files, 4, checkpoint=damaged), ["label"], reader_name="Reader")
    with caplog.at_level(logging.WARNING):
        pipes = [labels(files, 4, checkpoint=saved), labels(files, 4)]
        DALIGenericIterator(pipes, ["label"], reader_name="Reader")
    assert "some pipelines" in caplog.text


@pytest.mark.parametrize("auto", [True, False])
def test_a_checkpoint_at_the_end_of_an_epoch(files, auto):
    def make(checkpoint=None):
        pipe = labels(files, 5, pad_last_batch=True, enable_checkpointing=True, checkpoint=checkpoint)
        return DALIGenericIterator(
            pipe, ["label"], reader_name="Reader", auto_reset=auto, last_batch_policy=PARTIAL
        )

    it = make()
    assert [numbers(s) for s in it] == [[1, 2], [3, 4], [5]]
    again = make(it.checkpoints()[0])
    assert [numbers(s) for s in again] == [[1, 2], [3, 4], [5]]
    it = make()
    for _ in range(3):
        next(it)
    again = make(it.checkpoints()[0])
    with pytest.raises(StopIteration):
        next(again)


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


def test_the_policy_is_one_class():
    assert base_iterator.LastBatchPolicy is LastBatchPolicy
    assert [p.value for p in (FILL, DROP, PARTIAL)] == [0, 1, 2]
