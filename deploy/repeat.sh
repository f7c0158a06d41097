#!/usr/bin/env bash
# sync.sh every night, for a machine or a container that has no scheduler of its own.
#
#   SYNC_AT     the time of day, HH:MM in the zone of TZ (default: 03:00)
#   SYNC_EVERY  instead: seconds from one start to the next, e.g. 3600
#   SYNC_RETRY_SECONDS  the pause before a further try after exit code 5 or 7 (default: 900); three tries at most
#
# Arguments and all other variables are those of sync.sh. SIGTERM lets the request in flight settle, then ends with 143.
set -u
sync=${SYNC_SCRIPT:-$(command -v sync.sh || echo "$(dirname "$0")/sync.sh")}
child=
stopped=
trap 'stopped=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT

# Runs a command that a signal can end, and gives its exit code.
waited() {
  "$@" &
  child=$!
  wait "$child"
  local code=$?
  [ -n "$stopped" ] && wait "$child"
  child=
  return "$code"
}

seconds_to_start() {
  local now next
  now=$(date +%s)
  if [ -n "${SYNC_EVERY:-}" ]; then
    next=$((last_start + SYNC_EVERY))
  else
    next=$(date -d "today ${SYNC_AT:-03:00}" +%s) || exit 2
    [ "$next" -le "$now" ] && next=$(date -d "tomorrow ${SYNC_AT:-03:00}" +%s)
  fi
  echo $((next > now ? next - now : 0))
}

last_start=0
while [ -z "$stopped" ]; do
  waited sleep "$(seconds_to_start)"
  [ -n "$stopped" ] && break
  last_start=$(date +%s)
  for try in 1 2 3 4; do
    waited "$sync" "$@"
    code=$?
    [ -n "$stopped" ] && break
    echo "sync: exit code $code" >&2
    # 5: an API stayed away; 7: a run is under way. Everything else needs a person.
    case $code in 5 | 7) [ "$try" -lt 4 ] && waited sleep "${SYNC_RETRY_SECONDS:-900}" ;; *) break ;; esac
    [ -n "$stopped" ] && break
  done
done
exit 143
