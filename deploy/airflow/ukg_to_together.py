"""UKG Pro to Together every night, for one organization or for many: each is a task of one DAG.

    airflow pools set together_api 1 "Organizations that sync side by side"

ORGANIZATIONS_DIR (default: /etc/ukg-together/organizations) holds one settings file for each organization, `<name>.json`, as
config.sample.json shows. An organization never runs twice at once (one active DAG run); the pool says how many run side by side.
Without the pool nothing starts at all, and Airflow warns of it. A task that waits for its next try (SYNC_RETRY_SECONDS, default:
900) holds no slot.
"""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowException, AirflowFailException

ORGANIZATIONS = Path(os.environ.get("ORGANIZATIONS_DIR", "/etc/ukg-together/organizations"))
STATE = Path(os.environ.get("STATE_ROOT", "/var/lib/ukg-together"))
SYNC = os.environ.get("SYNC_SCRIPT", "/usr/local/bin/sync.sh")

#: Worth another try by itself: an API that stayed away, a run that was under way. Everything else needs a person.
RETRY = {5, 7}

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


class SyncOperator(BashOperator):
    """A BashOperator that knows which exit codes are worth a retry. Stopping the task sends SIGTERM to both halves."""

    # A command that ends in .sh is no template.
    template_ext = ()

    def execute(self, context):
        result = self.subprocess_hook.run_command(command=[SYNC], env=self.get_env(context), output_encoding="utf-8")
        if result.exit_code == 0:
            return
        reason = f"{MEANING.get(result.exit_code, 'failed')} (exit code {result.exit_code})"
        raise (AirflowException if result.exit_code in RETRY else AirflowFailException)(reason)


with DAG(
    dag_id="ukg_to_together",
    schedule=os.environ.get("SYNC_CRON", "0 3 * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    tags=["hris"],
) as dag:
    for settings in sorted(ORGANIZATIONS.glob("*.json")):
        SyncOperator(
            task_id=f"sync_{settings.stem}",
            bash_command=SYNC,
            pool="together_api",
            env={"CONFIG": str(settings), "STATE_DIR": str(STATE / settings.stem)},
            append_env=True,
            retries=3,
            retry_delay=timedelta(seconds=int(os.environ.get("SYNC_RETRY_SECONDS", "900"))),
            execution_timeout=timedelta(hours=6),
        )
