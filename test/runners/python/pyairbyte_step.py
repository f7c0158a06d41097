"""One step with PyAirbyte, told as one JSON line on stdout, the last one.

    read   SOURCE CONFIG DUCKDB [full]             source → DuckDB
    write  SOURCE CONFIG DESTINATION CONFIG DUCKDB  source → destination, with the state in DuckDB
    cached SOURCE CONFIG DESTINATION CONFIG DUCKDB  source → DuckDB → destination, as from a warehouse
"""

import json
import sys
from pathlib import Path

import airbyte as ab
from airbyte.caches import DuckDBCache

STREAM = "employees"


def connector(get, executable: str, config: str):
    return get(Path(executable).name, local_executable=Path(executable), config=json.loads(Path(config).read_text()))


def source_of(executable: str, config: str):
    source = connector(ab.get_source, executable, config)
    source.check()
    source.select_streams([STREAM])
    return source


def main(action: str, *rest: str) -> dict:
    source = source_of(*rest[:2])
    if action == "read":
        cache = DuckDBCache(db_path=rest[2], schema_name="ukg")
        result = source.read(cache=cache, force_full_refresh="full" in rest)
        frame = cache[STREAM].to_pandas()
        return {
            "processed": result.processed_records,
            "rows": len(frame),
            "people": int(frame["employeeid"].nunique()),
            "columns": sorted(frame.columns),
        }
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
