/** Another process that shares a lock with us, in Node.js or in Python. */
import { fileURLToPath } from 'node:url';
import { LOCK_JOB } from './lock-job-python.js';
import type { LockJob } from './lock-job.js';
import { PeerProcess } from './peer-process.js';

export class LockPeer extends PeerProcess {
  static node(job: LockJob): LockPeer {
    const script = fileURLToPath(new URL('lock-job-main.js', import.meta.url));
    return new LockPeer(process.execPath, [script, JSON.stringify(job)]);
  }

  static python(python: string, job: LockJob): LockPeer {
    return new LockPeer(python, ['-c', LOCK_JOB, JSON.stringify(job)]);
  }
}
