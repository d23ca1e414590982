"""Corrupt and odd files with device="mixed": what the host makes of them, failures and replacements included."""

import io
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import variegate as vg
from PIL import Image
from variegate import fn

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "python"))
from data import PHOTOS  # noqa: E402

N = 192


def encoded(rng, photos):
    photo = rng.choice(photos)
    w, h = rng.randint(40, 240), rng.randint(40, 200)
    x, y = rng.randint(0, photo.width - w), rng.randint(0, photo.height - h)
    file = io.BytesIO()
    photo.crop((x, y, x + w, y + h)).save(
        file,
        "JPEG",
        quality=rng.randint(40, 98),
        subsampling=rng.choice(["4:4:4", "4:2:2", "4:2:0"]),
        optimize=rng.random() < 0.3,
        restart_marker_blocks=rng.choice([0, 0, 3, 17]),
    )
    return file.getvalue()


def scan_of(data):
    """Where the entropy-coded data begin."""
    at = data.index(b"\xff\xda")
    return at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def cut(data, rng):
    return data[: rng.randint(1, len(data) - 1)]


def cut_and_ended(data, rng):
    return data[: rng.randint(scan_of(data), len(data) - 1)] + b"\xff\xd9"


def changed(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        data[rng.randint(scan_of(data), len(data) - 1)] = rng.randrange(256)
    return bytes(data)


def changed_header(data, rng):
    data = bytearray(data)
    data[rng.randint(2, scan_of(data) - 1)] = rng.randrange(256)
    return bytes(data)


def random_scan(data, rng):
    scan = scan_of(data)
    return data[:scan] + bytes(rng.randrange(255) for _ in range(len(data) - scan - 2)) + b"\xff\xd9"


def restarts_only(data, rng):
    return (
        data[: scan_of(data)] + b"".join(b"\xff" + bytes([0xD0 + i % 8]) for i in range(5000)) + b"\xff\xd9"
    )


def huge(data, rng):
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + b"\xff\xdc\xff\xdc" + data[at + 4 :]


def doubled(data, rng):
    return data + data


HARM = [
    lambda data, rng: data,
    cut,
    cut_and_ended,
    changed,
    changed_header,
    random_scan,
    restarts_only,
    huge,
    doubled,
    lambda data, rng: bytes(len(data)),
    lambda data, rng: b"",
    lambda data, rng: b"this is a text, whatever its name says",
]


@pytest.fixture(scope="module")
def corrupt(tmp_path_factory):
    """A folder in which every second file is damaged in one way or another."""
    root = tmp_path_factory.mktemp("corrupt")
    rng = random.Random(3)
    photos = [Image.open(p).convert("RGB") for p in sorted(PHOTOS.rglob("*.jpg"))]
    (root / "all").mkdir()
    for i in range(N):
        data = encoded(rng, photos)
        harm = HARM[i // 2 % len(HARM)] if i % 2 else HARM[0]
        (root / "all" / f"{i:04}.jpg").write_bytes(harm(data, rng))
    return str(root)


@vg.pipeline_def(batch_size=16, num_threads=4, seed=9)
def reading(where, device):
    data, label = fn.readers.file(random_shuffle=True, **where)
    return fn.decoders.image(data, device=device), label


def story(pipe, steps):
    """All that batches tell: numbers, failures, what took their place, and bytes."""
    told = []
    for _ in range(steps):
        try:
            batch = pipe.run()
        except RuntimeError as e:
            told.append(str(e))
            continue
        errors = [(e.sample_id, e.slot, e.source, e.message, e.replaced_by) for e in batch.errors]
        images = batch[0].as_cpu()
        told.append((batch.sample_ids, errors, [images.at(i).tobytes() for i in range(len(images))]))
    return told


@pytest.mark.parametrize("on_error", ["raise", "skip", "replace", "blank"])
def test_corrupt_files_are_treated_as_on_the_host(corrupt, on_error):
    with reading({"file_root": corrupt}, "cpu", on_error=on_error) as host:
        expected = story(host, N // 16)
    with reading({"file_root": corrupt}, "mixed", on_error=on_error, device_id=0) as pipe:
        assert story(pipe, N // 16) == expected
        decoded = pipe.stats()["decoded"]
    assert decoded["gpu"] > N // 3 and decoded["host"] > 0
    if on_error == "skip":
        assert sum(len(errors) for _, errors, _ in expected) > N // 5


def test_recorded_files_in_one_batch():
    golden = TESTS / "golden"
    cases = json.loads((golden / "decode" / "cases.json").read_text())["cases"]
    names = sorted({c["encoded"] for c in cases if "encoded" in c and c["op"].startswith("decoders.")})
    baseline = sum(b"\xff\xc0" in (golden / name).read_bytes()[:1000] for name in names)
    assert baseline > 40
    where = {"files": [str(golden / name) for name in names]}
    options = dict(batch_size=len(names), on_error="blank")
    with (
        reading(where, "cpu", **options) as host,
        reading(where, "mixed", **options, device_id=0) as pipe,
    ):
        expected = story(host, 1)
        assert story(pipe, 1) == expected
        assert pipe.stats()["decoded"]["gpu"] > baseline // 2
    assert np.mean([any(image) for image in expected[0][2]]) > 0.8
