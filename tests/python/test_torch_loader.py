"""Loader: epochs, steps, state, shards, and what it does where a loop is left early."""

import json
import multiprocessing
import os
import weakref

import needs_torch  # noqa: F401
import numpy as np
import pytest
import torch
from data import make_images
from torch.distributed.checkpoint.stateful import Stateful
from variegate import fn, pipeline_def, types
from variegate.plugin.pytorch import LastBatchPolicy, Loader, _pinned
from variegate.plugin.pytorch import _loader as inside
from variegate.plugin.pytorch.loader_evaluator import LoaderEvaluator

FILL, DROP, PARTIAL = LastBatchPolicy.FILL, LastBatchPolicy.DROP, LastBatchPolicy.PARTIAL
N = 23


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return [str(p) for p in make_images(tmp_path_factory.mktemp("images"), N)]


@pipeline_def(num_threads=2, seed=11, enable_conditionals=True)
def training(files, shuffle=True, pad=False, shard_id=None, num_shards=None):
    encoded, label = fn.readers.file(
        files=files,
        name="Reader",
        random_shuffle=shuffle,
        pad_last_batch=pad,
        shard_id=shard_id,
        num_shards=num_shards,
    )
    image = fn.random_resized_crop(fn.decoders.image(encoded), size=[12, 10])
    if fn.random.coin_flip():
        image = fn.rotate(image, angle=fn.random.uniform(range=[-30, 30]), keep_size=True, fill_value=0)
    return fn.crop_mirror_normalize(image, dtype=types.FLOAT), label


def loader(files, batch=4, policy=None, shard="auto", seed=11, **options):
    return Loader(
        training(files, batch_size=batch, seed=seed, **options), last_batch_policy=policy, shard=shard
    )


def ids(loop):
    return [step.label.flatten().tolist() for step in loop]


def same(a, b):
    """Whether two loops give the same bytes."""
    a, b = list(a), list(b)
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        assert torch.equal(x.data, y.data) and torch.equal(x.label, y.label)
    return len(a)


def test_batches_have_names(files):
    with loader(files) as batches:
        for step in batches:
            data, label = step
            assert step.data is data and step._fields == ("data", "label")
            assert data.shape == (4, 3, 12, 10) and data.dtype == torch.float32
            assert label.shape == (4, 1) and label.dtype == torch.int32
            assert batches.last.sample_ids == label.flatten().tolist()
            assert "crop" in str(batches.last.program(0))
    named = Loader(training(files, batch_size=4), ["x", "y"])
    assert next(iter(named))._fields == ("x", "y")
    with pytest.raises(ValueError, match="2 outputs"):
        Loader(training(files, batch_size=4), ["x"])
    assert named.batch_size == 4 and isinstance(named, Stateful)


def test_epochs_go_on(files):
    batches = loader(files)
    stream, steps = [], []
    for epoch in range(8):
        assert batches.epoch == epoch
        expected = len(batches)
        found = ids(batches)
        assert len(found) == expected
        steps.append(len(found))
        stream += [i for step in found for i in step]
    assert len(stream) == 8 * N and steps == [6, 6, 6, 5, 6, 6, 6, 5]
    orders = [stream[e * N : (e + 1) * N] for e in range(8)]
    assert all(sorted(order) == list(range(N)) for order in orders)
    assert len({tuple(order) for order in orders}) == 8


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize(
    ("pad", "policy", "steps", "samples"),
    [
        (True, None, 6, 23),
        (True, FILL, 6, 24),
        (True, DROP, 5, 20),
        (False, PARTIAL, 6, 23),
        (False, DROP, 5, 20),
    ],
)
def test_policies(files, pad, policy, steps, samples, shuffle):
    batches = loader(files, policy=policy, pad=pad, shuffle=shuffle)
    for epoch in range(3):
        found = ids(batches)
        if pad or epoch == 0:
            assert len(found) == steps and sum(map(len, found)) == samples
            assert len({i for step in found for i in step}) == min(samples, N)


@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("shuffle", [True, False])
def test_leaving_early_begins_the_next_epoch(files, shuffle, pad):
    batches, whole = loader(files, pad=pad, shuffle=shuffle), loader(files, pad=pad, shuffle=shuffle, batch=N)
    for epoch in range(4):
        first = next(iter(batches))
        expected = next(iter(whole))
        assert torch.equal(first.data, expected.data[:4])
        assert batches.epoch == epoch
        # `whole` has whole epochs in a batch: none is begun.


@pytest.mark.parametrize("policy", [None, FILL, DROP, PARTIAL])
@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("taken", [0, 1, 5, 6, 9])
def test_a_state_goes_on_with_the_same_bytes(files, taken, pad, policy):
    def make(**options):
        return loader(files, pad=pad, policy=policy, **options)

    def steps(batches, count):
        """Batches over epochs, and where these end."""
        while True:
            for step in batches:
                yield step
                count -= 1
                if count == 0:
                    return

    batches = make()
    for _ in zip(range(taken), steps(batches, 100), strict=False):
        pass
    state = batches.state_dict()
    assert len(json.dumps(state)) < 1000
    state = json.loads(json.dumps(state))
    other = make(num_threads=1, prefetch_queue_depth=4)
    other.load_state_dict(state)
    batches.load_state_dict(state)  # the same object as well
    assert len(other) == len(batches) and other.epoch == batches.epoch
    for _ in range(3):
        assert same(batches, other) in (0, 1, 2, 3, 4, 5, 6)


