"""What a Dagster instance ($DAGSTER_HOME) knows of its runs, oldest first, as JSON."""

import json

from dagster import DagsterInstance

with DagsterInstance.get() as instance:
    runs = [record.dagster_run for record in instance.get_run_records(ascending=True)]
    print(json.dumps([{"status": run.status.value, "tags": dict(run.tags)} for run in runs]))
