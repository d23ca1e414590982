"""`if` over samples in real pipelines: what the conversion and the engine make of it together."""

import numpy as np
import pytest
import variegate as vg
from variegate import fn, pipeline_def, types
from variegate.pipeline import do_not_convert

IMAGE = np.arange(8 * 10 * 3, dtype=np.uint8).reshape(8, 10, 3)
FLIPPED = IMAGE[:, ::-1]
HALF = [True, False, True, False]
COMMON = {
    "batch_size": 4,
    "num_threads": 2,
    "device_id": types.CPU_ONLY_DEVICE_ID,
    "seed": 1,
    "enable_conditionals": True,
}


def image():
    return fn.external_source(source=lambda: [IMAGE] * 4, layout="HWC")


def flags(values=HALF):
    return fn.external_source(source=lambda: [np.array(v) for v in values])


def numbers():
    return fn.external_source(source=lambda: [np.array(i, dtype=np.int32) for i in range(4)])


def batch(function):
    """One batch of the pipeline that `function` defines: a list of samples per output."""
    outputs = pipeline_def(function, **COMMON)().run()
    return [[output.at(i) for i in range(4)] for output in outputs]


def test_list_items_in_a_branch():
    def pipe():
        images, c = [image(), image()], flags()
        for i in range(len(images)):
            if c:
                images[i] = fn.flip(images[i])
        return tuple(images)

    for output in batch(pipe):
        for got, flag in zip(output, HALF, strict=True):
            assert np.array_equal(got, FLIPPED if flag else IMAGE)


class Augmenter:
    def __init__(self):
        self.image = None
        self.steps = {"flips": 0}

    def __call__(self, image, c):
        self.image = image
        if c:
            return self.flip()
        return self.image

    def flip(self):
        self.image = fn.flip(self.image)
        self.steps["flips"] += 1
        return self.image


def test_class_with_state():
    def pipe():
        augmenter = Augmenter()
        out = augmenter(image(), flags())
        return out, augmenter.image, augmenter.steps["flips"]

    out, kept, count = batch(pipe)
    for got, again, n, flag in zip(out, kept, count, HALF, strict=True):
        assert np.array_equal(got, FLIPPED if flag else IMAGE) and np.array_equal(got, again)
        assert n == int(flag)


def test_selection_by_recursion():
    def select(x, index, operations, i=0):
        if i >= len(operations):
            return x
        if index == i:
            return operations[i](x)
        return select(x, index, operations, i + 1)

    def pipe():
        operations = [fn.flip, lambda x: fn.flip(x, horizontal=0, vertical=1), lambda x: x]
        return select(image(), numbers(), operations)

    (out,) = batch(pipe)
    for got, expected in zip(out, [FLIPPED, IMAGE[::-1], IMAGE, IMAGE], strict=True):
        assert np.array_equal(got, expected)


def test_an_error_of_the_branch_not_taken_never_comes_up():
    def pipe():
        n = numbers()
        row = fn.external_source(source=lambda: [np.arange(2, dtype=np.int32)] * 4)
        guarded = n < 2 and row[n] == 1
        return guarded, (row[n] if n < 2 else -1)

    guarded, values = batch(pipe)
    assert [bool(v) for v in guarded] == [False, True, False, False]
    assert [int(v) for v in values] == [0, 1, -1, -1]


def test_all_samples_on_one_side():
    def pipe():
        x, c = image(), flags([True] * 4)
        if c:
            y = fn.flip(x)
        else:
            y = fn.resize(x, size=[2, 2])
        return y

    for got in batch(pipe)[0]:
        assert np.array_equal(got, FLIPPED)


def test_divergent_types_name_the_line_of_the_if():
    def pipe():
        x, c = image(), flags()
        if c:
            x = fn.cast(x, dtype=types.FLOAT)
        return x

    line = pipe.__code__.co_firstlineno + 2
    with pytest.raises(RuntimeError, match=rf"[Dd]ivergent[\s\S]*test_conditional_pipelines.py:{line}"):
        batch(pipe)


def test_draws_in_a_branch_do_not_depend_on_the_others():
    def pipe(values):
        c = flags(values)
        x = -1.0
        if c:
            x = fn.random.uniform(range=[0, 1])
        return x

    (all_,) = batch(lambda: pipe([True] * 4))
    (some,) = batch(lambda: pipe(HALF))
    assert [float(v) for v in some] == [float(v) if flag else -1 for v, flag in zip(all_, HALF, strict=True)]


def test_python_function_sees_the_samples_of_its_branch_only():
    seen = []

    @do_not_convert
    def look(x):
        seen.append(int(x))
        return x

    def pipe():
        n, c = numbers(), flags()
        if c:
            n = fn.python_function(n, function=look)
        return n

    assert [int(v) for v in batch(pipe)[0]] == [0, 1, 2, 3]
    assert set(seen) == {0, 2}


def test_predicates_of_other_types_and_ranks():
    def numeric():
        x = 0
        if fn.external_source(source=lambda: [np.float32(v) for v in (0, 0.25, -1, 0)]):
            x = 1
        return x

    def ranked():
        x = image()
        if fn.external_source(source=lambda: [np.array([True])] * 4):
            x = fn.flip(x)
        return x

    assert [int(v) for v in batch(numeric)[0]] == [0, 1, 1, 0]
    with pytest.raises(RuntimeError, match="scalar"):
        batch(ranked)


def test_ten_thousand_ifs():
    def pipe():
        n = x = numbers()
        for i in range(10_000):
            if n > i:
                x = x + 1
        return x

    assert [int(v) for v in batch(pipe)[0]] == [0, 2, 4, 6]


def test_conditionals_off():
    def pipe():
        x = image()
        return fn.flip(x) if flags() else x

    with pytest.raises(TypeError, match="enable_conditionals"):
        pipeline_def(pipe, **{**COMMON, "enable_conditionals": False})()
    with pytest.raises(ValueError, match="do_not_convert"):
        pipeline_def(do_not_convert(lambda: vg.types.Constant(1)), **COMMON)
