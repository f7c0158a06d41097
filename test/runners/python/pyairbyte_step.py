"""One step with PyAirbyte, told as one JSON line on stdout, the last one.

    read   SOURCE CONFIG DUCKDB [STREAM …]         source → DuckDB; default: employees
    write  SOURCE CONFIG DESTINATION CONFIG DUCKDB  source → destination, with the state in DuckDB
    cached SOURCE CONFIG DESTINATION CONFIG DUCKDB  source → DuckDB → destination, as from a warehouse
"""

import hashlib
import json
import sys
from pathlib import Path

import airbyte as ab
from airbyte.caches import DuckDBCache

STREAM = "employees"


def connector(get, executable: str, config: str):
    return get(Path(executable).name, local_executable=Path(executable), config=json.loads(Path(config).read_text()))


def source_of(executable: str, config: str, streams=(STREAM,)):
    source = connector(ab.get_source, executable, config)
    source.check()
    source.select_streams(list(streams))
    return source


def content(frame) -> str:
    """What a table holds, whatever the order of its rows, without the columns that a cache adds."""
    own = frame[sorted(name for name in frame.columns if not name.startswith("_airbyte"))]
    return hashlib.sha256("\n".join(sorted(own.to_json(orient="records", lines=True).splitlines())).encode()).hexdigest()


def main(action: str, *rest: str) -> dict:
    if action == "read":
        streams = rest[3:] or (STREAM,)
        cache = DuckDBCache(db_path=rest[2], schema_name="ukg")
        result = source_of(*rest[:2], streams).read(cache=cache)
        frame = cache[streams[0]].to_pandas()
        return {
            "processed": result.processed_records,
            "rows": {name: len(cache[name].to_pandas()) for name in streams},
            "keys": int(frame["employeeid"].nunique()) if "employeeid" in frame else None,
            "content": content(frame),
            "lastnames": sorted(frame["lastname"].tolist()) if "lastname" in frame else None,
        }
    source = source_of(*rest[:2])
    destination = connector(ab.get_destination, rest[2], rest[3])
    destination.check()
    cache = DuckDBCache(db_path=rest[4], schema_name="ukg")
    if action == "write":
        result = destination.write(source, cache=False, state_cache=cache)
    else:
        result = destination.write(source.read(cache=cache, force_full_refresh=True))
    return {"processed": result.processed_records}


if __name__ == "__main__":
    try:
        outcome = main(*sys.argv[1:])
    except Exception as error:  # The checks want to see that it failed, and with what.
        outcome = {"error": type(error).__name__, "message": str(error)[:2000]}
    print(json.dumps(outcome))
