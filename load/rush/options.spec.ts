import { readOptions } from './options';

describe('the options of the rush', () => {
  it('have defaults for a rush of its own', () => {
    expect(readOptions([], {})).toMatchObject({ arriveMs: 10_000, opensAfterMs: 3_000, reconnect: 0.1, json: false });
  });

  it('make up a seed when none is given', () => {
    expect(readOptions([], {})?.seed).toMatch(/^[0-9a-f]{8}$/);
    expect(readOptions(['--seed', 'mine'], {})?.seed).toBe('mine');
  });

  it.each([
    [['--students', '0'], /--students/],
    [['--students', 'many'], /--students/],
    [['--reconnect', '2'], /--reconnect/],
    [['--url', 'ftp://service'], /--url/],
    [['--url', 'http://service', '--database', 'postgres://service'], /--database/],
    [['--url', 'http://service', '--database', 'mariadb'], /--database/],
    [['--cluster', '--database', 'mysql://service/database'], /--database/],
    [['--database', 'mysql'], /--cluster/],
    [['--tokens', 'file'], /--url/],
    [['--cluster', '--url', 'http://service'], /--cluster/],
    [['--pods', '3'], /--cluster/],
    [['--unknown'], /--unknown/],
  ])('refuse %j', (args, problem) => {
    expect(() => readOptions(args, {})).toThrow(problem);
  });

  it('have two pods in a cluster unless told otherwise', () => {
    expect(readOptions(['--cluster'], {})?.pods).toBe(2);
    expect(readOptions(['--cluster', '--pods', '3'], {})?.pods).toBe(3);
    expect(readOptions([], {})?.pods).toBeUndefined();
  });

  it('are not read when help is asked for', () => {
    expect(readOptions(['--help'], {})).toBeUndefined();
  });
});
