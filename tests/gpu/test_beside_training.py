"""A thousand batches while the same GPU does other work: the bytes of the host, and the other work is not disturbed either."""

import hashlib
import os
import sys
import threading
from pathlib import Path

import pytest
import variegate as vg
from variegate import fn
from variegate.auto_aug import rand_augment

torch = pytest.importorskip("torch")
if not torch.cuda.is_available():
    pytest.skip("PyTorch sees no GPU", allow_module_level=True)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))
from data import PHOTOS  # noqa: E402

BATCHES = 1000


class Products(threading.Thread):
    """Multiplies matrices on a stream of its own until it is stopped; one product is the same each time."""

    def __init__(self):
        super().__init__()
        self.stop, self.rounds, self.wrong = threading.Event(), 0, 0

    def run(self):
        with torch.cuda.stream(torch.cuda.Stream()):
            generator = torch.Generator("cuda").manual_seed(1)
            a = torch.randn(4096, 4096, device="cuda", dtype=torch.bfloat16, generator=generator)
            first = a @ a
            while not self.stop.is_set():
                different = torch.zeros((), device="cuda", dtype=torch.int64)
                for _ in range(16):
                    different += (a @ a != first).sum()
                self.wrong += int(different)  # waits for them
                self.rounds += 16


@vg.pipeline_def(batch_size=64, seed=4, prefetch_queue_depth=3, enable_conditionals=True)
def training(device):
    data, label = fn.readers.file(file_root=str(PHOTOS), random_shuffle=True)
    image = fn.decoders.image_random_crop(data, device=device)
    image = rand_augment.rand_augment(fn.resize(image, size=[64, 48]), n=3, m=15)
    return image, label


def digests(pipe):
    for _ in range(BATCHES):
        images = pipe.run()[0].as_cpu()
        yield hashlib.sha256(images.as_array().tobytes()).hexdigest()


def test_a_thousand_batches_beside_other_work():
    threads = os.cpu_count() or 4
    products = Products()
    products.start()
    try:
        with training("mixed", num_threads=4, device_id=0) as pipe:
            seen = list(digests(pipe))
            assert pipe.stats()["decoded"]["gpu"] > 50 * BATCHES  # one photo is progressive
    finally:
        products.stop.set()
        products.join()
    assert products.rounds > 100 and products.wrong == 0
    with training("cpu", num_threads=threads) as host:
        different = [i for i, (a, b) in enumerate(zip(seen, digests(host), strict=True)) if a != b]
    assert not different, f"{len(different)} batches differ, the first is {different[0]}"
