import { Cluster } from 'ioredis';
import { startRedis, withRedis } from '../../../load/servers/redis';
import { startRedisCluster } from '../../support/redis-cluster';
import { Service } from '../../../load/servers/service';
import { waitFor } from '../../../load/support/wait-for';

describe('redis of the test run', () => {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(service: T): T => {
    started.push(service);
    return service;
  };
  const write = (service: Service) => withRedis(service.url, (client) => client.set('key', 'value'));
  const read = (service: Service) => withRedis(service.url, (client) => waitFor(() => client.get('key')));

  afterEach(async () => {
    for (const service of started.splice(0)) await service.stop();
  });

  it('answers on a port of its own', async () => {
    const [first, second] = [keep(await startRedis()), keep(await startRedis())];
    await write(first);
    expect(await read(first)).toBe('value');
    expect(await withRedis(second.url, (client) => client.exists('key'))).toBe(0);
  });

  it("can be another maker's", async () => {
    const service = keep(await startRedis({ maker: 'valkey' }));
    const info = await withRedis(service.url, (client) => client.info('server'));
    expect(info).toContain('server_name:valkey');
  });

  it('comes back after a kill with what was durable', async () => {
    const service = keep(await startRedis({ own: true, persistence: 'always' }));
    await write(service);
    await service.kill();
    await expect(withRedis(service.url, (client) => client.ping())).rejects.toThrow();
    await service.restart();
    expect(await read(service)).toBe('value');
  });

  it('comes back empty when told so', async () => {
    const service = keep(await startRedis({ own: true, persistence: 'always' }));
    await write(service);
    await service.restart({ empty: true });
    expect(await withRedis(service.url, (client) => client.dbsize())).toBe(0);
  });

  it('serves all slots as a cluster of three', async () => {
    const { addresses } = keep(await startRedisCluster());
    const client = new Cluster(addresses);
    for (let index = 0; index < 30; index += 1) await client.set(`key:${index}`, index);
    expect(await client.get('key:29')).toBe('29');
    client.disconnect();
  });
});
