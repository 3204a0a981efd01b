#!/usr/bin/env bash
# Runs a command with a Docker engine: the one that answers, else (as root on Debian) a dockerd of its own, which lives
# for that command alone: its own socket, data and processes, all gone at the end, however it ends.
#
#   scripts/ci-docker.sh command [argument …]
#
# Ends with the command's exit code; 77 where there is no engine and none can be started here, with the reason.
set -euo pipefail

readonly no_engine=77 answer_within_s=60 stop_within_s=30
folder='' dockerd='' child='' bridge_was_there=''

say() { printf 'ci-docker: %s\n' "$*" >&2; }

# The engine's ping, asked by node: a docker client may not be there.
readonly ping='
  const { protocol, pathname, hostname, port } = new URL(process.argv[1])
  const where = protocol === "unix:" ? { socketPath: pathname } : { hostname, port: port || 2375 }
  const request = require("node:http").get({ ...where, path: "/_ping", timeout: 2000 }, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1))
  request.on("timeout", () => process.exit(1)).on("error", () => process.exit(1))'

answers() {
  local host=${1:-${DOCKER_HOST:-unix:///var/run/docker.sock}}
  # Of an engine behind ssh or TLS the command itself will say whether it works.
  [[ $host == unix://* || $host == tcp://* && -z ${DOCKER_TLS_VERIFY:-} ]] || return 0
  node -e "$ping" "$host"
}

install_engine() {
  command -v dockerd iptables debootstrap > /dev/null && return
  say 'installing docker.io, iptables and debootstrap'
  local log=$folder/apt.log
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  if apt-get -qq update > "$log" 2>&1 && apt-get -qq install -y --no-install-recommends docker.io iptables debootstrap >> "$log" 2>&1; then return; fi
  tail -n 5 "$log" >&2
  say 'apt-get could not install them'
  exit $no_engine
}

# One attempt; 1 where dockerd ends before it answers.
start_engine() {
  local driver=$1 waited=0
  mkdir -p "$folder/data" "$folder/exec"
  setsid dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
    --host "unix://$folder/docker.sock" --storage-driver "$driver" > "$folder/dockerd.log" 2>&1 < /dev/null &
  dockerd=$!
  until answers "unix://$folder/docker.sock"; do
    if ! kill -0 "$dockerd" 2> /dev/null || ((waited++ > answer_within_s * 5)); then
      say "dockerd with $driver does not start: $(grep -v level=info "$folder/dockerd.log" | tail -n 1)"
      stop_engine
      return 1
    fi
    sleep 0.2
  done
  say "dockerd runs (pid $dockerd, $driver)"
}

# Waits until a process, or a group (`-id`), is gone.
ended() {
  local id=$1 waited=0
  while kill -0 -- "$id" 2> /dev/null; do
    ((waited++ > stop_within_s * 10)) && return 1
    sleep 0.1
  done
}

# dockerd ends its containers and its containerd by itself; where it hangs, both are killed by their ids.
stop_engine() {
  [[ -n $dockerd ]] || return 0
  local containerd
  containerd=$(cat "$folder/exec/containerd/containerd.pid" 2> /dev/null || true)
  kill -TERM "$dockerd" 2> /dev/null || true
  if ! ended "$dockerd"; then
    kill -KILL "$dockerd" ${containerd:+"$containerd"} 2> /dev/null || true
  fi
  wait "$dockerd" 2> /dev/null || true
  dockerd=''
  awk -v under="$folder/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount" || true; done
  rm -rf --one-file-system "$folder/data" "$folder/exec" "$folder/dockerd.pid" "$folder/docker.sock"
  if [[ -z $bridge_was_there ]] && command -v ip > /dev/null; then ip link delete docker0 2> /dev/null || true; fi
}

finish() {
  trap - EXIT INT TERM HUP
  if [[ -n $child ]] && kill -TERM -- "-$child" 2> /dev/null; then ended "-$child" || kill -KILL -- "-$child" 2> /dev/null || true; fi
  stop_engine
  if [[ -n $folder ]]; then rm -rf --one-file-system "$folder"; fi
}

# In the background, so that a signal is seen while it runs, and as a group of its own, so that all of it can clean up
# before the engine goes.
run_command() {
  setsid "$@" &
  child=$!
  local code=0
  wait "$child" || code=$?
  child=''
  return "$code"
}

(($# > 0)) || { say 'usage: scripts/ci-docker.sh command [argument …]'; exit 2; }
if answers; then exec "$@"; fi
[[ $(id -u) == 0 ]] || { say 'no Docker engine answers, and starting one needs root'; exit $no_engine; }
[[ -f /etc/debian_version ]] || { say 'no Docker engine answers, and this is not Debian: start one and run again'; exit $no_engine; }

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
folder=$(mktemp -d "${TMPDIR:-/tmp}/assay-dockerd-XXXXXX")
[[ -e /sys/class/net/docker0 ]] && bridge_was_there=yes
install_engine
start_engine overlay2 || start_engine vfs || exit $no_engine
export DOCKER_HOST="unix://$folder/docker.sock"
run_command "$@"
