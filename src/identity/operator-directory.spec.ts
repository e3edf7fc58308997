import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOperators } from './operator-directory';

describe('operators', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sunbeon-operators-'));
  const file = join(dataDir, 'operator-tokens');

  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('are known by their own token only', () => {
    const operatorTokens = [
      { name: 'Minji', token: '0123456789abcdef', role: 'owner' },
      { name: 'Jisoo', token: 'fedcba9876543210', role: 'viewer' },
    ] as const;
    const operators = loadOperators({ operatorTokens, dataDir });
    expect(operators.byToken('0123456789abcdef')).toMatchObject({ name: 'Minji', role: 'owner' });
    expect(operators.byToken('fedcba9876543210')).toMatchObject({ name: 'Jisoo', role: 'viewer' });
    for (const wrong of ['', 'Minji', '0123456789abcde', '0123456789abcdef0']) {
      expect(operators.byToken(wrong)).toBeUndefined();
    }
    expect(operators.printedOnce).toBeUndefined();
  });

  it('get one made at the first start, told once and kept for the owner only', () => {
    const first = loadOperators({ operatorTokens: [], dataDir });
    const made = first.printedOnce;
    expect(made?.name).toBe('operator');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = loadOperators({ operatorTokens: [], dataDir });
    expect(second.printedOnce).toBeUndefined();
    expect(second.byToken(made?.token ?? '')).toMatchObject({ name: 'operator', role: 'owner' });
  });

  it('are not made anew when the file is damaged: the start stops and names it', () => {
    writeFileSync(file, 'damaged');
    expect(() => loadOperators({ operatorTokens: [], dataDir })).toThrow(file);
  });
});
