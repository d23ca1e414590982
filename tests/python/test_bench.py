"""The programs that measure: what they hold against each other is the same work, and the numbers follow from the turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import variegate
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
if not (ROOT / "bench").is_dir():
    pytest.skip("the tests run without the source tree", allow_module_level=True)
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "examples" / "efficientnet")]

import files  # noqa: E402
import readme_table  # noqa: E402
import training_data  # noqa: E402
from peers import bare  # noqa: E402
from pipelines import Pipelines  # noqa: E402
from steps import AUGMENTATIONS, OTHERS, POLICIES  # noqa: E402

PACKAGE = str(Path(variegate.__file__).resolve().parents[1])


def run(program, *options):
    end = subprocess.run(
        [sys.executable, ROOT / "bench" / program, *options],
        env=dict(os.environ, PYTHONPATH=PACKAGE),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert end.returncode == 0, end.stderr[-4000:]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Forty files as they are measured."""
    folder = tmp_path_factory.mktemp("made")
    training_data.make(ROOT / "tests" / "photos" / "small", folder, 40)
    return folder


def test_the_bound_decodes_the_windows_of_the_pipeline(made):
    class Decoded(Pipelines):
        """The measured pipeline up to its decoder."""

        def _augmented(self, encoded):
            return self.library.fn.decoders.image_random_crop(
                encoded, random_aspect_ratio=[3 / 4, 4 / 3], random_area=[0.08, 1.0]
            )

    windows = bare.windows(str(made / "train"))
    pipelines = Decoded("variegate", 224, "none", False, False, False)
    options = {"batch_size": 16, "num_threads": 1, "device_id": None, "seed": 1}
    with pipelines.training(str(made / "train"), {}, **options) as pipe:
        for place in range(0, 2 * 40, 16):
            images = pipe.run()[0]
            for i, (path, x, y, w, h) in enumerate(windows[place : place + 16]):
                whole = np.asarray(Image.open(path).convert("RGB"))
                assert np.array_equal(images.at(i), whole[y : y + h, x : x + w])
    assert len({tuple(w[1:]) for w in windows}) > 70  # every epoch has its own


def test_ratios_are_those_of_a_round():
    def turn(number, clock, processor):
        return {"round": number, "images_per_second": clock, "images_per_cpu_second": processor}

    turns = {
        files.BARE: {"1": {"bare": [turn(0, 100, 200), turn(1, 50, 100), turn(2, 80, 100)]}},
        "none": {"1": {"variegate": [turn(0, 90, 100), turn(1, 50, 80)], "dali": [turn(2, 20, 50)]}},
    }
    told = files.summary(turns)
    ours, theirs = told["none"]["1"]["variegate"], told["none"]["1"]["dali"]
    assert (ours["images_per_second"], ours["images_per_cpu_second"]) == (70, 90)
    assert ours["of_bare"] == pytest.approx({"clock": 0.95, "processor": 0.65})
    assert theirs["of_bare"] == pytest.approx({"clock": 0.25, "processor": 0.5})
    assert "of_bare" not in told[files.BARE]["1"]["bare"]
    assert files.table(told, "clock").splitlines()[-1] == "| no policy | 1 |  | 70 (95%) | 20 (25%) |"


def test_files_to_batches(made, tmp_path):
    """A short run: all works, the record, the picture; a peer that is missing is said, and stops nobody."""
    options = "--peers variegate albumentations --threads 1 --rounds 2 --seconds 0.05 --batch 8".split()
    run("files.py", "--data", made, "--json", tmp_path / "files.json", *options)
    record = json.loads((tmp_path / "files.json").read_text())
    for work in ("none", "autoaugment", "randaugment"):
        turns = record["turns"][work]["1"]["variegate"]
        assert [t["round"] for t in turns] == [0, 1]
        assert all(t["images_per_second"] > 0 and t["others"] >= 0 for t in turns)
        assert record["summary"][work]["1"]["variegate"]["images_per_cpu_second"] > 0
    assert any(line.startswith("bare, ") for line in record["left_out"])  # no program was named
    assert record["versions"]["variegate"] == variegate.__version__
    with Image.open(tmp_path / "files.png") as picture:
        assert len(picture.getcolors(1 << 20)) > 10


def test_pages_say_what_the_records_say():
    for page in readme_table.PAGES:
        told = (ROOT / page).read_text(encoding="utf-8")
        assert readme_table.BLOCK.search(told) and readme_table.written(page) == told, page


def test_who_is_faster_is_said():
    told = {
        "date": "2026-01-01",
        "machine": {"processor": "A", "cores": 1, "load": None},
        "build": {"type": "Release", "simd": "avx2"},
        "rounds": 3,
        "versions": {"variegate": "1", "pipeline": "1", "opencv": "5", "dali": "2"},
        "floors": {"color": 19},
        "numbers": {
            "color": {"variegate": 80.0, "pipeline": 90.0, "opencv": 40.0, "dali": 85.0},
            "flip": {"variegate": 5.0, "pipeline": 7.0, "opencv": 6.0, "dali": 7.5},
        },
    }
    text = readme_table.alone_table(told, ["color", "flip"])
    assert "| color | 19 | 80.0 | 90.0 | 40.0 | 85.0 |\n| flip |  | 5.0 | 7.0 | 6.0 | 7.5 |" in text
    assert (
        "Faster than this library: opencv for color (40.0 us against 80.0), dali for color (85.0 us against 90.0). "
        in text
    )


def test_policies_and_operators_alone(tmp_path):
    """A short run of all work by two sides: numbers for everything, the picture."""
    told = tmp_path / "alone.json"
    options = f"--peers pipeline pillow --rounds 1 --seconds 0.001 --json {told}".split()
    program = os.path.join(os.environ.get("VG_BUILD_DIR", "build"), "bench", "variegate_alone")
    sides = {"pipeline", "pillow"}
    if os.path.exists(program):
        options[1:1] = ["variegate"]
        sides.add("variegate")
    run("alone.py", program, *options)
    record = json.loads(told.read_text())
    assert set(record["numbers"]) == {*POLICIES, *AUGMENTATIONS, *OTHERS} and record["left_out"] == []
    for row in record["numbers"].values():
        assert set(row) == sides and all(us > 0 for us in row.values())
    with Image.open(told.with_suffix(".png")) as picture:
        assert len(picture.getcolors(1 << 20)) > 10
