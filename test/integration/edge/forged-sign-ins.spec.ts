import { waitFor } from '../../../load/support/wait-for';
import { altered, base64, FOREIGN, ForgeryStage } from './forgery-stage';

let stage: ForgeryStage;

beforeAll(async () => {
  stage = await ForgeryStage.start();
});
afterAll(() => stage?.stop());

const claims = (change: object = {}): object => {
  return { sub: 'victim', name: 'Victim', lang: 'en', iat: Date.now(), exp: Date.now() + 60_000, ...change };
};

describe('a sign-in that is forged, expired or foreign', () => {
  it.each<[string, string, () => string]>([
    ['without a signature', 'not_signed_in', () => `s1.${base64(claims())}.${stage.keys.kid}.`],
    ['as a JWT with alg none', 'not_signed_in', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
    [
      'for somebody else, with its old signature',
      'not_signed_in',
      () => altered(stage.inside.signedIn.token, { sub: 'victim' }),
    ],
    ['under the key of tickets', 'not_signed_in', () => stage.compact('sign-in', claims(), stage.keys.compact.ticket)],
    [
      'under a key that nobody knows',
      'not_signed_in',
      () => stage.compact('sign-in', claims()).replace(`.${stage.keys.kid}.`, '.other.'),
    ],
    ['that is a ticket', 'not_signed_in', () => stage.inside.tab.ticket?.ticket ?? ''],
    ['that is an admission', 'not_signed_in', () => stage.inside.admission.token],
    ['that has expired', 'sign_in_expired', () => stage.compact('sign-in', claims({ exp: Date.now() - 60_000 }))],
    ['that says too little', 'not_signed_in', () => stage.compact('sign-in', { sub: 'victim' })],
  ])('a sign-in %s: opens neither the API nor a socket', async (_, code, forge) => {
    const response = await fetch(`${stage.cluster.url}/api/me`, { headers: { authorization: `Bearer ${forge()}` } });
    expect([response.status, await response.json()]).toMatchObject([401, { error: { code } }]);
    const cookie = await fetch(`${stage.cluster.url}/api/me`, { headers: { cookie: `sunbeon_sign_in=${forge()}` } });
    expect(cookie.status).toBe(401);
    expect(await stage.connectError(forge())).toMatchObject({ data: { code } });
  });

  it.each<[string, () => Promise<string> | string]>([
    [
      'without a signature',
      () =>
        `${base64({ alg: 'none' })}.${base64({ sub: 'victim', iss: stage.cluster.issuer.url, aud: stage.cluster.audience })}.`,
    ],
    [
      'signed by HMAC with a public key',
      async () =>
        stage.hmacSigned(
          await stage.cluster.ssoToken('victim'),
          await (await fetch(stage.cluster.issuer.jwksUrl)).text(),
        ),
    ],
    [
      'for another audience',
      () => stage.cluster.issuer.key.sign({ sub: 'victim' }, { issuer: stage.cluster.issuer.url, audience: 'other' }),
    ],
    [
      'by another issuer',
      () => stage.cluster.issuer.key.sign({ sub: 'victim' }, { issuer: FOREIGN, audience: stage.cluster.audience }),
    ],
    [
      'for somebody else, with its old signature',
      async () => altered(await stage.cluster.ssoToken('me'), { sub: 'victim' }),
    ],
  ])("the provider's token %s: signs nobody in", async (_, forge) => {
    const response = await fetch(`${stage.cluster.url}/api/sign-in/sso`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: await forge() }),
    });
    expect([response.status, await response.json()]).toMatchObject([401, { error: { code: 'sign_in_refused' } }]);
    expect(await stage.database.query("SELECT id FROM student WHERE id = 'victim'")).toEqual([]);
  });
});

describe('a copy of a sign-in that was ended', () => {
  it('is nothing on any pod, and its sockets are closed', async () => {
    const { tab, signedIn } = await stage.open();
    const headers = { authorization: `Bearer ${signedIn.token}` };
    const closed = new Promise((resolve) => tab.socket.once('disconnect', resolve));
    const out = await fetch(`${stage.cluster.pods[0]?.url}/api/sign-out`, { method: 'POST', headers });
    expect(out.status).toBe(204);
    expect(await closed).toBe('io server disconnect');
    const statuses = async (): Promise<number[]> =>
      Promise.all(stage.cluster.pods.map(async ({ url }) => (await fetch(`${url}/api/me`, { headers })).status));
    await waitFor(async () => (await statuses()).every((status) => status === 401), { what: 'every pod to know' });
    expect(await stage.connectError(signedIn.token)).toMatchObject({ data: { code: 'sign_in_expired' } });
  });
});
