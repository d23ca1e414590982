"""Several processes that torchrun starts: who reads what, equal steps, and a run that goes on with other processes."""

import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import needs_torch  # noqa: F401
import pytest
import torch_rank
import variegate
from data import make_images

N = 23
HERE = Path(__file__).parent
PACKAGE = str(Path(variegate.__file__).resolve().parents[1])
ORDERS = [
    {"shuffle": shuffle, "pad": pad, "policy": policy}
    for shuffle, pad, policy in itertools.product(
        [True, False], [True, False], [None, "FILL", "DROP", "PARTIAL"]
    )
]
EXACT = [i for i, order in enumerate(ORDERS) if order["policy"] is None]


def torchrun(folder, name, ranks, tasks):
    """What the ranks tell: [rank][task]."""
    (folder / f"{name}.json").write_text(json.dumps(tasks))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"]
    environment = dict(os.environ, PYTHONPATH=PACKAGE, OMP_NUM_THREADS="1")
    end = subprocess.run(
        [*command, HERE / "torch_rank.py", folder, name],
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert end.returncode == 0, end.stderr[-4000:]
    return [json.loads((folder / f"{name}-{rank}.json").read_text()) for rank in range(ranks)]


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    files = [str(p) for p in make_images(tmp_path_factory.mktemp("images"), N)]
    return {"files": files, "batch": 3}


@pytest.fixture(scope="module")
def two(task, tmp_path_factory):
    """Two ranks: an epoch, then two steps of the next."""
    folder = tmp_path_factory.mktemp("two")
    return torchrun(folder, "two", 2, [{**task, **order, "take": [99, 2]} for order in ORDERS])


@pytest.fixture(scope="module")
def bytes_of(task):
    """(order, epoch, sample) -> hash, of one process."""
    hashes = {}
    for i in EXACT:
        loader = torch_rank.make({**task, **ORDERS[i]}, shard=None)
        for _ in range(3):
            for epoch, sample, digest in itertools.chain(*torch_rank.take(loader, 99)):
                hashes[i, epoch, sample] = digest
        loader.close()
    return hashes


def test_all_ranks_take_equal_steps(two):
    for i, order in enumerate(ORDERS):
        lengths = {(rank[i]["length"], len(rank[i]["steps"][0])) for rank in two}
        assert len(lengths) == 1, order
        ((length, steps),) = lengths
        assert length == steps == (3 if order["policy"] == "DROP" else 4), order


def test_every_sample_goes_to_one_rank(two, bytes_of):
    for i in EXACT:
        seen = [tuple(s) for rank in two for step in rank[i]["steps"][0] for s in step]
        counts = Counter((epoch, sample) for epoch, sample, _ in seen)
        assert set(counts.values()) == {1}
        assert {sample for epoch, sample in counts if epoch == 0} == set(range(N))
        assert all(bytes_of[i, epoch, sample] == digest for epoch, sample, digest in seen)


@pytest.mark.parametrize("ranks", [1, 3])
def test_a_run_goes_on_with_other_ranks(two, task, bytes_of, tmp_path, ranks):
    tasks = [{**task, **ORDERS[i], "state": two[0][i]["states"][1], "take": [99]} for i in EXACT]
    rest = torchrun(tmp_path, "rest", ranks, tasks)
    for place, i in enumerate(EXACT):
        before = [tuple(s) for rank in two for steps in rank[i]["steps"] for step in steps for s in step]
        after = [tuple(s) for rank in rest for step in rank[place]["steps"][0] for s in step]
        assert len({len(rank[place]["steps"][0]) for rank in rest}) == 1
        counts = Counter((epoch, sample) for epoch, sample, _ in before + after)
        assert set(counts.values()) == {1}, "each remaining sample once"
        assert {sample for epoch, sample in counts if epoch == 1} == set(range(N))
        assert all(bytes_of[i, epoch, sample] == digest for epoch, sample, digest in after)


def test_ranks_agree_on_a_seed(task, tmp_path):
    plain = {**task, "shuffle": True, "pad": False, "policy": None}
    seeds = [[None, None], [None, None], [5, 5], [5, 6]]
    told = torchrun(tmp_path, "seeds", 2, [{**plain, "seeds": pair} for pair in seeds])
    both = list(zip(*told, strict=True))
    for sides in both[:3]:
        assert sides[0]["seed"] == sides[1]["seed"] and len(sides[0]["steps"]) == len(sides[1]["steps"])
        taken = [(epoch, sample) for side in sides for step in side["steps"] for epoch, sample, _ in step]
        assert len(set(taken)) == len(taken)  # with seeds that differ, shares would overlap
        assert {sample for epoch, sample in taken if epoch == 0} == set(range(N))
    drawn = [sides[0]["seed"] for sides in both[:3]]
    assert drawn[2] == 5 and drawn[0] != drawn[1]
    # Whoever comes second is refused; nobody waits for the other.
    refused = [side["refused"] for side in both[3] if "refused" in side]
    assert len(refused) == 1 and "seed" in refused[0] and "5" in refused[0] and "6" in refused[0]
