import { memoryStorage } from '../../../client/sdk/storage';
import { SunbeonClient } from '../../../client/sdk/sunbeon-client';
import { troublesIn } from '../../support/log-lines';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';

/** Connections that the pod takes per second; the crowd is many seconds of that. */
const HANDSHAKES_PER_SECOND = 30;
const CROWD = 200;

describe('a crowd that connects at once to a pod that takes few at a time', () => {
  let pod: Pod;
  const endings: (() => void)[] = [];

  beforeAll(async () => {
    const env = { HANDSHAKES_PER_SECOND: String(HANDSHAKES_PER_SECOND), RECONNECT_DELAY_MAX_MS: '4000' };
    pod = await startPod({ env });
  });
  afterEach(() => {
    for (const end of endings.splice(0)) end();
  });
  afterAll(() => pod.stop());

  const retryInMs = async (): Promise<number> =>
    ((await (await fetch(`${pod.url}/api/door`)).json()) as { retryInMs: number }).retryInMs;

  const tokens = (): Promise<string[]> =>
    Promise.all(Array.from({ length: CROWD }, (_, index) => signIn(pod.url, `storm-${index}`)));

  /** Everybody is in, the door has told some to wait, and tells nobody any more. */
  async function expectAllIn(isIn: (() => boolean)[]): Promise<void> {
    const told: number[] = [];
    await waitFor(
      async () => {
        told.push(await retryInMs());
        return isIn.every((check) => check());
      },
      { what: 'everybody to be in', intervalMs: 100 },
    );
    expect(Math.max(...told)).toBeGreaterThan(0);
    expect(Math.max(...told)).toBeLessThanOrEqual(4_000);
    await waitFor(async () => (await retryInMs()) === 0, { what: 'the door to be free' });
    expect(troublesIn(pod.output())).toEqual([]);
  }

  it('gets in as a whole with the stock client', async () => {
    const tabs = (await tokens()).map(
      (token) => new StudentTab(pod.url, token, { reconnectionDelay: 200, reconnectionDelayMax: 4_000 }),
    );
    endings.push(...tabs.map((tab) => () => tab.close()));
    await expectAllIn(tabs.map((tab) => () => tab.socket.connected));
  });

  it('gets in as a whole with our own client, which asks the door', async () => {
    const clients = (await tokens()).map((token, index) => {
      const client = new SunbeonClient({ url: pod.url, storage: memoryStorage() });
      client.acceptSignIn({ token, student: { id: `storm-${index}`, name: `Student ${index}` } });
      return client;
    });
    const room = await demoRoom(pod);
    endings.push(...clients.map((client) => () => client.end()));
    for (const client of clients) client.join(room);
    const numbers = new Set<number>();
    const hasPlace = (client: SunbeonClient): boolean => {
      const { place } = client.state;
      if (place.phase !== 'waiting' && place.phase !== 'inside') return false;
      numbers.add(place.number);
      return true;
    };
    await expectAllIn(clients.map((client) => () => hasPlace(client)));
    expect(numbers.size).toBe(CROWD);
  });
});

async function demoRoom(pod: Pod): Promise<string> {
  const rooms = (await (await fetch(`${pod.url}/api/rooms`)).json()) as { roomId: string }[];
  return rooms[0]?.roomId ?? '';
}
