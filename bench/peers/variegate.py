"""This library: the pipeline of the example, letter for letter that of DALI."""

from pipelines import Pipelines
from variegate import __version__ as VERSION

from peers import STRENGTH

__all__ = ["VERSION", "start"]


def start(job, library="variegate"):
    """A step that makes a batch and gives its size, and what ends it."""
    gpu = job.device == "gpu"
    pipelines = Pipelines(library, job.size, job.work, False, gpu, gpu, STRENGTH)
    options = {"batch_size": job.batch, "num_threads": job.threads, "seed": 1}
    options |= {"device_id": 0, "prefetch_queue_depth": 3} if gpu else {"device_id": None}
    pipe = pipelines.training(job.folder + "/train", {}, **options)
    pipe.build()
    return lambda: len(pipe.run()[0]), getattr(pipe, "close", lambda: None)
