"""A DataLoader of torch as a peer: a process per worker."""


def steps(loader, threads):
    """A step that takes as many batches as there are workers, who come with theirs at the same time, and what ends it."""
    endless = iter(batch for _ in iter(int, 1) for batch in loader)
    return lambda: sum(len(next(endless)[0]) for _ in range(threads)), endless.close
