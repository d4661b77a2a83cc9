# SPDX-License-Identifier: Apache-2.0
# The kernels: the size at which each is measured (some tenths of a second without Gordian), one with about twenty million accesses for a
# quick look, a small one for the smoke test and the checksum that belongs to it.
import os
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))


@dataclass(frozen=True)
class Kernel:
    name: str
    size: int
    brief: int
    small: int
    checksum: str
    goroutines: bool = False  # needs Gordian's runtime, so there is no build for ThreadSanitizer

    @property
    def source(self):
        return os.path.join(HERE, self.name + ".cc")


KERNELS = (
    Kernel("fft", 2048, 256, 32, "fa290656e4461830"),
    Kernel("lu", 1600, 320, 64, "62bc7435f85fc729"),
    Kernel("radix_sort", 16000000, 1000000, 20000, "0a9b28d196d18a32"),
    Kernel("grid_solver", 2000, 256, 48, "40f5668a4276aaee"),
    Kernel("barnes_hut", 24000, 2000, 150, "8c8a55d69377a2d5"),
    Kernel("molecular_dynamics", 32, 12, 6, "23894f4d72d22502"),
    Kernel("k_median", 200000, 4000, 300, "5dd1e9771f37bd58"),
    Kernel("fluid", 100000, 16000, 500, "b27053ae66bbf739"),
    Kernel("option_pricing", 500000, 40000, 1000, "ff16c93e0e9eef52"),
    Kernel("dedup", 12000000, 800000, 60000, "e8623fa21f3ec60f"),
    Kernel("compression", 12000000, 500000, 60000, "2182e3249956977d"),
    Kernel("hash_table", 600000, 400000, 2000, "d145efebcd374238"),
    Kernel("b_tree", 200000, 150000, 1000, "73ee913b220f0d6e"),
    Kernel("prime_sieve", 800, 300, 40, "9c80187c1a94ae6b", goroutines=True),
    Kernel("pipeline", 24000, 2000, 20, "3a54b05270678fc9", goroutines=True),
    Kernel("worker_pool", 8000000, 800000, 60000, "f6e986d3fdc20719", goroutines=True),
)


def named(name):
    return next(kernel for kernel in KERNELS if kernel.name == name)
