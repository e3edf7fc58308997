import { Redis } from 'ioredis';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedProcess, ProcessOptions } from './managed-process';
import { OwnServer } from './own-server';
import { freePort } from './ports';
import { LENT_SERVICE, Service, ServiceOptions } from './service';
import { unpacked } from './unpacked';

export interface RedisOptions extends ServiceOptions {
  /** What survives a kill: nothing (default), or the append-only file, written each second or on every command. */
  persistence?: 'none' | 'everysec' | 'always';
  /** Another maker's server instead of the machine's redis-server; a process of its own, also when a server was named. */
  maker?: 'redis' | 'valkey';
}

/** A Redis that can also come back as it was a while ago. */
export interface RedisService extends Service {
  /** Copies aside what it holds on disk at this moment. Needs persistence. */
  keepData(): void;
  /** SIGKILL, and back with what `keepData` copied last: everything since is lost. */
  restartFromKept(): Promise<void>;
}

/**
 * A redis-server (or valkey-server) of this run, or an empty database of the server named by TEST_REDIS_URL.
 *
 * @throws Error when the server is not there or does not answer
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisService> {
  const named = process.env.TEST_REDIS_URL;
  if (named && !options.own && options.maker !== 'valkey') return borrowRedis(named);
  const server = new RedisServer(await freePort(), options);
  await server.initialise();
  return server;
}

class RedisServer extends OwnServer implements RedisService {
  readonly url: string;

  constructor(
    port: number,
    private readonly options: RedisOptions,
  ) {
    super('redis', port);
    this.url = `redis://127.0.0.1:${port}`;
  }

  keepData(): void {
    this.pause();
    rmSync(this.kept, { recursive: true, force: true });
    cpSync(this.data, this.kept, { recursive: true });
    this.resume();
  }

  async restartFromKept(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
    cpSync(this.kept, this.data, { recursive: true });
    await this.start();
  }

  private get kept(): string {
    return join(this.directory.path, 'kept');
  }

  protected command(): ProcessOptions {
    const { persistence = 'none', args = [] } = this.options;
    mkdirSync(this.data, { recursive: true });
    const settings = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.data, '--save', ''];
    const durable =
      persistence === 'none' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', persistence];
    const given = [...settings, ...durable, ...args];
    if (this.options.maker !== 'valkey') return { name: 'redis', command: 'redis-server', args: given };
    const valkey = unpacked('valkey-server');
    return { name: 'valkey', command: valkey.command, args: [...valkey.args, ...given] };
  }

  protected async untilReady(process: ManagedProcess): Promise<void> {
    await withRedis(this.url, (client) => process.untilReady(async () => (await client.ping()) === 'PONG'));
  }
}

const CLAIM = 'sunbeon:test-run';

/** Takes the first of databases 1 to 15 that is empty and unclaimed, and empties it at the end. */
async function borrowRedis(named: string): Promise<RedisService> {
  for (let index = 1; index <= 15; index += 1) {
    const url = new URL(named);
    url.pathname = `/${index}`;
    const taken = await withRedis(url.href, async (client) => {
      if ((await client.dbsize()) > 0) return false;
      return (await client.set(CLAIM, String(process.pid), 'NX')) === 'OK';
    });
    if (!taken) continue;
    return {
      ...LENT_SERVICE,
      ...{ keepData: LENT_SERVICE.pause, restartFromKept: LENT_SERVICE.restart },
      url: url.href,
      port: Number(url.port || 6379),
      stop: () => withRedis(url.href, async (client) => void (await client.flushdb())),
    };
  }
  throw new Error('TEST_REDIS_URL: none of the databases 1 to 15 is empty');
}

/** Runs `work` with a client of its own. */
export async function withRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  client.on('error', (error: Error) => (lastError = error));
  let lastError: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    throw lastError && error instanceof Error ? new Error(`${error.message} (${lastError.message})`) : error;
  } finally {
    client.disconnect();
  }
}
