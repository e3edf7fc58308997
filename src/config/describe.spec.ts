import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVariables } from './describe';
import { loadConfig } from './load-config';
import { VARIABLES } from './variables';

describe('the table of variables', () => {
  it('has one row of four cells for every variable', () => {
    const rows = describeVariables().match(/^\| `.*$/gm) ?? [];
    expect(rows).toHaveLength(VARIABLES.length);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  it('documents only defaults that the variable itself accepts', () => {
    // A default is read like a text of the environment.
    expect(() => loadConfig({})).not.toThrow();
    expect(VARIABLES.filter((variable) => variable.default !== undefined).length).toBeGreaterThan(30);
  });

  it('names each variable once', () => {
    expect(new Set(VARIABLES.map(({ variable }) => variable)).size).toBe(VARIABLES.length);
  });

  it('is the one that the README shows', () => {
    // The formatter pads the cells of tables.
    const plain = (text: string): string => text.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    expect(plain(readme)).toContain(plain(describeVariables()).trim());
  });
});
