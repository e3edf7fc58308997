import { memoryStorage } from '../../../client/sdk/storage';
import { SunbeonClient } from '../../../client/sdk/sunbeon-client';
import type { Cluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import type { Pod } from '../../../load/servers/pod';
import { signInSso } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { untilLive } from '../../support/demo-room';
import { startWithRoom } from './edge-cluster';

/** Soon enough for a test: the client notices by itself that its pod is silent. */
const SHORT_PINGS = { PING_INTERVAL_MS: '500', PING_TIMEOUT_MS: '1500' };

describe('our own client behind nginx, whose pod stands still', () => {
  let cluster: Cluster;
  const roomId = 'hung';
  let client: SunbeonClient | undefined;
  let hung: Pod | undefined;

  beforeAll(async () => {
    ({ cluster } = await startWithRoom({ pods: 2, env: SHORT_PINGS }));
    const operator = new OperatorClient(cluster.url, cluster.operatorToken);
    await operator.createRoom(roomId, { control: 'paused', graceSeconds: 60 });
    await untilLive(cluster.pods, roomId);
  });
  afterAll(async () => {
    client?.end();
    hung?.signal('SIGCONT');
    await cluster.stop();
  });

  async function hasSocket({ url }: Pod): Promise<boolean> {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${cluster.metricsToken}` } });
    return /^sunbeon_sockets 1$/m.test(await response.text());
  }

  it('finds its place again on the other pod', async () => {
    const page = new SunbeonClient({ url: cluster.url, storage: memoryStorage() });
    client = page;
    page.acceptSignIn(await signInSso(cluster, 'hung'));
    page.join(roomId);
    const isPlaced = (): boolean => page.state.connection === 'connected' && page.state.place.phase === 'waiting';
    await waitFor(isPlaced, { what: 'the place' });
    const number = page.state.place.phase === 'waiting' ? page.state.place.number : 0;
    for (const pod of cluster.pods) if (await hasSocket(pod)) hung = pod;
    hung?.signal('SIGSTOP');
    await waitFor(() => page.state.connection !== 'connected', { what: 'the silence to be noticed' });
    await waitFor(isPlaced, { what: 'the place on the other pod' });
    expect(page.state.place).toMatchObject({ phase: 'waiting', number, position: 1 });
    const other = cluster.pods.find((pod) => pod !== hung) as Pod;
    await waitFor(() => hasSocket(other), { what: 'the other pod to have the connection alone' });
  });
});
