#!/bin/sh
# Draftmill as one file: this script, and behind it an archive with everything that it needs.
# The archive is unpacked once for each version, into the user's cache folder.
set -eu
version="@VERSION@"
cache="${XDG_CACHE_HOME:-${HOME:?set HOME or XDG_CACHE_HOME to a folder that can be written}/.cache}/draftmill"
home="$cache/$version"
{ read -r host </proc/sys/kernel/hostname; } 2>/dev/null || host=here
# What earlier starts left behind when they were killed while they unpacked. A process number says
# something on its own host only, and may belong to another process since: then age decides.
for left in "$cache"/.unpacking-*; do
  [ -d "$left" ] || continue
  owner="${left##*-}"
  if [ -z "$(find "$left" -maxdepth 0 -mmin +60 2>/dev/null)" ]; then
    case "${left##*/.unpacking-}" in
      "$host-$$") ;;
      "$host-$owner") ! kill -0 "$owner" 2>/dev/null || continue ;;
      *) continue ;;
    esac
  fi
  # Its archiver may outlive it for a moment and write behind our back.
  for try in 1 2 3; do rm -rf "$left" 2>/dev/null && break; done
done
if [ ! -x "$home/draftmill" ]; then
  mkdir -p "$cache"
  fresh="$cache/.unpacking-$host-$$"
  mkdir "$fresh"
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
