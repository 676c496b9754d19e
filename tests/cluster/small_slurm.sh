#!/usr/bin/env bash
# Runs a real SLURM of one node until it gets SIGTERM; then cancels its jobs and stops it.
#
#   one_node_slurm.sh FOLDER CONTROLLER_PORT NODE_PORT
#
# It needs no root and changes nothing outside FOLDER (empty, absolute): key, sockets and ports
# are its own, so it does not meet a SLURM or munge that this machine may already run. Whoever
# has SLURM_CONF=FOLDER/slurm.conf, and FOLDER/bin first in PATH, uses it.

set -euo pipefail

folder=$1 controller_port=$2 node_port=$3
export SLURM_CONF=$folder/slurm.conf

mkdir "$folder/bin" "$folder/state" "$folder/spool"

# Loopback only; no accounting, no cgroups. The node has these CPUs and this memory whatever
# the machine has. Ended jobs stay listed for an hour, to be looked at.
cat >"$SLURM_CONF" <<EOF
ClusterName=spikesweep
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=5
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000
PartitionName=debug Nodes=localhost Default=YES MaxTime=INFINITE State=UP
EOF

# Snakemake takes SLURM_CONF away from the srun inside a job.
cat >"$folder/bin/srun" <<EOF
#!/bin/sh
SLURM_CONF=$SLURM_CONF exec $(command -v srun) "\$@"
EOF
chmod +x "$folder/bin/srun"

(umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")

munged --foreground --force --key-file="$folder/munge.key" --seed-file="$folder/munge.seed" \
    --pid-file="$folder/munge.pid" --socket="$folder/munge.socket" &
munged=$!
slurmctld -D -f "$SLURM_CONF" &
slurmctld=$!
slurmd -D -f "$SLURM_CONF" -N localhost &
slurmd=$!

trap : TERM
wait || true

# Before the daemons stop: the processes of a running job would outlive them.
scancel --me || true
for _ in {1..100}; do
    [ -n "$(squeue --noheader)" ] || break
    sleep 0.2
done
kill "$slurmd" "$slurmctld" "$munged"
wait
