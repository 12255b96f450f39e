/** Processes and threads as the system sees them (proc(5)); everything here is `undefined` where it cannot be seen. */
import * as fs from 'node:fs';

/** A thread, told from every other one that ever had its number by the moment at which it started. */
export interface Task {
  /** `'Z'` for a zombie, `'X'` for a dead one. */
  state: string;
  /** In clock ticks since boot. */
  started: string;
}

/** State and start of a thread; a process's main thread has the process's number. */
export function taskOf(pid: number, thread = pid): Task | undefined {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${String(pid)}/task/${String(thread)}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field, the name in parentheses, may hold anything, parentheses and spaces too; the third is the state.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

/** Does it run, or is it a killed process that stays as a zombie until its parent looks after it? */
export function isRunning(task: Task): boolean {
  return task.state !== 'Z' && task.state !== 'X';
}

/** What a signal to a process would come to: an error's code, `undefined` where it would arrive. */
export function signals(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
