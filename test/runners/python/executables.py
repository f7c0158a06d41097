"""Any executable that speaks Singer, dressed as the SDK's Tap and Target classes, so that the SDK's standard tests run on it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

from singer_sdk import Sink, Stream, Tap, Target
from singer_sdk.exceptions import MissingKeyPropertiesError, RecordsWithoutSchemaException


def call(executable: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([executable, *arguments], input=text, capture_output=True, text=True, check=False, timeout=300)


def must(executable: str, *arguments: str) -> str:
    result = call(executable, *arguments)
    if result.returncode != 0:
        raise RuntimeError(f"{executable} {' '.join(arguments)} ended with {result.returncode}: {result.stderr[-2000:]}")
    return result.stdout


def about(executable: str) -> dict:
    return json.loads(must(executable, "--about", "--format", "json"))


@contextlib.contextmanager
def settings_file(config: t.Mapping) -> t.Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.json")
        path.touch(mode=0o600)
        path.write_text(json.dumps(dict(config)))
        yield str(path)


class _Prints:
    """--version and --about as the executable prints them."""

    executable: t.ClassVar[str]

    @classmethod
    def print_version(cls, print_fn: t.Callable = print) -> None:
        text = must(cls.executable, "--version").strip()
        assert text.startswith(cls.name), f"--version prints {text!r}"
        print_fn(text)

    @classmethod
    def print_about(cls, output_format: str | None = None) -> None:
        text = must(cls.executable, "--about", *(["--format", output_format] if output_format else []))
        if output_format == "json":
            found = json.loads(text)
            missing = {"name", "description", "version", "sdk_version", "supported_python_versions", "capabilities", "settings"} - set(found)
            assert not missing, f"--about --format json lacks {missing}"
        assert cls.name in text
        print(text)


class ExecutableStream(Stream):
    """What the catalog says of a stream; its rows come from the executable, all streams at once."""

    def __init__(self, tap: Tap, entry: dict) -> None:
        self.entry = entry
        super().__init__(tap, schema=entry["schema"], name=entry["tap_stream_id"])
        self.primary_keys = entry["key_properties"]
        self.replication_key = entry.get("replication_key")

    def get_records(self, context: t.Any) -> t.Iterable[dict]:
        raise NotImplementedError("rows come from the executable")


def everything(catalog: dict) -> dict:
    """The catalog with each stream and each field selected, also what is not selected by default."""
    for stream in catalog["streams"]:
        for item in stream["metadata"]:
            if item["metadata"].get("inclusion") != "unsupported":
                item["metadata"]["selected"] = True
    return catalog


def tap_class(path: str, without: t.Collection[str] = ()) -> type[Tap]:
    """`without`: streams that the server behind the settings does not have."""
    told = about(path)

    class ExecutableTap(_Prints, Tap):
        name = told["name"]
        executable = path
        # The executable validates its settings itself; the SDK would inject the defaults a second time.
        config_jsonschema = {"type": "object", "properties": {}}

        def discover_streams(self) -> list[Stream]:
            with settings_file(self.config) as config:
                catalog = json.loads(must(path, "--config", config, "--discover"))
            return [ExecutableStream(self, entry) for entry in catalog["streams"] if entry["stream"] not in without]

        def run_discovery(self) -> str:
            with settings_file(self.config) as config:
                text = must(path, "--config", config, "--discover")
            print(text)
            return text

        @property
        def catalog_dict(self) -> dict:
            return {"streams": [stream.entry for stream in self.streams.values()]}

        def _sync(self, *flags: str) -> str:
            with settings_file(self.config) as config, tempfile.NamedTemporaryFile("w", suffix=".json") as catalog:
                json.dump(everything(self.catalog_dict), catalog)
                catalog.flush()
                return must(path, "--config", config, "--catalog", catalog.name, *flags)

        def run_connection_test(self) -> bool:
            rows: dict[str, int] = {}
            for line in self._sync("--test").splitlines():
                message = json.loads(line)
                if message["type"] == "SCHEMA":
                    rows.setdefault(message["stream"], 0)
                elif message["type"] == "RECORD":
                    rows[message["stream"]] += 1
            assert set(rows) == set(self.streams), f"--test is silent about {set(self.streams) - set(rows)}"
            several = [stream for stream, count in rows.items() if count > 1]
            assert not several, f"--test prints more than one row of {several}"
            return True

        def run_sync_dry_run(self, dry_run_record_limit: int | None = 1, streams: t.Any = None) -> bool:
            sys.stdout.write(self._sync())
            return True

    return ExecutableTap


class NoSink(Sink):
    def process_batch(self, context: dict) -> None:
        raise NotImplementedError

    def process_record(self, record: dict, context: dict) -> None:
        raise NotImplementedError


def target_class(path: str) -> type[Target]:
    told = about(path)

    class ExecutableTarget(_Prints, Target):
        name = told["name"]
        executable = path
        # The executable validates its settings itself; the SDK would inject the defaults a second time.
        config_jsonschema = {"type": "object", "properties": {}}
        default_sink_class = NoSink

        def process_lines(self, file_input: t.IO[str]) -> None:
            with tempfile.TemporaryDirectory() as state, settings_file({**self.config, "state_dir": state}) as config:
                result = call(path, "--config", config, text=file_input.read())
            sys.stdout.write(result.stdout)
            sys.stderr.write(result.stderr)
            if result.returncode == 0:
                return
            if "missing key property" in result.stderr.lower():
                raise MissingKeyPropertiesError(result.stderr)
            if "before its schema" in result.stderr.lower():
                raise RecordsWithoutSchemaException(result.stderr)
            raise RuntimeError(f"exit code {result.returncode}: {result.stderr[-2000:]}")

        def process_endofpipe(self) -> None:
            """The executable has already seen the end of its input."""

    return ExecutableTarget