def test_a_state_fits_another_batch_size(files):
    batches = loader(files, pad=True)
    step = iter(batches)
    seen = [i for _ in range(2) for i in next(step).label.flatten().tolist()]
    state = batches.state_dict()
    other = loader(files, pad=True, batch=5)
    other.load_state_dict(state)
    assert len(other) == 2 + 3
    found = ids(other)
    assert len(found) == 3 and sorted(seen + [i for s in found for i in s]) == list(range(N))
    assert sorted(i for s in ids(other) for i in s) == list(range(N))


def test_a_state_within_and_after_the_last_batch(files):
    batches, again = loader(files, pad=True), loader(files, pad=True)
    for _ in batches:
        state = batches.state_dict()
    again.load_state_dict(state)
    assert ids(again) == [] and again.epoch == 1
    after = batches.state_dict()
    again.load_state_dict(after)
    assert again.epoch == 1 and same(again, batches) == 6


def test_wrong_states(files):
    batches = loader(files)
    good = batches.state_dict()
    for wrong in (
        {},
        None,
        {**good, "epoch": -1},
        {**good, "step": "1"},
        {**good, "ended": 3},
        {**good, "pipeline": {**good["pipeline"], "seed": 12}},
    ):
        with pytest.raises(ValueError, match="state"):
            batches.load_state_dict(wrong)
    with pytest.raises(ValueError, match="belongs to 23 samples"):
        loader(files[1:]).load_state_dict(good)


def test_a_loop_goes_on_after_a_bad_sample(files, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no image")
    batches = loader([*files[:5], str(bad), *files[6:]], shuffle=False)
    steps = iter(batches)
    assert next(steps).label.flatten().tolist() == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match=r"bad\.jpg"):
        next(steps)
    assert [s.label[0].item() for s in steps] == [8, 12, 16, 20] and batches.epoch == 1
    assert list(steps) == [], "a loop that has ended does not begin again"


def test_one_loop_at_a_time(files):
    batches = loader(files)
    first = iter(batches)
    next(first)
    second = iter(batches)
    next(second)
    with pytest.raises(RuntimeError, match="another loop"):
        next(first)
    with pytest.raises(RuntimeError, match="Mixing"):
        batches.pipeline.run()


def numbers(per_epoch=None):
    def source(info):
        if per_epoch is not None and info.idx_in_epoch >= per_epoch:
            raise StopIteration
        return np.array([info.idx_in_epoch, info.epoch_idx], np.int32)

    @pipeline_def(batch_size=3, num_threads=1, seed=1)
    def pipe():
        return fn.external_source(source, batch=False)

    return pipe()


def test_sources_that_end():
    batches = Loader(numbers(6))
    with pytest.raises(TypeError, match="not known"):
        len(batches)
    for epoch in range(3):
        found = [step.data.tolist() for step in batches]
        assert found == [[[3 * s + i, epoch] for i in range(3)] for s in range(2)]
    next(iter(batches))
    assert next(iter(batches)).data.tolist() == [[i, 4] for i in range(3)], "left early: the next epoch"


def test_sources_with_a_size():
    batches = Loader(numbers(), size=7, last_batch_policy=PARTIAL)
    assert len(batches) == 3
    assert [step.data[:, 0].tolist() for step in batches] == [[0, 1, 2], [3, 4, 5], [6]]
    state = batches.state_dict()
    assert [step.data[:, 0].tolist() for step in batches] == [[9, 10, 11], [12, 13]]
    again = Loader(numbers(), size=7, last_batch_policy=PARTIAL)
    again.load_state_dict(state)
    assert [step.data[:, 0].tolist() for step in again] == [[9, 10, 11], [12, 13]]
    with pytest.raises(ValueError, match="size"):
        Loader(numbers(), size=0)


@pytest.mark.parametrize("policy", [None, FILL, DROP, PARTIAL])
@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch", [1, 4])
def test_shards_take_equal_steps(files, shuffle, pad, policy, batch):
    ranks = [
        loader(files, batch, policy, shard=(r, 3), shuffle=shuffle, pad=pad, num_threads=1) for r in range(3)
    ]
    counts = {}
    for epoch in range(4):
        found = [[(ids_of(r.last, k), k) for k in r] for r in ranks]
        assert len({len(f) for f in found}) == 1
        assert len({json.dumps(r.state_dict()) for r in ranks}) == 1
        for rank in found:
            for places, step in rank:
                for e, i in places[: len(step.label)]:
                    counts[e, i] = counts.get((e, i), 0) + 1
        if policy in (None, FILL) and not pad or policy is None:
            assert all(counts[epoch, i] == 1 for i in range(N)), "every sample goes to one rank"
    if policy != FILL or not pad:
        assert set(counts.values()) == {1}


