#!/bin/sh
# Installs Go 1.23, the last release with the bucket map, which the oracle needs to record real maps (engine/oracle).
# For a Debian machine, as root. Debian keeps Go 1.23 in a backports suite: when the machine's own sources do not offer
# it, that suite is added on the mirror those sources already name. Does nothing where Go 1.23 is installed.
set -eu

package=golang-1.23-go
binary=/usr/lib/go-1.23/bin/go
sources=/etc/apt/sources.list.d/hmap-backports.list

if command -v go1.23 >/dev/null 2>&1 || [ -x "$binary" ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "install-go: this machine has no apt-get; install Go 1.23 by hand and put it on PATH as go1.23." >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install-go: installing $package needs root; run it again as root." >&2
  exit 1
fi

offered() {
  apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]'
}

if ! offered; then
  apt-get update -qq || true
fi
if ! offered; then
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  # The mirror is the address in front of the suite named as the release itself, in either of apt's two notations.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -n "s/^deb  *\(\[[^]]*\]  *\)\{0,1\}\([^ ]*\)  *$codename  *main.*/\2/p" | head -n 1)
  if [ -z "$mirror" ]; then
    for file in /etc/apt/sources.list.d/*.sources; do
      [ -e "$file" ] || continue
      mirror=$(sed -n "/^URIs:/{s/^URIs: *\([^ ]*\).*/\1/;h;};/^Suites:.* $codename\( \|\$\)/{x;p;q;}" "$file")
      if [ -n "$mirror" ]; then break; fi
    done
  fi
  if [ -z "$mirror" ] || [ -z "$codename" ]; then
    echo "install-go: no Debian mirror found in /etc/apt; install Go 1.23 by hand and put it on PATH as go1.23." >&2
    exit 1
  fi
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  signed=""
  if [ -e "$keyring" ]; then signed="[signed-by=$keyring] "; fi
  echo "deb ${signed}$mirror $codename-backports main" >"$sources"
  if ! apt-get update -qq || ! offered; then
    rm -f "$sources"
    echo "install-go: the Debian mirror offers no $package; install Go 1.23 by hand and put it on PATH as go1.23." >&2
    exit 1
  fi
fi

DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null
"$binary" version
