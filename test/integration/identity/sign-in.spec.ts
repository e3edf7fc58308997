import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { Database } from '../../../src/database/database';
import { OperatorDirectory } from '../../../src/identity/operator-directory';
import { SignInEnds } from '../../../src/identity/sign-in-ends';
import { SignInService } from '../../../src/identity/sign-in.service';
import { SigningKeys } from '../../../src/identity/signing-keys';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { signInOfHandshake } from '../../../src/identity/student.guard';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { waitFor } from '../../../load/support/wait-for';
import { type Answer, call, type IdentityApp, startIdentityApp } from './support';

const bearer = (token: unknown): Record<string, string> => ({ Authorization: `Bearer ${String(token)}` });

const cookieOf = (answer: Answer): string => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

describe('the demo sign-in', () => {
  let identity: IdentityApp;
  let url: string;

  beforeAll(async () => {
    identity = await startIdentityApp({ ALLOWED_ORIGINS: 'https://portal.example.edu' });
    ({ url } = identity);
  });

  afterAll(() => identity.close());

  const signIn = (body: object, headers?: Record<string, string>): Promise<Answer> =>
    call(`${url}/api/sign-in/demo`, body, headers);

  it('is announced to the page', async () => {
    const { body } = await call(`${url}/api/config`);
    expect(body).toEqual({ signIn: 'demo', reconnectDelayMaxMs: 10_000, serverTime: expect.any(Number) as number });
  });

  it('signs in whoever comes, by token', async () => {
    const { status, body } = await signIn({ studentId: 's1', name: '김민지', classYear: '2', language: 'ko' });
    expect(status).toBe(200);
    const me = await call(`${url}/api/me`, undefined, bearer(body.token));
    expect(me.body.student).toEqual({
      id: 's1',
      name: '김민지',
      classYear: '2',
      language: 'ko',
      issuedAt: expect.any(Number) as number,
      expiresAt: body.expiresAt,
    });
  });

  it('signs in by a cookie that no script can read and no other site sends along', async () => {
    const answer = await signIn({ studentId: 's1' });
    const attributes = answer.headers.getSetCookie()[0]?.split('; ') ?? [];
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/', 'Max-Age=86400']));
    expect(attributes).not.toContain('Secure');
    const me = await call(`${url}/api/me`, undefined, { cookie: cookieOf(answer) });
    expect(me.body).toMatchObject({ student: { id: 's1', name: 's1' } });
  });

  it('says when it is told something that it does not know, instead of passing it over', async () => {
    const { status, body } = await signIn({ studentId: 's1', class_year: '2' });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('class_year')]);
  });

  it('makes the student known', async () => {
    await signIn({ studentId: 'known', name: 'Known' }, { 'Accept-Language': 'ko-KR,ko;q=0.9' });
    const students = identity.app.get(StudentDirectory);
    expect(await students.find('known')).toEqual({ id: 'known', name: 'Known', language: 'ko' });
  });

  it.each([[{}], [{ studentId: 'has space' }], [{ studentId: 'x'.repeat(65) }], [{ studentId: 's1', language: 'xx' }]])(
    'refuses %j',
    async (body) => {
      const answer = await signIn(body);
      expect([answer.status, answer.body.error?.code]).toEqual([400, 'invalid_input']);
    },
  );

  it('takes the cookie back at sign-out', async () => {
    const answer = await call(`${url}/api/sign-out`, {});
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^sunbeon_sign_in=;.*Expires=Thu, 01 Jan 1970/);
  });

  const codeOfMe = async (headers: Record<string, string>): Promise<unknown> => {
    const { status, body } = await call(`${url}/api/me`, undefined, headers);
    return body.error?.code ?? status;
  };

  it('ends with signing out, also for whoever has a copy, and no other sign-in ends with it', async () => {
    const [one, other] = [await signIn({ studentId: 'out' }), await signIn({ studentId: 'out' })];
    expect((await call(`${url}/api/sign-out`, {}, { cookie: cookieOf(one) })).status).toBe(204);
    expect(await codeOfMe(bearer(one.body.token))).toBe('sign_in_expired');
    expect(await codeOfMe({ cookie: cookieOf(one) })).toBe('sign_in_expired');
    expect(await codeOfMe(bearer(other.body.token))).toBe(200);
    expect((await call(`${url}/api/sign-out`, {}, { cookie: cookieOf(one) })).status).toBe(204);
  });

  it('ends everywhere when the student says so, who can sign in again at once', async () => {
    const [one, other] = [await signIn({ studentId: 'all' }), await signIn({ studentId: 'all' })];
    const somebody = await signIn({ studentId: 'all-others' });
    expect((await call(`${url}/api/sign-out/everywhere`, {}, bearer(one.body.token))).status).toBe(204);
    const again = await signIn({ studentId: 'all' });
    const tokens = [one, other, somebody, again].map(({ body }) => bearer(body.token));
    expect(await Promise.all(tokens.map(codeOfMe))).toEqual(['sign_in_expired', 'sign_in_expired', 200, 200]);
    expect((await call(`${url}/api/sign-out/everywhere`, {}, bearer(one.body.token))).status).toBe(401);
  });

  it('is ended by an operator with a reason, and by nobody else', async () => {
    const { body } = await signIn({ studentId: 'stolen' });
    const endAll = (headers: object, note?: string): Promise<Response> =>
      fetch(`${url}/api/operator/students/stolen/sign-ins`, {
        method: 'DELETE',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ note }),
      });
    const operator = bearer(identity.app.get(OperatorDirectory).printedOnce?.token);
    expect([(await endAll(bearer(body.token), 'mine')).status, (await endAll(operator)).status]).toEqual([401, 400]);
    expect(await codeOfMe(bearer(body.token))).toBe(200);
    expect((await endAll(operator, 'A stolen laptop')).status).toBe(204);
    expect(await codeOfMe(bearer(body.token))).toBe('sign_in_expired');
  });

  it('that another pod ended, or an earlier start, is ended here', async () => {
    const { body } = await signIn({ studentId: 'elsewhere' });
    const other = new SignInEnds(identity.app.get(Database));
    await other.endAll('elsewhere', { by: 'student' });
    expect(await codeOfMe(bearer(body.token))).toBe(200);
    const heard: string[] = [];
    identity.app.get(SignInEnds).onEnded((studentId) => heard.push(studentId));
    await identity.app.get(SignInEnds).look();
    expect(await codeOfMe(bearer(body.token))).toBe('sign_in_expired');
    expect(heard).toContain('elsewhere');
  });

  it('refuses who is not signed in, or was by other keys, or for another purpose', async () => {
    const foreign = new SigningKeys([{ kid: 'x', secret: Buffer.alloc(32).toString('base64') }]);
    const ticket = identity.app.get(SigningKeys).signCompact('ticket', { sub: 's1' });
    for (const headers of [{}, bearer('nonsense'), bearer(foreign.signCompact('sign-in', {})), bearer(ticket)]) {
      const { status, body } = await call(`${url}/api/me`, undefined, headers);
      expect([status, body.error?.code]).toEqual([401, 'not_signed_in']);
    }
  });

  it('says so when a sign-in has expired', async () => {
    const claims = { sub: 's1', name: 's1', lang: 'en', iat: 1, exp: 2 };
    const token = identity.app.get(SigningKeys).signCompact('sign-in', claims);
    const { status, body } = await call(`${url}/api/me`, undefined, bearer(token));
    expect([status, body.error?.code]).toEqual([401, 'sign_in_expired']);
  });

  it('knows a socket by its auth token, its bearer token or its cookie', async () => {
    const answer = await signIn({ studentId: 's9' });
    const service = identity.app.get(SignInService);
    const token = String(answer.body.token);
    expect(service.verify(signInOfHandshake({}, { token })).id).toBe('s9');
    expect(service.verify(signInOfHandshake({ authorization: `bearer ${token}` }, {})).id).toBe('s9');
    expect(service.verify(signInOfHandshake({ cookie: `other=1; ${cookieOf(answer)}` })).id).toBe('s9');
    expect(() => service.verify(signInOfHandshake({}, { token: 7 }))).toThrow('Please sign in');
  });

  it('refuses SSO tokens', async () => {
    const { status, body } = await call(`${url}/api/sign-in/sso`, { token: 'a.b.c' });
    expect([status, body.error?.code]).toEqual([401, 'sign_in_refused']);
  });

  it("refuses what another site's page sends, and takes what its own page sends", async () => {
    const refused = await signIn({ studentId: 's1' }, { Origin: 'https://evil.example' });
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'origin_refused']);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await signIn({ studentId: 's1' }, { Origin: url })).status).toBe(200);
  });

  it('lets pages of allowed origins call it and read the answer, and no others', async () => {
    const allowed = await signIn({ studentId: 's1' }, { Origin: 'https://portal.example.edu' });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('Access-Control-Allow-Origin')).toBe('https://portal.example.edu');
    const other = await call(`${url}/api/config`, undefined, { Origin: 'https://evil.example' });
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('lets operators in by the token that was made at the first start, and nobody else', async () => {
    const made = identity.app.get(OperatorDirectory).printedOnce;
    const allowed = await call(`${url}/operators-only`, undefined, bearer(made?.token));
    expect(allowed.body).toEqual({ operator: 'operator' });
    const student = await signIn({ studentId: 's1' });
    for (const headers of [{}, bearer('wrong'), bearer(student.body.token), { cookie: cookieOf(student) }]) {
      const { status, body } = await call(`${url}/operators-only`, undefined, headers);
      expect([status, body.error?.code]).toEqual([401, 'not_operator']);
    }
  });
});

