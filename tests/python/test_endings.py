"""A run ends at once and leaves nothing behind, however it ends."""

import gc
import os
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
import variegate as vg
from variegate import fn

# A shell starts what runs in its background with SIGINT ignored, which children inherit: they ask for it again.
PREAMBLE = """
import os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import numpy as np
import variegate as vg
from variegate import fn

def slow(x):
    time.sleep(0.05)
    return x

@vg.pipeline_def(batch_size=8, num_threads=2, device_id=None, prefetch_queue_depth=3)
def pipe():
    x = fn.external_source(source=lambda: [np.zeros((64, 64, 3), np.uint8)] * 8, layout="HWC")
    return fn.python_function(x, function=slow)
"""


def run(code, seconds=20):
    begin = time.time()
    result = subprocess.run(
        [sys.executable, "-c", PREAMBLE + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    return result, time.time() - begin


def threads():
    return len(os.listdir("/proc/self/task"))


def test_ctrl_c_ends_a_run_at_once():
    result, _ = run("""
        p = pipe(); p.build(); p.run()
        threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        t = None
        try:
            while True:
                p.run()
        except KeyboardInterrupt:
            t = time.time()
        p.close()
        print("closed within", time.time() - t)
        assert time.time() - t < 1
    """)
    assert result.returncode == 0, result.stderr
    assert "closed within" in result.stdout


def test_the_interpreter_exits_with_a_pipeline_running():
    result, _ = run("""
        p = pipe(); p.build(); p.run()
        print("bye", time.time())
    """)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert time.time() - float(result.stdout.split()[1]) < 5


def test_fork_after_import():
    result, _ = run("""
        pid = os.fork()
        if pid == 0:
            p = pipe(); p.build(); p.run(); p.close()
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    """)
    assert result.returncode == 0, result.stderr


def make(function, **kwargs):
    @vg.pipeline_def(batch_size=4, num_threads=2, device_id=None, **kwargs)
    def pipe():
        x = fn.external_source(source=lambda: [np.zeros((8, 8, 3), np.uint8)] * 4, layout="HWC")
        return fn.python_function(x, function=function)

    return pipe()


def test_an_exception_of_a_callback_comes_out_as_it_is():
    class OwnError(Exception):
        pass

    def fails(x):
        raise OwnError("from the callback")

    p = make(fails)
    with pytest.raises(OwnError, match="from the callback"):
        p.run()
    begin = time.time()
    p.close()
    assert time.time() - begin < 1


def test_a_consumer_that_stops_leaves_no_thread():
    gc.collect()  # pipelines of earlier tests end now, not in between
    before = threads()
    for _ in range(5):
        p = make(lambda x: x)
        for _ in range(3):
            p.run()
        p.close()
    assert threads() <= before
    p = make(lambda x: x)
    p.run()
    del p
    deadline = time.time() + 1
    while threads() > before and time.time() < deadline:
        time.sleep(0.01)
    assert threads() <= before


def test_close_may_be_called_twice_and_ends_use():
    p = make(lambda x: x)
    p.run()
    p.close()
    p.close()
    with pytest.raises(RuntimeError, match="closed"):
        p.run()


def test_outputs_stay_valid_as_long_as_they_are_held():
    count = [0]

    def source():
        count[0] += 1
        return [np.full((16, 16, 3), count[0] % 250, np.uint8)] * 4

    @vg.pipeline_def(batch_size=4, num_threads=2, device_id=None)
    def pipe():
        return fn.brightness(fn.external_source(source=source, layout="HWC"), brightness=1.0)

    p = pipe()
    held = [p.run() for _ in range(20)]
    arrays = [b[0].as_array() for b in held]
    p.close()
    del held, p
    assert [int(a[0, 0, 0, 0]) for a in arrays] == list(range(1, 21))


def test_a_byte_ceiling_raises_and_says_so():
    @vg.pipeline_def(batch_size=4, num_threads=2, device_id=None, max_host_bytes=4 << 20)
    def pipe():
        x = fn.external_source(source=lambda: [np.zeros((256, 256, 3), np.uint8)] * 4, layout="HWC")
        return fn.brightness(x, brightness=2.0)

    p = pipe()
    held = []
    with pytest.raises(MemoryError, match="max_host_bytes.*blocks of earlier outputs are held"):
        for _ in range(20):
            held.append(p.run())
    p.close()


def test_two_threads_may_use_two_pipelines():
    results = []

    def work():
        p = make(lambda x: x + 1)
        results.append(int(p.run()[0].at(0).max()))
        p.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for w in workers:
        w.start()
    for w in workers:
        w.join(10)
    assert results == [1] * 4


def test_sigint_is_still_pythons():
    result, _ = run("""
        p = pipe(); p.build(); p.run()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        p.close()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    """)
    assert result.returncode == 0, result.stderr
