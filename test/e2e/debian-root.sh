#!/bin/bash
# Makes a Debian root file system as a tar file, from the mirror that this machine's own apt uses. Kept: a second call
# with the same packages is quick. Prints the path of the tar file. Needs root.
#
#   debian-root.sh <name> [package…]
set -euo pipefail

name=$1
shift
packages=$*
cache=${XDG_CACHE_HOME:-$HOME/.cache}/machine-relay-e2e

. /etc/os-release
architecture=$(dpkg --print-architecture)
fingerprint=$(echo "$VERSION_CODENAME $architecture $packages" | sha256sum | cut -c1-12)
target=$cache/$name-$VERSION_CODENAME-$fingerprint.tar

if [ ! -e "$target" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$VERSION_CODENAME" '$2 == release && $3 == "main" { print $1; exit }')
  [ -n "$mirror" ] || { echo "apt knows no mirror of Debian $VERSION_CODENAME main" >&2 && exit 1; }
  echo "making a Debian root file system ($name), once; this takes a minute or two" >&2
  mkdir -p "$cache/packages"
  # Not below /tmp, which may be mounted nodev.
  work=$(mktemp -d "$cache/$name.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  debootstrap --variant=minbase --cache-dir="$cache/packages" --include="${packages// /,}" "$VERSION_CODENAME" "$work/root" \
    "$mirror" >"$cache/$name.log" 2>&1 || { tail -n 20 "$cache/$name.log" "$work/root/debootstrap/debootstrap.log" >&2 && exit 1; }
  rm -f "$work/root/var/cache/apt/archives/"*.deb
  tar -C "$work/root" -c . >"$work/root.tar"
  # Whole or not at all.
  mv "$work/root.tar" "$target"
fi
echo "$target"
