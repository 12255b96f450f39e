/** Asking the server. */
import { useEffect, useState } from 'preact/hooks';
import type { ActMessage, ActRequest } from '../contract/messages.js';

export type Query = Record<string, string | number | undefined>;

/** An address of the server. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/${path}${text === '' ? '' : `?${text}`}`;
}

/** The token is taken out of the address, and changed for a cookie. */
export async function begin(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', '/');
  await answered(await fetch('/api/session', { method: 'POST', headers: { 'X-Stowage-Token': token } }));
}

export async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await answered(await fetch(addressOf(path, query)))) as T;
}

export async function post(request: ActRequest): Promise<ActMessage> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch('/api/act', { method: 'POST', headers, body: JSON.stringify(request) });
  return (await answered(response)) as ActMessage;
}

async function answered(response: Response): Promise<unknown> {
  const body = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(body.error ?? `the server answers ${String(response.status)}`);
  return body;
}

/** What the server last said, or why it did not. */
export interface Answer<T> {
  value?: T;
  error?: string;
}

/** Asks again whenever the address or the version is another; meanwhile the last answer stays. */
export function useAnswer<T>(path: string, query: Query, version: number): Answer<T> {
  const address = addressOf(path, query);
  const [answer, setAnswer] = useState<Answer<T> & { address?: string }>({});
  useEffect(() => {
    let isWanted = true;
    get<T>(path, query).then(
      (value) => {
        if (isWanted) setAnswer({ value, address });
      },
      (error: unknown) => {
        if (isWanted) setAnswer({ error: error instanceof Error ? error.message : String(error), address });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [address, version]);
  return answer.address === address ? answer : {};
}
