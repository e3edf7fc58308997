import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScripts } from './script-loader';

describe('loadScripts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sunbeon-scripts-'));
    mkdirSync(join(folder, 'include'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, source: string): void => writeFileSync(join(folder, `${name}.lua`), source);

  it('gives every script of the folder under its verb, and no include', () => {
    write('join', 'return 1\n');
    write('fence-pod', 'return 2\n');
    write('include/line', 'local line\n');
    writeFileSync(join(folder, 'keys.js'), '');
    expect([...loadScripts(folder)]).toEqual([
      ['fence-pod', 'return 2\n'],
      ['join', 'return 1\n'],
    ]);
  });

  it('puts an include in once, where it is first asked for, through other includes too', () => {
    write('include/clock', 'local clock\n');
    write('include/line', '--@include clock\nlocal line\n');
    write('join', '-- join\n--@include line\n--@include clock\nreturn line\n');
    expect(loadScripts(folder).get('join')).toBe('-- join\nlocal clock\nlocal line\nreturn line\n');
  });

  it('prefers a generated include', () => {
    write('include/clock', 'local clock\n');
    write('tick', '--@include clock\n--@include limits\nreturn clock\n');
    const scripts = loadScripts(folder, { clock: 'local mine\n', limits: 'local LIMITS\n' });
    expect(scripts.get('tick')).toBe('local mine\nlocal LIMITS\nreturn clock\n');
  });

  it('fails for an include that is not there', () => {
    write('tick', '--@include nowhere\n');
    expect(() => loadScripts(folder)).toThrow('ENOENT');
  });
});
