"""A sample's bytes depend on the seed, the epoch and the sample alone.

Not on the number of threads, the batch size, the depth of prefetching, the number of shards, nor on where a run was
stopped and resumed.
"""

import hashlib
from collections import defaultdict

import pytest
import variegate as vg
from data import make_images
from variegate import fn, types
from variegate.auto_aug import auto_augment

N = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("images")
    make_images(root, N)
    return str(root)


@vg.pipeline_def(seed=11, enable_conditionals=True, device_id=None)
def augmented(folder, shards=1, shard=0):
    encoded, label = fn.readers.file(
        file_root=folder, name="Reader", random_shuffle=True, num_shards=shards, shard_id=shard
    )
    image = fn.decoders.image_random_crop(encoded, random_area=[0.3, 1.0])
    image = fn.resize(image, size=[40, 40])
    image = auto_augment.auto_augment_image_net(image, shape=[40, 40])
    if fn.random.coin_flip(dtype=types.BOOL):
        if fn.random.uniform(range=[0, 1]) < 0.3:
            image = fn.rotate(image, angle=fn.random.uniform(range=[-20, 20]), keep_size=True, fill_value=0)
        else:
            image = fn.flip(image)
    elif label[0] > 1:
        image = fn.noise.salt_and_pepper(image, prob=0.1)
    return image, label


def collect(pipe, batches, into):
    """Runs `batches` batches; adds the hash of every sample to `into[(id, epoch)]`."""
    for _ in range(batches):
        batch = pipe.run()
        for i, key in enumerate(zip(batch.sample_ids, batch.epochs, strict=True)):
            digest = hashlib.sha256(batch[0].at(i).tobytes() + batch[1].at(i).tobytes()).hexdigest()
            into[key].add(digest)


def test_one_hash_per_sample_and_epoch(folder):
    seen = defaultdict(set)
    for threads in (1, 2, 4):
        for batch in (1, 7, 16, 64):
            for prefetch in (1, 3):
                kwargs = dict(num_threads=threads, batch_size=batch, prefetch_queue_depth=prefetch)
                steps = -(-N // batch)
                with augmented(folder, **kwargs) as pipe:
                    collect(pipe, steps, seen)
                for stop in (1, steps // 2, steps - 1):
                    first = augmented(folder, **kwargs)
                    collect(first, stop, seen)
                    state = first.state_dict()
                    first.close()
                    rest = augmented(folder, **kwargs)
                    rest.load_state_dict(state)
                    collect(rest, 2, seen)
                    rest.close()
    for shards in (2, 3):
        for shard in range(shards):
            with augmented(folder, shards, shard, num_threads=2, batch_size=8) as pipe:
                collect(pipe, N // shards // 8 + 1, seen)
    first_epoch = {key for key in seen if key[1] == 0}
    assert len(first_epoch) == N
    assert all(len(hashes) == 1 for hashes in seen.values())


def test_shards_together_read_everything_once(folder):
    for shards in (1, 2, 3):
        ids = []
        for shard in range(shards):
            with augmented(folder, shards, shard, num_threads=2, batch_size=1) as pipe:
                ids += [(b.sample_ids[0], b.epochs[0]) for b in (pipe.run() for _ in range(N // shards))]
        assert len(ids) == len(set(ids))
        assert all(epoch == 0 for _, epoch in ids)


def test_a_run_resumed_with_other_batches_and_shards_delivers_the_rest_once(folder):
    first = [augmented(folder, 2, s, num_threads=1, batch_size=10) for s in range(2)]
    read = []
    for pipe in first:
        for _ in range(4):
            batch = pipe.run()
            read += list(zip(batch.sample_ids, batch.epochs, strict=True))
    states = [pipe.state_dict() for pipe in first]
    assert states[0] == states[1], "the state is the same on all ranks"
    rest = []
    for s in range(3):
        pipe = augmented(folder, 3, s, num_threads=2, batch_size=5)
        pipe.load_state_dict(states[0])
        for _ in range(8):
            batch = pipe.run()
            rest += list(zip(batch.sample_ids, batch.epochs, strict=True))
    assert len(read) == 80 and len(rest) == 120
    assert {i for i, _ in read + rest} == set(range(N))
    assert all(epoch == 0 for _, epoch in read + rest)


def test_replay_gives_the_same_bytes_and_program(folder):
    with augmented(folder, num_threads=2, batch_size=16) as pipe:
        batch = pipe.run()
        for i in range(16):
            again = pipe.replay(batch.sample_ids[i], batch.epochs[i])
            assert again[0].at(0).tobytes() == batch[0].at(i).tobytes()
            assert str(again.program(0)) == str(batch.program(i))
        plans = pipe.plan(batch.sample_ids, 0)
        assert [str(p) for p in plans] == [str(batch.program(i)) for i in range(16)]


def test_the_state_is_small_json(folder):
    import json

    with augmented(folder, num_threads=1, batch_size=4) as pipe:
        pipe.run()
        assert len(json.dumps(pipe.state_dict())) < 1024


def test_a_state_of_another_pipeline_is_refused(folder):
    with augmented(folder, num_threads=1, batch_size=4) as pipe:
        pipe.run()
        state = pipe.state_dict()
    with augmented(folder, num_threads=1, batch_size=4, seed=12) as other:
        with pytest.raises(ValueError, match="seed"):
            other.load_state_dict(state)
