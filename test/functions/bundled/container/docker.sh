#!/bin/sh
# Stands in for the docker client and its engine: containers and volumes are directories below $FAKE_ENGINE, and what
# answers for a machine's own engine is a small TLS server with the certificates that were copied in.
# Files in $FAKE_ENGINE/orders say what goes wrong: <command> holds shell that is run before the command does its work,
# after-<command> the same for afterwards.
set -eu
engine=$FAKE_ENGINE
echo "$*" | tr '\n' ' ' >>"$engine/calls"
echo >>"$engine/calls"
if [ -e "$engine/down" ]; then
  echo "Cannot connect to the Docker daemon at ${DOCKER_HOST:-unix:///var/run/docker.sock}. Is the docker daemon running?" >&2
  exit 1
fi
refuse() {
  echo "Error response from daemon: $1" >&2
  exit 1
}
# A container by name or id.
find_container() {
  for container in "$engine"/containers/*; do
    [ -e "$container/id" ] || continue
    if [ "${container##*/}" = "$1" ] || [ "$(cat "$container/id")" = "$1" ]; then return; fi
  done
  refuse "No such container: $1"
}
end_engine() {
  [ ! -e "$container/pid" ] || kill "$(cat "$container/pid")" 2>/dev/null || true
  rm -f "$container/pid"
}
labels_of() {
  awk -F= 'BEGIN { printf "{" } { printf "%s\"%s\":\"%s\"", (NR > 1 ? "," : ""), $1, $2 } END { print "}" }' "$1/labels"
}
last() { for word; do :; done && echo "$word"; }
filter_of() { for word; do case "$word" in label=*) echo "${word#label=}" ;; esac; done; }

command=$1
# A management command is known by its two words.
case "$1" in container | volume | image) command=$1-$2 ;; esac
[ ! -e "$engine/orders/$command" ] || . "$engine/orders/$command"

case "$command" in
info)
  cat "$engine/info"
  ;;
image-inspect)
  [ -e "$engine/images/$(last "$@" | tr /: __)" ] || refuse "No such image: $(last "$@")"
  ;;
pull)
  echo 'a1b2c3d4e5f6: Pulling fs layer'
  echo 'a1b2c3d4e5f6: Pull complete'
  touch "$engine/images/$(last "$@" | tr /: __)"
  ;;
create)
  name= port= labels=
  while [ $# -gt 0 ]; do
    case "$1" in
    --name) name=$2 && shift ;;
    --label) labels="$labels$2\n" && shift ;;
    # The image and what follows is not for docker.
    --entrypoint) break ;;
    --publish) port=${2#*:} && port=${port%%:*} && shift ;;
    esac
    shift
  done
  container=$engine/containers/$name
  mkdir "$container" 2>/dev/null || refuse "Conflict. The container name \"/$name\" is already in use by container \"0123\"."
  printf "$labels" >"$container/labels"
  echo "$port" >"$container/port"
  echo created >"$container/status"
  # A volume of the same name stands for its anonymous one.
  mkdir "$engine/volumes/of-$name"
  printf "$labels" >"$engine/volumes/of-$name/labels"
  cp "$MACHINE_STORAGE_PATH/machines/$name/config.json" "$container/record-at-create"
  # Last: until then nobody finds it.
  echo "$name" | sha256sum | cut -c1-64 >"$container/id"
  cat "$container/id"
  ;;
start | restart)
  find_container "$(last "$@")"
  end_engine
  echo running >"$container/status"
  ;;
cp)
  find_container "${3%:/}"
  tar -x -C "$container" -f -
  if [ -s "$container/etc/machine-relay/ready" ] && [ "$(cat "$container/status")" = running ]; then
    setsid "$FAKE_NODE" "$FAKE_INNER_ENGINE" "$container/etc/machine-relay" "$(cat "$container/port")" </dev/null >/dev/null 2>&1 &
    echo $! >"$container/pid"
  fi
  ;;
wait)
  find_container "$2"
  while [ ! -e "$container/exit" ] && [ -e "$container/id" ]; do sleep 0.05; done
  cat "$container/exit" 2>/dev/null || echo 137
  ;;
logs)
  find_container "$(last "$@")"
  cat "$container/log" 2>/dev/null || true
  ;;
update)
  find_container "$(last "$@")"
  echo "$3" >"$container/restart"
  ;;
container-inspect)
  find_container "$(last "$@")"
  case "$4" in
  *State.Status*) cat "$container/status" ;;
  *Networks*) echo '{"bridge":{"IPAddress":"127.0.0.1"}}' ;;
  *Labels*) labels_of "$container" ;;
  esac
  ;;
ps)
  for container in "$engine"/containers/*; do
    grep -qxF "$(filter_of "$@")" "$container/labels" 2>/dev/null && [ -e "$container/id" ] || continue
    printf '%s\t%s\t%s\n' "$(cat "$container/id")" "${container##*/}" "$(sed -n 's/^machine-relay.machine-id=//p' "$container/labels")"
  done
  ;;
volume-ls)
  for volume in "$engine"/volumes/*; do
    grep -qxF "$(filter_of "$@")" "$volume/labels" 2>/dev/null && [ ! -e "$engine/containers/${volume##*/of-}" ] || continue
    printf '%s\t%s\n' "${volume##*/}" "$(sed -n 's/^machine-relay.machine-id=//p' "$volume/labels")"
  done
  ;;
volume-inspect)
  [ -d "$engine/volumes/$(last "$@")" ] || refuse "get $(last "$@"): no such volume"
  labels_of "$engine/volumes/$(last "$@")"
  ;;
volume-rm)
  rm -r "$engine/volumes/$(last "$@")"
  ;;
rm)
  find_container "$(last "$@")"
  end_engine
  # Its volume goes with it.
  case "$*" in *--volumes*) rm -rf "$engine/volumes/of-${container##*/}" ;; esac
  rm -r "$container"
  ;;
save)
  echo "the layers of $2"
  ;;
--tlsverify)
  # Led to a machine's own engine; only `load` is asked of it.
  cat >"$engine/loaded"
  ;;
*)
  echo "unexpected: $*" >&2
  exit 64
  ;;
esac
[ ! -e "$engine/orders/after-$command" ] || . "$engine/orders/after-$command"
