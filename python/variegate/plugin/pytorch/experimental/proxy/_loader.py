"""torch's DataLoader in front of a pipeline."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import torch.utils.data

from ._server import DALIServer


class DataLoader(torch.utils.data.DataLoader):
    """torch's DataLoader whose references to batches become tensors.

    The arguments after `dali_server` are those of torch's. Batches run through the pipeline in the order in which workers
    are asked for them, `prefetch_queue_depth` of the pipeline ahead.
    """

    def __init__(self, dali_server: DALIServer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dali_server = dali_server

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        self.dali_server.start_thread()
        return self._produced(super().__iter__())

    def _produced(self, items: Iterator[Any]) -> Iterator[Any]:
        server = self.dali_server
        ahead: deque[tuple[Any, list[Any]]] = deque()
        try:
            for item in items:
                ahead.append((item, server.submit(item)))
                if len(ahead) >= max(2, server.depth):
                    yield server.produce_data(ahead.popleft()[0])
            while ahead:
                yield server.produce_data(ahead.popleft()[0])
        finally:  # also where the consumer leaves early
            for _, numbers in ahead:
                server.forget(numbers)
