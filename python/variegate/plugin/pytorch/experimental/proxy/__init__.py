"""A pipeline as the `transform` of a torch Dataset: worker processes read, the pipeline does the rest.

    server = DALIServer(pipe)  # a pipeline with external sources that have names and no source
    dataset = ImageFolder(root, transform=server.proxy, loader=read_bytes)
    for images, labels in DataLoader(server, dataset, batch_size=64, num_workers=4): ...

The proxy gives references. torch's default collate makes them references to batches, which carry the samples' inputs to the
main process; there the inputs go through the pipeline, a few batches ahead of the consumer.
"""

from ._loader import DataLoader
from ._references import BatchReference, SampleReference
from ._server import DALIServer

__all__ = ["BatchReference", "DALIServer", "DataLoader", "SampleReference"]
