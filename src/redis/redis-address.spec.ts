import { parseRedisAddress } from './redis-address';

describe('parseRedisAddress', () => {
  it('leaves the address of one server to the client', () => {
    expect(parseRedisAddress('rediss://u:p@cache:6380/2')).toEqual({
      kind: 'server',
      url: 'rediss://u:p@cache:6380/2',
      options: { tls: {} },
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

  it('reads every sentinel, and the name of the master they watch', () => {
    expect(parseRedisAddress('redis+sentinel://:pass@one,two:7002/line-master')).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 7002 },
      ],
      master: 'line-master',
      options: { password: 'pass' },
    });
  });

  it.each([
    'http://u:secret@host',
    'redis://',
    'redis+sentinel://u:secret@host',
    'redis+cluster://u:secret@host/name',
    'redis+cluster://u:secret@host:port',
    'redis+sentinel://u:secret@host,/name',
  ])('refuses %s without repeating the password', (url) => {
    expect(() => parseRedisAddress(url)).toThrow(/^(?!.*secret).*redis\+cluster/);
  });
});
