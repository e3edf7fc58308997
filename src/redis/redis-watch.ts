import { Logger } from '@nestjs/common';
import { Cluster, Redis } from 'ioredis';
import type { RedisReadiness } from '../contract/service';
import { errorText, failure } from '../common/text';
import type { RedisClients } from './redis-clients';

/** With any other policy a server that is full deletes what the line needs. */
const SAFE_POLICY = 'noeviction';
/** Every command of the line's scripts, each with what it does to a key that nobody else has. */
const TRIAL = `
local missing = {}
local function try(name, ...)
  local answer = redis.pcall(name, ...)
  local refusal = type(answer) == 'table' and answer.err
  if refusal and (string.find(refusal, 'user') or string.find(refusal, 'NOPERM')) then
    missing[#missing + 1] = string.lower(name)
  end
end
local hash, set, zset, stream, bits = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
try('TIME') try('INFO', 'server')
try('HSET', hash, 'a', 'b') try('HGET', hash, 'a') try('HMGET', hash, 'a') try('HLEN', hash) try('HDEL', hash, 'b')
try('SADD', set, 'a') try('SISMEMBER', set, 'a')
try('ZADD', zset, 1, 'a') try('ZREM', zset, 'b') try('ZCARD', zset) try('ZSCORE', zset, 'a') try('ZRANGE', zset, 0, 0)
try('ZRANGEBYSCORE', zset, 0, 1) try('ZRANGEBYLEX', zset, '-', '+')
try('XADD', stream, '1-0', 'a', 'b') try('XLEN', stream) try('XRANGE', stream, '-', '+') try('XTRIM', stream, 'MAXLEN', 1)
try('SETBIT', bits, 1, 1) try('GETBIT', bits, 1) try('BITCOUNT', bits) try('GET', bits) try('EXPIRE', bits, 60)
try('DEL', hash) try('UNLINK', set, zset, stream, bits)
return missing
`;
const TRIAL_KEYS = ['hash', 'set', 'zset', 'stream', 'bits'].map((part) => `sunbeon:{trial}:${part}`);
const NOBODYS_CHANNEL = 'socket.io-response#/#trial#';
/** What pods call outside of scripts, in a form that changes nothing. A server says NOPERM before anything else. */
const PLAIN_TRIALS = [
  ['evalsha', '0'.repeat(40), '0'],
  ['script', 'load', 'return 1'],
  ['xread', 'streams', 'sunbeon:{trial}:stream', '$'],
  ['ping'],
];
/** How news goes from pod to pod: sharded in a cluster. */
const PUBLISH_TRIALS = {
  server: ['publish', NOBODYS_CHANNEL, ''],
  cluster: ['spublish', 'socket.io#/#trial#', ''],
};

/**
 * Looks at each connect whether the server can carry the line: that it does not evict, and that our user may do all that we
 * do. Otherwise it says so, before a room is opened on it.
 */
export class RedisWatch {
  private readonly logger = new Logger('Redis');
  private policy = '';
  private lacking: string[] = [];
  private lackingInScripts: string[] = [];

  /** @param clients undefined when embedded */
  constructor(private readonly clients: RedisClients | undefined) {
    clients?.commands.on('ready', () => void this.look());
    if (clients?.commands.status === 'ready') void this.look();
  }

  /** Undefined when embedded. */
  state(): RedisReadiness | undefined {
    return this.clients && { policy: this.policy, missing: [...this.lacking, ...this.clients.refusedSubscriptions] };
  }

  private async look(): Promise<void> {
    try {
      await this.clients?.onServers((server) => this.lookAt(server));
    } catch (error) {
      this.logger.debug({ code: 'redis_look_deferred', ...failure(error) }, 'The server is looked at later');
    }
  }

  private async lookAt(server: Redis): Promise<void> {
    const plain = await this.tryPlain(server);
    this.lackingInScripts = (await this.tryRights(server)) ?? this.lackingInScripts;
    const lacking = [...new Set([...this.lackingInScripts, ...plain])];
    if (lacking.length > 0 && lacking.join() !== this.lacking.join()) {
      const fields = { code: 'redis_rights_lacking', lacking };
      this.logger.error(
        fields,
        'The Redis user may not do what every room needs: none can be held (see deploy/README)',
      );
    }
    this.lacking = lacking;
    if (lacking.includes('info')) return;
    const policy = /^maxmemory_policy:(\S+)/m.exec(await server.info('memory'))?.[1] ?? '';
    if (policy !== SAFE_POLICY && policy !== this.policy) {
      const fields = { code: 'redis_policy_unsafe', policy, safe: SAFE_POLICY };
      this.logger.warn(fields, 'Redis may evict parts of the line when it is full: set its maxmemory-policy');
    }
    this.policy = policy;
  }

  private async tryPlain(server: Redis): Promise<string[]> {
    const publish = PUBLISH_TRIALS[this.clients?.commands instanceof Cluster ? 'cluster' : 'server'];
    const trials = [...PLAIN_TRIALS, publish].map(async ([name = '', ...values]) => {
      // What else a server says of it (another node has the key, no such script) is no matter of rights.
      const refusal = await server.call(name, ...values).then(() => '', errorText);
      if (!refusal.startsWith('NOPERM')) return [];
      return [refusal.includes('channel') ? `${name} ${values[0]}` : name];
    });
    return (await Promise.all(trials)).flat();
  }

  /** Undefined on a node of a cluster that does not have the keys: another one is asked, too. */
  private async tryRights(server: Redis): Promise<string[] | undefined> {
    try {
      return (await server.eval(TRIAL, TRIAL_KEYS.length, ...TRIAL_KEYS)) as string[];
    } catch (error) {
      const text = errorText(error);
      if (/^MOVED/.test(text)) return undefined;
      if (/NOPERM/.test(text)) return [/keys/.test(text) ? 'the keys sunbeon:*' : 'eval'];
      throw error;
    }
  }
}
