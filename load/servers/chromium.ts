import { Browser, chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SEARCH_PATH } from './managed-process';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The machine's own Chromium with a new, empty profile; close it with `browser.close()`.
 *
 * @throws Error when there is none
 */
export async function startChromium(): Promise<Browser> {
  const candidates = SEARCH_PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = process.env.CHROMIUM_PATH ?? candidates.find((file) => existsSync(file));
  if (!executablePath) throw new Error('no Chromium on this machine: install it, or name it in CHROMIUM_PATH');
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}
