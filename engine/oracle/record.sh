#!/bin/sh
# Builds the oracle with Go 1.23 and records real maps.
#   record.sh                    all recordings, into engine/oracle/recordings
#   record.sh FOLDER [NAME...]   into FOLDER: all, or those whose names begin with a NAME
#   record.sh --replay FILE...   performs recordings on real maps again and compares everything they say
#   record.sh --list             the names of the recordings
# The Go to use: $GO1_23 if set, else go1.23, Debian's golang-1.23-go, or a `go` that is of that release.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

# Go's own switching between releases would hide which one is at work.
export GOTOOLCHAIN=local GOFLAGS= GOWORK=off CGO_ENABLED=0

go=""
for candidate in "${GO1_23:-}" go1.23 /usr/lib/go-1.23/bin/go go; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
    case $("$candidate" version 2>/dev/null) in
    "go version go1.23"*" linux/amd64")
      go=$candidate
      break
      ;;
    esac
  fi
done
if [ -z "$go" ]; then
  echo "oracle: Go 1.23 for linux/amd64 was not found; run tools/install-go.sh as root, or set GO1_23 to its go command." >&2
  exit 1
fi

case ${1:-} in
--replay | --list)
  command=${1#--}
  shift
  ;;
*)
  command=record
  if [ $# -eq 0 ]; then set -- "$here/recordings"; fi
  ;;
esac

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
(cd "$here" && "$go" build -ldflags=-checklinkname=0 -o "$build/oracle" .)
"$build/oracle" "$command" "$@"