describe('signing in by SSO with a roster', () => {
  const directory = temporaryDirectory('roster');
  const rosterFile = join(directory.path, 'roster.csv');
  let issuer: Issuer;
  let identity: IdentityApp;
  const terms = { issuer: 'https://id.example.edu', audience: 'sunbeon' };

  beforeAll(async () => {
    writeFileSync(rosterFile, 'student_id,name,class_year\ns1,Kim Minji,senior\ns2,,\n');
    issuer = await startIssuer();
    identity = await startIdentityApp({
      AUTH_JWKS_URL: issuer.jwksUrl,
      AUTH_ISSUER: terms.issuer,
      AUTH_AUDIENCE: terms.audience,
      AUTH_CLIENT_ID: 'sunbeon-page',
      AUTH_AUTHORIZE_URL: 'https://id.example.edu/authorize',
      AUTH_TOKEN_URL: 'https://id.example.edu/token',
      ROSTER_FILE: rosterFile,
      PUBLIC_URL: 'https://sunbeon.example.edu',
    });
  });

  afterAll(async () => {
    await identity.close();
    await issuer.close();
    directory.remove();
  });

  const signIn = async (claims: { sub: string; name?: string; class_year?: string }): Promise<Answer> =>
    call(`${identity.url}/api/sign-in/sso`, { token: await issuer.key.sign(claims, terms) });

  it('tells the page where to send the student', async () => {
    const { body } = await call(`${identity.url}/api/config`);
    expect(body).toMatchObject({
      signIn: 'sso',
      sso: {
        issuer: 'https://id.example.edu',
        clientId: 'sunbeon-page',
        authorizeUrl: 'https://id.example.edu/authorize',
        tokenUrl: 'https://id.example.edu/token',
        scope: 'openid profile email',
      },
    });
  });

  it('takes name and class year from the roster before the token', async () => {
    const { body } = await signIn({ sub: 's1', name: 'M. Kim', class_year: 'junior' });
    expect(body.student).toMatchObject({ id: 's1', name: 'Kim Minji', classYear: 'senior' });
    const other = await signIn({ sub: 's2', name: 'Lee', class_year: 'junior' });
    expect(other.body.student).toMatchObject({ id: 's2', name: 'Lee', classYear: 'junior' });
  });

  it('keeps the sign-in over https in a cookie that no other host can set, and takes back the plain one', async () => {
    const [own, plain] = (await signIn({ sub: 's1' })).headers.getSetCookie();
    expect(own).toMatch(/^__Host-sunbeon_sign_in=s1\..*; Path=\/;.*; Secure/);
    expect(own).not.toContain('Domain');
    expect(plain).toMatch(/^sunbeon_sign_in=;.*Expires=Thu, 01 Jan 1970/);
  });

  const idWith = async (cookie: string): Promise<unknown> => {
    const { body } = await call(`${identity.url}/api/me`, undefined, { cookie });
    return (body.student as { id: string } | undefined)?.id ?? body.error?.code;
  };

  it('makes nobody somebody else by a cookie that another host of the domain planted', async () => {
    const [attacker, victim] = await Promise.all([signIn({ sub: 's1' }), signIn({ sub: 's2' })]);
    const planted = `sunbeon_sign_in=${String(attacker.body.token)}`;
    expect(await idWith(planted)).toBe('not_signed_in');
    expect(await idWith(`${planted}; ${cookieOf(victim)}`)).toBe('s2');
    expect(await idWith(`${cookieOf(attacker)}; ${cookieOf(victim)}`)).toBe('sign_in_ambiguous');
    const out = await call(`${identity.url}/api/sign-out`, {}, { cookie: `${planted}; ${cookieOf(victim)}` });
    expect(out.headers.getSetCookie().map((cookie) => cookie.split('=')[0])).toEqual([
      'sunbeon_sign_in',
      '__Host-sunbeon_sign_in',
    ]);
    expect(await idWith(planted)).toBe('not_signed_in');
  });

  it('lets a sign-in of the version before go on in its plain cookie until it ends', async () => {
    const claims = { sub: 's1', name: 's1', lang: 'en', iat: Date.now(), exp: Date.now() + 60_000 };
    const token = identity.app.get(SigningKeys).signCompact('sign-in', claims);
    expect(await idWith(`sunbeon_sign_in=${token}`)).toBe('s1');
    await call(`${identity.url}/api/sign-out`, {}, { cookie: `sunbeon_sign_in=${token}` });
    expect(await idWith(`sunbeon_sign_in=${token}`)).toBe('sign_in_expired');
  });

  it('refuses who is not on the roster, until the roster says otherwise', async () => {
    const refused = await signIn({ sub: 's3' });
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'not_on_roster']);
    writeFileSync(rosterFile, 'student_id,name,class_year\ns1,Kim Minji,senior\ns2,,\ns3,,\n');
    process.emit('SIGHUP');
    await waitFor(async () => (await signIn({ sub: 's3' })).status === 200, { what: 'the roster to be read again' });
  });

  it('gives a changed class year to those who are signed in, everywhere at once, when an operator has it read', async () => {
    const { body } = await signIn({ sub: 's1' });
    writeFileSync(rosterFile, 'student_id,name,class_year\ns1,Kim Minji,firstyear\ns2,,\ns3,,\n');
    const operator = bearer(identity.app.get(OperatorDirectory).printedOnce?.token);
    const reload = (query = ''): Promise<Answer> =>
      call(`${identity.url}/api/operator/roster/reload${query}`, {}, operator);
    expect((await reload()).body).toEqual({ inForce: true, students: 3 });
    const { body: me } = await call(`${identity.url}/api/me`, undefined, bearer(body.token));
    expect(me.student).toMatchObject({ id: 's1', classYear: 'firstyear' });
    const known = identity.app.get(StudentDirectory);
    await waitFor(async () => (await known.find('s1'))?.classYear === 'firstyear', { what: 'the row of s1' });
    writeFileSync(rosterFile, 'student_id\nnot an id\n');
    const bad = await reload('?force=true');
    expect([bad.status, bad.body.error]).toMatchObject([
      400,
      { code: 'invalid_input', details: { problems: [expect.stringContaining('student_id')] } },
    ]);
  });

  it('takes nothing that the provider said before all sign-ins of the student were ended, and goes on for others', async () => {
    const token = await issuer.key.sign({ sub: 's2', nonce: 'kept by the page' }, terms);
    const answer = (): Promise<Answer> => call(`${identity.url}/api/sign-in/sso`, { token, nonce: 'kept by the page' });
    const student = (await answer()).body.student as { issuedAt: number };
    // As if the token were older than clocks may differ.
    const skewMs = 30_000;
    const own = { studentId: 's2', id: 'own', issuedAt: student.issuedAt + skewMs + 1_000 };
    await identity.app.get(SignInEnds).endAll('s2', { by: 'student' }, own);
    const { status, body } = await answer();
    expect([status, body.error]).toMatchObject([401, { code: 'sign_in_refused', details: { reason: 'ended' } }]);
    expect((await signIn({ sub: 's1' })).status).toBe(200);
  });

  it('refuses the demo sign-in', async () => {
    const { status, body } = await call(`${identity.url}/api/sign-in/demo`, { studentId: 's1' });
    expect([status, body.error?.code]).toEqual([401, 'sign_in_refused']);
  });

  it('keeps students signed in while the issuer is away, and after their SSO token has ended', async () => {
    const token = await issuer.key.sign({ sub: 's1' }, { ...terms, lifetimeSeconds: 1 });
    const { body } = await call(`${identity.url}/api/sign-in/sso`, { token });
    await issuer.close();
    const isOver = (): boolean => Date.now() > Number((body.student as { issuedAt: number }).issuedAt) + 1_000;
    await waitFor(isOver, { what: 'the end of the SSO token' });
    expect((await call(`${identity.url}/api/me`, undefined, bearer(body.token))).status).toBe(200);
    issuer = await startIssuer({ key: issuer.key, port: issuer.port });
  });
});
