"""`python -m target_together`: the same as `target-together`, for a machine whose PATH lacks pip's scripts."""

from . import target_together

target_together()
