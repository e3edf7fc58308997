import type { RedisOptions } from 'ioredis';
import { readStoreTls, type StoreTls } from '../config/store-tls';

type Credentials = Pick<RedisOptions, 'username' | 'password' | 'tls'>;

interface Node {
  host: string;
  port: number;
}

export type RedisAddress =
  | { kind: 'server'; url: string; options: Pick<RedisOptions, 'tls'> }
  | { kind: 'cluster'; nodes: Node[]; options: Credentials }
  | { kind: 'sentinel'; sentinels: Node[]; master: string; options: Credentials };

const SEVERAL = /^(rediss?)\+(cluster|sentinel):\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([\w.-]*))?$/;
const DEFAULT_PORTS = { cluster: 6379, sentinel: 26379 };

/** What every form begins with; for error texts and for the table of variables. */
const REDIS_SCHEMES = [
  'redis://',
  'rediss://',
  'redis+cluster://',
  'rediss+cluster://',
  'redis+sentinel://',
  'rediss+sentinel://',
];

/**
 * Where Redis is:
 *
 * - `redis://[user:password@]host[:port][/database]`, and `rediss://…` for TLS: one server;
 * - `redis+cluster://[user:password@]host[:port],host[:port],…`, and `rediss+cluster://…`: a Redis Cluster. The nodes
 *   named are asked for the others, so one is enough where a name stands for all;
 * - `redis+sentinel://[user:password@]host[:port],host[:port],…/master-name`, and `rediss+sentinel://…`: the sentinels
 *   (port 26379 unless said) that know the master of that name. User and password are the master's.
 *
 * With TLS, `?tls=verify` (the default), `verify-ca` or `require`, and `ca`, `cert`, `key` (files) as for the database.
 *
 * @throws Error for anything else; the text does not repeat the URL, which may hold a password
 */
export function parseRedisAddress(text: string): RedisAddress {
  const [url = '', query = ''] = text.split('?');
  const settings = readStoreTls(new URLSearchParams(query), url.startsWith('rediss'));
  const tls = settings && tlsOptions(settings);
  if (/^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname) {
    return { kind: 'server', url, options: { ...(tls && { tls }) } };
  }
  const [, , kind, credentials = '', hosts, name = ''] = SEVERAL.exec(url) ?? [];
  if (hosts === undefined || (kind === 'sentinel') !== (name !== '')) throw notRedis();
  const options = { ...parseCredentials(credentials), ...(tls && { tls }) };
  return kind === 'sentinel'
    ? { kind, sentinels: parseNodes(hosts, DEFAULT_PORTS.sentinel), master: name, options }
    : { kind: 'cluster', nodes: parseNodes(hosts, DEFAULT_PORTS.cluster), options };
}

function parseNodes(hosts: string, defaultPort: number): Node[] {
  return hosts.split(',').map((host) => {
    if (!URL.canParse(`redis://${host}`)) throw notRedis();
    const { hostname, port } = new URL(`redis://${host}`);
    if (hostname === '') throw notRedis();
    return { host: hostname, port: port === '' ? defaultPort : Number(port) };
  });
}

function parseCredentials(text: string): Credentials {
  const [username, password] = text.split(':').map(decodeURIComponent);
  return { ...(username && { username }), ...(password && { password }) };
}

const tlsOptions = ({ mode, ca, cert, key }: StoreTls): NonNullable<RedisOptions['tls']> => ({
  ...(ca !== undefined && { ca }),
  ...(cert !== undefined && { cert, key }),
  ...(mode === 'require' && { rejectUnauthorized: false }),
  ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
});

function notRedis(): Error {
  return new Error(`not a Redis URL: ${REDIS_SCHEMES.join(', ')} is expected, a sentinel's with the master's name`);
}
