import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { loadSigningKeys, SigningKeys } from './signing-keys';

const secret = (kid: string) => ({ kid, secret: randomBytes(32).toString('base64') });

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('SigningKeys', () => {
  const one = secret('one');
  const two = secret('two');
  const keys = new SigningKeys([one]);
  const payload = { sub: 's1', name: '김민지' };

  it('gives back what it signed, on every pod with the same secret', () => {
    expect(new SigningKeys([one]).verifyCompact('ticket', keys.signCompact('ticket', payload))).toEqual(payload);
  });

  it('are not taken when two have the same key id: what one signs the other would refuse', () => {
    expect(() => new SigningKeys([{ ...two, kid: one.kid }, one])).toThrow('the same key id');
  });

  it('refuses a token for another purpose', () => {
    expect(keys.verifyCompact('sign-in', keys.signCompact('ticket', payload))).toBeUndefined();
  });

  it('verifies the tokens of a previous key, and signs with the current one', () => {
    const rotated = new SigningKeys([two, one]);
    expect(rotated.verifyCompact('ticket', keys.signCompact('ticket', payload))).toEqual(payload);
    expect(keys.verifyCompact('ticket', rotated.signCompact('ticket', payload))).toBeUndefined();
    expect(rotated.admissionKey().kid).toBe('two');
    expect(rotated.admissionVerifyKey('one')).toBeDefined();
  });

  it('refuses the tokens of a key that is gone, also under a kid that is known', () => {
    expect(new SigningKeys([two]).verifyCompact('ticket', keys.signCompact('ticket', payload))).toBeUndefined();
    const reused = new SigningKeys([{ ...two, kid: 'one' }]);
    expect(reused.verifyCompact('ticket', keys.signCompact('ticket', payload))).toBeUndefined();
  });

  it('refuses a token in which any one character was changed', () => {
    const token = keys.signCompact('ticket', payload);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(keys.verifyCompact('ticket', token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
    }
  });

  it.each([
    ['nothing', ''],
    ['dots', '...'],
    ['a JWT with alg none', `${encode({ alg: 'none' })}.${encode(payload)}.`],
    ['a token without mac', keys.signCompact('ticket', payload).replace(/[^.]*$/, '')],
    ['a token with one part more', `${keys.signCompact('ticket', payload)}.x`],
    ['a token of a megabyte', 's1.'.padEnd(1_000_000, 'A')],
    ['a kid that objects have by birth', `s1.${encode(payload)}.constructor.AAAA`],
  ])('refuses %s', (_, token) => {
    expect(keys.verifyCompact('ticket', token)).toBeUndefined();
  });

  it('publishes the keys with which anybody can check an admission', async () => {
    const rotated = new SigningKeys([two, one]);
    const { kid, privateKey } = keys.admissionKey();
    const token = await new SignJWT({ sub: 's1' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    const { payload: claims } = await jwtVerify(token, createLocalJWKSet(rotated.jwks()), { algorithms: ['ES256'] });
    expect(claims.sub).toBe('s1');
  });

  it('publishes nothing private', () => {
    expect(Object.keys(keys.jwks().keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('derives the same keys from a secret for ever', () => {
    // Reckoned once with another implementation of HKDF, HMAC and P-256.
    const fixed = new SigningKeys([{ kid: 'fixed', secret: Buffer.alloc(32, 7).toString('base64') }]);
    expect(fixed.signCompact('ticket', { a: 1 })).toBe(
      's1.eyJhIjoxfQ.fixed.qLM6qvIq4zWVay89wLpCEuMCgHF6SPwINnOLkFwK0kY',
    );
    expect(fixed.jwks().keys[0]?.x).toBe('oryXXUYXZv9XTbop-0e6n9NkTOMc5dw3S0Wo7paow4M');
  });
});

describe('the keys of an embedded service', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sunbeon-keys-'));
  const dataDir = join(directory, 'data');
  const file = join(dataDir, 'signing-keys');

  afterAll(() => rmSync(directory, { recursive: true }));

  it('are made once, for the owner only, and survive a restart', () => {
    const token = loadSigningKeys({ dataDir }).signCompact('ticket', { a: 1 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadSigningKeys({ dataDir }).verifyCompact('ticket', token)).toEqual({ a: 1 });
  });

  it('can be rotated by putting a line in front', () => {
    const token = loadSigningKeys({ dataDir }).signCompact('ticket', { a: 1 });
    writeFileSync(file, `new:${randomBytes(32).toString('base64')},${readFileSync(file, 'utf8')}`);
    const rotated = loadSigningKeys({ dataDir });
    expect(rotated.admissionKey().kid).toBe('new');
    expect(rotated.verifyCompact('ticket', token)).toEqual({ a: 1 });
  });

  it('are not replaced when the file is damaged: the start stops and names it', () => {
    writeFileSync(file, 'damaged S3CRET');
    expect(() => loadSigningKeys({ dataDir })).toThrow(file);
    expect(() => loadSigningKeys({ dataDir })).not.toThrow(/S3CRET/);
    expect(readFileSync(file, 'utf8')).toBe('damaged S3CRET');
  });
});
