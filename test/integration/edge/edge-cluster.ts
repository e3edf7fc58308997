import { DataSource } from 'typeorm';
import { Cluster, ClusterOptions, startCluster } from '../../../load/servers/cluster';
import { makeDemoRoom } from '../../support/demo-room';
import type { Pod } from '../../../load/servers/pod';
import { waitFor } from '../../../load/support/wait-for';

/** A cluster with the demo term and a room in front of it. */
export async function startWithRoom(
  options: ClusterOptions,
  room: Parameters<typeof makeDemoRoom>[1] = {},
): Promise<{ cluster: Cluster; roomId: string }> {
  const cluster = await startCluster(options);
  try {
    return { cluster, ...(await makeDemoRoom(cluster, room)) };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Ids of sections that have seats. */
export async function openSections(url: string, count: number): Promise<string[]> {
  const response = await fetch(`${url}/api/terms/20251/sections?openOnly=true&pageSize=${count}`);
  const { sections } = (await response.json()) as { sections: { id: string }[] };
  return sections.map(({ id }) => id);
}

/** Holds the rows of a term's sections, so that no seat can be committed; resolves to what lets go of them. */
export async function holdSections(cluster: Cluster): Promise<() => Promise<void>> {
  const source = new DataSource({ type: 'mysql', url: cluster.database.url });
  await source.initialize();
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT id FROM section FOR UPDATE');
  return async () => {
    await runner.rollbackTransaction();
    await runner.release();
    await source.destroy();
  };
}

/** Until GET /readyz says that the pod is draining. */
export function untilDraining(pod: Pod): Promise<true> {
  return waitFor(
    async () => {
      const response = await fetch(`${pod.url}/readyz`);
      return response.status === 503 && ((await response.json()) as { draining: boolean }).draining;
    },
    { what: 'the pod to drain' },
  );
}
