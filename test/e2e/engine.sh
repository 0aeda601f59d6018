#!/bin/bash
# Runs a Docker engine of its own until standard input ends, then takes away all that it made: containers, mounts,
# bridge, packet filter rules, files. Prints one line, `ready`, when the engine answers. Needs root.
#
#   engine.sh run      an engine at unix:///run/machine-relay-e2e/docker.sock, bridge address 10.231.0.1
#   engine.sh sweep    only removes what a killed one left behind
set -euo pipefail

# Fixed names, so that whatever was left behind is found again. Below directories that only root can write to.
run_directory=/run/machine-relay-e2e
data_directory=/var/lib/machine-relay-e2e
bridge=mr-e2e0
# Of the network that cloud/network.ts makes.
cloud_bridge=mr-e2e1
cloud_directory=/run/machine-relay-cloud
bridge_address=10.231.0.1
cgroup=machine-relay-e2e
log=/var/log/machine-relay-e2e-engine.log
start_seconds_max=60
stop_seconds_max=60

export DOCKER_HOST=unix://$run_directory/docker.sock
export DOCKER_CONFIG=$run_directory/client

main() {
  case ${1-} in
    run) run ;;
    sweep) lock && sweep ;;
    *) sed -n '2,6s/^# \?//p' "$0" && exit 2 ;;
  esac
}

# One at a time. The lock ends with this process; children must not inherit it (9>&- where they are started).
lock() {
  exec 9>/run/lock/machine-relay-e2e
  flock --nonblock 9 || { echo "another engine of the end-to-end tests is running" >&2 && exit 1; }
}

run() {
  lock
  sweep
  # Ctrl-C and a closing terminal reach the whole group: the end of standard input alone ends this engine.
  trap '' INT HUP TERM
  trap sweep EXIT
  start
  echo ready
  cat >/dev/null
}

start() {
  mkdir -p -m 0700 "$run_directory" "$DOCKER_CONFIG" "$data_directory"
  echo '{}' >"$run_directory/daemon.json"
  iptables-save >"$run_directory/iptables.before"
  cat /proc/sys/net/ipv4/ip_forward >"$run_directory/ip_forward.before"
  ip link add "$bridge" type bridge
  ip address add "$bridge_address/24" dev "$bridge"
  ip link set "$bridge" up
  # A session of its own: no signal of a terminal ends it before its containers are gone.
  setsid dockerd --host "$DOCKER_HOST" --config-file "$run_directory/daemon.json" --pidfile "$run_directory/dockerd.pid" \
    --exec-root "$run_directory/exec" --data-root "$data_directory/engine" --bridge "$bridge" \
    --default-address-pool base=10.231.64.0/18,size=24 --cgroup-parent "$cgroup" </dev/null >"$log" 2>&1 9>&- &
  for ((i = 0; i < start_seconds_max * 5; i++)); do
    docker version >/dev/null 2>&1 && return
    kill -0 $! 2>/dev/null || break
    sleep 0.2
  done
  echo "dockerd did not start, its last words:" >&2
  tail -n 20 "$log" >&2
  exit 1
}

# Removes all that start() and the engine made, in whatever state it is. Silent and quick where there is nothing.
sweep() (
  set +e
  if [ -e "$run_directory" ]; then
    stop_containers
    stop_daemon
    kill_the_rest
    restore_network
  fi
  # Deepest first: an overlay lies inside the file system that it is mounted on.
  awk -v a="$run_directory/" -v b="$data_directory/" 'index($2, a) == 1 || index($2, b) == 1 { print $2 }' /proc/mounts |
    sort -r | xargs -r -n 1 umount --lazy
  # Only empty ones can be removed. The engines inside the hosts call theirs `docker`.
  find /sys/fs/cgroup -depth -type d \( -path "*/$cgroup*" -o -path '*/docker*' \) -exec rmdir {} + 2>/dev/null
  rm -rf "$run_directory" "$data_directory" "$cloud_directory"
)

stop_containers() {
  timeout 5 docker version >/dev/null 2>&1 || return
  timeout "$stop_seconds_max" docker ps --all --quiet | timeout "$stop_seconds_max" xargs -r docker rm --force --volumes
  timeout "$stop_seconds_max" docker network prune --force
} >/dev/null 2>&1

stop_daemon() {
  local pid
  pid=$(cat "$run_directory/dockerd.pid" 2>/dev/null)
  # A number in a file may be somebody else's by now.
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$run_directory" || return
  kill "$pid"
  for ((i = 0; i < stop_seconds_max * 5; i++)); do
    kill -0 "$pid" 2>/dev/null || return
    sleep 0.2
  done
}

# A killed daemon leaves containerd, shims and containers alive: the first two name our directory, the last our cgroup.
kill_the_rest() {
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' <"$process/cmdline" | grep -qE "^([^ ]*/)?(dockerd|containerd[^ ]*) .*$run_directory" ||
      grep -q "/$cgroup/" "$process/cgroup"; then
      kill -KILL "${process#/proc/}"
    fi
  done
} 2>/dev/null

restore_network() {
  local before=$run_directory/iptables.before table
  ip link delete "$bridge" 2>/dev/null
  ip link delete "$cloud_bridge" 2>/dev/null
  [ -e "$before" ] || return
  if grep -q '^:DOCKER ' "$before"; then
    # Another engine lives here: the shared chains stay, with all that does not name our bridges.
    iptables-save | grep -v -e "$bridge" -e "$cloud_bridge" | iptables-restore
    return
  fi
  # A table that did not exist before is emptied.
  for table in $(iptables-save | sed -n 's/^\*//p'); do
    grep -q "^\*$table" "$before" || printf '*%s\nCOMMIT\n' "$table" | iptables-restore
  done
  iptables-restore <"$before"
  # The engine refuses to forward anything but its own.
  grep -q '^\*filter' "$before" || iptables --policy FORWARD ACCEPT
  cat "$run_directory/ip_forward.before" >/proc/sys/net/ipv4/ip_forward
}

main "$@"
