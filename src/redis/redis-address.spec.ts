import { parseRedisAddress } from './redis-address';

describe('parseRedisAddress', () => {
  it('leaves the address of one server to the client', () => {
    expect(parseRedisAddress('rediss://u:p@cache:6380/2')).toEqual({
      kind: 'server',
      url: 'rediss://u:p@cache:6380/2',
    });
  });

  it('reads every node of a cluster, and its credentials', () => {
    expect(parseRedisAddress('rediss+cluster://sunbeon:s%40cret@one:7001,two,10.0.0.3:7003')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 7001 },
        { host: 'two', port: 6379 },
        { host: '10.0.0.3', port: 7003 },
      ],
      options: { username: 'sunbeon', password: 's@cret', tls: {} },
    });
  });

  it('refuses anything else without repeating the password', () => {
    expect(() => parseRedisAddress('http://u:secret@host')).toThrow(/^(?!.*secret).*redis\+cluster/);
  });
});
