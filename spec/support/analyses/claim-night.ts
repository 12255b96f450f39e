/** An analyzer whose computations leave a line in a file and then wait for a gate: for specs of who computes when. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { cacheOnDisk } from 'stowage';

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Seconds after which waiting for something that must come is given up. */
const patience = 50;

/** Blocks the thread until something is true. */
export function waitUntil(what: string, isTrue: () => boolean): void {
  for (const end = Date.now() + patience * 1000; !isTrue(); Atomics.wait(cell, 0, 0, 3)) {
    if (Date.now() > end) throw new Error(`waited ${patience} s in vain for ${what}`);
  }
}

/** Waits until something is true, and lets others run. */
export async function eventually(what: string, isTrue: () => boolean): Promise<void> {
  const end = Date.now() + patience * 1000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`waited ${patience} s in vain for ${what}`);
    await later(3);
  }
}

/** Where the computations of a spec leave their lines and find their gates. */
export class Stage {
  constructor(readonly folder: string) {}

  /** The computations so far, in order. */
  get runs(): { method: string; pid: number; thread: number; at: number }[] {
    const file = join(this.folder, 'runs');
    if (!existsSync(file)) return [];
    // What stands behind the last line break is being written.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as { method: string; pid: number; thread: number; at: number });
  }

  /** Notes a computation. */
  note(method: string): void {
    const line = { method, pid: process.pid, thread: threadId, at: Date.now() };
    appendFileSync(join(this.folder, 'runs'), `${JSON.stringify(line)}\n`);
  }

  open(gate: string): void {
    writeFileSync(join(this.folder, gate), '');
  }

  isOpen(gate: string): boolean {
    return existsSync(join(this.folder, gate));
  }
}

export class Night {
  readonly #stage: Stage;

  constructor(folder: string) {
    this.#stage = new Stage(folder);
  }

  /** Ends when the gate opens. */
  @cacheOnDisk
  slow(): Float64Array {
    this.#stage.note('slow');
    waitUntil('the gate', () => this.#stage.isOpen('gate'));
    return new Float64Array([1, 2, process.pid]);
  }

  @cacheOnDisk
  async slowly(): Promise<Float64Array> {
    this.#stage.note('slowly');
    await eventually('the gate', () => this.#stage.isOpen('gate'));
    return new Float64Array([1, 2, process.pid]);
  }

  @cacheOnDisk({ claim: false })
  unclaimed(): number {
    this.#stage.note('unclaimed');
    waitUntil('the gate', () => this.#stage.isOpen('gate'));
    return 1;
  }

  /** The first throws when the gate opens; the others end when three of them are at it together. */
  @cacheOnDisk
  failsFirst(): number {
    this.#stage.note('failsFirst');
    if (this.#stage.runs.length === 1) {
      waitUntil('the gate', () => this.#stage.isOpen('gate'));
      throw new Error('clouds');
    }
    waitUntil('two others', () => this.#stage.runs.length >= 4);
    return 7;
  }

  /** Cannot be stored. */
  @cacheOnDisk
  async uncacheable(): Promise<() => number> {
    this.#stage.note('uncacheable');
    await eventually('the gate', () => this.#stage.isOpen('gate'));
    return () => 1;
  }

  @cacheOnDisk
  async part(n: number): Promise<number> {
    this.#stage.note(`part ${n}`);
    await later(5);
    return n;
  }

  @cacheOnDisk
  async sum(first: number): Promise<number> {
    this.#stage.note(`sum ${first}`);
    const order = [0, 1, 2, 3].map((n) => (n + first) % 4);
    const parts = await Promise.all(order.map((n) => this.part(n)));
    for (const n of order) parts.push(await this.part(n + 4));
    return parts.reduce((total, n) => total + n, first);
  }

  @cacheOnDisk
  async total(from: number): Promise<number> {
    const order = [0, 1, 2, 3].map((n) => (n + from) % 4);
    const sums = await Promise.all(order.map((n) => this.sum(n)));
    return sums.reduce((total, sum) => total + sum, 0);
  }

  /** Each of the two blocks its thread for the other, as soon as both are at it. */
  @cacheOnDisk
  left(): number {
    this.#stage.note('left');
    waitUntil('the right one', () => this.#stage.runs.length >= 2);
    return 1 + this.right();
  }

  @cacheOnDisk
  right(): number {
    this.#stage.note('right');
    waitUntil('the left one', () => this.#stage.runs.length >= 2);
    return 1 + this.left();
  }
}
