/** What the window says of a folder. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type {
  ActMessage,
  CompareMessage,
  CompareTagsMessage,
  EntriesMessage,
  EntryMessage,
  EntryRow,
  GridMessage,
  LineageMessage,
  RowsMessage,
  State,
  ValueMessage,
} from '#lib/ui/contract/messages.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { fillLab, HOSTILE, Night, serveWindow, type Served } from '../lab.js';

describe('what the window says', () => {
  let served: Served;
  let folder: string;

  before(async () => {
    folder = temporaryFolder();
    fillLab(folder, join(folder, 'night.log'));
    served = await serveWindow(folder);
    await complete();
  });
  after(async () => {
    await served.end();
  });

  async function fetched(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = `stowage-${new URL(served.origin).port}=${served.token}`;
    return fetch(`${served.origin}/api/${path}`, { ...init, headers: { cookie, origin: served.origin } });
  }
  async function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    return (await (await fetched(`${path}?${new URLSearchParams(query).toString()}`)).json()) as T;
  }
  /** Reads the events until everything has been looked at. */
  async function complete(): Promise<void> {
    const gone = new AbortController();
    const response = await fetched('events', { signal: gone.signal });
    const texts = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream());
    for await (const text of texts) if (text.includes('"isComplete":true')) break;
    gone.abort();
  }
  async function entries(query: Record<string, string>): Promise<EntryRow[]> {
    return (await get<EntriesMessage>('entries', { from: '0', count: '100', ...query })).rows;
  }
  async function one(tag: string, text: string): Promise<EntryRow> {
    const [row] = await entries({ tag, text });
    if (row === undefined) throw new Error(`no ${text} in ${tag}`);
    return row;
  }
  async function act(verb: string, ids: string[], isConfirmed: boolean): Promise<ActMessage> {
    const body = JSON.stringify({ verb, ids, isConfirmed });
    return (await (await fetched('act', { method: 'POST', body })).json()) as ActMessage;
  }

  describe('of the whole', () => {
    let grid: GridMessage;
    const stateOf = (tag: string, method: string): State | undefined =>
      grid.cells.find(([t, m]) => grid.tags[t] === tag && grid.methods[m] === method)?.[2];

    before(async () => {
      grid = await get<GridMessage>('grid');
    });

    it('names every tag', () => {
      expect(grid.tags).to.include.members(['2024-03-01', '2024-03-02', '2024-03-03', HOSTILE]);
    });
    it('says what is up to date', () => {
      expect(stateOf('2024-03-03', 'root.Night.psf')).to.equal('current');
    });
    it('says what was invalidated', () => {
      expect(stateOf('2024-03-01', 'root.camera.Camera.dark')).to.equal('stale');
    });
    it('says what was made of that, through any depth', () => {
      expect(stateOf('2024-03-01', 'root.Night.encircled')).to.equal('stale');
    });
    it('says what was made of a file that has changed', () => {
      expect(stateOf('2024-03-01', 'root.Night.observed')).to.equal('stale');
    });
    it('says what is damaged', () => {
      expect(stateOf('2024-03-02', 'root.Night.stars')).to.equal('damaged');
    });
    it('leaves open what is not there', () => {
      expect(stateOf('2024-03-03', 'root.Night.observed')).to.equal(undefined);
    });
    it('counts the calls of a method', () => {
      const [cell] = grid.cells.filter(
        ([t, m]) => grid.tags[t] === '2024-03-03' && grid.methods[m]?.endsWith('encircled'),
      );
      expect(cell?.[3]).to.equal(2);
    });
  });

  it('finds entries by words, whatever stands around them', async () => {
    const found = await entries({ text: 'CORE encircled 03-02' });
    expect(found.map(({ arguments: args }) => args)).to.deep.equal(["'core', 11"]);
  });
  it('finds entries by their state', async () => {
    const found = await entries({ state: 'damaged' });
    expect(found.map(({ method }) => method)).to.deep.equal(['root.Night.stars']);
  });

  describe('of an entry', () => {
    let psf: EntryMessage;

    before(async () => {
      const { id } = await one('2024-03-01', 'psf');
      psf = await get<EntryMessage>('entry', { id });
    });

    it('says what it was made of, and what has changed', () => {
      const changed = psf.madeOf.filter(({ state }) => state === 'changed').map(({ name }) => name);
      expect(changed).to.deep.equal(['root.camera.Camera.dark']);
    });
    it('leads to what it was made of', () => {
      expect(psf.madeOf.find(({ name }) => name.endsWith('frames'))?.id).to.include('frames');
    });
    it('says what was made of it', () => {
      expect(psf.usedBy.map(({ method }) => method)).to.deep.equal(['root.Night.profile']);
    });
    it('names the code that it reaches', () => {
      expect(psf.parts.map(({ name }) => name).join()).to.include('SIDE');
    });
    it('gives the facts of its record', () => {
      expect(Object.fromEntries(psf.facts)).to.include.keys('took', 'computed', 'digest', 'record');
    });
    it('still shows one that is damaged', async () => {
      const { id } = await one('2024-03-02', 'stars');
      expect((await get<EntryMessage>('entry', { id })).reasons).to.deep.equal(['the record is not what was written']);
      expect(await get<ValueMessage>('value', { id })).to.have.property('kind', 'none');
    });
  });

  describe('of a value', () => {
    it('gives the shape and the range of an array', async () => {
      const { id } = await one('2024-03-03', 'frames');
      expect(await get<ValueMessage>('value', { id })).to.deep.include({ kind: 'numbers', shape: [24, 24, 4] });
    });
    it('draws a slice', async () => {
      const { id } = await one('2024-03-03', 'frames');
      const response = await fetched(`picture?${new URLSearchParams({ id, slice: ':,:,3' }).toString()}`);
      expect(response.headers.get('content-type')).to.include('image/svg+xml');
      expect(response.headers.get('content-security-policy')).to.include('sandbox');
      expect(await response.text()).to.match(/^<svg /);
    });
    it('says what is wrong with a slice', async () => {
      const { id } = await one('2024-03-03', 'frames');
      for (const slice of [':,:,4', ':,:', ':,:,x', ':,:,-1'])
        expect((await fetched(`picture?${new URLSearchParams({ id, slice }).toString()}`)).status, slice).to.equal(400);
    });
    it('gives rows of a table from anywhere', async () => {
      const { id } = await one('2024-03-03', 'stars');
      const { rows } = await get<RowsMessage>('rows', { id, from: '2998', count: '100' });
      expect(rows).to.deep.equal([
        ['8988004', '<b>star 2998</b>'],
        ['8994001', '<b>star 2999</b>'],
      ]);
    });
    it('gives everything else as a text', async () => {
      const { id } = await one('2024-03-03', 'remarks');
      expect(await get<ValueMessage>('value', { id })).to.have.property('kind', 'text');
    });
  });

  it('puts what an entry was made of to its left, and what was made of it to its right', async () => {
    const { id } = await one('2024-03-03', 'psf');
    const { nodes } = await get<LineageMessage>('lineage', { id });
    const columns = nodes.map(({ name, column }) => [name, column]);
    expect(columns).to.deep.include.members([
      ['root.camera.Camera.frames', -1],
      ['root.Night.psf', 0],
      ['root.Night.profile', 1],
      ['root.Night.encircled', 2],
    ]);
  });

  it('compares two entries, by facts and by elements', async () => {
    const [a, b] = [await one('2024-03-02', 'psf'), await one('2024-03-03', 'psf')];
    const compared = await get<CompareMessage>('compare', { a: a.id, b: b.id });
    expect(compared.code).to.deep.equal([]);
    expect(compared.facts.map(([name]) => name)).to.include('tag');
    expect(Number(Object.fromEntries(compared.difference)['elements that differ'])).to.be.greaterThan(500);
    expect((await fetched(`difference?${new URLSearchParams({ a: a.id, b: b.id }).toString()}`)).status).to.equal(200);
  });
  it('compares two tags', async () => {
    const { rows } = await get<CompareTagsMessage>('tags', { a: '2024-03-02', b: '2024-03-03' });
    const verdicts = Object.fromEntries(rows.map(({ method, verdict }) => [method, verdict]));
    expect(verdicts).to.deep.include({
      'root.camera.Camera.dark': 'same',
      'root.Night.psf': 'different',
      'root.Night.observed': 'only in the first',
    });
  });

  describe('of what it is told to do', () => {
    it('does nothing before that is confirmed, and says what it would be', async () => {
      const row = await one('2024-03-03', 'remarks');
      const { text } = await act('clear', [row.id], false);
      expect(text).to.match(/^Remove 1 entry, /);
      expect(existsSync(join(folder, `${row.id}.json`))).to.equal(true);
    });
    it('removes data, and keeps the record', async () => {
      const { id } = await one('2024-03-03', 'frames');
      await act('prune', [id], true);
      expect(await one('2024-03-03', 'frames')).to.include({ state: 'pruned' });
      expect(existsSync(join(folder, `${id}.json`))).to.equal(true);
      expect(existsSync(join(folder, `${id}.npy`))).to.equal(false);
    });
    it('invalidates, and what was made of it is stale at once', async () => {
      const { id } = await one('2024-03-02', 'profile');
      await act('invalidate', [id], true);
      expect(await one('2024-03-02', 'core encircled')).to.include({ state: 'stale' });
    });
    it('removes one that is damaged', async () => {
      const { id } = await one('2024-03-02', 'stars');
      expect((await act('clear', [id], true)).text).to.match(/^Removed 1 entry/);
      expect(existsSync(join(folder, `${id}.json`))).to.equal(false);
    });
    it('leaves alone what has changed since it was seen', async () => {
      const { id } = await one('2024-03-01', 'remarks');
      const file = join(folder, `${id}.json`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"seconds": ', '"seconds": 1'));
      const { kept } = await act('clear', [id], true);
      expect(kept).to.have.lengthOf(1);
      expect(existsSync(file)).to.equal(true);
    });
  });

  it('sees what is computed meanwhile, and says so by itself', async () => {
    const gone = new AbortController();
    const response = await fetched('events', { signal: gone.signal });
    const texts = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream());
    let heard = '';
    for await (const text of texts) {
      const before = heard;
      heard += text;
      const counts = [...heard.matchAll(/"entries":(\d+),/g)].map(([, count]) => Number(count));
      if (before === '') tagIn(folder, new Night(9, join(folder, 'night.log')), 'new night').remarks();
      else if ((counts.at(-1) ?? 0) > (counts[0] ?? 0)) break;
    }
    gone.abort();
    expect((await get<GridMessage>('grid')).tags).to.include('new night');
  });
});
