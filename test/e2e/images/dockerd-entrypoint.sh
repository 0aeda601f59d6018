#!/bin/sh
# As in the official image: without a command it would make certificates of its own; with `dockerd` first it starts that
# under an init.
set -eu
if [ "${1-}" != dockerd ]; then
  echo 'this stand-in makes no certificates: give dockerd and its arguments' >&2
  exit 64
fi
find /run /var/run -iname 'docker*.pid' -delete || :
exec docker-init -- "$@"
