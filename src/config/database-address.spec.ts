import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatabaseAddress } from './database-address';

describe('the address of a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sunbeon-address-'));
  const noPem = join(folder, 'ca.pem');
  writeFileSync(noPem, 'no certificate');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read as a whole, and decoded', () => {
    expect(parseDatabaseAddress('mysql://su%40n:p%2Fw%3F@db.example:3307/sun%2Dbeon%20one')).toEqual({
      ...{ host: 'db.example', port: 3307, user: 'su@n', password: 'p/w?', database: 'sun-beon one' },
    });
  });

  it('may be an IPv6 address, and has a port by itself', () => {
    expect(parseDatabaseAddress('mariadb://u@[::1]/beon')).toMatchObject({ host: '::1', port: 3306, password: '' });
  });

  it.each([
    ['tls=require', 'require'],
    ['tls=verify', 'verify'],
    ['tls=verify-ca', 'verify-ca'],
    ['tls=off', undefined],
    ['', undefined],
  ])('says by its parameters (%s) how it is encrypted', (query, mode) => {
    expect(parseDatabaseAddress(`mysql://u@db/beon?${query}`).tls?.mode).toBe(mode);
  });

  it.each([
    ['postgres://db/beon', 'must be URL'],
    ['mysql://db', 'must be URL'],
    ['mysql://db/one/two', 'must be URL'],
    ['mysql://u:100%@db/beon', 'must be URL'],
    ['mysql://u:secret#1@db/beon', 'must be URL'],
    ['mysql://u:secret@db/beon#part', 'must be URL'],
    ['mysql://u:secret@db/beon?ssl=true', 'unknown parameter'],
    ['mysql://u:secret@db/beon?tls=yes', 'one of off, require, verify-ca, verify'],
    ['mysql://u:secret@db/beon?tls=verify&tls=off', 'twice'],
    ['mysql://u:secret@db/beon?tls=off&ca=/secret', 'tls=off beside'],
    ['mysql://u:secret@db/beon?ca=/secret/ca.pem', 'cannot be read: ENOENT'],
    [`mysql://u:secret@db/beon?ca=${noPem}`, 'without a certificate'],
    [`mysql://u:secret@db/beon?cert=${noPem}`, 'both of the parameters'],
    [`mysql://u:secret@db/beon?cert=${noPem}&key=${noPem}`, 'no PEM'],
    ['mysql://u:secret@10.0.0.1/beon?tls=verify', 'needs the name'],
    ['mysql://u:secret@[::1]/beon?tls=verify', 'needs the name'],
  ])('is refused when it is %s, without a secret in the text', (address, text) => {
    expect(() => parseDatabaseAddress(address)).toThrow(text);
    expect(() => parseDatabaseAddress(address)).toThrow(/^(?!.*secret)/);
  });
});
