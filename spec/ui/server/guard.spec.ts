/** Who may speak to the window. Plain HTTP, since a browser would not send what is refused here. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { fillLab, serveWindow, type Served } from '../lab.js';

interface Answered {
  status: number;
  text: string;
  headers: NodeJS.Dict<string | string[]>;
}

async function ask(
  { origin }: Served,
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { method?: string; body?: unknown } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? '' : JSON.stringify(body));
  });
}

describe('the window’s server', () => {
  let served: Served;
  let cookie: string;
  let folder: string;

  before(async () => {
    folder = temporaryFolder();
    fillLab(folder, join(folder, 'night.log'));
    writeFileSync(join(folder, 'secret.json'), 'secret');
    mkdirSync(join(folder, 'other'));
    symlinkSync('/etc', join(folder, 'cache2024-03-01', 'etc'));
    served = await serveWindow(folder);
    cookie = `stowage-${new URL(served.origin).port}=${served.token}`;
  });
  after(async () => {
    await served.end();
  });

  it('gives the page to anybody on this host, without a result in it', async () => {
    const { status, text } = await ask(served, '/');
    expect(status).to.equal(200);
    expect(text).not.to.include('2024-03-01');
  });

  it('refuses what is stored to one without the token', async () => {
    for (const path of ['/api/grid', '/api/events', '/api/entries', '/api/value?id=x'])
      expect((await ask(served, path)).status, path).to.equal(401);
  });

  it('refuses another token', async () => {
    const other = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await ask(served, '/api/grid', { cookie: other })).status).to.equal(401);
  });

  it('changes the token for a cookie that scripts cannot read and other sites do not send', async () => {
    const headers = { 'x-stowage-token': served.token, origin: served.origin };
    const { status, headers: answered } = await ask(served, '/api/session', headers, { method: 'POST' });
    expect(status).to.equal(200);
    expect(String(answered['set-cookie']))
      .to.match(/HttpOnly/)
      .and.match(/SameSite=Strict/);
  });

  it('changes no other token for a cookie', async () => {
    const headers = { 'x-stowage-token': 'x', origin: served.origin };
    const { status, headers: answered } = await ask(served, '/api/session', headers, { method: 'POST' });
    expect(status).to.equal(401);
    expect(answered).not.to.have.property('set-cookie');
  });

  it('refuses a name that leads to this host, whoever asks', async () => {
    for (const host of ['evil.example', `evil.example:${new URL(served.origin).port}`, '127.0.0.1:1'])
      expect((await ask(served, '/', { host })).status, host).to.equal(403);
    expect((await ask(served, '/api/grid', { host: 'evil.example', cookie })).status).to.equal(403);
  });

  it('refuses what another site asks', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect((await ask(served, '/api/grid', { cookie, 'sec-fetch-site': site })).status, site).to.equal(403);
  });

  it('refuses what another origin, or none, would write', async () => {
    const body = { verb: 'clear', ids: [], isConfirmed: true };
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await ask(served, '/api/act', { cookie, origin }, { method: 'POST', body })).status, origin).to.equal(
        403,
      );
    expect((await ask(served, '/api/act', { cookie }, { method: 'POST', body })).status).to.equal(403);
  });

  it('knows GET and POST alone', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(served, '/api/grid', { cookie }, { method })).status, method).to.equal(405);
  });

  it('lets a page load nothing from elsewhere, and be framed by nobody', async () => {
    const { headers } = await ask(served, '/');
    expect(headers['content-security-policy'])
      .to.match(/^default-src 'self';/)
      .and.include("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).to.equal('nosniff');
    expect(headers).not.to.have.property('access-control-allow-origin');
  });

  it('gives nothing that is no entry, wherever it lies', async () => {
    const names = [
      '../../etc/passwd',
      '/etc/passwd',
      'secret',
      'cache2024-03-01/etc/passwd',
      'other/../secret',
      '..',
      '',
    ];
    for (const id of names)
      expect((await ask(served, `/api/entry?id=${encodeURIComponent(id)}`, { cookie })).status, id).to.equal(404);
  });

  it('serves no files by their paths', async () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/secret.json',
      '/cache2024-03-01/',
      '//etc/passwd',
    ])
      expect((await ask(served, path, { cookie })).status, path).to.equal(404);
  });

  it('says what is wrong with a request that makes no sense, and does nothing', async () => {
    for (const body of [
      null,
      {},
      { verb: 'rm', ids: [], isConfirmed: true },
      { verb: 'clear', ids: [1], isConfirmed: true },
    ]) {
      const { status, text } = await ask(
        served,
        '/api/act',
        { cookie, origin: served.origin },
        { method: 'POST', body },
      );
      expect(status).to.equal(404);
      expect(text).to.include('neither what to do');
    }
  });
});
