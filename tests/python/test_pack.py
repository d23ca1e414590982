"""Packed files: the same pipeline over a folder and over the file that it was packed into; damage; the command."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
import variegate as vg
from data import make_images
from variegate import fn
from variegate._cli import main

N = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("images")
    make_images(root, N)
    return root


@pytest.fixture(scope="module")
def packed(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("packed") / "all.pack"
    assert main(["pack", str(folder), "-o", str(out)]) == 0
    return out


@vg.pipeline_def(seed=5, device_id=None)
def reading(where, device="cpu", shuffle=True, shards=1, shard=0, pad=False, stick=False):
    encoded, label = fn.readers.file(
        name="Reader",
        random_shuffle=shuffle,
        num_shards=shards,
        shard_id=shard,
        pad_last_batch=pad,
        stick_to_shard=stick,
        **where,
    )
    image = fn.decoders.image_random_crop(encoded, device=device)
    return fn.resize(image, size=[20, 24]), label


@vg.pipeline_def(seed=5, device_id=None)
def as_they_are(where):
    encoded, label = fn.readers.file(name="Reader", **where)
    return encoded, label, fn.peek_image_shape(encoded)


def of_files(pipeline):
    """`pipeline(where)`, with the reader's arguments among the others."""

    def make(**kwargs):
        names = {"file_root", "file_list", "packed"} & set(kwargs)
        return pipeline({k: str(kwargs.pop(k)) for k in names}, **kwargs)

    return make


read, raw = of_files(reading), of_files(as_they_are)


def told(batch):
    """All that a batch says of its samples."""
    cpu = [out.as_cpu() for out in batch]
    data = [[out.at(i).tobytes() for out in cpu] for i in range(len(batch.sample_ids))]
    programs = [str(batch.program(i)) for i in range(len(data))]
    return data, list(batch.sample_ids), list(batch.epochs), list(batch.is_padding), programs


def all_of(pipe, batches):
    return [told(pipe.run()) for _ in range(batches)]


@pytest.mark.parametrize("device", ["cpu", "mixed"])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("shards", [1, 3])
def test_a_packed_file_is_the_folder(folder, packed, device, shuffle, shards):
    for shard in range(shards):
        for more in ({}, {"pad": True}, {"stick": True}):
            kwargs = dict(
                device=device,
                shuffle=shuffle,
                shards=shards,
                shard=shard,
                batch_size=7,
                num_threads=2,
                **more,
            )
            with read(file_root=folder, **kwargs) as a, read(packed=packed, **kwargs) as b:
                assert a.reader_meta("Reader") == b.reader_meta("Reader")
                assert all_of(a, 12) == all_of(b, 12)
                assert a.state_dict() == b.state_dict()


def test_a_run_goes_on_with_either(folder, packed):
    with read(file_root=folder, batch_size=4, num_threads=2) as a:
        all_of(a, 7)
        state = a.state_dict()
        rest = all_of(a, 12)
    with read(packed=packed, batch_size=4, num_threads=1) as b:
        b.load_state_dict(state)
        assert all_of(b, 12) == rest
        again = b.replay(rest[3][1][1], rest[3][2][1])
        assert again[0].at(0).tobytes() == rest[3][0][1][0]


def test_bytes_labels_and_names_are_the_files(folder, packed):
    files = sorted(folder.rglob("*.jpg"))
    with raw(file_root=folder, batch_size=N, num_threads=2) as pipe:
        told_by_folder = [t.source_info() for t in pipe.run()[0]]
    with raw(packed=packed, batch_size=N, num_threads=2) as pipe:
        batch = pipe.run()
    for i, path in enumerate(files):
        assert batch[0].at(i).tobytes() == path.read_bytes()
        assert batch[1].at(i)[0] == int(path.parent.name[-1])
        assert batch[0][i].source_info() == told_by_folder[i]


def test_a_list_keeps_its_order_and_labels(folder, tmp_path):
    files = sorted(folder.rglob("*.jpg"))[::-1][:10]
    text = "".join(f"{f.relative_to(folder)} {100 + k}\n" for k, f in enumerate(files + files[:2]))
    (tmp_path / "list.txt").write_text(text)
    out = tmp_path / "list.pack"
    assert main(["pack", str(tmp_path / "list.txt"), "--root", str(folder), "-o", str(out)]) == 0
    with raw(packed=out, batch_size=12, num_threads=1) as pipe:
        batch = pipe.run()
    assert [int(batch[1].at(i)[0]) for i in range(12)] == list(range(100, 112))
    assert batch[0].at(11).tobytes() == files[1].read_bytes()


def test_a_callback_may_write_to_what_it_is_given(packed):
    def zero(data):
        data[:] = 0
        return data

    @vg.pipeline_def(seed=1, device_id=None)
    def callback():
        encoded, _ = fn.readers.file(packed=str(packed))
        return fn.python_function(encoded, function=zero) if hasattr(fn, "python_function") else encoded

    before = packed.read_bytes()
    with callback(batch_size=N, num_threads=1) as pipe:
        pipe.run()
        pipe.run()
    assert packed.read_bytes() == before


def problem(pack, **kwargs):
    with pytest.raises(RuntimeError) as error:
        with raw(packed=pack, batch_size=N, num_threads=1, **kwargs) as pipe:
            pipe.run()
    return str(error.value)


