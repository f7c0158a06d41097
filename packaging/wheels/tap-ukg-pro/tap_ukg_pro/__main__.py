"""`python -m tap_ukg_pro`: the same as `tap-ukg-pro`, for a machine whose PATH lacks pip's scripts."""

from . import tap_ukg_pro

tap_ukg_pro()
