import { readdirSync } from 'node:fs';
import { migrations } from './index';

const names = migrations.map(({ name }) => name);

describe('the migrations', () => {
  it('end in the millisecond they were written at, oldest first, each its own', () => {
    const times = names.map((name) => Number(/[A-Za-z](\d{13})$/.exec(name)?.[1]));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times).not.toContain(Number.NaN);
  });

  it('are all listed', () => {
    const files = readdirSync(__dirname).filter((file) => /^\d{13}-.*\.ts$/.test(file));
    expect(names.map((name) => name.slice(-13))).toEqual(files.map((file) => file.slice(0, 13)).sort());
  });
});
