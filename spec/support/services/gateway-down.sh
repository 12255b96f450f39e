#!/usr/bin/env bash
# Ends what gateway-up.sh has started, by the files that say which processes these are: gateway-down.sh FOLDER
for name in client.rgw osd.0 mon.a; do
  file=$1/run/$name.pid
  [ -s "$file" ] || continue
  pid=$(cat "$file")
  case $(cat "/proc/$pid/comm" 2>/dev/null) in
    # It holds nothing that is to last.
    radosgw | ceph-mon | ceph-osd) kill -9 "$pid" ;;
  esac
done
exit 0
