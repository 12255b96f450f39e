/** A private Slurm: a controller and some nodes, all of them this host, on loopback, with a key and folders of its own. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.js';
import { requirePrograms } from './programs.js';
import { Service } from './service.js';

const run = promisify(execFile);

export class PrivateSlurm implements AsyncDisposable {
  private readonly services = new Map<string, Service>();

  private constructor(
    private readonly folder: string,
    private readonly slurmd: string,
  ) {}

  /** Starts one; skips what is running where Slurm is not installed. `SLURM_CONF` names it to this process until it ends. */
  static async start(context: Mocha.Context, name: string, folder: string, nodes = 2): Promise<PrivateSlurm> {
    const programs = requirePrograms(context, name, ['munged', 'slurmctld', 'slurmd', 'sbatch']);
    const [munged = '', slurmctld = '', slurmd = ''] = programs;
    const slurm = new PrivateSlurm(folder, slurmd);
    try {
      await slurm.startAll(munged, slurmctld, nodes);
    } catch (error) {
      await slurm[Symbol.asyncDispose]();
      throw error;
    }
    return slurm;
  }

  /** One of Slurm's commands. */
  async ask(command: string, ...args: string[]): Promise<string> {
    return (await run(command, args, { env: { ...process.env, SLURM_CONF: this.conf } })).stdout.trim();
  }

  /** Ids of the jobs, each task of an array by itself, that wait or run. */
  async jobs(): Promise<string[]> {
    const answer = await this.ask('squeue', '--noheader', '--array', '--format=%F_%K');
    return answer === '' ? [] : answer.split('\n');
  }

  /**
   * What a host that loses its power does: the node is silent, and all that ran on it is gone.
   * @param isToldSo does an administrator notice before the controller would?
   */
  async killNode(node: string, isToldSo: boolean): Promise<void> {
    await this.services.get(node)?.kill();
    killAll(this.processes().filter(({ env }) => env.includes(`SLURMD_NODENAME=${node}\0`)));
    if (isToldSo) await this.ask('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=spec');
  }

  async startNode(node: string): Promise<void> {
    this.services.set(node, new Service(this.slurmd, ['-D', '-f', this.conf, '-N', node], { SLURM_CONF: this.conf }));
    await this.until(async () => (await this.ask('sinfo', '-h', '-N', '-n', node, '-o', '%t')) === 'idle');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Reflect.deleteProperty(process.env, 'SLURM_CONF');
    for (const service of [...this.services.values()].reverse()) await service.kill();
    // Tasks, and what stands between them and their node.
    killAll(this.processes());
  }

  private get conf(): string {
    return join(this.folder, 'slurm.conf');
  }

  private async startAll(munged: string, slurmctld: string, nodes: number): Promise<void> {
    const { folder } = this;
    for (const each of ['state', 'spool', 'log', 'run']) fs.mkdirSync(join(folder, each));
    fs.chmodSync(folder, 0o755);
    fs.writeFileSync(join(folder, 'munge.key'), randomBytes(128), { mode: 0o400 });
    const names = Array.from({ length: nodes }, (_, place) => `n${place + 1}`);
    for (const name of names) fs.mkdirSync(join(folder, 'spool', name));
    fs.writeFileSync(this.conf, configuration(folder, names, await freePorts(nodes + 1)));
    const munge = ['--foreground', '--force', `--key-file=${folder}/munge.key`, `--socket=${folder}/run/munge`];
    munge.push(
      `--pid-file=${folder}/run/munged.pid`,
      `--log-file=${folder}/log/munged.log`,
      `--seed-file=${folder}/run/seed`,
    );
    const keys = new Service(munged, [...munge, '--num-threads=2']);
    this.services.set('munged', keys);
    await keys.until(() => Promise.resolve(fs.existsSync(join(folder, 'run/munge'))));
    const env = { SLURM_CONF: this.conf };
    process.env.SLURM_CONF = this.conf;
    this.services.set('slurmctld', new Service(slurmctld, ['-D', '-f', this.conf], env));
    for (const name of names)
      this.services.set(name, new Service(this.slurmd, ['-D', '-f', this.conf, '-N', name], env));
    await this.until(async () => (await this.ask('sinfo', '-h', '-t', 'idle', '-o', '%D')) === String(nodes));
  }

  private async until(holds: () => Promise<boolean>): Promise<void> {
    // Until it listens, the controller does not answer.
    await this.services.get('slurmctld')?.until(() => holds().catch(() => false));
  }

  /** Those that were started by this Slurm, its own daemons included. */
  private processes(): { pid: number; env: string }[] {
    return fs
      .readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((name) => ({ pid: Number(name), env: environmentOf(name) }))
      .filter(({ env }) => env.includes(`SLURM_CONF=${this.conf}\0`));
  }
}

function environmentOf(pid: string): string {
  try {
    return fs.readFileSync(join('/proc', pid, 'environ'), 'latin1');
  } catch {
    return '';
  }
}

function killAll(processes: readonly { pid: number }[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function configuration(folder: string, nodes: readonly string[], [controller, ...ports]: readonly number[]): string {
  const host = hostname();
  return [
    `ClusterName=spec`,
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmUser=${userInfo().username}`,
    `SlurmdUser=${userInfo().username}`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${folder}/run/munge`,
    'CredType=cred/munge',
    `SlurmctldPort=${String(controller)}`,
    `SlurmctldPidFile=${folder}/run/slurmctld.pid`,
    `SlurmdPidFile=${folder}/run/slurmd.%n.pid`,
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool/%n`,
    `SlurmctldLogFile=${folder}/log/slurmctld.log`,
    `SlurmdLogFile=${folder}/log/slurmd.%n.log`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'JobAcctGatherType=jobacct_gather/none',
    'AccountingStorageType=accounting_storage/none',
    'MpiDefault=none',
    'SwitchType=switch/none',
    'SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=100000,bf_interval=5',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU',
    'ReturnToService=2',
    'MaxArraySize=101',
    'SlurmctldTimeout=10',
    'SlurmdTimeout=5',
    'KillWait=1',
    'SlurmdParameters=config_overrides',
    ...nodes.map(
      (node, place) =>
        `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${String(ports[place])} CPUs=1 RealMemory=1000`,
    ),
    'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}
