#!/usr/bin/env bash
# One sync: UKG Pro to Together, from where the last one ended. For cron, systemd, containers, Dagster and Airflow alike.
#
#   CONFIG      settings of both halves (default: config.json)
#   CATALOG     what to read of UKG Pro, as `target-together init` writes it (default: what a run without a catalog reads)
#   STATE_DIR   where this organization's bookmark and last summary are kept (default: state)
#   further arguments go to target-together, e.g. --dry-run or --accept <plan hash>
#
# The exit code is the target's where the target failed, else the tap's (a bare pipe would be green when its first half died);
# the README lists them. A run that starts beside another one ends with 7 and sends nothing. SIGTERM stops both halves.
set -u

config=${CONFIG:-config.json}
state_dir=${STATE_DIR:-state}
mkdir -p -m 700 "$state_dir" || exit 1
state=$state_dir/state.json
[ -e "$state" ] || (umask 077 && echo '{}' >"$state") || exit 1

# Both halves in the background: bash hands a signal on only while it waits.
exec 3< <(exec tap-ukg-pro --config "$config" ${CATALOG:+--catalog "$CATALOG"} --state "$state")
tap=$!
# The bookmark reaches its file through --save-state: replaced at once, and only for people who are settled.
target-together --config "$config" --save-state "$state" --summary "$state_dir/summary.json" "$@" <&3 >/dev/null &
target=$!
exec 3<&-

stopped=
trap 'stopped=1; kill -TERM "$tap" "$target" 2>/dev/null' TERM INT

# A signal interrupts `wait`: ask again for how the process really ended.
ended() {
  wait "$1"
  local code=$? again
  if [ -n "$stopped" ]; then
    wait "$1"
    again=$?
    [ "$again" -ne 127 ] && code=$again
  fi
  return "$code"
}
ended "$target"
target_code=$?
ended "$tap"
tap_code=$?

[ "$target_code" -ne 0 ] && exit "$target_code"
exit "$tap_code"
