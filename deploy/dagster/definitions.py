"""UKG Pro to Together every night, for one organization or for thousands: each is a partition of the asset `together_users`, whose
materializations carry the counts of the run.

    dagster dev -f definitions.py

ORGANIZATIONS_DIR (default: organizations) holds one settings file for each organization, `<name>.json`, as config.sample.json
shows; a new file is a new partition. `dagster.yaml` beside this file holds the two limits: an organization never runs twice at
once, and the tag `together_api` says how many organizations run side by side (1 until you raise it). What is worth another try
is queued anew after SYNC_RETRY_SECONDS (default: 900), three times at most: a run never waits while others wait for its slot.
"""

import json
import os
import signal
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path

import dagster as dg

HERE = Path(__file__).parent
ORGANIZATIONS = Path(os.environ.get("ORGANIZATIONS_DIR", "organizations"))
SYNC = os.environ.get("SYNC_SCRIPT", str(HERE.parent / "sync.sh"))

#: Worth another try by itself: an API that stayed away, a run that was under way. Everything else needs a person.
RETRY = {5, 7}
RETRY_SECONDS = int(os.environ.get("SYNC_RETRY_SECONDS", "900"))
MOST_TRIES = 4

#: Every run has it; dagster.yaml limits how many of them are under way.
SLOT = "together_api"
#: On a run that failed: it is worth another try.
AGAIN = "ukg_to_together/again"
#: On a further try: which one it is.
TRY = "ukg_to_together/try"

MEANING = {
    1: "unexpected failure",
    2: "usage or settings",
    3: "a guard stopped the run; nothing was sent",
    4: "done, but more people were refused than allowed",
    5: "an API stayed unreachable or kept failing",
    6: "credentials or rights",
    7: "another run is under way",
    143: "stopped",
}


class Options(dg.Config):
    """What a launch may add, for example the release of a plan that a guard has stopped."""

    arguments: list[str] = []


def organizations() -> list[str]:
    return sorted(path.stem for path in ORGANIZATIONS.glob("*.json"))


def counts(summary: Path) -> dict[str, int]:
    """People read, and the outcomes of the run, as its summary has them."""
    run = json.loads(summary.read_text())
    return {"people read": run["people_read"], **run["outcomes"]}


PARTITIONS = dg.StaticPartitionsDefinition(organizations())


@dg.asset(partitions_def=PARTITIONS, group_name="hris", kinds={"together"})
def together_users(context: dg.AssetExecutionContext, config: Options) -> dg.MaterializeResult:
    """A company's people as users of Together: runs both halves for the partition's organization."""
    organization = context.partition_key
    state = ORGANIZATIONS / organization
    process = subprocess.Popen(
        [SYNC, *config.arguments],
        env={
            **os.environ,
            "CONFIG": str(ORGANIZATIONS / f"{organization}.json"),
            "STATE_DIR": str(state),
        },
    )
    try:
        code = process.wait()
    except BaseException:
        # Dagster interrupts a run that is to end: let the request in flight settle first.
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
        raise
    if code == 0:
        return dg.MaterializeResult(metadata=counts(state / "summary.json"))
    reason = f"{organization}: {MEANING.get(code, 'failed')} (exit code {code}); the sentence that says what to do is in stderr"
    if code in RETRY and int(context.run_tags.get(TRY, "1")) < MOST_TRIES:
        context.instance.add_run_tags(context.run_id, {AGAIN: "yes"})
    raise dg.Failure(reason, allow_retries=False)


ukg_to_together = dg.define_asset_job(
    "ukg_to_together", selection=[together_users], partitions_def=PARTITIONS, run_tags={SLOT: "yes"}
)


@dg.schedule(
    job=ukg_to_together,
    cron_schedule=os.environ.get("SYNC_CRON", "0 3 * * *"),
    execution_timezone=os.environ.get("SYNC_TIME_ZONE", "UTC"),
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def nightly(context: dg.ScheduleEvaluationContext):
    """One run for each organization; a night that fires twice asks for the same run."""
    at = context.scheduled_execution_time
    for organization in organizations():
        yield dg.RunRequest(run_key=f"{organization}-{at:%Y-%m-%dT%H:%M}", partition_key=organization)


@dg.sensor(job=ukg_to_together, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def again(context: dg.SensorEvaluationContext):
    """One new run for each that is worth another try and ended long enough ago. The cursor: up to which end that is done."""
    since, until = float(context.cursor or 0), time.time() - RETRY_SECONDS
    records = context.instance.get_run_records(
        dg.RunsFilter(
            job_name=ukg_to_together.name,
            statuses=[dg.DagsterRunStatus.FAILURE],
            tags={AGAIN: "yes"},
            updated_after=datetime.fromtimestamp(since, timezone.utc),
        )
    )
    for record in records:
        run = record.dagster_run
        if since < (record.end_time or 0) <= until and run.tags["dagster/partition"] in organizations():
            yield dg.RunRequest(
                run_key=f"after {run.run_id}",
                partition_key=run.tags["dagster/partition"],
                run_config=run.run_config,
                tags={TRY: str(int(run.tags.get(TRY, "1")) + 1)},
            )
    context.update_cursor(str(until))


defs = dg.Definitions(assets=[together_users], jobs=[ukg_to_together], schedules=[nightly], sensors=[again])
