"""A pipeline as the transform of a torch Dataset: references, the server, torch's DataLoader with workers."""

import collections
import itertools
import pickle

import needs_torch  # noqa: F401
import numpy as np
import pytest
import torch
from data import make_images
from torch.utils.data import DataLoader, Dataset, DistributedSampler, default_collate
from variegate import Pipeline, fn, pipeline_def, types
from variegate.plugin.pytorch.experimental import proxy

N, BATCH = 18, 4


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return [str(p) for p in make_images(tmp_path_factory.mktemp("images"), N)]


@pipeline_def(batch_size=BATCH, num_threads=2, seed=4, prefetch_queue_depth=3)
def training():
    encoded = fn.external_source(name="images", no_copy=True)
    return fn.random_resized_crop(fn.decoders.image(encoded), size=[12, 10])


@pipeline_def(batch_size=BATCH, num_threads=2, seed=4)
def named():
    path = fn.external_source(name="path")
    factor = fn.external_source(name="factor")
    image = fn.resize(fn.decoders.image(fn.io.file.read(path)), size=[8, 8])
    return fn.brightness(image, brightness=factor), factor


class Photos(Dataset):
    """Encoded files behind a transform, with their numbers."""

    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return self.transform(np.fromfile(self.files[i], np.uint8)), i


