import type { Browser, BrowserContext } from 'playwright-core';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEMO_TERM } from '../../../src/registration/catalogue/import/demo-term';
import { PLAIN_COOKIE } from '../../../src/identity/request-token';
import { startChromium } from '../../servers/chromium';
import type { Comer } from '../../swarm/plan';
import { type Bench, planOf } from '../bench';
import { startOwnPod } from '../served/own-pod';
import { rounded, spreadOf, spreadText } from '../spread';
import { withParts } from '../turns';

const FULL = { students: 20, repeats: 5 };
const QUICK = { students: 20, repeats: 1 };

/** A telephone on a full campus: 1.6 Mbit/s down, 0.75 up, 150 ms to the server, a processor of a quarter of this one's. */
const PHONE = { downloadThroughput: 200_000, uploadThroughput: 93_750, latency: 150, offline: false };
const CPU_SLOWDOWN = 4;
const VIEWPORT = { width: 390, height: 844 };

const ROOM = 'page';
const PATIENCE_MS = 60_000;

interface Load {
  bytes: number;
  requests: number;
  ms: number;
}

/** From the address to the first number, with nothing in the browser's cache. */
export const pageBench: Bench = {
  name: 'page',
  summary: 'bytes and requests to the first number, and the time to it on a slow phone / that of a blank page',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats } = planOf(options, FULL, QUICK);
      const ours = await keep(startOwnPod({ students: students + repeats + 1 }));
      await ours.operator.makeRoom({ id: ROOM, termId: DEMO_TERM.id });
      const blank = await keep(startBlank());
      const browser = await startChromium();
      await keep(Promise.resolve({ stop: () => browser.close() }));
      const [pages, blanks]: [Load[], Load[]] = [[], []];
      for (let repeat = 0; repeat <= repeats; repeat += 1) {
        const page = await load(browser, `${ours.url}/rooms/${ROOM}`, ours.comers[repeat]);
        const empty = await load(browser, blank.url);
        // The first load warms the server, and does not count.
        if (repeat === 0) continue;
        pages.push(page);
        blanks.push(empty);
        options.say(`${repeat}/${repeats}: ${page.bytes} bytes, ${page.requests} requests, ${Math.round(page.ms)} ms`);
      }
      const spread = (loads: Load[], figure: keyof Load) => spreadOf(loads.map((one) => one[figure]));
      return {
        figures: {
          kilobytes: rounded(spread(pages, 'bytes').median / 1_000),
          requests: spread(pages, 'requests').median,
          ms: rounded(spread(pages, 'ms').median),
          blankMs: rounded(spread(blanks, 'ms').median),
        },
        targets: [
          { figure: 'kilobytes', what: 'KB over the network to the first number', limit: 60, sense: 'at most' },
          { figure: 'requests', what: 'requests to the first number', limit: 6, sense: 'at most' },
        ],
        rows: [
          {
            page: 'ours',
            bytes: spreadText(spread(pages, 'bytes')),
            requests: spreadText(spread(pages, 'requests')),
            ms: spreadText(spread(pages, 'ms')),
          },
          {
            page: 'blank',
            bytes: spreadText(spread(blanks, 'bytes')),
            requests: spreadText(spread(blanks, 'requests')),
            ms: spreadText(spread(blanks, 'ms')),
          },
        ],
        notes: [
          `medians of ${repeats} loads each, in turn, each in a new profile; least and most in brackets; ${browser.version()}`,
          'a phone of 390 × 844, 1.6 Mbit/s, 150 ms to the server, a quarter of this processor; signed in before, and the number is taken as soon as that is offered',
          'bytes as the browser counts them on the network, heads included; requests with the document, the socket as one',
        ],
        invalid: undefined,
      };
    }),
};

async function load(browser: Browser, url: string, student?: Comer): Promise<Load> {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
  });
  try {
    if (student) await signIn(context, url, student);
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    const seen = { bytes: 0, requests: 0 };
    network.on('Network.loadingFinished', ({ encodedDataLength }) => (seen.bytes += encodedDataLength));
    network.on('Network.requestWillBeSent', () => (seen.requests += 1));
    network.on('Network.webSocketCreated', () => (seen.requests += 1));
    network.on('Network.webSocketFrameReceived', ({ response }) => (seen.bytes += response.payloadData.length));
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', PHONE);
    await network.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const start = performance.now();
    await page.goto(url, { timeout: PATIENCE_MS });
    if (student) {
      await page.locator('.lobby .button-primary').click({ timeout: PATIENCE_MS });
      await page.locator('.ticket-position:not([data-position=""])').waitFor({ timeout: PATIENCE_MS });
    }
    return { ...seen, ms: performance.now() - start };
  } finally {
    await context.close();
  }
}

/** The cookie that signing in leaves behind. */
async function signIn(context: BrowserContext, url: string, { token }: Comer): Promise<void> {
  await context.addCookies([
    { name: PLAIN_COOKIE, value: token, url: new URL(url).origin, httpOnly: true, sameSite: 'Lax' },
  ]);
}

/** The least that a browser can be asked to show. */
async function startBlank(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html' })
      .end('<!doctype html><link rel="icon" href="data:,"><title>1</title><p>1');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}
