import { randomBytes } from 'node:crypto';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import type { Database } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { RedisClients } from '../../../src/redis/redis-clients';
import { Authority, type KeyPair } from '../../support/certificates';
import { startPod } from '../../../load/servers/pod';
import { freePort } from '../../../load/servers/ports';
import { type RedisService, startRedis } from '../../../load/servers/redis';
import { type DatabaseService, withDatabase } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';

const authority = new Authority();
const stranger = new Authority();
const server = authority.issue('localhost');
const elsewhere = authority.issue('elsewhere.test');
const client = authority.issue('pod.test');

afterAll(() => {
  authority.remove();
  stranger.remove();
});

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();
const ofPod = { ca: authority.ca, ...client };

describe.each(['mysql', 'mariadb'] as const)('a %s that requires TLS', (maker) => {
  let service: DatabaseService;
  let url: URL;
  /** What the server reads: another pair may be put there. */
  const files = authority.issue(`server-of-${maker}`);

  beforeAll(async () => {
    authority.replace(files, server);
    const args = [`--ssl-ca=${authority.ca}`, `--ssl-cert=${files.cert}`, `--ssl-key=${files.key}`];
    service = await startDatabase(maker, { own: true, args });
    await asAdmin('SET GLOBAL require_secure_transport = ON');
    url = new URL(service.url);
    url.hostname = 'localhost';
  });

  afterAll(() => service.stop());

  /** By TLS of whatever kind. */
  const admin = (): string => `${service.adminUrl}?ssl={"rejectUnauthorized":false}`;
  const asAdmin = (sql: string): Promise<unknown> => withDatabase(admin(), (connection) => connection.query(sql));

  const useFiles = async (pair: KeyPair): Promise<void> => {
    authority.replace(files, pair);
    await asAdmin(maker === 'mysql' ? 'ALTER INSTANCE RELOAD TLS' : 'FLUSH SSL');
  };

  /** What the connection is encrypted with. */
  async function cipher(parameters: Record<string, string>, host = 'localhost'): Promise<string> {
    url.hostname = host;
    const address = `${url.href}?${query(parameters)}`;
    const database = await openDatabase({ url: address, entities: [] }).catch((error: Error) => {
      throw (error.cause as Error | undefined) ?? error;
    });
    try {
      const [row] = await database.read((manager) =>
        manager.query<{ Value: string }[]>("SHOW STATUS LIKE 'Ssl_cipher'"),
      );
      return row?.Value ?? '';
    } finally {
      await database.close();
    }
  }

  it('is spoken to in no other way', async () => {
    await expect(cipher({})).rejects.toThrow(/insecure transport|denied/i);
  });

  it.each([
    [{ tls: 'require' }, '127.0.0.1'],
    [{ tls: 'verify-ca', ca: authority.ca }, '127.0.0.1'],
    [{ ca: authority.ca }, 'localhost'],
  ])('is reached with %j at %s', async (parameters, host) => {
    expect(await cipher(parameters, host)).not.toBe('');
  });

  it('is not believed with a certificate of another authority', async () => {
    await expect(cipher({ tls: 'verify' })).rejects.toThrow(/certificate/i);
    await expect(cipher({ ca: stranger.ca })).rejects.toThrow(/certificate/i);
    await expect(cipher({ tls: 'verify-ca', ca: stranger.ca })).rejects.toThrow(/certificate/i);
  });

  it('is not believed with the certificate of another host, unless that is said to be right', async () => {
    await useFiles(elsewhere);
    await expect(cipher({ ca: authority.ca })).rejects.toThrow(/altnames/i);
    expect(await cipher({ tls: 'verify-ca', ca: authority.ca })).not.toBe('');
    await useFiles(server);
  });

  it('may want a certificate of ours', async () => {
    await asAdmin("ALTER USER 'sunbeon'@'127.0.0.1' REQUIRE X509");
    await expect(cipher({ ca: authority.ca })).rejects.toThrow(/denied/i);
    expect(await cipher(ofPod)).not.toBe('');
  });

  it('keeps a database whose name has a meaning in URLs', async () => {
    const name = 'sun/beon ?#%';
    await asAdmin(`CREATE DATABASE \`${name}\``);
    await asAdmin(`GRANT ALL ON \`${name}\`.* TO 'sunbeon'@'127.0.0.1'`);
    const address = new URL(url);
    address.pathname = `/${encodeURIComponent(name)}`;
    const database: Database = await openDatabase({ url: `${address.href}?${query({ ...ofPod })}`, entities: [] });
    await database.migrate();
    const [row] = await database.read((manager) => manager.query<{ name: string }[]>('SELECT DATABASE() AS name'));
    expect(row?.name).toBe(name);
    await database.close();
  });
});

describe('a Redis that requires TLS', () => {
  let service: RedisService;
  let issuer: Issuer;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    const files = ['--tls-cert-file', server.cert, '--tls-key-file', server.key, '--tls-ca-cert-file', authority.ca];
    service = await startRedis({ own: true, args: ['--tls-port', String(port), ...files] });
    issuer = await startIssuer();
  });

  afterAll(async () => {
    await issuer.close();
    await service.stop();
  });

  const address = (parameters: Record<string, string>, host = 'localhost'): string =>
    `rediss://${host}:${port}?${query(parameters)}`;

  async function answer(url: string): Promise<string> {
    const clients = new RedisClients(url);
    try {
      const refused = new Promise<never>((_, reject) => clients.commands.once('error', reject));
      await Promise.race([clients.ready(), refused]);
      return await clients.commands.ping();
    } finally {
      clients.close();
    }
  }

  it('is reached with a certificate of ours, where the server has one that we believe', async () => {
    expect(await answer(address({ ...ofPod }))).toBe('PONG');
    expect(await answer(address({ ...ofPod, tls: 'verify-ca' }, '127.0.0.1'))).toBe('PONG');
    expect(await answer(address({ ...client, tls: 'require' }, '127.0.0.1'))).toBe('PONG');
  });

  it.each([
    ['has no certificate of ours', { ca: authority.ca }, 'localhost'],
    ['has a certificate of another authority', { ...ofPod, ca: stranger.ca }, 'localhost'],
    ['is at another host than its certificate says', { ...ofPod }, '127.0.0.1'],
  ])('is not spoken to when it %s', async (_, parameters, host) => {
    await expect(answer(address(parameters, host))).rejects.toThrow();
  });

  it('carries a pod together with a MySQL that does', async () => {
    const args = [`--ssl-ca=${authority.ca}`, `--ssl-cert=${server.cert}`, `--ssl-key=${server.key}`];
    const database = await startDatabase('mysql', { own: true, args });
    await withDatabase(database.adminUrl, (connection) =>
      connection.query("ALTER USER 'sunbeon'@'127.0.0.1' REQUIRE X509"),
    );
    const pod = await startPod({
      env: {
        REDIS_URL: address({ ...ofPod }),
        DATABASE_URL: `${database.url.replace('127.0.0.1', 'localhost')}?${query({ ...ofPod })}`,
        SIGNING_KEYS: `test:${randomBytes(32).toString('base64')}`,
        OPERATOR_TOKENS: `tester:${randomBytes(24).toString('hex')}`,
        ...{ AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: 'sunbeon' },
      },
    });
    expect((await fetch(`${pod.url}/readyz`)).status).toBe(200);
    await pod.stop();
    await database.stop();
  });
});
