"""One bad file never ends a run, and never touches another sample."""

import hashlib
import os

import pytest
import variegate as vg
from data import make_images
from variegate import fn, types
from variegate.auto_aug import trivial_augment

N = 200


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A clean set, and the same with 5 % truncated, zeroed, mislabelled (no image) and empty files."""
    clean, bad = tmp_path_factory.mktemp("clean"), tmp_path_factory.mktemp("bad")
    make_images(clean, N)
    files = make_images(bad, N)
    harm = [
        lambda data: data[: len(data) // 2],
        lambda data: bytes(len(data)),
        lambda data: b"this is a text, whatever its name says",
        lambda data: b"",
    ]
    broken = {}
    for k, i in enumerate(range(5, N, 20)):
        data = files[i].read_bytes()
        files[i].write_bytes(harm[k % 4](data))
        broken[os.path.relpath(files[i], bad)] = k
    return str(clean), str(bad), set(broken)


@vg.pipeline_def(batch_size=16, num_threads=2, seed=5, enable_conditionals=True, device_id=None)
def augmented(folder):
    encoded, label = fn.readers.file(file_root=folder, random_shuffle=True)
    image = fn.decoders.image(encoded)
    image = fn.resize(image, size=[32, 32])
    return trivial_augment.trivial_augment_wide(image), label


def hashes(pipe, steps):
    seen, errors = {}, []
    for _ in range(steps):
        batch = pipe.run()
        errors += batch.errors
        slots = {e.sample_id for e in batch.errors}
        for i, key in enumerate(zip(batch.sample_ids, batch.epochs, strict=True)):
            if batch.sample_ids[i] not in slots:
                seen[key] = hashlib.sha256(batch[0].at(i).tobytes()).hexdigest()
    return seen, errors


@pytest.fixture(scope="module")
def reference(folders):
    with augmented(folders[0]) as pipe:
        return hashes(pipe, 13)[0]


@pytest.mark.parametrize("mode", ["skip", "replace", "blank"])
def test_the_run_goes_on_and_names_exactly_the_bad_files(folders, reference, mode):
    with augmented(folders[1], on_error=mode) as pipe:
        seen, errors = hashes(pipe, 13)
    first_epoch = {e.source for e in errors if e.epoch == 0}
    assert first_epoch == folders[2]
    assert all(e.source in e.message for e in errors)
    assert len(seen) >= N - len(folders[2])
    assert all(reference[key] == digest for key, digest in seen.items())


def test_skip_gives_smaller_batches(folders):
    with augmented(folders[1], on_error="skip") as pipe:
        sizes = [(len(b), len(b.errors)) for b in ((pipe.run()) for _ in range(13))]
        batch = pipe.run()
    assert any(errors for _, errors in sizes)
    assert len(batch[0]) == len(batch.sample_ids) == 16 - len(batch.errors)


def test_blank_keeps_labels_and_shapes(folders):
    with augmented(folders[1], on_error="blank") as pipe:
        for _ in range(13):
            batch = pipe.run()
            assert len(batch[0]) == 16
            for e in batch.errors:
                assert not batch[0].at(e.slot).any()
                folder = int(e.source[5])
                assert int(batch[1].at(e.slot)[0]) == folder


def test_replace_uses_data_of_another_sample_and_says_which(folders):
    with augmented(folders[1], on_error="replace") as pipe:
        errors = [e for _ in range(13) for e in pipe.run().errors]
    assert errors and all(e.replaced_by >= 0 for e in errors)


def test_raise_raises_for_that_batch_only(folders):
    raised = whole = 0
    with augmented(folders[1]) as pipe:
        for _ in range(13):
            try:
                assert len(pipe.run()[0]) == 16
                whole += 1
            except RuntimeError as e:
                raised += 1
                assert any(name in str(e) for name in folders[2])
    assert raised and whole and raised <= 10


def test_absurd_dimensions_fail_from_the_header(tmp_path):
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    (tmp_path / "bomb.png").write_bytes(bomb)

    @vg.pipeline_def(batch_size=1, num_threads=1, device_id=None)
    def pipe():
        encoded, _ = fn.readers.file(files=[str(tmp_path / "bomb.png")])
        return fn.decoders.image(encoded, output_type=types.RGB)

    with pytest.raises(RuntimeError, match="bomb.png"), pipe() as p:
        p.run()


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
def test_memory_stays_flat_over_twenty_epochs(folders):
    with augmented(folders[1], on_error="skip") as pipe:
        for _ in range(13 * 5):
            pipe.run()
        before = resident()
        for _ in range(13 * 20):
            pipe.run()
        assert resident() - before < 8 << 20
