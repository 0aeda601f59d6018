#!/bin/sh
# As in the official image: options and docker's own commands go to docker, everything else is run as it is.
set -eu
case "${1-}" in
  -*) exec docker "$@" ;;
esac
if [ $# -gt 0 ] && docker help "$1" >/dev/null 2>&1; then
  exec docker "$@"
fi
exec "$@"
