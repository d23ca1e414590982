"""Draws are uniform and independent: chi-square tests over 100,000 samples, through plans without pixels.

Seeds are fixed, so the tests never change their minds; p-values above 0.001 are accepted, as many are computed.
"""

import itertools
from collections import Counter

import numpy as np
import pytest
import variegate as vg
from variegate import fn
from variegate.auto_aug import auto_augment, rand_augment, trivial_augment
from variegate.auto_aug.core import Policy, augmentation

N = 100_000
NORMAL_999 = 3.09  # the 99.9 % quantile of a normal distribution


def quantile(degrees):
    """99.9 % quantile of chi-square (Wilson and Hilferty 1931)."""
    k = degrees
    return k * (1 - 2 / (9 * k) + NORMAL_999 * (2 / (9 * k)) ** 0.5) ** 3


def assert_distributed(counts, probabilities):
    counts, expected = np.asarray(counts, float), np.asarray(probabilities, float) * np.sum(counts)
    assert (counts[expected == 0] == 0).all()
    some = expected > 0
    statistic = (((counts - expected) ** 2)[some] / expected[some]).sum()
    assert statistic < quantile(max(some.sum() - 1, 1)), (statistic, counts, expected)


def assert_independent(pairs, rows, columns):
    table = np.zeros((rows, columns))
    for (a, b), n in Counter(pairs).items():
        table[a, b] += n
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    some = expected > 0
    statistic = ((table - expected)[some] ** 2 / expected[some]).sum()
    used = (table.sum(1) > 0).sum(), (table.sum(0) > 0).sum()
    assert statistic < quantile(max((used[0] - 1) * (used[1] - 1), 1)), statistic


def numbered(i, negate=True):
    """An augmentation whose parameter tells its number and its magnitude: 1000 * i + 500 + magnitude."""

    def op(data, parameter):
        return fn.brightness(data, brightness=parameter)

    return augmentation(
        op,
        mag_range=(0, 30),
        randomly_negate=negate,
        mag_to_param=lambda m: 1000 * i + 500 + m,
        name=f"op{i}",
    )


NUMBERED = [numbered(i) for i in range(14)]


def programs(build, **kwargs):
    @vg.pipeline_def(batch_size=1, num_threads=1, seed=4, enable_conditionals=True, device_id=None)
    def pipe():
        image = fn.constant(idata=[0], shape=[4, 4, 3], dtype=vg.types.UINT8, layout="HWC")
        return build(image)

    with pipe(**kwargs) as p:
        return [[(params["brightness"]) for _, params in q.operations] for q in p.plan(list(range(N)), 0)]


def split(value):
    """(operation, bin, sign) of a NUMBERED step."""
    i, rest = divmod(round(value), 1000)
    magnitude = rest - 500
    return i, abs(magnitude), int(magnitude < 0)


@pytest.mark.parametrize("seed", [None, 42])
def test_rand_augment(seed):
    steps = programs(lambda x: rand_augment.apply_rand_augment(NUMBERED, x, n=2, m=15, seed=seed))
    drawn = [tuple(split(v) for v in s) for s in steps]
    assert all(len(d) == 2 and d[0][1] == d[1][1] == 15 for d in drawn)
    for k in range(2):
        assert_distributed(np.bincount([d[k][0] for d in drawn], minlength=14), [1 / 14] * 14)
        assert_distributed(np.bincount([d[k][2] for d in drawn], minlength=2), [0.5, 0.5])
        assert_independent([(d[k][0], d[k][2]) for d in drawn], 14, 2)
    assert_independent([(d[0][0], d[1][0]) for d in drawn], 14, 14)
    assert_independent([(d[0][2], d[1][2]) for d in drawn], 2, 2)


