import type { RedisOptions } from 'ioredis';

export type RedisAddress =
  | { kind: 'server'; url: string }
  | {
      kind: 'cluster';
      nodes: { host: string; port: number }[];
      options: Pick<RedisOptions, 'username' | 'password' | 'tls'>;
    };

const CLUSTER = /^(rediss?)\+cluster:\/\/(?:([^@/]*)@)?([^/?#]+)\/?$/;

/**
 * Where Redis is:
 *
 * - `redis://[user:password@]host[:port][/database]`, and `rediss://…` for TLS: one server;
 * - `redis+cluster://[user:password@]host[:port],host[:port],…`, and `rediss+cluster://…`: a Redis Cluster. The nodes
 *   named are asked for the others, so one is enough where a name stands for all.
 *
 * @throws Error for anything else; the text does not repeat the URL, which may hold a password
 */
export function parseRedisAddress(url: string): RedisAddress {
  if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return { kind: 'server', url };
  const [, scheme, credentials = '', hosts] = CLUSTER.exec(url) ?? [];
  if (scheme === undefined || hosts === undefined) {
    throw new Error('not a Redis URL: redis://, rediss://, redis+cluster:// or rediss+cluster:// is expected');
  }
  const nodes = hosts.split(',').map((host) => {
    const { hostname, port } = new URL(`redis://${host}`);
    return { host: hostname, port: port === '' ? 6379 : Number(port) };
  });
  const [username, password] = credentials.split(':').map(decodeURIComponent);
  return {
    kind: 'cluster',
    nodes,
    options: {
      ...(username && { username }),
      ...(password && { password }),
      ...(scheme === 'rediss' && { tls: {} }),
    },
  };
}
