import { createHash } from 'node:crypto';
import { Command, type Redis } from 'ioredis';
import type { RedisClient, RedisClients } from './redis-clients';

/**
 * Which server this is, and which life of its data: the process (`run_id`), and the history it writes, which gets a new
 * id when a replica is promoted. Refuses on a replica.
 */
const IDENTITY = `
local process = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local history = redis.call('INFO', 'replication')
if string.match(history, 'role:(%w+)') ~= 'master' then
  return redis.error_reply('READONLY this server is a replica')
end
return process .. ':' .. string.match(history, 'master_replid:(%w+)')
`;

const FORGOTTEN = 'NOSCRIPT';

/** The id of the server that serves a key, which no other process ever has, nor this one with another history. */
export async function askServer(client: RedisClient, key: string): Promise<string> {
  return (await client.eval(IDENTITY, 1, key)) as string;
}

/**
 * Calls scripts by their digest. Each script knows as `SERVER` on which server it runs, for its text was made for that
 * one: the digest of that text means nothing to any other server, nor to the same one after a restart. A call can
 * therefore never reach a server that has not been looked at, however connections come and go meanwhile, and no call
 * has to ask.
 *
 * What a script makes of a server that is not the one it knew is its own matter.
 */
export class ScriptRunner {
  /** The server that serves a place, as last heard. */
  private readonly servers = new Map<string, string>();
  private readonly learning = new Map<string, Promise<string>>();
  private readonly digests = new Map<string, Map<string, string>>();

  /** @param keyCount how many keys each script gets */
  constructor(
    private readonly clients: RedisClients,
    private readonly scripts: ReadonlyMap<string, string>,
    private readonly keyCount: number,
  ) {}

  /**
   * @param place keys of one place live on one server
   * @param as `bytes` gives bulk strings as Buffers
   * @throws whatever ioredis throws; a server that was exchanged in this very moment counts as NOSCRIPT
   */
  async run(
    place: string,
    verb: string,
    keys: string[],
    values: (string | number)[],
    as: 'text' | 'bytes' = 'text',
  ): Promise<unknown> {
    const server = this.servers.get(place) ?? (await this.learn(place, keys[0] ?? ''));
    try {
      return await this.call(server, verb, keys, values, as);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith(FORGOTTEN)) throw error;
      return this.call(await this.learn(place, keys[0] ?? ''), verb, keys, values, as);
    }
  }

  private call(server: string, verb: string, keys: string[], values: (string | number)[], as: 'text' | 'bytes') {
    const digest = this.digestsFor(server).get(verb) ?? '';
    const { commands } = this.clients;
    return as === 'bytes'
      ? commands.sendCommand(
          new Command('evalsha', [digest, this.keyCount, ...keys, ...values], { replyEncoding: null }),
        )
      : commands.evalsha(digest, this.keyCount, ...keys, ...values);
  }

  /** Finds out which server serves a place, and sees to it that it has its scripts. Callers at the same time share it. */
  private learn(place: string, key: string): Promise<string> {
    const before = this.learning.get(place);
    if (before) return before;
    const learning = this.ask(place, key).finally(() => this.learning.delete(place));
    this.learning.set(place, learning);
    return learning;
  }

  private async ask(place: string, key: string): Promise<string> {
    const server = await askServer(this.clients.commands, key);
    await this.clients.onServers((connection) => this.load(connection));
    this.servers.set(place, server);
    return server;
  }

  /** Asks and loads over one connection, so that the text for one server never gets to another. */
  private async load(connection: Redis): Promise<void> {
    const server = (await connection.eval(IDENTITY, 0)) as string;
    const pipeline = connection.pipeline();
    for (const source of this.scripts.values()) pipeline.script('LOAD', textFor(server, source));
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  private digestsFor(server: string): Map<string, string> {
    let digests = this.digests.get(server);
    if (!digests) {
      const digest = (source: string): string => createHash('sha1').update(textFor(server, source)).digest('hex');
      digests = new Map([...this.scripts].map(([verb, source]) => [verb, digest(source)]));
      this.digests.set(server, digests);
    }
    return digests;
  }
}

function textFor(server: string, source: string): string {
  return `local SERVER = '${server}'\n${source}`;
}
