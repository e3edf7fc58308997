import type { Call } from '../../../src/contract/call';
import { CALLS } from '../../../src/contract/calls';
import { type Pod, startPod } from '../../../load/servers/pod';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';

const OWNER = 'the-owner-of-these-tests-only-012345';
const VIEWER = 'a-viewer-of-these-tests-only-0123456';
const STEERING = 'one-who-steers-these-tests-012345678';
const PORTAL = 'https://portal.example.edu';

const ENV = {
  OPERATOR_TOKENS: `Minji:${OWNER},Ara/viewer:${VIEWER},Jisoo/operator:${STEERING}`,
  ALLOWED_ORIGINS: PORTAL,
};

const doors = Object.values<Call>(CALLS).filter(({ access }) => access === 'operator');
const changing = doors.filter(({ method }) => method !== 'get');

/** What browsers say of pages that are not the console. */
const FOREIGN: [string, Record<string, string>][] = [
  ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['of a site that may call the API otherwise', { origin: PORTAL, 'sec-fetch-site': 'cross-site' }],
  ['of a sibling host', { origin: 'http://evil.127.0.0.1.example', 'sec-fetch-site': 'same-site' }],
  ['without an origin of its own', { origin: 'null' }],
  ['of another site, in a request without an origin', { 'sec-fetch-site': 'cross-site' }],
  ['of a sibling host, in a request without an origin', { 'sec-fetch-site': 'same-site' }],
];

const directory = temporaryDirectory('operators');
let pod: Pod;

beforeAll(async () => {
  pod = await startPod({ env: ENV, dataDir: directory.path });
});
afterAll(async () => {
  await pod?.stop();
  directory.remove();
});

const nameOf = ({ method, path }: Call): string => `${method} ${path}`;

interface Answer {
  status: number;
  code?: string;
  headers: Headers;
  body: Record<string, unknown>;
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  const response = await fetch(pod.url + path, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const read = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown> & { error?: { code: string } }) : {};
  return { status: response.status, code: read.error?.code, headers: response.headers, body: read };
}

const knock = ({ method, path }: Call, headers: Record<string, string>): Promise<Answer> =>
  ask(method.toUpperCase(), path.replace(/\{\w+\}/g, 'some'), headers, method === 'get' ? undefined : {});

const signIn = (token: string): Promise<Answer> => ask('POST', '/api/operator/sign-in', {}, { token });

const cookieOf = ({ headers }: Answer): string => headers.getSetCookie()[0]?.split(';')[0] ?? '';

const codesAt = async (calls: Call[], headers: Record<string, string>): Promise<[string, unknown][]> => {
  const codes: [string, unknown][] = [];
  for (const one of calls) codes.push([nameOf(one), (await knock(one, headers)).code]);
  return codes;
};

describe('the sign-in of operators', () => {
  it('gives a cookie that no script can read and no other site sends along, for half an hour', async () => {
    const answer = await signIn(OWNER);
    expect([answer.status, answer.body]).toMatchObject([200, { name: 'Minji', role: 'owner' }]);
    const attributes = answer.headers.getSetCookie()[0]?.split('; ') ?? [];
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=1800']));
    const me = await ask('GET', '/api/operator/me', { cookie: cookieOf(answer) });
    expect(me.body).toMatchObject({ name: 'Minji', role: 'owner', expiresAt: expect.any(Number) as number });
  });

  it('refuses a wrong token, and gives nothing', async () => {
    const answer = await signIn('wrong-token-0123456');
    expect([answer.status, answer.code, cookieOf(answer)]).toEqual([401, 'not_operator', '']);
  });

  it('leaves bearer tokens as they were', async () => {
    const me = await ask('GET', '/api/operator/me', { authorization: `Bearer ${VIEWER}` });
    expect(me.body).toEqual({ name: 'Ara', role: 'viewer' });
  });

  it('is over with the signing out, also for whoever has a copy of it', async () => {
    const cookie = cookieOf(await signIn(OWNER));
    const out = await ask('POST', '/api/operator/sign-out', { cookie });
    expect([out.status, out.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('1970')]);
    expect((await ask('GET', '/api/operator/rooms', { cookie })).code).toBe('not_operator');
  });

  it('opens no door but with the key it was signed with', async () => {
    const cookie = cookieOf(await signIn(OWNER));
    const forged = `${cookie.slice(0, -4)}AAAA`;
    expect((await ask('GET', '/api/operator/rooms', { cookie: forged })).code).toBe('not_operator');
    expect((await ask('GET', '/api/operator/rooms', { cookie: `${cookie}; ${cookie}` })).code).toBe('not_operator');
  });

  it('is over when the token is another one', async () => {
    const cookie = cookieOf(await signIn(VIEWER));
    const kept = cookieOf(await signIn(OWNER));
    await pod.stop();
    const changed = ENV.OPERATOR_TOKENS.replace(VIEWER, 'another-token-for-Ara-0123456789');
    pod = await startPod({ env: { ...ENV, OPERATOR_TOKENS: changed }, dataDir: directory.path });
    expect((await ask('GET', '/api/operator/me', { cookie })).code).toBe('not_operator');
    expect((await ask('GET', '/api/operator/me', { cookie: kept })).status).toBe(200);
    await pod.stop();
    pod = await startPod({ env: ENV, dataDir: directory.path });
  });
});

describe.each(FOREIGN)('a page %s', (_, headers) => {
  it('opens no operator door with the cookie of the console, neither to change nor to read', async () => {
    const cookie = cookieOf(await signIn(OWNER));
    const codes = await codesAt(doors, { cookie, ...headers });
    // A page that may call the API is let by the first guard, and is nobody to the second.
    expect(codes.filter(([, code]) => code !== 'not_operator' && code !== 'origin_refused')).toEqual([]);
    expect(codes.filter(([name, code]) => name.startsWith('get') && code !== 'not_operator')).toEqual([]);
  });
});

describe('roles', () => {
  it('let a viewer change nothing, by any door, by token or by cookie', async () => {
    const cookie = cookieOf(await signIn(VIEWER));
    const refused = changing.map((one): [string, unknown] => [nameOf(one), 'role_too_low']);
    expect(await codesAt(changing, { authorization: `Bearer ${VIEWER}` })).toEqual(refused);
    expect(await codesAt(changing, { cookie })).toEqual(refused);
  });

  it('let a viewer read by every door', async () => {
    const codes = await codesAt(
      doors.filter(({ method, answer }) => method === 'get' && answer !== 'events'),
      { authorization: `Bearer ${VIEWER}` },
    );
    expect(codes.filter(([, code]) => code === 'not_operator' || code === 'role_too_low')).toEqual([]);
  });

  it('let only an owner delete rooms and terms', async () => {
    const closed = (await codesAt(changing, { authorization: `Bearer ${STEERING}` })).filter(
      ([, code]) => code === 'role_too_low',
    );
    const owners = changing.filter(({ role }) => role === 'owner').map(nameOf);
    expect(closed.map(([name]) => name)).toEqual(owners);
    expect(owners).toEqual(['delete /api/operator/rooms/{roomId}', 'delete /api/operator/terms/{termId}']);
    const deletes = await codesAt(
      changing.filter(({ role }) => role === 'owner'),
      { authorization: `Bearer ${OWNER}` },
    );
    expect(deletes.map(([, code]) => code)).toEqual(['invalid_input', 'invalid_input']);
  });
});
