"""DALI's iterators for PyTorch: epochs, last batches, several pipelines, checkpoints."""

import logging

import needs_torch  # noqa: F401
import numpy as np
import pytest
from data import make_images
from variegate import fn, pipeline_def
from variegate.plugin import base_iterator
from variegate.plugin.pytorch import (
    DALIGenericIterator,
    LastBatchPolicy,
)

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
        assert steps == [[numbers(step) for step in ranks] for ranks in zip(*alone, strict=True)], (
            "a rank alone does what it does beside others"
        )
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
        partial = make(
            pipes=labels(files, 3, pad_last_batch=True), reader_name="Reader", fill_last_batch=False
        )
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
    assert [
        len(step[0]["label"]) for step, _ in zip(DALIGenericIterator(pipe(), ["label"]), "abc", strict=False)
    ] == [2, 2, 1]


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


def test_the_policy_is_one_class():
    assert base_iterator.LastBatchPolicy is LastBatchPolicy
    assert [p.value for p in (FILL, DROP, PARTIAL)] == [0, 1, 2]
