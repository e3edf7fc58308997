import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { ManagedProcess } from '../../support/managed-process';
import { startNginx } from '../../support/nginx';
import { freePort } from '../../support/ports';

/** Two pods behind nginx, as the test sees them. */
export interface Fleet {
  url: string;
  pods: { sockets(): Promise<number>; kill(): Promise<unknown> }[];
  /** What a new client says of itself in its CONNECT packet. */
  credentials(): Promise<{ token: string }>;
  /** One question and answer. */
  ask(socket: Socket): Promise<unknown>;
  stop(): Promise<void>;
}

/** Two plain socket.io servers behind the nginx configuration. */
export async function startFleet(): Promise<Fleet> {
  const pods = await Promise.all([startPlainPod(), startPlainPod()]);
  const nginx = await startNginx(pods.map(({ port }) => `127.0.0.1:${port}`));
  return {
    url: nginx.url,
    pods,
    credentials: async () => ({ token: randomUUID() }),
    ask: (socket) => socket.timeout(10_000).emitWithAck('ask', 'anything'),
    stop: async () => {
      await nginx.stop();
      for (const pod of pods) await pod.kill();
    },
  };
}

async function startPlainPod(): Promise<{ port: number; sockets(): Promise<number>; kill(): Promise<unknown> }> {
  const port = await freePort();
  const process = await ManagedProcess.start({
    name: 'plain-pod',
    command: globalThis.process.execPath,
    args: [join(__dirname, 'plain-pod.cjs'), String(port)],
  });
  const sockets = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${port}/sockets`)).text());
  await process.untilReady(async () => (await sockets()) === 0);
  return { port, sockets, kill: () => process.kill() };
}
