import { Logger } from '@nestjs/common';
import { Cluster, ClusterOptions, Command, Redis, RedisOptions } from 'ioredis';
import { pauseAfter } from '../common/retry';
import { parseRedisAddress, RedisAddress } from './redis-address';

export type RedisClient = Redis | Cluster;

export interface RedisClientsOptions {
  /** A command that has no answer by then has failed, ms. Default 2,000. */
  commandTimeoutMs?: number;
}

const reconnectDelay = (attempt: number): number => pauseAfter(attempt, { firstPauseMs: 100, longestPauseMs: 1_000 });

/** Pause before a subscription that the user has no right to is tried again, ms. */
const REFUSED_RETRY_MS = 5_000;

const SUBSCRIBING = new Set(['subscribe', 'psubscribe', 'ssubscribe']);

/** After a failover the old master answers READONLY: only a new connection finds the new one. */
function isReadOnlyReplica(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

/**
 * ioredis 5 lets the clock of `socketTimeout` run on when its connection ends, and then ends the next one, which is well
 * (redis/ioredis#2147, mended in 6).
 */
function stopClockWithConnection(server: Redis): void {
  const clock = server as unknown as { socketTimeoutTimer?: NodeJS.Timeout };
  server.on('close', () => {
    clearTimeout(clock.socketTimeoutTimer);
    clock.socketTimeoutTimer = undefined;
  });
}

const inWords = ({ name, args }: Command): string => `${name} ${args.join(' ')}`;

/**
 * The pod's connections to Redis, one for each kind of use:
 *
 * - `commands` fails fast. While there is no connection a command is refused at once instead of being kept for later,
 *   and a command that was in flight when the connection broke is given up, never sent again: what the caller was told
 *   is unavailable does not happen seconds later, perhaps on a server that has come back empty.
 * - `publisher` and `subscriber` wait for the connection as long as it takes, for the socket.io adapter does not catch
 *   their failures.
 * - `blocking()` gives a connection for one blocking read at a time. It does not reconnect: throw it away instead.
 * - `onServers()` gives connections that never move to another server, to do several things on one and the same.
 */
export class RedisClients {
  readonly commands: RedisClient;
  /** What the user has no right to hear, each with its channels. */
  readonly refusedSubscriptions = new Set<string>();
  private closed = false;
  /** A command that has no answer by then has failed, ms. */
  readonly commandTimeoutMs: number;
  private readonly address: RedisAddress;
  private readonly logger = new Logger('Redis');
  private readonly open = new Set<RedisClient>();
  private shared: { publisher: RedisClient; subscriber: RedisClient } | undefined;

  /** @param url see `parseRedisAddress` */
  constructor(url: string, { commandTimeoutMs = 2_000 }: RedisClientsOptions = {}) {
    this.address = parseRedisAddress(url);
    this.commandTimeoutMs = commandTimeoutMs;
    this.commands = this.connect('commands', {
      commandTimeout: commandTimeoutMs,
      // A server that takes commands and says nothing is given up, so that a failover's new address is looked up.
      socketTimeout: commandTimeoutMs * 2,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
    });
  }

  get publisher(): RedisClient {
    return this.pubSub().publisher;
  }

  get subscriber(): RedisClient {
    return this.pubSub().subscriber;
  }

  /** A new connection for blocking reads; give it back with `release`. */
  blocking(): RedisClient {
    return this.connect('blocking', { retryStrategy: () => null, maxRetriesPerRequest: 0, commandTimeout: undefined });
  }

  /**
   * Runs `work` for every server that takes writes now, each on a connection that stays with that very process.
   *
   * @throws whatever `work` throws, or ioredis when a server cannot be reached
   */
  async onServers(work: (server: Redis) => Promise<void>): Promise<void> {
    if (this.commands instanceof Cluster) {
      // A node's connection is not opened again when it ends; a new one takes its place in the pool.
      await Promise.all(this.commands.nodes('master').map(work));
      return;
    }
    const server = this.connect('scripts', { retryStrategy: () => null, maxRetriesPerRequest: 0 }) as Redis;
    try {
      await work(server);
    } finally {
      this.release(server);
    }
  }

  release(client: RedisClient): void {
    this.open.delete(client);
    // ioredis keeps a timer of two seconds for a connection that it closes, also for one that is closed already.
    if (client.status !== 'end') client.disconnect();
  }

  /** Resolves once commands can be sent. */
  async ready(): Promise<void> {
    await untilReady(this.commands);
  }

  /** Resolves once messages can be published, and are heard. */
  async pubSubReady(): Promise<void> {
    await Promise.all([untilReady(this.publisher), untilReady(this.subscriber)]);
  }

  /** Resolves when Redis has taken all that was published until now. */
  async published(): Promise<void> {
    const { publisher } = this;
    const servers = publisher instanceof Cluster ? publisher.nodes('master') : [publisher];
    // A connection is answered in the order in which it was asked.
    await Promise.all(servers.map((server) => server.ping()));
  }

  /** Ends every connection; what waits for an answer is rejected. */
  close(): void {
    this.closed = true;
    for (const client of [...this.open]) this.release(client);
  }

  private pubSub(): { publisher: RedisClient; subscriber: RedisClient } {
    this.shared ??= {
      publisher: this.minded('publisher'),
      subscriber: this.minded('subscriber'),
    };
    return this.shared;
  }

  /**
   * A server that refuses us (a wrong password, too many clients) fails whatever waits for the connection, and neither the
   * socket.io adapter nor ioredis itself catches that for what they send: the process would end, and print the password
   * that was refused. What was to be subscribed is subscribed when the server takes us again.
   */
  private minded(use: string): RedisClient {
    const client = this.connect(use, { maxRetriesPerRequest: null });
    const send = client.sendCommand.bind(client) as (command: Command, ...rest: unknown[]) => unknown;
    /** ioredis sends again by the same way what it had no answer for. */
    const minded = new WeakSet<Command>();
    client.sendCommand = (command: Command, ...rest: unknown[]): unknown => {
      if (minded.has(command)) return send(command, ...rest);
      minded.add(command);
      const granted = (): unknown => this.refusedSubscriptions.delete(inWords(command));
      command.promise.then(granted, (error: Error) => {
        this.logger.debug(
          { code: 'redis_command_failed', use, command: command.name, reason: error.message },
          'A command failed',
        );
        if (!SUBSCRIBING.has(command.name)) return;
        const again = (): unknown => client.sendCommand(new Command(command.name, command.args));
        if (error.message.startsWith('NOPERM')) this.refuse(command, again);
        else client.once('ready', again);
      });
      return send(command, ...rest);
    };
    return client;
  }

  /** Asked again and again: rights may be given to a user while the connection stands. */
  private refuse(command: Command, again: () => unknown): void {
    const what = inWords(command);
    if (!this.refusedSubscriptions.has(what)) {
      const fields = { code: 'redis_rights_lacking', lacking: [what] };
      this.logger.error(
        fields,
        'The Redis user may not subscribe: pods hear nothing of each other (see deploy/README)',
      );
    }
    this.refusedSubscriptions.add(what);
    setTimeout(() => {
      if (!this.closed) again();
    }, REFUSED_RETRY_MS).unref();
  }

  private connect(use: string, options: RedisOptions): RedisClient {
    const client = this.create({
      connectionName: `sunbeon-${use}`,
      connectTimeout: this.commandTimeoutMs,
      disconnectTimeout: this.commandTimeoutMs,
      reconnectOnError: isReadOnlyReplica,
      retryStrategy: reconnectDelay,
      ...options,
    });
    if (client instanceof Cluster) client.on('+node', stopClockWithConnection);
    else stopClockWithConnection(client);
    this.open.add(client);
    this.report(client, use);
    if (options.retryStrategy === undefined) this.neverEnd(client);
    return client;
  }

  /**
   * ioredis 5 gives a connection up for good when it hears of a failover while it looks for the master: it takes its own
   * haste for being told to close. Only a client that was released has ended.
   */
  private neverEnd(client: RedisClient): void {
    let attempt = 0;
    client.on('ready', () => (attempt = 0));
    client.on('end', () => {
      if (!this.open.has(client)) return;
      setTimeout(
        () => {
          // What goes wrong is an event of the client, and reported.
          if (this.open.has(client) && client.status === 'end') client.connect().catch(() => undefined);
        },
        reconnectDelay((attempt += 1)),
      );
    });
  }

  private create(options: RedisOptions): RedisClient {
    const { address } = this;
    if (address.kind === 'server') return new Redis(address.url, { ...options, ...address.options });
    if (address.kind === 'sentinel') return this.createBySentinels(address, options);
    const { retryStrategy, enableOfflineQueue, enableAutoPipelining, ...nodeOptions } = options;
    const clusterOptions: ClusterOptions = {
      clusterRetryStrategy: retryStrategy ?? null,
      enableOfflineQueue,
      enableAutoPipelining,
      // A node that is gone answers nothing; four tries span the time limit of a command.
      maxRedirections: 4,
      slotsRefreshTimeout: this.commandTimeoutMs,
      // Sharded publishing reaches only sharded subscribers.
      shardedSubscribers: nodeOptions.connectionName === 'sunbeon-subscriber',
      redisOptions: { ...nodeOptions, ...address.options },
    };
    return new Cluster(address.nodes, clusterOptions);
  }

  /** Asks the sentinels for the master at each connection, and hears of a failover from them. */
  private createBySentinels(address: RedisAddress & { kind: 'sentinel' }, options: RedisOptions): Redis {
    const { sentinels, master: name, options: credentials } = address;
    return new Redis({
      ...options,
      ...credentials,
      ...{ sentinels, name, role: 'master', enableTLSForSentinelMode: credentials.tls !== undefined },
      ...(credentials.tls && { sentinelTLS: credentials.tls }),
      sentinelCommandTimeout: this.commandTimeoutMs,
      sentinelRetryStrategy: options.retryStrategy === reconnectDelay ? reconnectDelay : () => null,
      sentinelReconnectStrategy: reconnectDelay,
      failoverDetector: options.connectionName === 'sunbeon-commands',
    });
  }

  /** One line when a connection is lost and one when it is back; the attempts between say nothing new. */
  private report(client: RedisClient, use: string): void {
    let troubled = false;
    client.on('error', (error: Error) => {
      if (!troubled)
        this.logger.warn({ code: 'redis_away', use, reason: error.message }, 'A connection to Redis is lost');
      troubled = true;
    });
    client.on('ready', () => {
      if (troubled) this.logger.log({ code: 'redis_back', use }, 'A connection to Redis is back');
      troubled = false;
    });
  }
}

async function untilReady(client: RedisClient): Promise<void> {
  if (client.status === 'ready') return;
  await new Promise<void>((resolve) => client.once('ready', () => resolve()));
}
