"""Runs a shell command and prints its CPU seconds (user + system), peak memory in MB and wall seconds as JSON.

The figures are the operating system's own (wait4), for the command and every child that it waited for.
"""
import json
import os
import resource
import subprocess
import sys
import time

started = time.perf_counter()
child = subprocess.Popen(["bash", "-c", "set -o pipefail; " + sys.argv[1]], stdin=subprocess.DEVNULL)
code = child.wait()
wall = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": code, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024, "wall": wall}))
