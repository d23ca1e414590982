"""From file to batch there is one result: decoders on the GPU, on the host, out of a folder, out of a packed file."""

import hashlib
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import variegate as vg
from variegate import fn
from variegate._cli import main
from variegate.auto_aug import auto_augment

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
from data import make_images  # noqa: E402

N = 96


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    files = make_images(root / "all", N)
    from PIL import Image

    # What only the host decodes lies among the others.
    for path in files[::11]:
        Image.open(path).save(path, progressive=True, quality=85)
    assert main(["pack", str(root / "all"), "-o", str(root / "all.pack")]) == 0
    return {"folder": {"file_root": str(root / "all")}, "pack": {"packed": str(root / "all.pack")}}


@vg.pipeline_def(seed=11, enable_conditionals=True)
def augmented(where, device, shards=1, shard=0):
    encoded, label = fn.readers.file(
        name="Reader", random_shuffle=True, num_shards=shards, shard_id=shard, **where
    )
    image = fn.decoders.image_random_crop(
        encoded, random_area=[0.3, 1.0], device="mixed" if device == "mixed" else "cpu"
    )
    image = fn.resize(image, size=[40, 40])
    image = auto_augment.auto_augment_image_net(image, shape=[40, 40])
    return image, label


def collect(pipe, batches, into):
    for _ in range(batches):
        batch = pipe.run()
        image, label = batch[0].as_cpu(), batch[1].as_cpu()
        for i, key in enumerate(zip(batch.sample_ids, batch.epochs, strict=True)):
            digest = hashlib.sha256(image.at(i).tobytes() + label.at(i).tobytes()).hexdigest()
            into[key].add(digest)


def test_one_hash_per_sample_and_epoch_on_any_device(data):
    seen = defaultdict(set)
    for source, where in data.items():
        for device, device_id in (("cpu", None), ("mixed", 0)):
            for threads, batch, prefetch in ((1, 16, 1), (2, 7, 3), (4, 96, 2)):
                kwargs = dict(
                    num_threads=threads, batch_size=batch, prefetch_queue_depth=prefetch, device_id=device_id
                )
                with augmented(where, device, **kwargs) as pipe:
                    collect(pipe, 2 * -(-N // batch), seen)
                    state = pipe.state_dict()
                    collect(pipe, 1, seen)
                    decoded = pipe.stats()["decoded"]
                    assert (decoded["gpu"] > 0) == (device == "mixed"), source
                    assert decoded["host"] > 0
                with augmented(where, device, **kwargs) as pipe:
                    pipe.load_state_dict(state)
                    collect(pipe, 1, seen)
            for shard in range(3):
                with augmented(
                    where, device, 3, shard, num_threads=2, batch_size=8, device_id=device_id
                ) as pipe:
                    collect(pipe, 4, seen)
    assert {key for key in seen if key[1] == 0} == {(i, 0) for i in range(N)}
    assert all(len(hashes) == 1 for hashes in seen.values())
