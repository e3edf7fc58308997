import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { type Run, runScript } from './run';

const IMPORTS = `
  import http from 'k6/http';
  import { WebSocket } from 'k6/websockets';
  import { Counter, Rate, Trend } from 'k6/metrics';
  import { SharedArray } from 'k6/data';
  import { setTimeout } from 'k6/timers';
  import exec from 'k6/execution';
  const seen = new Counter('seen');
`;
const options = (more = '', thresholds = `{ seen: ['count>=1'] }`): string =>
  `export const options = { scenarios: { one: { executor: 'per-vu-iterations', ${more} } }, thresholds: ${thresholds} };`;

/** In a thread of its own: a script that waits for an answer holds up the thread that it runs in. */
const OTHER_SERVER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:http').createServer(({ method }, response) => response.end(JSON.stringify({ method })));
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('the host of k6 scripts', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sunbeon-k6-host-'));
  let server: Server;
  let sockets: WebSocketServer;
  let url: string;
  let other: Worker;
  let otherUrl: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('Set-Cookie', 'pod=a%2Fb==; Path=/; HttpOnly');
      response.end(JSON.stringify({ method: request.method, cookie: request.headers.cookie ?? '' }));
    });
    sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, request) => {
      socket.send(request.headers.cookie ?? 'no cookie');
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString('utf8')}`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    other = new Worker(OTHER_SERVER, { eval: true });
    const port = await new Promise<number>((resolve) => other.once('message', resolve));
    otherUrl = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await other.terminate();
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });

  const run = (script: string): Promise<Run> => {
    const file = join(directory, `script-${Math.random()}.ts`);
    writeFileSync(file, `${IMPORTS}\n${script}`);
    return runScript(file, { URL: url, OTHER_URL: otherUrl });
  };
  const figure = ({ metrics }: Run, name: string, aggregation = 'count') =>
    metrics
      .all()
      .find((metric) => metric.name === name)
      ?.figure(aggregation);

  it('gives what setup found to every virtual user, each with modules of its own, and shares their metrics', async () => {
    const result = await run(`
      ${options('vus: 3, iterations: 2', `{ seen: ['count==42'] }`)}
      let own = 0;
      const shared = new SharedArray<number>('numbers', () => [10]);
      export function setup(): { add: number } { return { add: http.get(__ENV.OTHER_URL + '/').json().method === 'GET' ? 1 : 0 }; }
      export default function ({ add }: { add: number }): void {
        own += add;
        seen.add(exec.vu.idInTest + own + shared[0]! - 8);
      }
    `);
    expect(result.problems).toEqual([]);
    // (1+2+3)·2 of the users, (1+2)·3 of their own counts, 2 for each of six iterations
    expect(figure(result, 'seen')).toBe(33);
    expect(result.thresholds.map((threshold) => threshold.isCrossed())).toEqual([true]);
  });

  it('waits until timers, requests and sockets are done, and keeps cookies byte for byte', async () => {
    const result = await run(`
      ${options()}
      const said = new Rate('said');
      export default function (): void {
        const jar = new http.CookieJar();
        setTimeout(async () => {
          const first = await http.asyncRequest('POST', __ENV.URL + '/a', '{}', { jar });
          const second = await http.asyncRequest('GET', __ENV.URL + '/b', null, { jar });
          said.add(first.json().cookie === '' && second.json().cookie === 'pod=a%2Fb==');
          const socket = new WebSocket(__ENV.URL.replace('http', 'ws'), null, { jar });
          const heard: string[] = [];
          socket.onmessage = ({ data }) => {
            heard.push(String(data));
            if (heard.length === 1) socket.send('hello');
            else socket.close();
          };
          socket.onclose = () => {
            said.add(heard.join() === 'pod=a%2Fb==,echo hello');
            seen.add(1);
          };
        }, 5);
      }
    `);
    expect(result.problems).toEqual([]);
    expect(figure(result, 'seen')).toBe(1);
    expect(figure(result, 'said', 'rate')).toBe(1);
    expect(figure(result, 'http_req_failed', 'rate')).toBe(0);
  });

  it('fails a run for what a callback throws, and goes on with the others', async () => {
    const result = await run(`
      ${options('vus: 2')}
      export default function (): void {
        setTimeout(() => { if (exec.vu.idInTest === 1) throw new Error('in a callback'); seen.add(1); }, 1);
      }
    `);
    expect(result.problems).toEqual([expect.stringContaining('in a callback')]);
    expect(figure(result, 'seen')).toBe(1);
  });

  it('lets nobody begin when setup aborts', async () => {
    const result = await run(`
      ${options()}
      export function setup(): void { exec.test.abort('no tokens'); }
      export default function (): void { seen.add(1); }
    `);
    expect(result.problems).toEqual([expect.stringContaining('no tokens')]);
    expect(figure(result, 'seen')).toBe(0);
  });

  it('breaks off what does not end in its time, and says so', async () => {
    const result = await run(`
      ${options(`maxDuration: '10ms', gracefulStop: '10ms'`)}
      export default function (): void { new WebSocket(__ENV.URL.replace('http', 'ws')); }
    `);
    expect(result.problems).toEqual([expect.stringContaining('not over after 0.02 s')]);
  });

  it.each([
    ['an import', `import { browser } from 'k6/browser'; ${options()} browser.newPage();`, 'k6/browser'],
    ['a name of a module', `${options()} http.batch([]);`, 'no batch'],
    ['an executor', `export const options = { scenarios: { one: { executor: 'ramping-vus' } } };`, 'executor'],
    ['an option', `export const options = { scenarios: {}, dns: {} };`, 'dns'],
    ['the metric of a threshold', options('', `{ unheard: ['count>1'] }`), 'unheard'],
  ])('refuses %s that it does not know', async (_, script, name) => {
    await expect(run(`${script}\nexport default function (): void {}`)).rejects.toThrow(name);
  });
});
