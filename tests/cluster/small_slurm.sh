#!/usr/bin/env bash
# Runs a real SLURM until it gets SIGTERM; then cancels its jobs and stops it.
#
#   small_slurm.sh FOLDER CONTROLLER_PORT NODE_PORT…
#
# All nodes, node1 and so on, are on this machine. Their processes, for those who want to see one fail,
# are in FOLDER/node1.pid; a node that does not answer for ten seconds counts as down.
#
# It needs no root and changes nothing outside FOLDER (empty, absolute): key, sockets and ports
# are its own, so it does not meet a SLURM or munge that this machine may already run. Whoever
# has SLURM_CONF=FOLDER/slurm.conf, and FOLDER/bin first in PATH, uses it.

set -euo pipefail

folder=$1 controller_port=$2
shift 2
export SLURM_CONF=$folder/slurm.conf

mkdir "$folder/bin" "$folder/state" "$folder/spool"

# Loopback only; no accounting, no cgroups. Each node has these CPUs and this memory whatever
# the machine has. Ended jobs stay listed for an hour, to be looked at.
cat >"$SLURM_CONF" <<EOF
ClusterName=spikesweep
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$controller_port
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=10
MinJobAge=3600
KillWait=5
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
nodes=()
for port; do
    nodes+=("node$((${#nodes[@]} + 1))")
    echo "NodeName=${nodes[-1]} NodeHostname=localhost NodeAddr=127.0.0.1 Port=$port" \
        "CPUs=2 RealMemory=8000" >>"$SLURM_CONF"
done

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
for node in "${nodes[@]}"; do slurmd -D -f "$SLURM_CONF" -N "$node" & done

trap : TERM
wait || true

# Before the daemons stop: the processes of a running job would outlive them.
scancel --me || true
for _ in {1..100}; do
    [ -n "$(squeue --noheader)" ] || break
    sleep 0.2
done
# A test may have stopped a node, or killed it and started another.
for node in "${nodes[@]}"; do kill -KILL "$(cat "$folder/$node.pid")" || true; done
kill "$slurmctld" "$munged"
wait
