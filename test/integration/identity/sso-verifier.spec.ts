import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { SignJWT } from 'jose';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { IssuerKey, type TokenTerms } from '../../../load/issuer/issuer-key';
import type { SsoConfig } from '../../../src/config/config';
import { loadConfig } from '../../../src/config/load-config';
import { SsoVerifier } from '../../../src/identity/sso-verifier';

const ISSUER = 'https://id.example.edu';
const AUDIENCE = 'sunbeon';
const TERMS: TokenTerms = { issuer: ISSUER, audience: AUDIENCE };
const SKEW_SECONDS = 30;
const HOUR_MS = 3_600_000;
const MOMENT = expect.any(Number) as number;

function ssoOf(jwksUrl: string, more: Record<string, string> = {}): SsoConfig {
  const { sso } = loadConfig({
    AUTH_JWKS_URL: jwksUrl,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_CLOCK_SKEW_SECONDS: String(SKEW_SECONDS),
    ...more,
  }).signIn;
  if (!sso) throw new Error('SSO is not set up');
  return sso;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('SsoVerifier with a real issuer', () => {
  let issuer: Issuer;
  let verifier: SsoVerifier;

  beforeAll(async () => {
    issuer = await startIssuer();
  });

  beforeEach(() => {
    verifier = new SsoVerifier(ssoOf(issuer.jwksUrl));
  });

  afterAll(() => issuer.close());

  it('reads who it is from the claims', async () => {
    const identity = { sub: '20261234', name: '김민지', class_year: 'senior', email: 'minji@example.edu' };
    await expect(verifier.verify(await issuer.key.sign(identity, TERMS))).resolves.toEqual({
      id: '20261234',
      name: '김민지',
      classYear: 'senior',
      email: 'minji@example.edu',
      saidBy: MOMENT,
    });
  });

  it('reads nested claims and lists, of which the id may hold just one', async () => {
    const nested = new SsoVerifier(
      ssoOf(issuer.jwksUrl, { AUTH_CLAIM_ID: 'univ.student.ids', AUTH_CLAIM_CLASS_YEAR: 'univ.years' }),
    );
    const signed = async (ids: unknown): Promise<string> => {
      const claims = { sub: 'opaque', univ: { student: { ids }, years: ['', 'senior', 'staff'] } };
      return issuer.key.sign(claims, TERMS);
    };
    const one = await nested.verify(await signed(['20261234', '20261234']));
    expect(one).toMatchObject({ id: '20261234', classYear: 'senior' });
    for (const ids of [['20261234', '20265678'], [], [{}], undefined]) {
      await expect(nested.verify(await signed(ids))).rejects.toMatchObject({ details: { reason: 'student_id' } });
    }
  });

  it('takes a token with a nonce from the page only that knows it', async () => {
    const token = await issuer.key.sign({ sub: 's1', nonce: 'of the page' }, TERMS);
    await expect(verifier.verify(token, 'of the page')).resolves.toMatchObject({ id: 's1' });
    const refusal = { code: 'sign_in_refused', details: { reason: 'nonce' } };
    await expect(verifier.verify(token, 'of another')).rejects.toMatchObject(refusal);
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal);
    await expect(verifier.verify(await issuer.key.sign({ sub: 's1' }, TERMS), 'asked for')).rejects.toMatchObject(
      refusal,
    );
  });

  it('reads other claims when it is told to, numbers too', async () => {
    const mapped = new SsoVerifier(
      ssoOf(issuer.jwksUrl, { AUTH_CLAIM_ID: 'https://example.edu/id', AUTH_CLAIM_CLASS_YEAR: 'year' }),
    );
    const claims = { sub: 'opaque', 'https://example.edu/id': 20261234, year: 3 };
    await expect(mapped.verify(await issuer.key.sign(claims, TERMS))).resolves.toMatchObject({
      id: '20261234',
      classYear: '3',
    });
  });

  it('keeps nobody out for an odd name, class year or e-mail', async () => {
    const token = await issuer.key.sign({ sub: 's1', name: '', class_year: 'x'.repeat(17), email: 'none' }, TERMS);
    await expect(verifier.verify(token)).resolves.toEqual({ id: 's1', saidBy: MOMENT });
  });

  it.each([
    ['has expired beyond the skew', { ...TERMS, lifetimeSeconds: -SKEW_SECONDS - 30 }],
    ['does not hold yet, beyond the skew', { ...TERMS, notBeforeSeconds: SKEW_SECONDS + 60 }],
    ['is for another audience', { ...TERMS, audience: 'mensa' }],
    ['comes from another issuer', { ...TERMS, issuer: 'https://evil.example' }],
  ])('refuses a token that %s', async (_, terms) => {
    const token = await issuer.key.sign({ sub: 's1' }, terms);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused', retryable: false });
  });

  it.each([
    ['ended', { ...TERMS, lifetimeSeconds: 5 - SKEW_SECONDS }],
    ['begins', { ...TERMS, notBeforeSeconds: SKEW_SECONDS - 5 }],
  ])('forgives a token that %s within the skew', async (_, terms) => {
    await expect(verifier.verify(await issuer.key.sign({ sub: 's1' }, terms))).resolves.toEqual({
      id: 's1',
      saidBy: MOMENT,
    });
  });

  it('refuses a token that was signed with an unknown key', async () => {
    const token = await IssuerKey.make().sign({ sub: 's1' }, TERMS);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it('refuses a token without an end', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const endless = await startIssuer();
    endless.publish({ publicJwk: () => ({ ...publicKey.export({ format: 'jwk' }), kid: 'k' }) } as IssuerKey);
    const token = await new SignJWT({ sub: 's1' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .sign(privateKey);
    await expect(new SsoVerifier(ssoOf(endless.jwksUrl)).verify(token)).rejects.toMatchObject({
      code: 'sign_in_refused',
    });
    await endless.close();
  });

  it.each([
    ['none', ''],
    ['HS256', 'with the public key as its secret'],
  ])('refuses alg %s %s, and asks nobody for keys', async (alg) => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const header = { alg, kid: issuer.key.kid };
    const signed = `${encode(header)}.${encode({ sub: 's1', iss: ISSUER, aud: AUDIENCE, exp })}`;
    const mac = createHmac('sha256', JSON.stringify(issuer.key.publicJwk())).update(signed).digest('base64url');
    const before = issuer.requests();
    const token = `${signed}.${alg === 'none' ? '' : mac}`;
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
    expect(issuer.requests()).toBe(before);
  });

  it('refuses an algorithm that is asymmetric and yet not on the list', async () => {
    const rsaOnly = new SsoVerifier(ssoOf(issuer.jwksUrl, { AUTH_ALGORITHMS: 'RS256' }));
    const token = await issuer.key.sign({ sub: 's1' }, TERMS);
    await expect(rsaOnly.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it('refuses a token whose payload was changed, and what is no token at all', async () => {
    const [header, , signature] = (await issuer.key.sign({ sub: 's1' }, TERMS)).split('.');
    const changed = `${header}.${encode({ sub: 's2', iss: ISSUER, aud: AUDIENCE, exp: 4e9 })}.${signature}`;
    for (const token of [changed, 'nonsense', '', 'a.b.c']) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
    }
  });

  it.each([[12345678901234567000], [1.5]])('refuses %d, which may stand for several students', async (id) => {
    const numbered = new SsoVerifier(ssoOf(issuer.jwksUrl, { AUTH_CLAIM_ID: 'number' }));
    const token = await issuer.key.sign({ sub: 's1', number: id } as { sub: string }, TERMS);
    await expect(numbered.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it('takes a token that is for us among others, and not one that is for others only', async () => {
    const forUs = await issuer.key.sign({ sub: 's1' }, { ...TERMS, audience: ['mensa', AUDIENCE] as never });
    await expect(verifier.verify(forUs)).resolves.toEqual({ id: 's1', saidBy: MOMENT });
    const forOthers = await issuer.key.sign({ sub: 's1' }, { ...TERMS, audience: ['mensa', 'gym'] as never });
    await expect(verifier.verify(forOthers)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it.each([['has space'], ['a/b'], ['x'.repeat(65)]])(
    'refuses the student id "%s", which cannot be used',
    async (sub) => {
      const token = await issuer.key.sign({ sub }, TERMS);
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_refused' });
    },
  );

  it('asks for the keys once for many students', async () => {
    const before = issuer.requests();
    const tokens = await Promise.all(['s1', 's2', 's3'].map((sub) => issuer.key.sign({ sub }, TERMS)));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(issuer.requests() - before).toBe(1);
  });
});

describe('SsoVerifier while the issuer is away', () => {
  const key = IssuerKey.make();
  let issuer: Issuer;

  beforeEach(async () => {
    issuer = await startIssuer({ key });
  });

  it('says that the sign-in can be tried again, and takes it when the issuer is back', async () => {
    const verifier = new SsoVerifier(ssoOf(issuer.jwksUrl));
    const token = await key.sign({ sub: 's1' }, TERMS);
    await issuer.close();
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_unavailable', retryable: true });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_unavailable', retryable: true });
    // Once, however many ask.
    const told = { code: 'sso_keys_away', reason: expect.stringContaining('ECONNREFUSED') as string };
    expect(warn.mock.calls).toEqual([[told, expect.any(String)]]);
    warn.mockRestore();
    const back = await startIssuer({ key, port: issuer.port });
    await expect(verifier.verify(token)).resolves.toEqual({ id: 's1', saidBy: MOMENT });
    await back.close();
  });

  it('says the same when the issuer answers with something else than keys', async () => {
    const broken: Server = createServer((socket) =>
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
    ).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const address = broken.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const verifier = new SsoVerifier(ssoOf(`http://127.0.0.1:${address.port}/jwks`));
    await expect(verifier.verify(await key.sign({ sub: 's1' }, TERMS))).rejects.toMatchObject({
      code: 'sign_in_unavailable',
    });
    broken.close();
    await issuer.close();
  });

  describe('for longer than keys stay fresh', () => {
    afterEach(() => jest.restoreAllMocks());

    it('goes on with the last keys for an hour, and not for ever', async () => {
      const verifier = new SsoVerifier(ssoOf(issuer.jwksUrl));
      const token = await key.sign({ sub: 's1' }, TERMS);
      await verifier.verify(token);
      await issuer.close();
      const start = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => start + HOUR_MS / 2);
      await expect(verifier.verify(token)).resolves.toEqual({ id: 's1', saidBy: MOMENT });
      const strange = await IssuerKey.make().sign({ sub: 's1' }, TERMS);
      await expect(verifier.verify(strange)).rejects.toMatchObject({ code: 'sign_in_unavailable' });
      jest.spyOn(Date, 'now').mockImplementation(() => start + HOUR_MS + 60_000);
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    });

    it('takes the keys that the issuer changed to, and no longer the old ones', async () => {
      const verifier = new SsoVerifier(ssoOf(issuer.jwksUrl));
      const old = await key.sign({ sub: 's1' }, TERMS);
      await verifier.verify(old);
      const newer = IssuerKey.make();
      issuer.publish(newer);
      const start = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => start + HOUR_MS);
      await expect(verifier.verify(await newer.sign({ sub: 's1' }, TERMS))).resolves.toEqual({
        id: 's1',
        saidBy: MOMENT,
      });
      await expect(verifier.verify(old)).rejects.toMatchObject({ code: 'sign_in_refused' });
      await issuer.close();
    });
  });
});
