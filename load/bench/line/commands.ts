import type { Redis } from 'ioredis';

/** Calls of all commands, as `INFO commandstats` tells them. */
export function callsIn(commandstats: string): number {
  return [...commandstats.matchAll(/^cmdstat_[^:]+:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

/** Calls between two looks. */
export const calledIn = (before: string, after: string): number => callsIn(after) - callsIn(before);

/** How many commands other clients send while something is done; those inside of scripts are not sent. */
export async function countedIn(client: Redis, work: () => Promise<void>): Promise<number> {
  const monitor = await client.monitor();
  let sent = 0;
  monitor.on('monitor', (_time: string, _args: string[], source: string) => {
    if (source !== 'lua') sent += 1;
  });
  try {
    await work();
  } finally {
    monitor.disconnect();
  }
  return sent;
}