def test_every_damage_is_told(packed, tmp_path):
    whole = packed.read_bytes()
    index = struct.unpack_from("<Q", whole, 24)[0]
    bad = tmp_path / "bad.pack"

    def write(data):
        bad.write_bytes(data)
        return problem(bad)

    def flipped(at):
        data = bytearray(whole)
        data[at] ^= 0x40
        return write(bytes(data))

    for size in (0, 1, 63, 64, 65, len(whole) // 2, index, index + 1, len(whole) - 1):
        assert "bad.pack" in write(whole[:size]) and "[readers.file] packed" in write(whole[:size])
    assert "bytes" in write(whole + b"x")
    assert "no packed file" in flipped(0)
    assert "version" in flipped(8)
    for at in range(12, 64, 3):
        assert "checksum" in flipped(at)
    for at in range(index, len(whole), 37):
        assert "index does not have its checksum" in flipped(at)
    # In the bytes of a file: that sample's own error, under the original name.
    third = struct.unpack_from("<QQ", whole, index + 2 * 40)
    for at in (third[0], third[0] + third[1] - 1):
        text = flipped(at)
        assert "checksum" in text and "class0/0008.jpg" in text


def test_a_damaged_sample_is_skipped_and_the_rest_read(folder, packed, tmp_path):
    data = bytearray(packed.read_bytes())
    index = struct.unpack_from("<Q", data, 24)[0]
    data[struct.unpack_from("<Q", data, index)[0] + 5] ^= 1
    (tmp_path / "bad.pack").write_bytes(bytes(data))
    with raw(packed=tmp_path / "bad.pack", batch_size=N, num_threads=2, on_error="skip") as pipe:
        batch = pipe.run()
        assert list(batch.sample_ids) == list(range(1, N))
        assert "class0/0000.jpg" in str(batch.errors[0])


def empty_pack():
    """A packed file without files, as the format describes it."""
    mask = 2**64 - 1

    def mix(x):
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & mask
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB & mask
        return x ^ (x >> 31)

    def checksum(data):
        lanes = [0, 1, 2, 3]
        padded = data + bytes(-len(data) % 32)
        for k, word in enumerate(struct.unpack(f"<{len(padded) // 8}Q", padded)):
            x = lanes[k % 4] ^ word
            x = (x << 29 | x >> 35) & mask
            lanes[k % 4] = x * 0x9E3779B97F4A7C15 & mask
        total = mix(len(data))
        for lane in lanes:
            total = mix(mix((total + 0x9E3779B97F4A7C15) & mask) ^ lane)
        return total

    head = struct.pack("<8sIIQQQQQ", b"VGPACK\r\n", 1, 64, 0, 64, 0, checksum(b""), 64)
    return head + struct.pack("<Q", checksum(head))


def test_the_format_is_what_the_guide_says_and_no_files_are_an_error(tmp_path):
    (tmp_path / "none.pack").write_bytes(empty_pack())
    assert "holds no files" in problem(tmp_path / "none.pack")
    (tmp_path / "folder" / "class").mkdir(parents=True)
    assert main(["pack", str(tmp_path / "folder"), "-o", str(tmp_path / "x.pack")]) == 1
    assert not (tmp_path / "x.pack").exists()


def test_one_giant_file(tmp_path):
    data = os.urandom(1 << 20) * 70
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "giant.jpg").write_bytes(data)
    out = tmp_path / "giant.pack"
    assert main(["pack", str(tmp_path / "in"), "-o", str(out)]) == 0

    @vg.pipeline_def(seed=1, device_id=None)
    def bytes_of():
        return tuple(fn.readers.file(packed=str(out)))

    with bytes_of(batch_size=1, num_threads=1) as pipe:
        assert pipe.run()[0].at(0).tobytes() == data


def test_arguments_that_contradict(folder, packed):
    for other in ({"file_root": folder}, {"file_list": folder}):
        assert "cannot be used together" in problem(packed, **other)
    assert "nowhere.pack" in problem("/nowhere.pack")


def test_bad_input_leaves_nothing(folder, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    last = sorted(copy.rglob("*.jpg"))[-1]
    last.unlink()
    last.symlink_to("nowhere")
    out = tmp_path / "out" / "x.pack"
    assert main(["pack", str(copy), "-o", str(out)]) == 1
    assert "x.pack" in capsys.readouterr().err  # no such folder
    out.parent.mkdir()
    out.write_bytes(b"before")
    assert main(["pack", str(copy), "-o", str(out)]) == 1
    assert last.name in capsys.readouterr().err
    assert [p.name for p in out.parent.iterdir()] == ["x.pack"] and out.read_bytes() == b"before"
    assert main(["pack", str(tmp_path / "none"), "-o", str(out)]) == 2


# SIGINT is ignored by what a shell runs in its background, and by its children.
SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from variegate import _core
def progress(done, files, size):
    print(done, flush=True)
    time.sleep(0.02)
_core.pack(sys.argv[1], sys.argv[2], None, progress)
"""


def test_ctrl_c_leaves_nothing(folder, tmp_path):
    environment = dict(os.environ, PYTHONPATH=str(Path(vg.__file__).resolve().parents[1]))
    command = [sys.executable, "-c", SLOW, str(tmp_path / "x.pack"), str(folder)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "1"
    time.sleep(0.05)
    assert len(list(tmp_path.iterdir())) == 1
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert list(tmp_path.iterdir()) == []
