"""People from any dlt source to Together: target-together as a dlt destination.

    pip install "dlt>=1.10,<2"
    python people_to_together.py               # with SETTINGS=config.json (the target's settings)

A load with write_disposition="replace" is a complete read: people who are missing from it are gone. Replace `people()` by a source of your
own (an HRIS's REST API, a warehouse table), and `mapping` in the settings by what its columns are called.
"""

import os
import subprocess
import time

import dlt
from dlt.common.json import json
from dlt.common.storages import FileStorage

SETTINGS = os.environ.get("SETTINGS", "config.json")
TARGET = os.environ.get("TARGET_TOGETHER", "target-together")
KEY = os.environ.get("PEOPLE_KEY", "employee_id")


# The whole load at once: people are planned as one set, so they must not come in parts. Leave file_max_items and file_max_bytes unset.
@dlt.destination(name="together", batch_size=0, loader_file_format="typed-jsonl", naming_convention="direct", skip_dlt_columns_and_tables=True)
def together(file_path: str, table: dict) -> None:
    stream = table["name"]
    version = int(time.time() * 1000)
    process = subprocess.Popen([TARGET, "--config", SETTINGS], stdin=subprocess.PIPE, text=True)

    def write(message: dict) -> None:
        process.stdin.write(json.dumps(message) + "\n")

    try:
        properties = {name: {} for name in table["columns"]}
        write({"type": "SCHEMA", "stream": stream, "schema": {"type": "object", "properties": properties}, "key_properties": [KEY]})
        with FileStorage.open_zipsafe_ro(file_path) as lines:
            for line in lines:
                rows = json.typed_loads(line)
                for row in rows if isinstance(rows, list) else [rows]:
                    record = {name: value for name, value in row.items() if not name.startswith("_dlt")}
                    write({"type": "RECORD", "stream": stream, "record": record, "version": version})
        if table.get("write_disposition") == "replace":
            write({"type": "ACTIVATE_VERSION", "stream": stream, "version": version})
        write({"type": "STATE", "value": {}})
        process.stdin.close()
    except BrokenPipeError:
        # The target has ended; its exit code says why.
        pass
    code = process.wait()
    if code != 0:
        raise RuntimeError(f"target-together ended with exit code {code}; the sentence that says what to do is above")


@dlt.resource(write_disposition="replace", table_name="people")
def people():
    yield [
        {"employee_id": "1", "email": "ada@example.com", "first_name": "Ada", "last_name": "Example", "status": "A"},
        {"employee_id": "2", "email": "grace@example.com", "first_name": "Grace", "last_name": "Example", "status": "A"},
    ]


if __name__ == "__main__":
    pipeline = dlt.pipeline("people_to_together", destination=together)
    print(pipeline.run(people()))
