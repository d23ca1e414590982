"""What DALI keeps under `plugin.pytorch.experimental`."""

from . import proxy
