#!/usr/bin/env bash
# Starts Cardway on free ports, plays contract.py against it, stops it, and returns contract.py's exit code.
# Arguments are handed on to contract.py.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
server=""
stop() {
  status=$?
  trap - EXIT INT TERM
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

node scripts/run.mjs --import tsx local/start.ts --idle --json --aws-port 0 --web-port 0 >"$scratch/out" 2>"$scratch/log" &
server=$!

for _ in $(seq 1200); do
  grep -q '"ready":true' "$scratch/out" && break
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$scratch/log" >&2
    echo "Cardway did not start; its messages are above." >&2
    exit 1
  fi
  sleep 0.1
done
address() { sed -n "1s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$scratch/out"; }

status=0
"${PYTHON:-/usr/bin/python3}" test/outside/contract.py --aws "$(address aws)" --web "$(address web)" "$@" || status=$?

if ! kill -0 "$server" 2>/dev/null; then
  echo "Cardway ended while the contract was played; these are its last messages:" >&2
  tail -n 20 "$scratch/log" >&2
  status=1
elif [ "$status" -ne 0 ]; then
  echo "What the endpoint logged:" >&2
  tail -n 20 "$scratch/log" >&2
fi
exit "$status"
