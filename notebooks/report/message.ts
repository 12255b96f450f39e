/** What an analysis tells the process that started it. */
import type { StowageEvent } from 'stowage';
import type { Finding } from '../analyzers/survey.js';

export type CacheEvent = { kind: 'event' } & Omit<StowageEvent, 'error'>;

export interface Answer {
  kind: 'answer';
  tag: string;
  question: string;
  /** Digest of the result. */
  fingerprint: string;
}

export interface NamedFinding extends Finding {
  kind: 'finding';
  tag: string;
  name: string;
}

export interface Done {
  kind: 'done';
  /** From the first analyzer made to the last answer. */
  seconds: number;
}

export type Message = CacheEvent | Answer | NamedFinding | Done;
