"""The metadata of the materializations of `together_users` in a Dagster instance ($DAGSTER_HOME), oldest first, as JSON."""

import json

from dagster import AssetKey, DagsterInstance, EventRecordsFilter, DagsterEventType

with DagsterInstance.get() as instance:
    records = instance.get_event_records(
        EventRecordsFilter(event_type=DagsterEventType.ASSET_MATERIALIZATION, asset_key=AssetKey("together_users")),
        ascending=True,
    )
    print(json.dumps([{name: each.value for name, each in record.asset_materialization.metadata.items()} for record in records]))
