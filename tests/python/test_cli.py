"""The command line: what it writes, what it says, how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import variegate
from PIL import Image
from variegate._cli import main, words

PHOTOS = Path(__file__).resolve().parents[1] / "photos" / "small"
PACKAGE = str(Path(variegate.__file__).resolve().parents[1])


def run_python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    import os

    environment = dict(os.environ, PYTHONPATH=PACKAGE)
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("name", ["rand_augment", "auto_augment", "trivial_augment", "if"])
def test_show_draws_a_row_per_photo(name, tmp_path, capsys):
    out = tmp_path / "sheets" / "sheet.png"
    asked = [
        "show",
        str(PHOTOS),
        "--policy",
        name,
        "--photos",
        "2",
        "--variants",
        "3",
        "--size",
        "64",
        "--out",
        str(out),
    ]
    assert main(asked) == 0
    assert capsys.readouterr().out.strip() == str(out)
    with Image.open(out) as sheet:
        assert sheet.width >= 4 * 64 and sheet.height >= 2 * 64
    first = out.read_bytes()
    assert main(asked) == 0 and out.read_bytes() == first  # a seed names a picture


def test_doctor_names_versions(capsys):
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    for word in (variegate.__version__, "libjpeg-turbo", "NumPy", "GPU", "SIMD"):
        assert word in told


def test_bench_prints_all_rows(capsys):
    assert (
        main(
            [
                "bench",
                str(PHOTOS / "living"),
                "--seconds",
                "0.01",
                "--batch",
                "2",
                "--threads",
                "1",
                "--markdown",
            ]
        )
        == 0
    )
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert len(rows) == 7 and all(float(row.split("|")[2].replace(",", "")) > 0 for row in rows[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["show"],
        ["show", "/nowhere"],
        ["show", ".", "--m", "31"],
        ["bench", ".", "--seconds", "0"],
        ["dali", "/none.py"],
    ],
)
def test_wrong_usage_gives_2(arguments, capsys):
    assert main(arguments) == 2
    assert "variegate" in capsys.readouterr().err


def test_failures_give_1(tmp_path, capsys):
    assert main(["show", str(tmp_path)]) == 1
    (tmp_path / "a.jpg").write_bytes(b"no image")
    assert main(["show", str(tmp_path), "--out", str(tmp_path / "x.png")]) == 1
    assert "a.jpg" in capsys.readouterr().err
    assert (
        main(["show", str(PHOTOS), "--photos", "1", "--variants", "1", "--out", str(tmp_path / "x.nothing")])
        == 1
    )
    assert "cannot write" in capsys.readouterr().err


def test_a_missing_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert main(["bench", str(PHOTOS)]) == 1
    assert "pip install 'variegate[cli]'" in capsys.readouterr().err


def test_words_are_short():
    assert words.operation("warp_affine", {"matrix": [1.0, 0.0, -50.0, 0.0, 1.0, 0.0]}) == "translate x=-50"
    assert (
        words.operation("warp_affine", {"matrix": [1.0, 0.15000000596, 0.0, 0.0, 1.0, 0.0]}) == "shear x=0.15"
    )
    assert words.operation("shear_x", {"parameter": [-0.15, 0.0]}) == "shear_x -0.15"
    assert words.operation("posterize", {"parameter": 252.0}) == "posterize 6 bits"
    assert words.operation("rotate", {"angle": -12.345}) == "rotate angle=-12.3"
    assert words.operation("brightness", {"brightness": 0.55}) == "brightness 0.55"
    assert words.program([("decoders.image", {}), ("resize", {})]) == ["unchanged"]


SCRIPT = """
import sys
from nvidia.dali import pipeline_def, fn
import nvidia.dali.types as types
from nvidia.dali.auto_aug import rand_augment

@pipeline_def(batch_size=2, num_threads=1, device_id=None, seed=1, enable_conditionals=True)
def photos():
    encoded, _ = fn.readers.file(file_root=sys.argv[1])
    images = fn.resize(fn.decoders.image(encoded), size=[32, 32])
    return rand_augment.rand_augment(images, n=1, m=5)

import variegate.types
assert types is variegate.types and __name__ == "__main__"
print(photos().run()[0].at(0).shape, sys.argv[2:])
try:
    import nvidia.no_such_package
except ModuleNotFoundError as e:
    print(e)
"""


def test_a_dali_script_runs_unchanged(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    end = run_python("-m", "variegate", "dali", "script.py", str(PHOTOS), "--flag", cwd=tmp_path)
    assert end.returncode == 0, end.stderr
    assert end.stdout.splitlines() == ["(32, 32, 3) ['--flag']", "No module named 'nvidia.no_such_package'"]


def test_other_nvidia_packages_stay(tmp_path):
    (tmp_path / "nvidia" / "other").mkdir(parents=True)
    (tmp_path / "nvidia" / "other" / "__init__.py").write_text("answer = 42\n")
    code = (
        "from variegate.compat import dali; dali.install(); dali.install()\n"
        "import nvidia.other, nvidia.dali, variegate, variegate.fn\n"
        "from nvidia.dali.pipeline import experimental\n"
        "assert nvidia.other.answer == 42 and nvidia.dali is variegate and nvidia.dali.fn is variegate.fn\n"
        "assert variegate.__spec__.name == 'variegate' and variegate.types.__spec__.name == 'variegate.types'\n"
        "try:\n    import nvidia.dali.nothing\n"
        "except ModuleNotFoundError as e:\n    assert 'variegate.nothing' in str(e)\n"
    )
    end = run_python("-c", code, cwd=tmp_path)
    assert end.returncode == 0, end.stderr
