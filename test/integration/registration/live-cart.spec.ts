import type { CartChangedMessage } from '../../../src/contract/seats';
import { type Cluster } from '../../../load/servers/cluster';
import { signInSso, StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { openSections, startWithRoom } from '../edge/edge-cluster';
import { askJson } from './app';

const TERM = '20251';

/** A tab, and what it hears of carts. */
class Tab extends StudentTab {
  readonly carts: CartChangedMessage[] = [];

  static async of(token: string, url: string): Promise<Tab> {
    const tab = new Tab(url, token);
    tab.socket.on('cart:changed', (message) => tab.carts.push(message));
    await tab.connected();
    return tab;
  }
}

describe('a cart that is changed', () => {
  let cluster: Cluster;
  let sections: string[];
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    ({ cluster } = await startWithRoom({ pods: 2 }));
    sections = await openSections(podUrl(0), 3);
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await cluster.stop();
  });

  const podUrl = (index: number): string => cluster.pods[index]?.url ?? '';

  const open = async (token: string, pod: number): Promise<Tab> => {
    const tab = await Tab.of(token, podUrl(pod));
    tabs.push(tab);
    return tab;
  };

  const put = (token: string, pod: number, version: number, sectionIds: string[]) =>
    askJson(`${podUrl(pod)}/api/terms/${TERM}/cart`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version, sectionIds }),
    });

  it('is told to the student’s tabs on every pod, and to nobody else', async () => {
    const { token } = await signInSso(cluster, 'cart-owner', podUrl(0));
    const { token: otherToken } = await signInSso(cluster, 'somebody-else', podUrl(1));
    const [here, there, other] = await Promise.all([open(token, 0), open(token, 1), open(otherToken, 1)]);
    expect((await put(token, 0, 0, sections)).status).toBe(200);
    const first = { termId: TERM, version: 1 };
    for (const tab of [here, there]) await waitFor(() => tab.carts.length === 1, { what: 'the news of the cart' });
    expect([...here.carts, ...there.carts]).toEqual([first, first]);
    await put(token, 1, 1, sections.slice(1));
    for (const tab of [here, there]) await waitFor(() => tab.carts.length === 2, { what: 'the second news' });
    expect(here.carts[1]).toEqual({ termId: TERM, version: 2 });
    // What the other student is told comes after all that was told before.
    await put(otherToken, 0, 0, []);
    await waitFor(() => other.carts.length > 0, { what: 'their own news' });
    expect(other.carts).toEqual([first]);
    expect(here.carts).toHaveLength(2);
  });

  it('is told to nobody when the change was refused', async () => {
    const { token } = await signInSso(cluster, 'too-late', podUrl(0));
    const tab = await open(token, 1);
    await put(token, 0, 0, sections);
    expect((await put(token, 0, 7, [])).body).toMatchObject({ error: { code: 'conflict' } });
    await put(token, 0, 1, []);
    await waitFor(() => tab.carts.length > 1, { what: 'the news of the cart' });
    expect(tab.carts.map(({ version }) => version)).toEqual([1, 2]);
  });
});
