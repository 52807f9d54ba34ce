"""What is set once for the whole process, so that many sessions share it well."""

import ctypes
import sys

from threadpoolctl import threadpool_limits

ARENAS = (
    2  # heaps of the C library; it makes up to eight a core, and Streamlit's many threads leave holes in all of them
)
M_ARENA_MAX = -8  # from glibc's malloc.h


def settle() -> threadpool_limits:
    """Set it; the limits that come back hold as long as they are kept."""
    hold_to_few_arenas()
    return threadpool_limits(limits=1)  # the networks are small: a second thread gains nothing, and costs others much


def hold_to_few_arenas() -> bool:
    """Whether this could be asked of the C library; other ones than glibc have no need of it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    return bool(mallopt and mallopt(M_ARENA_MAX, ARENAS))
