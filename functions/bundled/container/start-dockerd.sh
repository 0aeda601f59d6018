# The first process of a machine's container, given with `sh -c`: waits for the certificates, makes room for containers
# in a container, and becomes dockerd. Its arguments are dockerd's. Needs nothing but a shell, mount and the like.
directory=/etc/machine-relay
trap 'exit 143' TERM INT

if ! command -v dockerd >/dev/null; then
  echo 'machine-relay: there is no dockerd in this image' >&2
  exit 127
fi
# The address that they are made for is known only now. After a restart they are there already.
until [ -s "$directory/ready" ]; do sleep 0.1 || sleep 1; done
trap - TERM INT

# Who is not privileged sees the control groups read-only, and may change that.
while read -r _ path type options _; do
  case "$type,$options" in
    cgroup,ro,* | cgroup2,ro,*) mount -o remount,bind,rw "$path" ;;
  esac
done </proc/mounts

# What was killed could not tidy up.
rm -f /run/docker.pid /var/run/docker.pid /run/docker/containerd/containerd.pid /var/run/docker/containerd/containerd.pid

# The official image knows best what it needs.
if command -v dockerd-entrypoint.sh >/dev/null; then
  exec dockerd-entrypoint.sh dockerd "$@"
fi

# Version 2: a group that hands on controllers may have no processes of its own.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  for process in $(cat /sys/fs/cgroup/cgroup.procs); do
    echo "$process" >/sys/fs/cgroup/init/cgroup.procs
  done 2>/dev/null
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
  done
fi
# Somebody must bury the dead.
for init in docker-init tini; do
  if command -v "$init" >/dev/null; then exec "$init" -- dockerd "$@"; fi
done
exec dockerd "$@"
