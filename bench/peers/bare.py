"""libjpeg-turbo alone, in a program of its own: decodes the windows that the pipelines decode, and nothing else. The bound."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import record
from turns import Timed
from variegate import fn, pipeline_def

VERSION = ""  # the library of Variegate's own codec
EPOCHS = 2

__all__ = ["VERSION", "turn", "windows"]


@pipeline_def(batch_size=64, num_threads=1, seed=1)
def drawn(folder):
    """A random crop window has the same draws whatever operator takes it: these are those of the measured pipeline."""
    encoded, _ = fn.readers.file(file_root=folder, name="files", random_shuffle=True)
    return fn.random_crop_generator(
        fn.peek_image_shape(encoded), random_aspect_ratio=[3 / 4, 4 / 3], random_area=[0.08, 1.0]
    )


def windows(folder):
    """(path, x, y, width, height) of each sample of the first epochs, in order."""
    # The order of the files that the reader has: classes by name, then files.
    files = sorted(p for p in Path(folder).glob("*/*"))
    with drawn(folder) as pipe:
        count = EPOCHS * len(files)
        found = []
        while len(found) < count:
            batch = pipe.run()
            for i, sample in enumerate(batch.sample_ids):
                (y, x), (height, width) = (batch[k].at(i).tolist()[:2] for k in (0, 1))
                found.append((files[sample], int(x), int(y), int(width), int(height)))
    return found[:count]


@cache
def listed(folder):
    """A file that lives as long as this process, for the program."""
    file = tempfile.NamedTemporaryFile("w", suffix=".txt")  # noqa: SIM115
    file.writelines(f"{x} {y} {w} {h} {path}\n" for path, x, y, w, h in windows(folder + "/train"))
    file.flush()
    return file


def turn(job):
    """One turn, by the program's own clocks."""
    if not job.bare or not Path(job.bare).is_file():
        raise ImportError("the program variegate_bare was not built")
    command = [job.bare, listed(job.folder).name, str(job.threads), str(job.seconds)]
    busy = record.busy_seconds()
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Timed(*map(float, out.split()), busy=record.busy_seconds() - busy)
