"""The example trains: it learns, goes on after a stop, and takes every backend."""

import json
import os
import subprocess
import sys
from pathlib import Path

import needs_torch  # noqa: F401
import numpy as np
import pytest
import torch
import variegate
from PIL import Image
from variegate import fn, pipeline_def
from variegate.auto_aug import rand_augment

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "efficientnet"
SMALL = "--model small --image-size 48 --batch-size 32 --lr 0.4 --threads 1".split()


@pytest.fixture(scope="module", autouse=True)
def example():
    """The example's modules; one thread of PyTorch, so that two runs give the same bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    sys.path.insert(0, str(EXAMPLE))
    yield
    sys.path.remove(str(EXAMPLE))
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def crops(tmp_path_factory):
    import crops

    folder = tmp_path_factory.mktemp("crops")
    crops.make(ROOT / "tests" / "photos" / "small", folder)
    return str(folder)


def train(crops, *more):
    import train

    return train.main([crops, *SMALL, *map(str, more)])


def test_it_learns(crops):
    told = train(crops, "--epochs", 12, "--automatic-augmentation", "trivialaugment")
    assert [e["epoch"] for e in told] == list(range(1, 13))
    assert told[-1]["loss"] < told[0]["loss"]
    # Ten classes: chance is 10 %. Of 200 held-out crops, 50 % by chance has a probability below 1e-40.
    assert told[-1]["accuracy"] >= 0.5
    assert all(0 <= e["waiting"] <= 1 and e["images_per_second"] > 0 for e in told)


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(crops, tmp_path):
    whole, parts = tmp_path / "whole.pt", tmp_path / "parts.pt"
    told = train(crops, "--epochs", 2, "--checkpoint", whole)
    assert train(crops, "--epochs", 2, "--checkpoint", parts, "--stop-after", 7) == []
    stopped = torch.load(parts, weights_only=True)
    assert (stopped["epoch"], stopped["step"], stopped["data"]["step"]) == (0, 7, 7)
    rest = train(crops, "--epochs", 2, "--checkpoint", parts, "--save-every", 5)
    assert [(e["step"], e["accuracy"]) for e in rest] == [(e["step"], e["accuracy"]) for e in told]
    a, b = torch.load(whole, weights_only=True), torch.load(parts, weights_only=True)
    assert all(torch.equal(a["model"][name], b["model"][name]) for name in a["model"])
    assert a["data"] == b["data"]
    assert train(crops, "--epochs", 2, "--checkpoint", parts) == []


@pytest.mark.parametrize("backend", ["variegate-proxy", "torch", "synthetic", "dali"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_backends(crops, backend):
    if backend == "dali":
        pytest.importorskip("nvidia.dali", reason="nvidia.dali is not installed")
    (told,) = train(
        crops, "--epochs", 1, "--data-backend", backend, "--automatic-augmentation", "autoaugment"
    )
    assert told["step"] == {"synthetic": 50}.get(backend, 600 // 32)
    assert told["loss"] < 5


@pytest.mark.parametrize(("augmentation", "amp"), [("none", ["--amp"]), ("randaugment", [])])
def test_augmentations_and_mixed_precision(crops, augmentation, amp):
    options = ["--epochs", 1, "--automatic-augmentation", augmentation, "--no-channels-last", *amp]
    (told,) = train(crops, *options)
    assert told["loss"] < 3


def test_two_processes_and_then_one(crops, tmp_path):
    checkpoint, told = tmp_path / "run.pt", tmp_path / "told.json"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    package = str(Path(variegate.__file__).resolve().parents[1])
    end = subprocess.run(
        [*command, EXAMPLE / "train.py", crops, *SMALL, "--epochs", "2", "--stop-after", "14"]
        + ["--checkpoint", checkpoint],
        env=dict(os.environ, PYTHONPATH=package, OMP_NUM_THREADS="1"),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert end.returncode == 0, end.stderr[-4000:]
    state = torch.load(checkpoint, weights_only=True)
    # 600 images, 32 for each of two ranks in a step: 10 steps an epoch; the run stopped in the second.
    assert (state["epoch"], state["step"], state["data"]["epoch"], state["data"]["step"]) == (1, 14, 1, 4)
    (rest,) = train(crops, "--epochs", 2, "--checkpoint", checkpoint, "--json", told)
    taken = 14 * 2 * 32
    assert rest["step"] == 14 + -(-(1200 - taken) // 32)
    assert json.loads(told.read_text()) == [rest]


def test_models():
    from model import create

    model = create("efficientnet_b0", 1000)
    assert sum(p.numel() for p in model.parameters()) == 5_288_548
    assert model.eval()(torch.zeros(2, 3, 64, 64)).shape == (2, 1000)
    theirs = pytest.importorskip(
        "torchvision", reason="torchvision is not installed"
    ).models.efficientnet_b0()
    shapes = [tuple(p.shape) for p in model.parameters()]
    assert sorted(shapes) == sorted(tuple(p.shape) for p in theirs.parameters())
    assert sum(p.numel() for p in create("torchvision:resnet18", 10).parameters()) > 10_000_000
    with pytest.raises(SystemExit, match="possible"):
        create("efficientnet", 10)


@pytest.mark.parametrize("name", ["autoaugment", "randaugment", "trivialaugment"])
def test_policies_with_pillow(name, monkeypatch):
    """What the `torch` backend does where torchvision is missing."""
    import pillow_transforms
    from pillow_policies import Policy

    monkeypatch.setattr(pillow_transforms, "torchvision", None)
    policy = pillow_transforms.policy(name)
    assert isinstance(policy, Policy)
    photo = Image.open(ROOT / "tests/photos/small/object/fig.jpg").convert("RGB").resize((96, 80))
    made = {np.asarray(policy(photo)).tobytes() for _ in range(60)}
    assert len(made) > 12 and all(len(m) == 96 * 80 * 3 for m in made)


def test_operations_with_pillow():
    """Each does what Variegate's does, up to what Pillow rounds otherwise."""
    from pillow_policies import OPERATIONS, apply

    photo = Image.open(ROOT / "tests/photos/small/object/fig.jpg").convert("RGB").resize((96, 80))
    for aug in rand_augment.get_rand_augment_suite(use_shape=True):
        one = both_signs(aug, photo)
        theirs = np.asarray(apply(aug, photo, 0.5), np.int16)
        distance = min(np.abs(theirs - ours).mean() for ours in one)
        # Pillow's equalize is another formula.
        assert distance < (6 if aug.name == "equalize" else 2.5), (aug.name, distance)
    assert set(OPERATIONS) >= {"solarize_add", "invert"}


