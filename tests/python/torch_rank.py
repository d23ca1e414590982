"""One of several processes under torchrun: takes steps of Loaders, and writes down which samples it got.

`torch_rank.py FOLDER TASK`: FOLDER/TASK.json says what to do; FOLDER/TASK-RANK.json tells what was done.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import torch.distributed as dist
from variegate import fn, pipeline_def, types
from variegate.plugin.pytorch import LastBatchPolicy, Loader


@pipeline_def(num_threads=1, seed=5, enable_conditionals=True)
def training(files, shuffle, pad):
    encoded, label = fn.readers.file(files=files, name="Reader", random_shuffle=shuffle, pad_last_batch=pad)
    image = fn.random_resized_crop(fn.decoders.image(encoded), size=[12, 10])
    if fn.random.coin_flip():
        image = fn.brightness(image, brightness=fn.random.uniform(range=[0.5, 1.5]))
    return fn.crop_mirror_normalize(image, dtype=types.FLOAT), label


def make(task, shard="auto", **options):
    """A Loader, at the task's state if it has one."""
    policy = task["policy"] and LastBatchPolicy[task["policy"]]
    pipe = training(task["files"], task["shuffle"], task["pad"], batch_size=task["batch"], **options)
    loader = Loader(pipe, last_batch_policy=policy, shard=shard)
    if task.get("state"):
        loader.load_state_dict(task["state"])
    return loader


def take(loader, steps):
    """What comes in so many steps, or to the end of the epoch: (epoch, sample, hash of its bytes), step by step."""
    found = []
    for step in loader:
        last = loader.last
        places = zip(last.epochs, last.sample_ids, step.data, step.label[:, 0].tolist(), strict=False)
        found.append([])
        for epoch, sample, data, label in places:
            assert sample == label
            found[-1].append((epoch, sample, hashlib.sha256(data.numpy().tobytes()).hexdigest()))
        if len(found) == steps:
            break
    return found


def with_seed(task):
    """An epoch of a pipeline with the seed that the task has for this rank (None: without one), or why it was refused."""
    try:
        loader = make(task, seed=task["seeds"][dist.get_rank()])
    except ValueError as e:
        return {"refused": str(e)}
    result = {"seed": loader.pipeline.seed, "steps": take(loader, 99)}
    loader.close()
    return result


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    tasks = json.loads((folder / f"{name}.json").read_text())
    dist.init_process_group("gloo")
    results = []
    for task in tasks:
        if "seeds" in task:
            results.append(with_seed(task))
            dist.barrier()
            continue
        loader = make(task)
        result = {"length": len(loader), "steps": [], "states": []}
        for steps in task["take"]:
            result["steps"].append(take(loader, steps))
            result["states"].append(loader.state_dict())
        everywhere = [None] * dist.get_world_size()
        dist.all_gather_object(everywhere, result["states"])
        assert all(states == result["states"] for states in everywhere)
        results.append(result)
        loader.close()
    (folder / f"{name}-{dist.get_rank()}.json").write_text(json.dumps(results))
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
