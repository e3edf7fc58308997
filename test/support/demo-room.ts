import { openDatabase } from '../../src/database/open-database';
import { DEMO_TERM, ensureDemoTerm } from '../../src/registration/catalogue/import/demo-term';
import { registrationEntities } from '../../src/registration/entities';
import type { Cluster } from '../../load/servers/cluster';
import { waitFor } from '../../load/support/wait-for';

export interface DemoRoomOptions {
  /** Students per second and most students inside; the configured defaults otherwise. */
  ratePerSecond?: number;
  capacity?: number;
  /** ms since the Unix epoch; already open by default. */
  opensAt?: number;
}

/** What an embedded service has from its first start on: the real term, and a room in front of it, live on every pod. */
export async function makeDemoRoom(cluster: Cluster, options: DemoRoomOptions = {}): Promise<{ roomId: string }> {
  const database = await openDatabase({ url: cluster.database.url, entities: registrationEntities });
  try {
    await ensureDemoTerm(database);
  } finally {
    await database.close();
  }
  const room = { id: 'fall-2025', termId: DEMO_TERM.id, name: DEMO_TERM.name, opensAt: Date.now(), ...options };
  const response = await fetch(`${cluster.url}/api/operator/rooms`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${cluster.operatorToken}` },
    body: JSON.stringify(room),
  });
  if (!response.ok) throw new Error(`the room was refused with ${response.status}: ${await response.text()}`);
  await Promise.all(cluster.pods.map((pod) => untilLive(pod.url, room.id)));
  return { roomId: room.id };
}

async function untilLive(podUrl: string, roomId: string): Promise<void> {
  const isLive = async (): Promise<boolean> => {
    const response = await fetch(`${podUrl}/api/rooms/${roomId}`);
    return response.ok && ((await response.json()) as { state: string }).state !== 'recovering';
  };
  await waitFor(isLive, { what: `the room ${roomId} at ${podUrl}` });
}
