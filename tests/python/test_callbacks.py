"""python_function: what it sees, in which order, and what becomes of its results."""

import numpy as np
import pytest
import variegate as vg
from variegate import fn


def numbers(batch):
    count = iter(range(10**9))
    return lambda: [np.full((4, 4), next(count), np.int32) for _ in range(batch)]


@pytest.mark.parametrize("threads", [1, 4])
def test_samples_come_in_order_over_all_batches(threads):
    seen = []

    def note(x):
        seen.append(int(x[0, 0]))
        return x

    @vg.pipeline_def(batch_size=3, num_threads=threads, prefetch_queue_depth=4, device_id=None)
    def pipe():
        return fn.python_function(fn.external_source(source=numbers(3)), function=note)

    with pipe() as p:
        for i in range(60):
            (out,) = p.run()
            assert [int(out.at(k)[0, 0]) for k in range(3)] == [3 * i, 3 * i + 1, 3 * i + 2]
    assert seen == sorted(seen)


def test_only_the_samples_of_its_branch():
    seen = []

    def note(x):
        seen.append(int(x[0, 0]))
        return x + 100

    @vg.pipeline_def(batch_size=4, num_threads=2, enable_conditionals=True, device_id=None)
    def pipe():
        x = fn.external_source(source=numbers(4))
        if x[0, 0] % 2 == 0:
            x = fn.python_function(x, function=note)
        return x

    with pipe() as p:
        out = p.run()[0]
        assert [int(out.at(i)[0, 0]) for i in range(4)] == [100, 1, 102, 3]
    assert all(v % 2 == 0 for v in seen) and seen == sorted(seen)


def test_whole_batches_and_several_outputs():
    def split(xs, ys):
        assert len(xs) == len(ys) == 4
        return [x + y for x, y in zip(xs, ys, strict=True)], [x * 0 for x in xs]

    @vg.pipeline_def(batch_size=4, num_threads=2, device_id=None)
    def pipe():
        x = fn.external_source(source=numbers(4))
        total, zero = fn.python_function(x, x, function=split, num_outputs=2, batch_processing=True)
        return total, zero + 1

    with pipe() as p:
        total, one = p.run()
        assert [int(total.at(i)[0, 0]) for i in range(4)] == [0, 2, 4, 6]
        assert all((one.at(i) == 1).all() for i in range(4))


def test_a_sink_runs_though_nothing_uses_it():
    seen = []

    @vg.pipeline_def(batch_size=2, num_threads=1, device_id=None)
    def pipe():
        x = fn.external_source(source=numbers(2))
        fn.python_function(x, function=lambda v: seen.append(int(v[0, 0])), num_outputs=0)
        return x

    with pipe() as p:
        p.run()
    assert seen[:2] == [0, 1]


def test_preserved_operators_are_evaluated():
    seen = []

    @vg.pipeline_def(batch_size=2, num_threads=1, device_id=None)
    def pipe():
        x = fn.external_source(source=numbers(2))
        fn.python_function(x, function=lambda v: seen.append(1) or v, preserve=True)
        return x

    with pipe() as p:
        p.run()
    assert seen


def test_without_a_reader_samples_are_counted_from_the_beginning_of_each_epoch():
    @vg.pipeline_def(batch_size=2, num_threads=2, seed=5, device_id=None)
    def pipe():
        x = fn.external_source(source=[[np.zeros(3, np.int32)] * 2] * 3)
        return x, fn.random.uniform(range=[0, 1])

    def epoch(p):
        batches = list(p.epoch())
        assert [b.sample_ids for b in batches] == [[0, 1], [2, 3], [4, 5]]
        return [b.epochs[0] for b in batches], [float(b[1].at(i)) for b in batches for i in range(2)]

    with pipe() as p:
        first, second = epoch(p), epoch(p)
        assert first[0] == [0, 0, 0] and second[0] == [1, 1, 1]
        assert first[1] != second[1]
    with pipe() as p:
        assert epoch(p) == first
