"""UKG Pro to Together every night from Prefect 3, one flow run for each organization.

    pip install "prefect>=3.4,<4"
    python flow.py                 # serves the deployment: every night at SYNC_CRON (default: 0 3 * * *)
    python flow.py now acme        # one organization at once

ORGANIZATIONS_DIR (default: organizations) holds one settings file for each organization, `<name>.json`. `limit=1` lets one flow run
at a time start, so that organizations which share a key are safe; what is worth another try is tried again after SYNC_RETRY_SECONDS
(default: 900), three times at most. A run's counts are its artifact.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact

HERE = Path(__file__).resolve().parent
ORGANIZATIONS = Path(os.environ.get("ORGANIZATIONS_DIR", "organizations"))
SYNC = os.environ.get("SYNC_SCRIPT", str(HERE.parent / "sync.sh"))

#: Worth another try by itself: an API that stayed away, a run that was under way. Everything else needs a person.
RETRY = {5, 7}


class SyncFailed(RuntimeError):
    def __init__(self, organization: str, code: int) -> None:
        super().__init__(f"{organization}: exit code {code}; the sentence that says what to do is in the log")
        self.code = code


def may_help(_task, _run, state) -> bool:
    try:
        state.result()
    except SyncFailed as failed:
        return failed.code in RETRY
    except Exception:
        return False
    return False


@task(retries=3, retry_delay_seconds=int(os.environ.get("SYNC_RETRY_SECONDS", "900")), retry_condition_fn=may_help)
def sync(organization: str) -> dict:
    """Runs both halves for one organization; gives the outcomes of the run's summary."""
    state = ORGANIZATIONS / organization
    process = subprocess.Popen(
        [SYNC],
        env={**os.environ, "CONFIG": str(ORGANIZATIONS / f"{organization}.json"), "STATE_DIR": str(state)},
        stderr=subprocess.PIPE,
        text=True,
    )
    log = get_run_logger()
    try:
        for line in process.stderr:
            log.info(line.rstrip())
        code = process.wait()
    except BaseException:
        # A flow run that is cancelled: let the request in flight settle first.
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
        raise
    if code != 0:
        raise SyncFailed(organization, code)
    return json.loads((state / "summary.json").read_text())["outcomes"]


@flow(name="ukg-to-together")
def ukg_to_together(organization: str | None = None) -> None:
    names = [organization] if organization else sorted(path.stem for path in ORGANIZATIONS.glob("*.json"))
    failed = []
    for name in names:
        try:
            outcomes = sync(name)
            create_table_artifact(key=f"together-{name.lower().replace('_', '-')}", table=[outcomes], description=name)
        except SyncFailed as error:
            failed.append(str(error))
    if failed:
        raise RuntimeError("; ".join(failed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["now"]:
        ukg_to_together(*sys.argv[2:3])
    else:
        ukg_to_together.serve(name="nightly", cron=os.environ.get("SYNC_CRON", "0 3 * * *"), limit=1)
