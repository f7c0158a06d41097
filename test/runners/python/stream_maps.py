"""What the SDK's own mapper makes of stream maps: reads `{"cases": [{"maps", "config", "flatten", "schema", "records"}]}` on stdin, prints for
each case the streams and records that come out, or the name of the error."""

import json
import logging
import sys

from singer_sdk.mapper import PluginMapper


def outcome(case: dict) -> dict:
    settings = {"stream_maps": case["maps"], "stream_map_config": case["config"], **case["flatten"]}
    try:
        mapper = PluginMapper(settings, logging.getLogger("none"))
        mapper.register_raw_stream_schema(case["stream"], case["schema"], case["keys"])
        [stream, *more] = mapper.stream_maps[case["stream"]]
        made = [stream.transform(record) if stream.get_filter_result(record) else None for record in case["records"]]
    except Exception as error:  # The comparison wants to know that it refused, and with what.
        return {"error": f"{type(error).__name__}: {error}"}
    return {"stream": stream.stream_alias, "records": made, "fields": sorted(stream.transformed_schema["properties"]), "more": len(more)}


logging.disable(logging.CRITICAL)
print(json.dumps([outcome(case) for case in json.load(sys.stdin)["cases"]], default=str))
