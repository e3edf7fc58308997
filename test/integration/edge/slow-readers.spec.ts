import { readFileSync } from 'node:fs';
import { OperatorClient } from '../../support/operator';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { untilLive } from '../../support/demo-room';
import { RawPolling, RawSocket } from './raw-client';

const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const METRICS_TOKEN = 'another-token-for-these-tests-only';
const BY_POLLING = 980;
const BY_WEBSOCKET = 20;
/** Readers that connect at the same time. */
const BATCH = 70;
/** They say that they are there this often, ms. */
const ALIVE_MS = 5_000;
/**
 * What 1,000 readers may have waiting, 64 packets each, and what the collector has not come to yet, bytes: measured 88 to
 * 136 MB. Without the bound it was 337 MB in the same time, and went on growing.
 */
const MOST_GROWTH = 224 * 1_024 * 1_024;

describe('a thousand sockets that never read', () => {
  let pod: Pod;
  let operator: OperatorClient;
  const endings: (() => void)[] = [];

  beforeAll(async () => {
    pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, METRICS_TOKEN } });
    operator = new OperatorClient(pod.url, OPERATOR_TOKEN);
  });
  afterAll(async () => {
    for (const end of endings.splice(0)) end();
    await pod.stop();
  });

  const sockets = async (): Promise<number> => {
    const response = await fetch(`${pod.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    return Number(/^sunbeon_sockets (\d+)$/m.exec(await response.text())?.[1]);
  };

  const memory = (): number =>
    Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pod.pid}/status`, 'utf8'))?.[1]) * 1_024;

  it('are cut, the memory stays bounded, and others are served', async () => {
    await operator.createRoom('deaf', { control: 'paused' });
    await untilLive([pod], 'deaf');
    await inBatches(BY_POLLING, (index) => neverPolls(`polling-${index}`));
    await inBatches(BY_WEBSOCKET, (index) => neverReads(`websocket-${index}`));
    // On a slow machine the first are cut while the last still come: each of them was there.
    expect(await sockets()).toBeGreaterThan(0);
    const before = memory();
    let [most, notices] = [0, 0];
    await waitFor(
      async () => {
        for (let count = 0; count < 20; count += 1) {
          await operator.changeRoom('deaf', { notice: `${(notices += 1)} ${'가'.repeat(480)}` });
        }
        most = Math.max(most, memory());
        return (await sockets()) === 0;
      },
      { what: 'all to be cut', timeoutMs: 480_000 },
    );
    const honest = await StudentTab.open(pod.url, 'honest');
    endings.push(() => honest.close());
    expect((await honest.join('deaf')).number).toBeGreaterThan(0);
    expect(most - before).toBeLessThan(MOST_GROWTH);
  });

  async function inBatches(count: number, open: (index: number) => Promise<void>): Promise<void> {
    for (let start = 0; start < count; start += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, count - start) }, (_, index) => open(start + index));
      await Promise.all(batch);
    }
  }

  /** Says that it is there, and never asks what there is to be told. */
  async function neverPolls(studentId: string): Promise<void> {
    const token = await signIn(pod.url, studentId);
    // Whoever takes more than the time to sign in is cut, and tries again as every client does.
    const session = await waitFor(() => RawPolling.connected(pod.url, token), { what: 'a session' });
    await session.post('421["line:join",{"roomId":"deaf"}]');
    keepSaying(() => void session.post('3').catch(() => undefined));
  }

  /** Says that it is there, and lets everything that it is told pile up in the kernel. */
  async function neverReads(studentId: string): Promise<void> {
    const token = await signIn(pod.url, studentId);
    const raw = await waitFor(() => RawSocket.connected(pod.url, token), { what: 'a socket' });
    endings.push(() => raw.close());
    raw.send('421["line:join",{"roomId":"deaf"}]');
    await raw.next();
    raw.socket.pause();
    keepSaying(() => raw.send('3'));
  }

  function keepSaying(say: () => void): void {
    const timer = setInterval(say, ALIVE_MS);
    endings.push(() => clearInterval(timer));
  }
});
