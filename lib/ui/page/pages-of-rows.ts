/** Rows of a long list, asked for a hundred at a time, as they come into sight. */
import { useRef, useState } from 'preact/hooks';
import { addressOf, get, type Query } from './api.js';

const PAGE = 100;

/** @returns a row, or `undefined` while it is on its way */
export function useRows<T>(path: string, query: Query, version: number): (row: number) => T | undefined {
  const [, render] = useState(0);
  const state = useRef<{ address: string; version: number; pages: Map<number, T[]>; asked: Set<string> }>(undefined);
  const address = addressOf(path, query);
  if (state.current?.address !== address) state.current = { address, version, pages: new Map(), asked: new Set() };
  const { current } = state;
  if (current.version !== version) Object.assign(current, { version, asked: new Set() });
  return (row) => {
    const page = Math.floor(row / PAGE);
    const name = String(page);
    if (!current.asked.has(name)) {
      current.asked.add(name);
      get<{ rows: T[] }>(path, { ...query, from: page * PAGE, count: PAGE }).then(
        ({ rows }) => {
          current.pages.set(page, rows);
          render((count) => count + 1);
        },
        () => undefined,
      );
    }
    return current.pages.get(page)?.[row % PAGE];
  };
}