@pytest.mark.parametrize("seed", [None, 42])
def test_trivial_augment(seed):
    steps = programs(
        lambda x: trivial_augment.apply_trivial_augment(NUMBERED, x, num_magnitude_bins=31, seed=seed)
    )
    drawn = [split(s[0]) for s in steps]
    assert_distributed(np.bincount([d[0] for d in drawn], minlength=14), [1 / 14] * 14)
    assert_distributed(np.bincount([d[1] for d in drawn], minlength=31), [1 / 31] * 31)
    signs = [d[2] for d in drawn if d[1] != 0]  # minus zero does not show
    assert_distributed(np.bincount(signs, minlength=2), [0.5, 0.5])
    assert_independent([(d[0], d[1]) for d in drawn], 14, 31)
    assert_independent([(d[0], d[2]) for d in drawn if d[1]], 14, 2)
    assert_independent([(d[1], d[2]) for d in drawn if d[1]], 31, 2)


@pytest.mark.parametrize("seed", [None, 42])
def test_auto_augment(seed):
    """Four sub-policies of two steps with probabilities 0.5 and 0.25, the last of one step that always runs."""
    p = [0.5, 0.25]
    subs = [[(NUMBERED[2 * k], p[0], 5), (NUMBERED[2 * k + 1], p[1], 7)] for k in range(3)]
    subs.append([(NUMBERED[6], 1.0, 9)])
    steps = programs(lambda x: auto_augment.apply_auto_augment(Policy("P", 31, subs), x, seed=seed))
    outcomes = Counter()
    signs = []
    for s in steps:
        drawn = [split(v) for v in s]
        outcomes[tuple(d[0] for d in drawn)] += 1
        signs += [(d[0], d[2]) for d in drawn]
    expected = {(): 3 / 4 * 0.5 * 0.75, (6,): 1 / 4}
    for k in range(3):
        expected[(2 * k,)] = 0.25 * 0.5 * 0.75
        expected[(2 * k + 1,)] = 0.25 * 0.5 * 0.25
        expected[(2 * k, 2 * k + 1)] = 0.25 * 0.5 * 0.25
    assert set(outcomes) == set(expected)
    assert_distributed([outcomes[k] for k in expected], list(expected.values()))
    assert_distributed(np.bincount([s for _, s in signs], minlength=2), [0.5, 0.5])
    assert_independent(signs, 7, 2)


def test_the_four_policies_choose_their_sub_policies_evenly():
    """Through the marks of a policy of 25 one-step sub-policies that always run."""
    marks = [numbered(i, negate=False) for i in range(25)]
    policy = Policy("P", 31, [[(m, 1.0, 3)] for m in marks])
    steps = programs(lambda x: auto_augment.apply_auto_augment(policy, x))
    assert_distributed(np.bincount([split(s[0])[0] for s in steps], minlength=25), [1 / 25] * 25)


def test_epochs_draw_anew():
    @vg.pipeline_def(batch_size=1, num_threads=1, seed=4, enable_conditionals=True, device_id=None)
    def pipe():
        image = fn.constant(idata=[0], shape=[4, 4, 3], dtype=vg.types.UINT8, layout="HWC")
        return rand_augment.apply_rand_augment(NUMBERED, image, n=1, m=15)

    with pipe() as p:
        drawn = [
            [split(q.operations[0][1]["brightness"])[0] for q in p.plan(list(range(20_000)), e)]
            for e in (0, 1)
        ]
    assert_independent(list(zip(*drawn, strict=True)), 14, 14)


def test_pairs_of_unnamed_draws_are_independent():
    @vg.pipeline_def(batch_size=1, num_threads=1, seed=9, device_id=None)
    def pipe():
        image = fn.constant(idata=[0], shape=[4, 4, 3], dtype=vg.types.UINT8, layout="HWC")
        draws = [fn.random.uniform(range=[0, 1]) for _ in range(3)] + [
            fn.random.coin_flip() for _ in range(2)
        ]
        for d in draws:
            image = fn.brightness(image, brightness=d)
        return image

    with pipe() as p:
        values = np.array([[op[1]["brightness"] for op in q.operations] for q in p.plan(list(range(N)), 0)])
    bins = np.minimum((values * 8).astype(int), 7)
    for a, b in itertools.combinations(range(5), 2):
        assert_independent(list(zip(bins[:, a], bins[:, b], strict=True)), 8, 8)
