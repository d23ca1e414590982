"""The page for users of PyTorch runs, block by block."""

import needs_torch  # noqa: F401
from test_docs import run_blocks


def test_blocks_run(tmp_path):
    run_blocks("docs/guide/pytorch.md", tmp_path)