def ids_of(last, step):
    return [(e, i) for e, i in zip(last.epochs, last.sample_ids, strict=True)]


def test_the_launcher_names_the_shard(files, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "3")
    assert same(loader(files), loader(files, shard=(1, 3))) == 2
    told = loader(files, shard_id=0, num_shards=2)
    assert told.pipeline.reader_meta("Reader")["number_of_shards"] == 2
    everything = loader(files, shard=None)
    assert len(everything) == 6
    with pytest.raises(ValueError, match="seed"):
        loader(files, seed=None)
    with pytest.raises(ValueError, match="shard ="):
        loader(files, shard="none")
    monkeypatch.setenv("RANK", "3")
    with pytest.raises(RuntimeError, match="shard_id = 3"):
        loader(files)


def test_wrong_arguments(files):
    with pytest.raises(TypeError, match="needs a pipeline"):
        Loader([1, 2])
    with pytest.raises(ValueError, match="last_batch_policy"):
        loader(files, policy="drop")
    with pytest.raises(KeyError, match="Other"):
        Loader(training(files, batch_size=2), reader_name="Other")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_leaves_pipelines_alone(files):
    batches = loader(files)
    step = iter(batches)
    next(step)

    def child():
        try:
            next(step)
        except RuntimeError as e:
            os._exit(0 if "closed" in str(e) else 1)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(20)
    assert process.exitcode == 0
    assert len(list(step)) == 5


def test_the_evaluator_measures_and_replays(files):
    plain, logged = loader(files), LoaderEvaluator(loader(files))
    assert len(logged) == len(plain) and logged.batch_size == 4
    for ours, theirs in zip(logged, plain, strict=True):
        assert torch.equal(ours.data, theirs.data)
    metrics = logged.metrics()
    assert metrics["batches"] == len(plain)
    assert 0 < metrics["longest"] <= metrics["waiting"] <= metrics["seconds"]
    assert metrics["share"] == metrics["waiting"] / metrics["seconds"]
    logged.reset_metrics()
    assert logged.metrics()["batches"] == logged.metrics()["seconds"] == 0

    kept = LoaderEvaluator(loader(files), mode="replay", num_cached_batches=2)
    steps = list(kept)
    assert len(steps) == len(plain) >= 3
    assert all(step is steps[i % 2] for i, step in enumerate(steps)) and steps[0] is not steps[1]
    assert next(iter(kept)) is steps[0]
    for wrong in ({"mode": "guess"}, {"mode": "replay", "num_cached_batches": 0}):
        with pytest.raises(ValueError):
            LoaderEvaluator(plain, **wrong)


def test_processes_agree_on_the_seed_of_the_first(monkeypatch):
    """The store is that of one process, which takes the parts of several: each begins to count its loaders at 0."""
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    try:
        monkeypatch.setattr(inside, "_agreements", 0)
        assert inside.agreed_seed(7) == 7
        second = inside.agreed_seed(None)
        for given in (None, 7):
            monkeypatch.setattr(inside, "_agreements", 0)
            assert inside.agreed_seed(given) == 7
            assert inside.agreed_seed(None) == second
        monkeypatch.setattr(inside, "_agreements", 0)
        with pytest.raises(ValueError, match="seed 8, another one 7"):
            inside.agreed_seed(8)
    finally:
        torch.distributed.destroy_process_group()
    assert inside.agreed_seed(None) is None and inside.agreed_seed(5) == 5


def test_pinned_memory_gives_the_same_bytes(files):
    """Where no GPU is, nothing is pinned, and that is all."""
    with loader(files) as plain:
        pinned = Loader(training(files, batch_size=4), pin_memory=True)
        for a, b in zip(plain, pinned, strict=True):
            assert torch.equal(a.data, b.data) and torch.equal(a.label, b.label)
        if not torch.cuda.is_available():
            assert pinned.pipeline.stats()["pinned_bytes"] == 0
        pinned.close()
    built = training(files, batch_size=4)
    built.build()
    with pytest.raises(ValueError, match="not built"):
        Loader(built, pin_memory=True)


def test_batches_are_held_until_the_gpu_has_passed_them():
    class Event:
        """What torch.cuda.Event is without a GPU: passed when somebody says so, or waits."""

        def __init__(self):
            self.passed = False

        def query(self):
            return self.passed

        def synchronize(self):
            self.passed = True

    class Memory:
        pass

    events, alive = [], []

    def record():
        events.append(Event())
        return events[-1]

    held = _pinned.Held(record)

    def keep():
        memory = Memory()
        alive.append(weakref.ref(memory))
        held.keep(memory)
        return [ref() is not None for ref in alive]

    assert keep() == [True]
    assert keep() == [True, True]
    events[1].passed = True
    assert keep() == [True] * 3  # in order: one that waits keeps those behind it
    events[0].passed = True
    assert keep() == [False, False, True, True]
    for _ in range(_pinned.MOST - 2):
        keep()
    assert sum(keep()) == _pinned.MOST and events[2].passed  # the loop waited for the oldest
    held.end()
    assert all(ref() is None for ref in alive) and all(e.passed for e in events)
