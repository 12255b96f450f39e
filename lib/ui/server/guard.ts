/**
 * Who may speak to the window: the page that it serves, in the browser that was given the token. Other pages cannot write, since
 * they have another origin; names that lead to this host (DNS rebinding) are refused; other users of the host lack the token.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { textBytes } from '../../base/text/text-bytes.js';

/** What is known once the server listens. */
export interface Door {
  token: string;
  port: number;
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Cookies are shared by all ports of a host. */
function cookieOf({ port }: Door): string {
  return `stowage-${port}`;
}

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** For every request. */
export function guard(door: Door): MiddlewareHandler {
  return async (c, next) => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    const host = c.req.header('host');
    const isOurs = host === `127.0.0.1:${door.port}` || host === `localhost:${door.port}`;
    if (!isOurs) return c.json({ error: 'this is not the host that the window is served on' }, 403);
    const site = c.req.header('sec-fetch-site');
    const isApi = c.req.path.startsWith('/api/');
    if (isApi && site !== undefined && site !== 'same-origin' && site !== 'none')
      return c.json({ error: 'another site asks' }, 403);
    if (c.req.method !== 'GET') {
      if (c.req.method !== 'POST') return c.json({ error: 'GET and POST alone are answered' }, 405);
      if (c.req.header('origin') !== `http://${host}`) return c.json({ error: 'another site writes' }, 403);
    }
    if (isApi && c.req.path !== '/api/session' && !hasToken(getCookie(c, cookieOf(door)), door))
      return c.json({ error: 'open the address that stowage ui printed' }, 401);
    await next();
    return undefined;
  };
}

/** The page brings the token of its address, which no request has carried, and gets a cookie that no script can read. */
export function session(door: Door): MiddlewareHandler {
  return async (c) => {
    if (!hasToken(c.req.header('x-stowage-token'), door)) return c.json({ error: 'this is not the token' }, 401);
    setCookie(c, cookieOf(door), door.token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return Promise.resolve(c.json({}));
  };
}

function hasToken(given: string | undefined, { token }: Door): boolean {
  const [one, other] = [textBytes(given ?? ''), textBytes(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
