import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVariables } from './describe';
import { VARIABLES } from './variables';
import type { Variable } from './variables/variable';

describe('the table of variables', () => {
  it('has one row of four cells for every variable', () => {
    const rows = describeVariables().match(/^\| `.*$/gm) ?? [];
    expect(rows).toHaveLength(Object.keys(VARIABLES).length);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  it('documents only defaults that the variable itself accepts', () => {
    for (const { kind, default: text } of Object.values<Variable>(VARIABLES)) {
      if (text !== undefined) expect(kind.schema.safeParse(text).success).toBe(true);
    }
  });

  it('is the one that the README shows', () => {
    // The formatter pads the cells of tables.
    const plain = (text: string): string => text.replace(/-{3,}/g, '---').replace(/ +/g, ' ');
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    expect(plain(readme)).toContain(plain(describeVariables()).trim());
  });
});
