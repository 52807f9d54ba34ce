"""What is set for the whole process takes effect."""

import platform
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from playground.process import settle


def test_a_product_runs_on_one_thread():
    with settle():
        assert np.ones(2) @ np.ones(2) == 2  # so that the library is there
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no glibc here, so there are no arenas")
def test_threads_share_two_heaps():
    script = """
        import re, threading
        from playground.process import settle
        settle()
        gate = threading.Barrier(9)
        def work():
            bytes(100_000)
            gate.wait()
            gate.wait()
        for _ in range(8):
            threading.Thread(target=work).start()
        gate.wait()
        import ctypes
        ctypes.CDLL(None).malloc_stats()
        gate.wait()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True, timeout=60
    )
    assert 1 <= done.stderr.count("Arena ") <= 2
