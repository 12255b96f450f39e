/** Debian's Chromium, one process for a file of specs. */
import { requirePrograms } from '../../support/services/programs.js';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Skips what is running, by name, where there is no Chromium. */
export async function startBrowser(context: Mocha.Context): Promise<Browser> {
  const [executablePath = ''] = requirePrograms(context, 'the window in a browser', ['chromium']);
  // Who is root has no sandbox; what is opened is ours.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page on which whatever goes wrong, or is asked of another host, is kept. */
export interface Watched {
  page: Page;
  faults: string[];
}

export async function openPage(
  browser: Browser,
  address: string,
  {
    width = 1440,
    height = 900,
    colorScheme = 'light',
  }: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  const { host } = new URL(address);
  page.on('request', (request) => {
    if (new URL(request.url()).host !== host) faults.push(`external: ${request.url()}`);
  });
  await page.goto(address);
  return { page, faults };
}
