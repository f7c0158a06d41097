"""Holds Hub definitions (`extractors=FILE loaders=FILE`) against MeltanoHub's own JSON Schemas, and meltano.yml against Meltano's."""

import json
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import jsonschema
import yaml
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent.parent / "schemas"


def from_disk(uri: str) -> Resource:
    contents = json.loads(Path(unquote(urlparse(uri).path)).read_text())
    return Resource.from_contents({**contents, "$id": uri})


def errors_of(kind: str, file: str) -> list[str]:
    path = SCHEMAS / ("meltano.schema.json" if kind == "project" else f"plugin_definitions/{kind}.schema.json")
    schema = json.loads(path.read_text())
    if kind != "project":
        schema["$id"] = path.resolve().as_uri()
    validator = jsonschema.validators.validator_for(schema)(schema, registry=Registry(retrieve=from_disk))
    return [
        f"{file}: {'/'.join(map(str, error.path))}: {error.message[:200]}"
        for error in validator.iter_errors(yaml.safe_load(Path(file).read_text()))
    ]


problems = [problem for argument in sys.argv[1:] for problem in errors_of(*argument.split("=", 1))]
print("\n".join(problems))
sys.exit(1 if problems else 0)
