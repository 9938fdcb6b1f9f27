"""File systems that a test mounts, where the machine lets it."""

import contextlib
import subprocess

import pytest


def mount(place, *how):
    """`how` is what mount(8) is told beside the place; the test is skipped where mounting is not allowed."""
    if subprocess.run(["mount", *how, place], capture_output=True).returncode != 0:
        pytest.skip("no right to mount")


def unmount(place):
    """At once for whoever looks; the kernel lets go when whatever still holds it (a server that was killed, a scanner) is done."""
    subprocess.run(["umount", "--lazy", place], check=True)


@contextlib.contextmanager
def mounted(place, *how):
    mount(place, *how)
    try:
        yield place
    finally:
        unmount(place)
