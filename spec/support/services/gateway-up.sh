#!/usr/bin/env bash
# Starts Ceph's S3 gateway on loopback, over an object store in memory: gateway-up.sh FOLDER PORT USER...
# Users have the keys AKuser and SKuser. Two more ports, the next ones, are the monitor's.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1") port=$2
shift 2
mkdir -p "$folder"/{mon,osd,run,log}
id=$(cat /proc/sys/kernel/random/uuid)
cat >"$folder/ceph.conf" <<CONF
[global]
fsid = $id
mon host = [v2:127.0.0.1:$((port + 2)),v1:127.0.0.1:$((port + 1))]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = $folder/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon data avail crit = 1
osd crush chooseleaf type = 0
run dir = $folder/run
log file = $folder/log/\$name.log
pid file = $folder/run/\$name.pid
admin socket = $folder/run/\$name.asok
crash dir = $folder/run
osd objectstore = memstore
memstore device bytes = 1073741824
osd data = $folder/osd
mon data = $folder/mon
paxos propose interval = 0.05
mon osd initial require min compat client = luminous
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw data = $folder/rgw
rgw enable apis = s3, admin
rgw dynamic resharding = false
rgw run sync thread = false
rgw override bucket index max shards = 1
rgw thread pool size = 32
CONF
export CEPH_ARGS="-c $folder/ceph.conf"
{
  ceph-authtool "$folder/keyring" --create-keyring --gen-key -n mon. --cap mon 'allow *'
  for name in client.admin client.rgw osd.0; do
    ceph-authtool "$folder/keyring" --gen-key -n $name --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  done
  monmaptool --create --clobber --fsid "$id" --addv a "[v2:127.0.0.1:$((port + 2)),v1:127.0.0.1:$((port + 1))]" "$folder/monmap"
  ceph-mon --mkfs -i a --monmap "$folder/monmap" --keyring "$folder/keyring"
  ceph-mon -i a
  disk=$(cat /proc/sys/kernel/random/uuid)
  ceph osd new "$disk" 0
  ceph-osd -i 0 --mkfs --osd-uuid "$disk"
  ceph-osd -i 0
  ceph osd crush add osd.0 1.0 root=default host=here
  radosgw -n client.rgw
} >"$folder/log/up.log" 2>&1
for _ in $(seq 600); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.1
done
for user in "$@"; do
  radosgw-admin user create --uid="$user" --display-name="$user" --access-key="AK$user" --secret-key="SK$user" >>"$folder/log/up.log" 2>&1
done
