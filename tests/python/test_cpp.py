"""C++ users: the headers compile alone, the library installs, and the example builds against it and agrees with Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import variegate as vg
from variegate import fn
from variegate.auto_aug import rand_augment

ROOT = Path(__file__).parents[2]
CXX = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++")
HEADERS = sorted((ROOT / "include" / "variegate").glob("*.h"))


@pytest.mark.skipif(CXX is None, reason="no compiler")
@pytest.mark.parametrize("header", HEADERS, ids=lambda p: p.name)
def test_a_public_header_compiles_alone_and_names_no_other_library(header):
    text = f'#include "{header}"\n'
    command = [
        CXX,
        "-std=c++20",
        "-Wall",
        "-Wextra",
        "-Werror",
        f"-I{ROOT / 'include'}",
        "-x",
        "c++",
        "-fsyntax-only",
        "-",
    ]
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    source = header.read_text()
    for other in ("fmt::", "nlohmann", "jpeg", "png_", "TIFF", "cuda"):
        assert f"#include <{other}" not in source and f"{other}::" not in source.replace("fmt::", "")


def test_the_operator_functions_are_those_of_the_registry():
    command = [sys.executable, str(ROOT / "tools" / "make_ops_header.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


BUILD = os.environ.get("VG_BUILD_DIR")


@pytest.mark.skipif(
    not BUILD or shutil.which("cmake") is None, reason="VG_BUILD_DIR names no build of the library"
)
def test_the_example_builds_against_the_installed_library_and_agrees_with_python(tmp_path):
    prefix, build, out = tmp_path / "prefix", tmp_path / "build", tmp_path / "out"

    def run(*command):
        result = subprocess.run([str(c) for c in command], capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    run("cmake", "--install", BUILD, "--prefix", prefix, "--component", "cpp")
    run("cmake", "-S", ROOT / "examples" / "cpp", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    data = ROOT / "tests" / "photos" / "small"
    printed = run(build / "augment", data, out).splitlines()
    assert len(printed) == 8

    @vg.pipeline_def(batch_size=4, num_threads=1, seed=7, enable_conditionals=True, device_id=None)
    def same():
        encoded, label = fn.readers.file(file_root=str(data), random_shuffle=True)
        image = fn.resize(fn.decoders.image(encoded), size=[160, 160])
        image = rand_augment.rand_augment(image, 2, 15)
        if fn.random.coin_flip(probability=0.3):
            image = fn.rotate(image, angle=fn.random.uniform(range=[-20, 20]), keep_size=True, fill_value=0)
        else:
            image = fn.flip(image)
        return image, label

    with same() as pipe:
        for _ in range(2):
            batch = pipe.run()
            for i, sample in enumerate(batch.sample_ids):
                ppm = (out / f"{sample}.ppm").read_bytes()
                assert ppm.endswith(batch[0].at(i).tobytes())
