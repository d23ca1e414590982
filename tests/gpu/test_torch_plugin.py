"""The PyTorch plugin with outputs on a GPU: bytes, streams, memory that is held, a training loop."""

import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("PyTorch sees no GPU", allow_module_level=True)

from variegate import fn, pipeline_def, types  # noqa: E402
from variegate.auto_aug import rand_augment  # noqa: E402
from variegate.plugin.pytorch import (  # noqa: E402
    DALIClassificationIterator,
    DALIRaggedIterator,
    LastBatchPolicy,
    Loader,
    feed_ndarray,
)
from variegate.plugin.pytorch.experimental import proxy  # noqa: E402

PHOTOS = str(Path(__file__).parent.parent / "photos" / "small")


@pipeline_def(batch_size=4, num_threads=3, seed=5, enable_conditionals=True)
def training(device, pad=True, size=(64, 48)):
    encoded, label = fn.readers.file(file_root=PHOTOS, random_shuffle=True, name="Reader", pad_last_batch=pad)
    images = fn.decoders.image(encoded)
    if size is not None:
        images = fn.random_resized_crop(images, size=list(size))
    if device == "gpu":
        images = images.gpu()
    images = rand_augment.rand_augment(images, n=2, m=15)
    return fn.crop_mirror_normalize(images, mean=[120.0] * 3, std=[60.0] * 3, dtype=types.FLOAT16), label


def test_loader_gives_the_hosts_bytes():
    with Loader(training("gpu", device_id=0)) as device, Loader(training("cpu")) as host:
        for _ in range(3):
            steps = 0
            for a, b in zip(device, host, strict=True):
                assert a.data.is_cuda and not a.label.is_cuda
                assert torch.equal(a.data.cpu(), b.data) and torch.equal(a.label, b.label)
                steps += 1
            assert steps == len(host) == 4 and len(b.label) == 1


def test_iterators_on_a_side_stream():
    side = torch.cuda.Stream()
    device = DALIClassificationIterator(
        training("gpu", device_id=0),
        reader_name="Reader",
        auto_reset=True,
        last_batch_policy=LastBatchPolicy.FILL,
    )
    host = DALIClassificationIterator(
        training("cpu"), reader_name="Reader", auto_reset=True, last_batch_policy=LastBatchPolicy.FILL
    )
    sums = []
    for _ in range(5):
        with torch.cuda.stream(side):
            sums += [step[0]["data"].double().sum() for step in device]  # tensors go at once, on this stream
    side.synchronize()
    expected = [step[0]["data"].double().sum() for _ in range(5) for step in host]
    assert torch.allclose(torch.stack(sums).cpu(), torch.stack(expected))


def test_held_tensors_stay():
    with Loader(training("gpu", device_id=0)) as loader:
        held = [(step.data, step.data.clone()) for _ in range(6) for step in loader]
    torch.cuda.synchronize()
    assert all(torch.equal(a, b) for a, b in held)


def test_ragged_and_feed():
    it = DALIRaggedIterator(
        training("gpu", size=None, device_id=0),
        ["image", "label"],
        reader_name="Reader",
        output_types=["sparse_list", "dense"],
    )
    host = training("cpu", size=None)
    for step, batch in zip(it, host, strict=False):
        for i, image in enumerate(step[0]["image"]):
            assert image.is_cuda and (image.cpu().numpy() == batch[0].at(i)).all()
    batch = training("gpu", device_id=0).run()
    target = torch.empty((4, 3, 64, 48), dtype=torch.float16, device="cuda")
    assert feed_ndarray(batch[0], target) is target
    assert (target.cpu().numpy() == batch[0].as_cpu().as_array()).all()


def test_training_is_the_same_as_with_the_hosts_batches():
    def losses(device, **options):
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, 2), torch.nn.Flatten(), torch.nn.LazyLinear(3)
        ).cuda()
        found = []
        with Loader(training(device, pad=False, **options)) as loader:
            for _ in range(3):
                for images, labels in loader:
                    loss = torch.nn.functional.cross_entropy(
                        net(images.cuda().float()), labels.cuda().flatten().long()
                    )
                    loss.backward()
                    with torch.no_grad():
                        for p in net.parameters():
                            p -= 0.01 * p.grad
                            p.grad = None
                    found.append(loss.detach())
        return torch.stack(found)

    torch.backends.cudnn.deterministic = True
    assert torch.allclose(losses("gpu", device_id=0), losses("cpu"), rtol=1e-4)


def test_proxy():
    import numpy as np

    @pipeline_def(batch_size=4, num_threads=2, seed=1, device_id=0)
    def pipe():
        images = fn.decoders.image(fn.external_source(name="images")).gpu()
        return fn.resize(images, size=[32, 32])

    class Photos(torch.utils.data.Dataset):
        def __init__(self, transform):
            self.files, self.transform = sorted(Path(PHOTOS).rglob("*.jpg")), transform

        def __len__(self):
            return len(self.files)

        def __getitem__(self, i):
            return self.transform(np.fromfile(self.files[i], np.uint8)), i

    server = proxy.DALIServer(pipe())
    loader = proxy.DataLoader(server, Photos(server.proxy), batch_size=4, num_workers=2)
    for _ in range(2):
        sizes = [len(images) for images, labels in loader if images.is_cuda and len(images) == len(labels)]
        assert sizes == [4, 4, 4, 1]


def test_copies_from_pinned_memory_run_by_themselves_and_are_not_overtaken():
    with Loader(training("cpu"), pin_memory=True) as pinned, Loader(training("cpu")) as plain:
        arrived, expected, slow = [], [], 0.0
        for epoch in range(6):
            for a, b in zip(pinned, plain, strict=True):
                # The first batches do not lie in one block, and are copied together.
                assert a.data.is_pinned() or epoch == 0
                assert not b.data.is_pinned()
                torch.cuda._sleep(100_000_000)  # tens of milliseconds that the copy has to wait for
                begin = time.perf_counter()
                arrived.append(a.data.to("cuda", non_blocking=True))
                slow = max(slow, time.perf_counter() - begin) if epoch > 0 else 0.0
                expected.append(b.data.clone())
                del a
        torch.cuda.synchronize()
        assert slow < 0.02
        assert all(torch.equal(x.cpu(), y) for x, y in zip(arrived, expected, strict=True))
        stats = pinned.pipeline.stats()
        assert 0 < stats["pinned_bytes"] <= stats["host_bytes"]
