#!/bin/sh
# A Docker host of a few lines: answers what the agent's script asks of `docker`, from files that a test writes.
set -eu
printf '%s\n' "$*" >>"$FAKE_DOCKER/calls"
[ ! -e "$FAKE_DOCKER/engine-is-down" ] || { echo 'Cannot connect to the Docker daemon.' >&2; exit 1; }
case $1 in
  info) printf '"engineId":"%s","name":"%s"\n"28.0.1"\n' "$(cat "$FAKE_DOCKER/engine-id")" "$(cat "$FAKE_DOCKER/name")" ;;
  ps) cat "$FAKE_DOCKER/containers" ;;
  events)
    cat "$FAKE_DOCKER/events"
    : >"$FAKE_DOCKER/events"
    ;;
  rm) ;;
  *) exit 64 ;;
esac