def both_signs(aug, photo):
    """What Variegate makes of the middle of an augmentation's range, with both signs."""
    moves = aug.name.startswith("translate")
    options = {"fill_value": 128} if moves or aug.name in ("shear_x", "shear_y", "rotate") else {}
    options |= {"shape": [80, 96]} if moves else {}

    @pipeline_def(batch_size=16, num_threads=1, seed=1, enable_conditionals=True)
    def pipe():
        data = fn.external_source(lambda: [np.asarray(photo)] * 16, layout="HWC")
        return rand_augment.apply_rand_augment([aug], data, 1, 15, **options)

    with pipe() as p:
        return [np.asarray(image, np.int16) for image in p.run()[0]]


def test_the_benchmark_of_training(tmp_path):
    """Two backends in turns on the CPU, the numbers, and the pictures made from them."""
    told = tmp_path / "figures" / "training.json"
    options = (
        "--files 60 --batch 4 --size 32 --model small --threads 1 --rounds 2 --seconds 0.2 --warmup 1".split()
    )
    package = str(Path(variegate.__file__).resolve().parents[1])
    end = subprocess.run(
        [
            sys.executable,
            ROOT / "bench" / "training.py",
            *options,
            "--backends",
            "variegate",
            "--device",
            "cpu",
        ]
        + ["--json", told],
        env=dict(os.environ, PYTHONPATH=package, OMP_NUM_THREADS="1"),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert end.returncode == 0, end.stderr[-4000:]
    record = json.loads(told.read_text())
    assert record["step"] == "eager" and set(record["threads"]) == {"1"}
    for row in record["summary"].values():
        assert set(row) == {"synthetic", "variegate"} and row["synthetic"]["of_synthetic"] == 1
    turns = record["threads"]["1"]
    assert all(len(side) == 2 for side in turns.values())
    # The host's side of the last turn: asks, has, has launched, has waited.
    rows = turns["variegate"][-1]["timeline"]["host"]
    assert rows and all(row == sorted(row) and len(row) == 4 for row in rows)
    assert "timeline" not in turns["variegate"][0] and record["left_out"] == []
    assert record["threads"]["1"]["variegate"][-1]["stats"]["samples"] > 0
    with Image.open(told.with_name("training_throughput.png")) as picture:
        assert picture.size[0] >= 500 and len(picture.getcolors(1 << 20)) > 10
