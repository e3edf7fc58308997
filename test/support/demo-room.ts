import type { Cluster } from '../../load/servers/cluster';
import type { Pod } from '../../load/servers/pod';
import { importDemoTerm } from '../../load/support/demo-term';
import { ServiceApi } from '../../load/support/service-api';
import { waitFor } from '../../load/support/wait-for';
import { DEMO_TERM } from '../../src/registration/catalogue/import/demo-term';

export interface DemoRoomOptions {
  /** Students per second and most students inside; the configured defaults otherwise. */
  ratePerSecond?: number;
  capacity?: number;
  /** ms since the Unix epoch; already open by default. */
  opensAt?: number;
}

/** The real term, and a room in front of it, live on every pod. */
export async function makeDemoRoom(cluster: Cluster, options: DemoRoomOptions = {}): Promise<{ roomId: string }> {
  await importDemoTerm(cluster.database.url);
  const room = { id: 'fall-2025', termId: DEMO_TERM.id, name: DEMO_TERM.name, opensAt: Date.now(), ...options };
  await new ServiceApi(cluster.url, cluster.operatorToken).makeRoom(room);
  await untilLive(cluster.pods, room.id);
  return { roomId: room.id };
}

/** Until every pod has the line of a room. */
export async function untilLive(pods: readonly Pick<Pod, 'url'>[], roomId: string): Promise<void> {
  const isLive = async ({ url }: Pick<Pod, 'url'>): Promise<boolean> => {
    const { state } = await new ServiceApi(url).room(roomId);
    return state !== 'recovering';
  };
  for (const pod of pods) await waitFor(() => isLive(pod), { what: `the room ${roomId} at ${pod.url}` });
}
