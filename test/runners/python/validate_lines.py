"""Reads a connector's stdout on stdin and prints what breaks the Airbyte protocol, one problem a line; exit code 1 if there is any.

    … read --config C --catalog K | python validate_lines.py --catalog K

Each line is held against the protocol's own JSON Schema, then against what a schema cannot say: the order of statuses, a state after
the last record, counts, milliseconds, and records that fit the schema of their stream.
"""

import argparse
import json
import sys
from pathlib import Path

import jsonschema
import yaml

SCHEMA = Path(__file__).parent.parent / "schemas" / "airbyte_protocol.yaml"
BODY = {
    "RECORD": "record",
    "STATE": "state",
    "LOG": "log",
    "SPEC": "spec",
    "CONNECTION_STATUS": "connectionStatus",
    "CATALOG": "catalog",
    "TRACE": "trace",
    "CONTROL": "control",
    "DESTINATION_CATALOG": "destination_catalog",
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--catalog")
    parser.add_argument("--destination", action="store_true")
    options = parser.parse_args()
    protocol = yaml.safe_load(SCHEMA.read_text())
    validator = jsonschema.Draft7Validator({**protocol, "$ref": "#/definitions/AirbyteMessage"})
    streams = {}
    if options.catalog:
        for entry in json.loads(Path(options.catalog).read_text())["streams"]:
            stream = entry["stream"]
            streams[stream["name"]] = jsonschema.Draft7Validator(stream["json_schema"], format_checker=jsonschema.FormatChecker())

    problems: list[str] = []
    counted: dict[str, int] = {}
    uncommitted: dict[str, int] = {}
    statuses: dict[str, list[str]] = {}
    for number, line in enumerate(sys.stdin, 1):
        say = lambda text: problems.append(f"line {number}: {text}")  # noqa: E731
        try:
            message = json.loads(line)
        except ValueError:
            say("not JSON")
            continue
        for error in validator.iter_errors(message):
            say(f"{'.'.join(map(str, error.path))}: {error.message[:200]}")
        kind = message.get("type")
        body = message.get(BODY.get(kind, ""), None)
        if body is None:
            say(f"{kind} without its body")
            continue
        if kind == "RECORD":
            name = body["stream"]
            counted[name] = counted.get(name, 0) + 1
            uncommitted[name] = uncommitted.get(name, 0) + 1
            if not body["data"]:
                say("a record without data is dropped by the platform")
            if not 1e12 < body["emitted_at"] < 1e13:
                say("emitted_at is not in milliseconds")
            if streams and name not in streams:
                say(f"stream {name} was not asked for")
            elif streams:
                for error in streams[name].iter_errors(body["data"]):
                    say(f"{name}.{'.'.join(map(str, error.path))}: does not fit its schema ({error.validator})")
            if statuses.get(name, [""])[-1] not in ("STARTED", "RUNNING"):
                say(f"record of {name} while {statuses.get(name)}")
        elif kind == "STATE":
            if body.get("type") not in ("STREAM", "GLOBAL"):
                say(f"state of type {body.get('type')}")
                continue
            if body["type"] == "STREAM" and not options.destination:
                name = body["stream"]["stream_descriptor"]["name"]
                if body["stream"].get("stream_state") is None:
                    say("state without stream_state")
                said = body.get("sourceStats", {}).get("recordCount")
                if said != uncommitted.get(name, 0):
                    say(f"sourceStats.recordCount {said}, but {uncommitted.get(name, 0)} records of {name} came before it")
                uncommitted[name] = 0
        elif kind == "TRACE" and body["type"] == "STREAM_STATUS":
            status = body["stream_status"]
            statuses.setdefault(status["stream_descriptor"]["name"], []).append(status["status"])
    for name, left in uncommitted.items():
        if left:
            problems.append(f"{left} records of {name} after its last state")
    for name, seen in statuses.items():
        if seen[0] != "STARTED" or seen[-1] not in ("COMPLETE", "INCOMPLETE"):
            problems.append(f"statuses of {name}: {seen}")
        if counted.get(name) and "RUNNING" not in seen:
            problems.append(f"{name} had records, but never RUNNING")
    for name in streams:
        if not options.destination and name not in statuses:
            problems.append(f"no status of {name}")
    print("\n".join(problems[:50]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
