#!/bin/sh
# Draftmill as one file: this script, and behind it an archive with everything that it needs.
# The archive is unpacked once for each version, into the user's cache folder.
set -eu
version="@VERSION@"
cache="${XDG_CACHE_HOME:-${HOME:?set HOME or XDG_CACHE_HOME to a folder that can be written}/.cache}/draftmill"
home="$cache/$version"
if [ ! -x "$home/draftmill" ]; then
  mkdir -p "$cache"
  # What an earlier start left behind when it was killed while it unpacked.
  find "$cache" -maxdepth 1 -name ".unpacking-*" -mmin +60 -exec rm -rf {} + 2>/dev/null || true
  fresh="$(mktemp -d "$cache/.unpacking-XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  trap 'exit 1' HUP INT TERM
  if ! tail -c "+@OFFSET@" "$0" | gzip -dc | tar -xf - -C "$fresh"; then
    echo "draftmill: it could not be unpacked into $cache." >&2
    echo "Free 600 MB there, set XDG_CACHE_HOME to another folder, or download this file again." >&2
    exit 1
  fi
  # Whole or not at all, also when two starts unpack at once: the second finds the first's.
  mv "$fresh/draftmill" "$home" 2>/dev/null || [ -x "$home/draftmill" ]
  rm -rf "$fresh"
  trap - EXIT HUP INT TERM
fi
exec "$home/draftmill" "$@"
