import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IssuerKey } from './issuer-key';

describe('IssuerKey', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sunbeon-issuer-'));
  const file = join(directory, 'made', 'key.json');

  afterAll(() => rmSync(directory, { recursive: true }));

  it('is the same for issuer and minting command, by its file, which only the owner reads', () => {
    const first = IssuerKey.keep(file);
    expect(IssuerKey.keep(file).publicJwk()).toEqual(first.publicJwk());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says which file holds no key', () => {
    const broken = join(directory, 'broken.json');
    writeFileSync(broken, '{');
    expect(() => IssuerKey.keep(broken)).toThrow(`${broken} holds no key`);
  });

  it('publishes nothing private', () => {
    expect(IssuerKey.keep(file).publicJwk()).not.toHaveProperty('d');
  });
});
