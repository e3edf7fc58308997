import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisClients } from '../../src/redis/redis-clients';
import { RedisWatch } from '../../src/redis/redis-watch';
import { RedisService, startRedis, withRedis } from '../../load/servers/redis';
import { waitFor } from '../../load/support/wait-for';

/** What deploy/README names. */
const LEAST = [
  ...['~sunbeon:*', '&socket.io#/#*', '&socket.io-request#/#', '&socket.io-response#/#*'],
  ...['+@all', '-@admin', '-@dangerous', '+info'],
];

describe('the rights of the Redis user', () => {
  let server: RedisService;
  let clients: RedisClients | undefined;
  beforeAll(async () => {
    server = await startRedis({ own: true });
  });
  afterEach(() => clients?.close());
  afterAll(() => server.stop());

  const stateFor = async (user: string, ...rights: string[]) => {
    await withRedis(server.url, (admin) => admin.call('ACL', 'SETUSER', user, 'reset', 'on', '>secret', ...rights));
    clients = new RedisClients(server.url.replace('//', `//${user}:secret@`));
    const watch = new RedisWatch(clients);
    await clients.subscriber.psubscribe('socket.io#/#*').catch(() => undefined);
    const known = () => watch.state()!.policy !== '' || watch.state()!.missing.length > 0;
    await waitFor(known, { what: 'a look at the server', timeoutMs: 120_000 });
    return watch.state();
  };

  it('that deploy/README names are enough', async () => {
    expect(await stateFor('least', ...LEAST)).toEqual({ policy: 'noeviction', missing: [] });
  });

  it('are named when one is missing, before a room is opened', async () => {
    const without = (right: string): string[] => LEAST.filter((one) => one !== right);
    expect((await stateFor('uninformed', ...without('+info')))?.missing).toEqual(['info']);
    clients?.close();
    expect((await stateFor('bitless', ...LEAST, '-setbit'))?.missing).toEqual(['setbit']);
    clients?.close();
    expect((await stateFor('blind', ...LEAST, '-xread'))?.missing).toEqual(['xread']);
    clients?.close();
    expect((await stateFor('mute', ...LEAST, '-publish'))?.missing).toEqual(['publish']);
    clients?.close();
    const deaf = await stateFor('deaf', ...LEAST.filter((right) => !right.startsWith('&')));
    await waitFor(() => clients!.refusedSubscriptions.size > 0);
    expect([...clients!.refusedSubscriptions]).toEqual(['psubscribe socket.io#/#*']);
    expect(deaf).toBeDefined();
  });

  it('are tried for every command of the line’s scripts', () => {
    const folder = join(__dirname, '../../src/line/redis');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lua'));
    const scripts = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const used = [...scripts.matchAll(/redis\.p?call\('(\w+)'|(?:atLeast|exactly)\('\w+', '(\w+)'/g)];
    const trial = readFileSync(join(__dirname, '../../src/redis/redis-watch.ts'), 'utf8');
    const untried = used
      .map(([, called, audited]) => called ?? audited)
      .filter((name) => !trial.includes(`try('${name}'`));
    expect(used.length).toBeGreaterThan(50);
    expect(untried).toEqual([]);
  });

  it('do not hide that the server may evict parts of the line', async () => {
    await withRedis(server.url, (admin) => admin.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    expect(await stateFor('evicting', ...LEAST)).toEqual({ policy: 'allkeys-lru', missing: [] });
  });
});
