#!/bin/sh
# The agent of one Docker host: registers it with the relay, reports what runs on it, and hears when to report at once
# or to leave. sh, busybox and the docker client suffice. The token is never an argument of a program: it would stand in
# the process list.
set -u
umask 077

relay_url=@@url@@
token=@@token@@
container=@@container@@
report_seconds=@@seconds@@
directory="${MACHINE_RELAY_DIRECTORY:-/var/lib/machine-relay}"
# A program that hangs is given up after this time. By the timeout program, as not every wget knows of time.
request_seconds=30
# The stream is opened anew after this time, in case that the network has forgotten it without a word.
stream_seconds=300
containers_max=500
changes_max=100

agent=$$
working=
sleeper=
stream=
is_report_due=no
is_told_to_leave=no

say() {
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >&2
}

# Runs a program in such a way that a signal is heard while it works.
attend() {
  "$@" &
  working=$!
  while :; do
    wait "$working"
    code=$?
    # Above 128 the wait may have been interrupted, and the program still be at work.
    [ "$code" -gt 128 ] && kill -0 "$working" 2>/dev/null || break
  done
  working=
  return "$code"
}

# Sends the file "body". 0: the answer is in the file "answer". 1: not now. Ends the agent where its machine is gone.
send() {
  attend timeout "$request_seconds" wget -qO "$directory/answer" --header 'Content-Type: application/json' \
    --post-file="$directory/body" "$relay_url/v1/agents/$1" 2>"$directory/error" && return 0
  case $(cat "$directory/error") in
    *' 410'*) remove_itself ;;
  esac
  say "The relay did not take what was sent to $relay_url/v1/agents/$1: $(tail -n 1 "$directory/error")"
  return 1
}

# Docker's own templates write each value as JSON, so that no name of anything can break what is sent.
read_facts() {
  attend timeout "$request_seconds" docker info \
    --format '"engineId":{{json .ID}},"name":{{json .Name}}{{println}}{{json .ServerVersion}}' \
    >"$directory/facts" 2>"$directory/error" && return 0
  say "The engine does not answer: $(tail -n 1 "$directory/error")"
  return 1
}

register() {
  read_facts || return 1
  {
    read -r identity
    read -r engine_version
  } <"$directory/facts"
  printf '{"token":"%s",%s,"engineVersion":%s}' "$token" "$identity" "$engine_version" >"$directory/body"
  send register || return 1
  own_token=$(sed -n 's/.*"token":"\([A-Za-z0-9_-]*\)".*/\1/p' "$directory/answer")
  if [ -n "$own_token" ]; then
    token=$own_token
    keep_token
  fi
  say 'Registered.'
}

# A restart of the container goes on with this one.
keep_token() {
  printf 'token=%s' "$token" >"$directory/token.new"
  mv "$directory/token.new" "$directory/token"
  printf 'eventNames=host.*&token=%s' "$token" >"$directory/subscription"
}

report() {
  now=$(date +%s)
  if ! attend timeout "$request_seconds" docker ps --all --no-trunc --last "$containers_max" \
    --format '{"id":{{json .ID}},"name":{{json .Names}},"image":{{json .Image}},"state":{{json .State}}}' \
    >"$directory/containers" 2>"$directory/error"; then
    say "The engine does not answer: $(tail -n 1 "$directory/error")"
    # It may come back as another version.
    is_registered=no
    return 1
  fi
  attend timeout "$request_seconds" docker events --since "$since" --until "$now" --filter type=container \
    --filter event=start --filter event=die --format '{{.Action}} {{json .Actor.Attributes.name}}' \
    >"$directory/events" 2>/dev/null
  {
    printf '{"token":"%s","engineVersion":%s,"containers":[' "$token" "$engine_version"
    sed '$!s/$/,/' "$directory/containers"
    printf '],"started":['
    list_changes start
    printf '],"stopped":['
    list_changes die
    printf ']}'
  } >"$directory/body"
  send report || return 1
  since=$now
}

list_changes() {
  sed -n "s/^$1 //p" "$directory/events" | tail -n "$changes_max" | sed '$!s/$/,/'
}

# Opens the stream, if it is not open, and turns what comes into signals to the agent.
listen() {
  [ -n "$stream" ] && kill -0 "$stream" 2>/dev/null && return
  timeout "$stream_seconds" wget -qO- --post-file="$directory/subscription" "$relay_url/v1/subscribe" \
    >"$directory/stream" 2>/dev/null &
  stream=$!
  while read -r line; do
    case $line in
      *'"name":"host.report"'*) kill -USR1 "$agent" ;;
      *'"name":"host.leave"'*) kill -USR2 "$agent" ;;
    esac
  done <"$directory/stream" &
}

# Sleeps until the next report is due. A signal ends the sleep: before it, its handler has set a flag; in it, the
# handler ends the sleeping program.
pause() {
  sleep "$report_seconds" &
  sleeper=$!
  [ "$is_report_due$is_told_to_leave" = nono ] && wait "$sleeper"
  kill "$sleeper" 2>/dev/null
  sleeper=
  is_report_due=no
}

wake() {
  [ -n "$sleeper" ] && kill "$sleeper" 2>/dev/null
}

stop_programs() {
  for program in $working $sleeper $stream; do
    kill "$program" 2>/dev/null
  done
}

# The host was told to leave: the relay hears so, as it may want to show it.
leave() {
  printf '{"token":"%s"}' "$token" >"$directory/body"
  send leave
  remove_itself
}

remove_itself() {
  say 'This host has left the relay. The agent removes itself.'
  stop_programs
  for file in token subscription body answer error facts containers events stream; do
    rm -f "$directory/$file"
  done
  docker rm --force "$container"
  exit 0
}

main() {
  trap 'stop_programs; exit 0' TERM INT
  trap 'is_report_due=yes; wake' USR1
  trap 'is_told_to_leave=yes; wake' USR2
  mkdir -p "$directory"
  rm -f "$directory/stream"
  mkfifo "$directory/stream"
  keep_token
  since=$(date +%s)
  is_registered=no
  while :; do
    [ "$is_registered" = yes ] || { register && is_registered=yes; }
    [ "$is_registered" = yes ] && report && listen
    [ "$is_told_to_leave" = yes ] && leave
    pause
  done
}

# The last line, so that a script that was cut off on its way does nothing.
main
