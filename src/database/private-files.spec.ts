import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateDatabase, makePrivateDirectory } from './private-files';

describe('what the embedded mode keeps', () => {
  const home = mkdtempSync(join(tmpdir(), 'sunbeon-private-'));
  const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

  afterAll(() => rmSync(home, { recursive: true }));

  function directory(name: string, mode: number, ...files: string[]): string {
    const path = join(home, name);
    mkdirSync(path);
    for (const file of files) writeFileSync(join(path, file), '', { mode: 0o644 });
    chmodSync(path, mode);
    return path;
  }

  it('is made for its owner alone', () => {
    const path = join(home, 'new', 'deep');
    makePrivateDirectory(path);
    makePrivateDatabase(join(path, 'sunbeon.sqlite'));
    expect([modeOf(join(home, 'new')), modeOf(path), modeOf(join(path, 'sunbeon.sqlite'))]).toEqual([
      '700',
      '700',
      '600',
    ]);
  });

  it('is closed to others where an older version left it open', () => {
    const path = directory('old', 0o755, 'sunbeon.sqlite', 'sunbeon.sqlite-wal', 'lock.sqlite', 'signing-keys');
    makePrivateDirectory(path);
    makePrivateDatabase(join(path, 'sunbeon.sqlite'));
    expect(['', '/sunbeon.sqlite', '/sunbeon.sqlite-wal'].map((name) => modeOf(path + name))).toEqual([
      '700',
      '600',
      '600',
    ]);
  });

  it('leaves a directory as it is in which others keep something, or everybody may', () => {
    const used = directory('used', 0o755, 'sunbeon.sqlite', 'reports.csv');
    const temporary = directory('temporary', 0o1777);
    [used, temporary].forEach(makePrivateDirectory);
    expect([modeOf(used), modeOf(temporary)]).toEqual(['755', '1777']);
  });
});
