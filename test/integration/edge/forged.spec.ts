import { createHmac } from 'node:crypto';
import { exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { admissionId } from '../../../src/admission/admission-token';
import { deriveKeys, type DerivedKeys } from '../../../src/identity/derived-keys';
import type { LineAdmittedMessage, Reply, WireError } from '../../../src/live/events';
import type { Cluster } from '../../support/cluster';
import { OperatorClient } from '../../support/operator';
import { StudentTab } from '../../support/student';
import { openSections, SignedIn, signInSso, startWithRoom, untilLive } from './edge-cluster';

const TERM = '20251';
const FOREIGN = 'https://evil.example';
const MOST_SOCKETS = 16;

const base64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Changes what a token says, and keeps its signature. */
function altered(token: string, part: number, change: (claims: Record<string, unknown>) => object): string {
  const parts = token.split('.');
  const claims = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString()) as Record<string, unknown>;
  parts[part] = base64({ ...claims, ...change(claims) });
  return parts.join('.');
}

const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);

describe('what is forged, expired, foreign or used again', () => {
  let cluster: Cluster;
  let operator: OperatorClient;
  let keys: DerivedKeys;
  let database: DataSource;
  let sectionIds: string[];
  /** Inside the room of the term. */
  let inside: { tab: StudentTab; signedIn: SignedIn; admission: LineAdmittedMessage; roomId: string };
  let students = 0;
  const tabs: StudentTab[] = [];

  beforeAll(async () => {
    const env = { MAX_SOCKETS_PER_STUDENT: String(MOST_SOCKETS) };
    const started = await startWithRoom({ pods: 2, env }, { ratePerSecond: 100 });
    ({ cluster } = started);
    operator = new OperatorClient(cluster.url, cluster.operatorToken);
    const [kid, secret] = (cluster.env.SIGNING_KEYS ?? '').split(':') as [string, string];
    keys = deriveKeys(kid, Buffer.from(secret, 'base64'));
    database = await new DataSource({ type: 'mysql', url: cluster.database.url }).initialize();
    sectionIds = await openSections(cluster.url, 1);
    inside = { ...(await enter(started.roomId)), roomId: started.roomId };
  });
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await database?.destroy();
    await cluster?.stop();
  });

  async function open(): Promise<{ tab: StudentTab; signedIn: SignedIn }> {
    const signedIn = await signInSso(cluster, `forger-${(students += 1)}`);
    const tab = new StudentTab(cluster.url, signedIn.token);
    tabs.push(tab);
    await tab.connected();
    return { tab, signedIn };
  }

  async function enter(roomId: string): Promise<Omit<typeof inside, 'roomId'>> {
    const opened = await open();
    await opened.tab.join(roomId);
    return { ...opened, admission: await opened.tab.admitted() };
  }

  async function makeRoom(id: string, settings: Record<string, unknown>): Promise<string> {
    await operator.createRoom(id, settings);
    await untilLive(cluster.pods, id);
    return id;
  }

  const seats = (): Promise<unknown> =>
    database.query(
      'SELECT (SELECT COUNT(*) FROM enrolment) AS enrolments, (SELECT SUM(taken + held) FROM section) AS taken',
    );

  /** A commit over both ways; gives the code of each refusal. */
  async function commitCodes(tab: StudentTab, token: string, admission: string): Promise<(string | number)[]> {
    const idempotencyKey = `forged-${(students += 1)}`;
    const bySocket = await tab.request('enrolment:commit', { termId: TERM, sectionIds, admission, idempotencyKey });
    const response = await fetch(`${cluster.url}/api/terms/${TERM}/enrolments`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...{ 'idempotency-key': `${idempotencyKey}-http`, 'admission-token': admission },
      },
      body: JSON.stringify({ sectionIds }),
    });
    return [codeOf(bySocket), response.status, ((await response.json()) as { error: WireError }).error.code];
  }

  /** An admission as we would sign it, with what the case changes. */
  const signed = (
    change: { exp?: number; number?: number; sub?: string; key?: JWK | object; alg?: string } = {},
  ): Promise<string> =>
    new SignJWT({ room: inside.roomId, term: TERM, number: change.number ?? inside.admission.number })
      .setProtectedHeader({ alg: 'ES256', kid: keys.kid, typ: 'JWT' })
      .setIssuer('sunbeon')
      .setAudience('sunbeon:admission')
      .setSubject(change.sub ?? inside.signedIn.student.id)
      .setJti(admissionId(inside.roomId, change.number ?? inside.admission.number))
      .setExpirationTime(change.exp ?? Math.ceil(inside.admission.expiresAt / 1_000))
      .sign(keys.admission.privateKey);

  const claimsOf = (token: string): string => token.split('.')[1] ?? '';

  const FORGERIES: [string, string, () => Promise<string>][] = [
    [
      'without a signature (alg none)',
      'admission_invalid',
      async () => `${base64({ alg: 'none', kid: keys.kid })}.${claimsOf(await signed())}.`,
    ],
    [
      'signed by HMAC with our public key (PEM)',
      'admission_invalid',
      async () => hmacSigned(await signed(), await exportSPKI(keys.admission.publicKey)),
    ],
    [
      'signed by HMAC with our public key (JWK)',
      'admission_invalid',
      async () => hmacSigned(await signed(), JSON.stringify(keys.admission.jwk)),
    ],
    [
      'signed by a key of somebody else',
      'admission_invalid',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT({ room: inside.roomId, term: TERM, number: 1 })
          .setProtectedHeader({ alg: 'ES256', kid: keys.kid })
          .setIssuer('sunbeon')
          .setAudience('sunbeon:admission')
          .setSubject(inside.signedIn.student.id)
          .setJti(admissionId(inside.roomId, inside.admission.number))
          .setExpirationTime('1h')
          .sign(privateKey);
      },
    ],
    ['with a key of its own in the header', 'admission_invalid', async () => selfSigned(await signed())],
    [
      'with other claims',
      'admission_invalid',
      async () => altered(inside.admission.token, 1, () => ({ number: 1, exp: 9_999_999_999 })),
    ],
    ['that has expired', 'admission_expired', () => signed({ exp: Math.floor(Date.now() / 1_000) - 60 })],
    ['for a number that was never let in', 'admission_invalid', () => signed({ number: 4_242 })],
    ['that is a sign-in', 'admission_invalid', async () => inside.signedIn.token],
    ['that is a ticket', 'admission_invalid', async () => inside.tab.ticket?.ticket ?? ''],
    ['that is no token', 'admission_invalid', async () => '../../etc/passwd'],
  ];

  function hmacSigned(token: string, secret: string): string {
    const body = `${base64({ alg: 'HS256', kid: keys.kid })}.${claimsOf(token)}`;
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  }

  async function selfSigned(token: string): Promise<string> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await importJWK({ ...keys.admission.jwk }).then(() => publicKey);
    return new SignJWT(JSON.parse(Buffer.from(claimsOf(token), 'base64url').toString()) as Record<string, unknown>)
      .setProtectedHeader({ alg: 'ES256', kid: 'mine', jku: `${FOREIGN}/jwks.json`, x5c: [await exportSPKI(jwk)] })
      .sign(privateKey);
  }

  it.each(FORGERIES)('an admission %s: nothing is granted', async (_, code, forge) => {
    const before = await seats();
    const forged = await forge();
    expect(await commitCodes(inside.tab, inside.signedIn.token, forged)).toEqual([code, 403, code]);
    expect(await seats()).toEqual(before);
    const verified = await fetch(`${cluster.url}/api/admissions/verify`, { headers: { 'admission-token': forged } });
    expect(verified.status).toBe(401);
  });

  it('the admission of another student: nothing is granted', async () => {
    const thief = await open();
    const before = await seats();
    const codes = await commitCodes(thief.tab, thief.signedIn.token, inside.admission.token);
    expect(codes).toEqual(['admission_invalid', 403, 'admission_invalid']);
    expect(await seats()).toEqual(before);
  });

  it('the admission of another term: nothing is granted', async () => {
    const other = await enter(await makeRoom('other-term', { termId: 'spring-2026' }));
    const before = await seats();
    const codes = await commitCodes(other.tab, other.signedIn.token, other.admission.token);
    expect(codes).toEqual(['admission_invalid', 403, 'admission_invalid']);
    expect(await seats()).toEqual(before);
  });

  it('no admission at all: nothing is granted', async () => {
    const before = await seats();
    expect(await commitCodes(inside.tab, inside.signedIn.token, '')).toEqual([
      'invalid_input',
      403,
      'admission_required',
    ]);
    expect(await seats()).toEqual(before);
  });

  it('an admission after its student has finished: nothing is granted', async () => {
    const done = await enter(inside.roomId);
    await done.tab.request('admission:finish', { roomId: inside.roomId });
    const before = await seats();
    const codes = await commitCodes(done.tab, done.signedIn.token, done.admission.token);
    expect(codes).toEqual(['admission_finished', 403, 'admission_finished']);
    expect(await seats()).toEqual(before);
  });

  /** A compact token as we would sign it. */
  function compact(purpose: 'sign-in' | 'ticket', claims: object, key = keys.compact[purpose]): string {
    const body = `s1.${base64(claims)}.${keys.kid}`;
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  }

  const claims = (change: object = {}): object => {
    return { sub: 'victim', name: 'Victim', lang: 'en', iat: Date.now(), exp: Date.now() + 60_000, ...change };
  };

  it.each<[string, string, () => string]>([
    ['without a signature', 'not_signed_in', () => `s1.${base64(claims())}.${keys.kid}.`],
    ['as a JWT with alg none', 'not_signed_in', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    [
      'for somebody else, with its old signature',
      'not_signed_in',
      () => altered(inside.signedIn.token, 1, () => ({ sub: 'victim' })),
    ],
    ['under the key of tickets', 'not_signed_in', () => compact('sign-in', claims(), keys.compact.ticket)],
    [
      'under a key that nobody knows',
      'not_signed_in',
      () => compact('sign-in', claims()).replace(`.${keys.kid}.`, '.other.'),
    ],
    ['that is a ticket', 'not_signed_in', () => inside.tab.ticket?.ticket ?? ''],
    ['that is an admission', 'not_signed_in', () => inside.admission.token],
    ['that has expired', 'sign_in_expired', () => compact('sign-in', claims({ exp: Date.now() - 1 }))],
    ['that says too little', 'not_signed_in', () => compact('sign-in', { sub: 'victim' })],
  ])('a sign-in %s: opens neither the API nor a socket', async (_, code, forge) => {
    const response = await fetch(`${cluster.url}/api/me`, { headers: { authorization: `Bearer ${forge()}` } });
    expect([response.status, await response.json()]).toMatchObject([401, { error: { code } }]);
    const cookie = await fetch(`${cluster.url}/api/me`, { headers: { cookie: `sunbeon_sign_in=${forge()}` } });
    expect(cookie.status).toBe(401);
    expect(await connectError(forge())).toMatchObject({ data: { code } });
  });

  it.each<[string, () => Promise<string> | string]>([
    [
      'without a signature',
      () => `${base64({ alg: 'none' })}.${base64({ sub: 'victim', iss: cluster.issuer.url, aud: cluster.audience })}.`,
    ],
    [
      'signed by HMAC with a public key',
      async () => hmacSigned(await cluster.ssoToken('victim'), await (await fetch(cluster.issuer.jwksUrl)).text()),
    ],
    [
      'for another audience',
      () => cluster.issuer.key.sign({ sub: 'victim' }, { issuer: cluster.issuer.url, audience: 'other' }),
    ],
    [
      'by another issuer',
      () => cluster.issuer.key.sign({ sub: 'victim' }, { issuer: FOREIGN, audience: cluster.audience }),
    ],
    [
      'for somebody else, with its old signature',
      async () => altered(await cluster.ssoToken('me'), 1, () => ({ sub: 'victim' })),
    ],
  ])("the provider's token %s: signs nobody in", async (_, forge) => {
    const response = await fetch(`${cluster.url}/api/sign-in/sso`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: await forge() }),
    });
    expect([response.status, await response.json()]).toMatchObject([401, { error: { code: 'sign_in_refused' } }]);
    expect(await database.query("SELECT id FROM student WHERE id = 'victim'")).toEqual([]);
  });

  it.each<[string, (ticket: string, other: string) => string]>([
    ['of another student', (_, other) => other],
    ['of the same place, for another student', (ticket) => altered(ticket, 1, () => ({ student: 'victim' }))],
    ['with a better number', (ticket) => altered(ticket, 1, () => ({ number: 1 }))],
    ['that is a sign-in', () => inside.signedIn.token],
  ])('a ticket %s: gives no place', async (_, forge) => {
    const id = await makeRoom(`tickets-${(students += 1)}`, { control: 'paused' });
    const [first, owner, thief] = [await open(), await open(), await open()];
    await first.tab.join(id);
    const { ticket } = await owner.tab.join(id);
    const other = await thief.tab.request('line:join', { roomId: id, ticket: forge(ticket, ticket), resume: true });
    expect(codeOf(other)).toBe('ticket_invalid');
    expect(thief.tab.tickets).toEqual([]);
  });

  it('a ticket of another room: gives no place', async () => {
    const id = await makeRoom('tickets-other', { control: 'paused' });
    const { ticket = '' } = inside.tab.ticket ?? {};
    expect(codeOf(await inside.tab.request('line:join', { roomId: id, ticket }))).toBe('ticket_invalid');
  });

  it('a ticket that was given back: does not bring the place back', async () => {
    const id = await makeRoom('tickets-left', { control: 'paused' });
    const [leaver, behind] = [await open(), await open()];
    const { ticket, number } = await leaver.tab.join(id);
    const next = await behind.tab.join(id);
    await leaver.tab.request('line:leave', { roomId: id });
    expect(codeOf(await leaver.tab.request('line:join', { roomId: id, ticket, resume: true }))).toBe('ticket_gone');
    expect(next.number).toBeGreaterThan(number);
    expect((await leaver.tab.join(id, { ticket })).number).toBeGreaterThan(next.number);
  });

  it.each([['websocket'], ['polling']])('the page of another site: opens no socket by %s', async (transport) => {
    const error = await connectError(inside.signedIn.token, {
      transports: [transport],
      extraHeaders: { origin: FOREIGN },
    });
    expect(error).toBeInstanceOf(Error);
  });

  it.each([[FOREIGN], ['null'], ['https://127.0.0.1.evil.example'], ['http://127.0.0.1:1']])(
    'the page of another site (%s): changes nothing with the cookie of a student, and reads nothing',
    async (origin) => {
      const cookie = `sunbeon_sign_in=${inside.signedIn.token}`;
      const before = await seats();
      const headers = { origin, cookie, 'content-type': 'application/json' };
      const post = await fetch(`${cluster.url}/api/terms/${TERM}/enrolments`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': 'foreign', 'admission-token': inside.admission.token },
        body: JSON.stringify({ sectionIds }),
      });
      expect([post.status, await post.json()]).toMatchObject([403, { error: { code: 'origin_refused' } }]);
      const remove = await fetch(`${cluster.url}/api/terms/${TERM}/enrolments/x`, { method: 'DELETE', headers });
      const signOut = await fetch(`${cluster.url}/api/sign-out`, { method: 'POST', headers });
      expect([remove.status, signOut.status]).toEqual([403, 403]);
      const read = await fetch(`${cluster.url}/api/me`, { headers });
      expect(read.headers.get('access-control-allow-origin')).toBeNull();
      expect(await seats()).toEqual(before);
    },
  );

  it('the page itself: is let in with the cookie', async () => {
    const headers = { origin: cluster.url, cookie: `sunbeon_sign_in=${inside.signedIn.token}` };
    const response = await fetch(`${cluster.url}/api/terms/${TERM}/enrolments/none`, { method: 'DELETE', headers });
    expect((await response.json()) as object).not.toMatchObject({ error: { code: 'origin_refused' } });
  });

  it('more sockets than a ticket may have, over all pods: are refused', async () => {
    const id = await makeRoom('sockets', { control: 'paused' });
    const { token } = await signInSso(cluster, 'collector');
    const codes: string[] = [];
    for (let count = 0; count <= MOST_SOCKETS; count += 1) {
      const tab = new StudentTab(cluster.pods[count % 2]?.url ?? '', token);
      tabs.push(tab);
      await tab.connected();
      codes.push(codeOf(await tab.request('line:join', { roomId: id })));
    }
    expect(codes.slice(0, MOST_SOCKETS)).toEqual(Array.from({ length: MOST_SOCKETS }, () => 'ok'));
    expect(codes.at(-1)).toBe('too_many_sockets');
  });

  function connectError(token: string, options: object = {}): Promise<Error> {
    const tab = new StudentTab(cluster.url, token, { ...options, reconnection: false } as object);
    tabs.push(tab);
    return new Promise((resolve) => tab.socket.on('connect_error', resolve));
  }
});
