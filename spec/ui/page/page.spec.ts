/** The page of the window, as a browser shows it. */
/// <reference lib="dom" />
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { fillLab, HOSTILE, Night, NIGHTS, serveWindow, type Served } from '../lab.js';
import { openPage, startBrowser, type Watched } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where screenshots for docs/window.md go: they are written by `npm run screenshots` alone. */
const SCREENSHOTS = process.env.STOWAGE_SCREENSHOTS;

const ENTRY = (name: string, tag = '2024-03-03'): string => `cache${tag}/${name}`;

describe('the window’s page', () => {
  let browser: Browser;
  let served: Served;
  const ends: (() => Promise<void>)[] = [];
  let folder: string;
  let watched: Watched;
  let page: Page;

  before(async function () {
    browser = await startBrowser(this);
    ends.push(async () => browser.close());
    folder = temporaryFolder();
    fillLab(folder, join(folder, 'night.log'), SCREENSHOTS === undefined ? [...NIGHTS, HOSTILE] : NIGHTS);
    served = await serveWindow(folder);
    ends.push(served.end);
    watched = await openPage(browser, served.address);
    ({ page } = watched);
  });
  after(async () => {
    for (const end of ends) await end();
  });

  const ROWS = '.grid-cell[data-column="1"]';
  /** Of each view, its address and what it shows when it is ready. */
  const VIEWS: readonly (readonly [name: string, hash: string, ready: string])[] = [
    ['grid', '', '.grid-cell.mark'],
    ['entries', 'entries', ROWS],
    ['entry', `entry?${query({ id: ENTRY('root.Night.psf', '2024-03-01') })}`, 'figure img'],
    ['cube', `entry?${query({ id: ENTRY('root.camera.Camera.frames') })}`, 'input[type=range]'],
    ['table', `entry?${query({ id: ENTRY('root.Night.stars') })}`, '.table .grid-cell[data-column="2"]'],
    ['damaged', `entry?${query({ id: ENTRY('root.Night.stars', '2024-03-02') })}`, '.reason'],
    ['lineage', `lineage?${query({ id: ENTRY('root.Night.psf') })}`, '.node.middle'],
    [
      'compare',
      `compare?${query({ a: ENTRY('root.Night.psf', '2024-03-02'), b: ENTRY('root.Night.psf') })}`,
      'figure img',
    ],
    ['tags', `compare?${query({ one: '2024-03-02', other: '2024-03-03' })}`, ROWS],
    ['computing', 'computing', 'progress'],
  ];
  const PICTURED = ['grid', 'entry', 'lineage', 'compare'];

  function query(pairs: Record<string, string>): string {
    return new URLSearchParams(pairs).toString();
  }
  async function show(hash: string, ready: string, on = page): Promise<void> {
    await on.evaluate((text) => {
      location.hash = `#/${text}`;
    }, hash);
    await on.waitForSelector(ready);
    await on.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  }
  const textOf = async (selector: string): Promise<string> => (await page.textContent(selector)) ?? '';

  it('takes the token out of the address', () => {
    expect(page.url()).not.to.include(served.token);
  });

  it('asks for the address where there is no token', async () => {
    const other = await openPage(browser, served.origin);
    await other.page.waitForSelector('[role=alert]');
    expect(await other.page.textContent('[role=alert]')).to.include('stowage ui printed');
    await other.page.context().close();
  });

  for (const [name, hash, ready] of VIEWS) {
    describe(`of ${name}`, () => {
      for (const [width, colorScheme] of [
        [1440, 'light'],
        [360, 'dark'],
      ] as const) {
        it(`is accessible and fits, ${width} pixels wide and ${colorScheme}`, async () => {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await show(hash, ready);
          await page.evaluate(AXE);
          const found = await page.evaluate(async () => {
            const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
            return violations.flatMap(({ id, nodes }) =>
              nodes.map(({ html, failureSummary }) => ({ id, html, failureSummary })),
            );
          });
          expect(found).to.deep.equal([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(width);
          if (SCREENSHOTS !== undefined && PICTURED.includes(name) && width > 1000) {
            mkdirSync(SCREENSHOTS, { recursive: true });
            await page.setViewportSize({ width: 1100, height: 620 });
            await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
          }
        });
      }
    });
  }

  describe('with the keyboard alone', () => {
    before(async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
    });

    it('goes from the grid to an entry and its lineage', async () => {
      await show('', '.mark.damaged');
      await page.keyboard.press('Tab');
      while ((await page.evaluate(() => document.activeElement?.getAttribute('role'))) !== 'grid')
        await page.keyboard.press('Tab');
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter'])
        await page.keyboard.press(key);
      await page.waitForFunction(() => location.hash.startsWith('#/entries'));
      await page.waitForSelector('.grid-cell .state');
      await page.focus('.grid');
      await page.keyboard.press('Enter');
      await page.waitForSelector('article h2');
      expect(await textOf('article h2')).to.equal('root.camera.Camera.frames');
      await page.focus('text=Lineage');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.node.middle');
    });

    it('walks a lineage, and marks what a change would make stale', async () => {
      await show(`lineage?${query({ id: ENTRY('root.Night.psf') })}`, '.node.middle');
      await page.focus('.node.middle');
      expect(await page.locator('.node.would-be-stale').count()).to.equal(3);
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate(() => document.activeElement?.querySelector('b')?.textContent)).to.equal(
        'root.Night.profile',
      );
      await page.waitForFunction(() => document.querySelectorAll('.node.would-be-stale').length === 2);
    });

    it('asks before anything is removed, and Escape is no', async () => {
      const id = ENTRY('root.Night.remarks');
      await show(`entry?${query({ id })}`, 'pre');
      await page.focus('text=Remove…');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]');
      expect(await textOf('dialog[open] p')).to.match(/^Remove 1 entry/);
      await page.keyboard.press('Escape');
      await page.waitForSelector('dialog[open]', { state: 'hidden' });
      expect(existsSync(join(folder, `${id}.json`))).to.equal(true);
    });

    it('removes what it was told to', async () => {
      const id = ENTRY('root.Night.remarks');
      await show(`entry?${query({ id })}`, 'pre');
      await page.focus('text=Remove…');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog[open]');
      await page.focus('text=Yes, do it');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => location.hash.startsWith('#/entries'));
      expect(existsSync(join(folder, `${id}.json`))).to.equal(false);
    });
  });

  it('shows another slice when the slider is moved', async () => {
    await show(`entry?${query({ id: ENTRY('root.camera.Camera.frames') })}`, 'input[type=range]');
    const before = await page.getAttribute('figure img', 'src');
    await page.focus('input[type=range]');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((src) => document.querySelector('figure img')?.getAttribute('src') !== src, before);
    expect(await page.getAttribute('figure img', 'src')).to.include(encodeURIComponent(':,:,1'));
  });

  it('has only those rows of a table in the document that are in sight, and finds the last', async () => {
    await show(`entry?${query({ id: ENTRY('root.Night.stars') })}`, '.table .grid-cell[data-column="2"]');
    await page.focus('.table .grid');
    await page.keyboard.press('End');
    await page.waitForSelector('.table .grid-cell >> text=<b>star 2999</b>');
    expect(await page.locator('.table .grid-row').count()).to.be.lessThan(60);
  });

  it('shows a result that is stored while it is open', async () => {
    await show('', '.mark.damaged');
    tagIn(folder, new Night(7, join(folder, 'night.log')), 'stored meanwhile').remarks();
    await page.waitForSelector('.grid-cell >> text=stored meanwhile');
  });

  it('shows hostile names and values as texts', async () => {
    await show('entries', '.grid-cell .state');
    await page.waitForSelector(`.grid-cell >> text=${HOSTILE}`);
    expect(await page.title()).to.equal('Stowage: entries');
    expect(await page.locator('main img').count()).to.equal(0);
  });

  describe('in all of this', () => {
    it('has asked nothing of another host, and met no fault', () => {
      expect(watched.faults).to.deep.equal([]);
    });
  });
});