def expected(files, order):
    """What the pipeline gives for batches of files, without torch."""
    pipe = training(prefetch_queue_depth=1)
    for batch in order:
        (out,) = pipe.run(images=[np.fromfile(files[i], np.uint8) for i in batch])
        yield out.as_array()
    pipe.close()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"num_workers": 2},
        {"num_workers": 2, "persistent_workers": True, "prefetch_factor": 3},
        {"num_workers": 1, "collate_fn": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_the_loader_gives_what_the_pipeline_gives(files, options, deterministic):
    server = proxy.DALIServer(training(), deterministic=deterministic)
    loader = proxy.DataLoader(server, Photos(files, server.proxy), batch_size=BATCH, **options)
    assert isinstance(loader, DataLoader) and loader.dali_server is server and len(loader) == 5
    order = [list(range(N))[i : i + BATCH] for i in range(0, N, BATCH)] * 2
    with loader.dali_server:
        got = [step for _ in range(2) for step in loader]
    assert [labels.tolist() for _, labels in got] == order
    for (images, _), whole in zip(got, expected(files, order), strict=True):
        assert isinstance(images, torch.Tensor)
        np.testing.assert_array_equal(images.numpy(), whole)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_samplers_and_drop_last(files):
    server = proxy.DALIServer(training())
    dataset = Photos(files, server.proxy)
    parts = []
    for rank in range(2):
        sampler = DistributedSampler(dataset, num_replicas=2, rank=rank, shuffle=True)
        loader = proxy.DataLoader(
            server, dataset, batch_size=BATCH, sampler=sampler, num_workers=1, drop_last=True
        )
        parts += [
            i for images, labels in loader for i in labels.tolist() if images.shape == (BATCH, 12, 10, 3)
        ]
    assert len(parts) == len(set(parts)) == 16


def test_leaving_early(files):
    server = proxy.DALIServer(training())
    loader = proxy.DataLoader(server, Photos(files, server.proxy), batch_size=BATCH)
    for _ in range(6):
        images, labels = next(iter(loader))
        assert labels.tolist() == [0, 1, 2, 3] and len(images) == BATCH
    assert len(server._results) + len(server._running) <= 2 * server.depth
    server.stop_thread()
    assert not server._results and not server._running
    assert len(list(loader)) == 5


def test_inputs_by_name(files):
    server = proxy.DALIServer(named())
    make = server.proxy
    for wrong in (
        lambda: make(1, 2),
        lambda: make(path=1),
        lambda: make(path=1, factor=2, more=3),
        lambda: make(1),
    ):
        with pytest.raises(ValueError, match="path=.*factor="):
            wrong()
    samples = [
        make(path=np.frombuffer(f.encode(), np.int8), factor=np.float32(0.5 * i))
        for i, f in enumerate(files[:3])
    ]
    assert all(isinstance(s, tuple) and len(s) == 2 for s in samples)
    images, factors = server.produce_data(default_collate(samples))
    assert images.shape == (3, 8, 8, 3) and factors.tolist() == [0.0, 0.5, 1.0]
    assert not images[0].any() and images[2].any()


Pair = collections.namedtuple("Pair", ["left", "right"])


class Holder:
    """An object with attributes."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def test_references_are_found_in_structures(files):
    server = proxy.DALIServer(training())
    encoded = [np.fromfile(f, np.uint8) for f in files[:4]]

    def batch():
        return default_collate([server.proxy(e) for e in encoded])

    ordered = collections.OrderedDict(a=batch(), b=[batch(), (batch(), 3)])
    held = Holder(x=batch(), y={"z": [batch()]}, text="abc")
    out = server.produce_data(
        {"pair": Pair(batch(), "r"), "ordered": ordered, "held": held, "t": torch.zeros(2)}
    )
    tensors = [
        out["pair"].left,
        out["ordered"]["a"],
        out["ordered"]["b"][0],
        out["ordered"]["b"][1][0],
        out["held"].x,
        out["held"].y["z"][0],
    ]
    assert all(isinstance(t, torch.Tensor) and t.shape == (4, 12, 10, 3) for t in tensors)
    assert isinstance(out["pair"], Pair) and isinstance(out["ordered"], collections.OrderedDict)
    assert out["held"] is held and held.text == "abc" and out["t"].shape == (2,)
    # Each went through the pipeline in turn, with draws of its own.
    wholes = expected(files, itertools.repeat(range(4), 6))
    for tensor, whole in zip(tensors, wholes, strict=True):
        np.testing.assert_array_equal(tensor.numpy(), whole)


def test_batches_in_another_order(files):
    server = proxy.DALIServer(training())
    batches = [
        default_collate([server.proxy(np.fromfile(f, np.uint8)) for f in files[i : i + 4]]) for i in (0, 4)
    ]
    server.submit(batches)
    later, first = server.produce_data(batches[1]), server.produce_data(batches[0])
    for tensor, whole in zip((first, later), expected(files, [range(4), range(4, 8)]), strict=True):
        np.testing.assert_array_equal(tensor.numpy(), whole)


def test_samples_of_a_batch_stay_together(files):
    server = proxy.DALIServer(named())

    def sample(i):
        return server.proxy(path=np.frombuffer(files[i].encode(), np.int8), factor=np.float32(1))

    a, b = sample(0), sample(1)
    default_collate([a[0], b[0]])
    for wrong in ([b[1], a[1]], [a[1]], [a[1], sample(2)[1]]):
        with pytest.raises(RuntimeError, match="whole and in order"):
            default_collate(wrong)
    assert isinstance(default_collate([a[1], b[1]]), proxy.BatchReference)


def test_references_travel(files):
    server = proxy.DALIServer(training())
    make = pickle.loads(pickle.dumps(server.proxy))
    reference = default_collate([make(np.fromfile(f, np.uint8)) for f in files[:4]])
    tensor = server.produce_data(pickle.loads(pickle.dumps(reference)))
    np.testing.assert_array_equal(tensor.numpy(), next(expected(files, [range(4)])))
    with pytest.raises(RuntimeError, match="another DALIServer"):
        proxy.DALIServer(training()).produce_data(reference)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_errors_come_out_at_their_batch(files, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no image")
    mixed = [*files[:5], str(bad), *files[6:12]]
    server = proxy.DALIServer(training())
    loader = proxy.DataLoader(server, Photos(mixed, server.proxy), batch_size=BATCH, num_workers=1)
    steps = iter(loader)
    assert next(steps)[1].tolist() == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match="decoders.image"):
        next(steps)
    large = default_collate([server.proxy(np.fromfile(f, np.uint8)) for f in files[:6]])
    with pytest.raises(RuntimeError, match="batch_size = 4"):
        server.produce_data(large)
    good = default_collate([server.proxy(np.fromfile(f, np.uint8)) for f in files[:4]])
    assert server.produce_data(good).shape == (4, 12, 10, 3)


def test_wrong_pipelines():
    with pytest.raises(TypeError, match="needs a pipeline"):
        proxy.DALIServer(training)

    @pipeline_def(batch_size=1, num_threads=1)
    def constant():
        return types.Constant([1, 2])

    @pipeline_def(batch_size=1, num_threads=1)
    def unnamed():
        return fn.external_source()

    for pipe in (constant(), unnamed(), Pipeline.deserialize(constant().serialize())):
        with pytest.raises(RuntimeError, match="external_source"):
            proxy.DALIServer(pipe)
