import type { Socket } from 'socket.io-client';
import { Cluster, startCluster } from '../../../load/servers/cluster';
import { signInSso } from '../../support/student';

/** Two pods behind nginx, as a client of theirs. */
export interface Fleet {
  url: string;
  metricsToken: string;
  pods: { sockets: () => Promise<number>; kill: () => Promise<unknown> }[];
  /** Starts what was killed again, at its old place. */
  repair: () => Promise<void>;
  /** What a new client says of itself in its CONNECT packet. */
  credentials: () => Promise<{ token: string }>;
  /** One question and answer. */
  ask: (socket: Socket) => Promise<unknown>;
  stop: () => Promise<void>;
}

export async function startFleet(): Promise<Fleet> {
  const cluster = await startCluster();
  const killed = new Set<number>();
  let students = 0;
  return {
    url: cluster.url,
    metricsToken: cluster.metricsToken,
    pods: cluster.pods.map((pod, index) => ({
      sockets: () => socketsOf(pod.url, cluster),
      kill: () => {
        killed.add(index);
        return cluster.pods[index]?.kill() ?? Promise.resolve();
      },
    })),
    repair: async () => {
      for (const [index, { port }] of cluster.pods.entries()) {
        if (!killed.delete(index)) continue;
        cluster.pods[index] = await cluster.addPod({ port });
      }
    },
    credentials: async () => ({ token: (await signInSso(cluster, `student-${(students += 1)}`)).token }),
    ask: (socket) => socket.timeout(60_000).emitWithAck('seats:watch', { termId: 'any', sectionIds: [] }),
    stop: () => cluster.stop(),
  };
}

async function socketsOf(podUrl: string, { metricsToken }: Cluster): Promise<number> {
  const response = await fetch(`${podUrl}/metrics`, { headers: { Authorization: `Bearer ${metricsToken}` } });
  const line = /^sunbeon_sockets (\d+)$/m.exec(await response.text());
  return Number(line?.[1]);
}
