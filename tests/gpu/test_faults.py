"""A fault on the GPU is one clear error; pipelines on the host go on, and the process ends by itself."""

import subprocess
import sys

import pytest
from variegate import _core

if _core.gpu_devices() in ([], ["emulated"]):
    pytest.skip("needs a GPU that can fail", allow_module_level=True)

FAULT = """
import numpy as np
import variegate as vg
from variegate import fn, types

class Wild:
    __cuda_array_interface__ = {
        "version": 3, "typestr": "|u1", "shape": (64, 64, 3), "data": (1 << 20, False), "stream": 1}

def pipe(source, **options):
    @vg.pipeline_def(batch_size=2, num_threads=1, **options)
    def make():
        return fn.brightness(source().gpu(), brightness=1.5)
    return make()

wild = pipe(lambda: fn.external_source(lambda: [Wild(), Wild()], device="gpu", no_copy=True, layout="HWC"))
try:
    for _ in range(3):
        wild.run()[0].as_cpu()
except RuntimeError as e:
    print("ERROR", e)
host = pipe(lambda: fn.external_source(lambda: [np.full((2, 2, 3), 100, np.uint8)] * 2, layout="HWC"),
            device_id=types.CPU_ONLY_DEVICE_ID)
print("HOST", int(host.run()[0].as_array().max()))
"""


def test_a_fault_is_an_error_that_names_the_operators_and_the_host_goes_on():
    done = subprocess.run([sys.executable, "-c", FAULT], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "ERROR the GPU failed in" in done.stdout and "brightness" in done.stdout, done.stdout
    assert "HOST 150" in done.stdout
