import { createHash, randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { type Answer, call, type IdentityApp, startIdentityApp } from './support';

const SECRET = 'a secret: with + and %';
const CLIENT_ID = 'sunbeon';
const PAGE = 'https://sunbeon.example.edu/';

let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer({ clientSecret: encodeURIComponent(SECRET) });
});
afterAll(() => issuer.close());
afterEach(() => jest.restoreAllMocks());

const startApp = (environment: Record<string, string> = {}): Promise<IdentityApp> =>
  startIdentityApp({
    ...{ AUTH_JWKS_URL: issuer.jwksUrl, AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: CLIENT_ID, AUTH_CLIENT_ID: CLIENT_ID },
    ...{ AUTH_AUTHORIZE_URL: issuer.authorizeUrl, AUTH_TOKEN_URL: issuer.tokenUrl, PUBLIC_URL: PAGE },
    ...{ AUTH_CLIENT_SECRET: encodeURIComponent(SECRET), ...environment },
  });

/** As a page does it, up to where the student comes back with a code. */
async function askForCode(nonce: string): Promise<{ code: string; codeVerifier: string; redirectUri: string }> {
  const codeVerifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: CLIENT_ID, redirect_uri: PAGE, state: 'state', nonce },
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const body = new URLSearchParams({ studentId: '20261234' });
  const response = await fetch(`${issuer.authorizeUrl}?${query.toString()}`, {
    method: 'POST',
    body,
    redirect: 'manual',
  });
  const code = new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  return { code, codeVerifier, redirectUri: PAGE };
}

describe('a confidential client', () => {
  let identity: IdentityApp;
  const exchange = (code: object, headers?: Record<string, string>): Promise<Answer> =>
    call(`${identity.url}/api/sign-in/exchange`, code, headers);

  afterEach(() => identity.close());

  it.each([['basic'], ['post']])('has the pod exchange the code, and says who it is by %s', async (how) => {
    identity = await startApp({ AUTH_CLIENT_AUTHENTICATION: how });
    const { body: config } = await call(`${identity.url}/api/config`);
    expect(config).toMatchObject({ sso: { exchange: 'pod' } });
    expect(JSON.stringify(config)).not.toContain(encodeURIComponent(SECRET));
    const { status, body } = await exchange(await askForCode('n1'));
    expect([status, Object.keys(body)]).toEqual([200, ['id_token']]);
    const signIn = (nonce?: string): Promise<Answer> =>
      call(`${identity.url}/api/sign-in/sso`, { token: body.id_token, nonce });
    expect((await signIn('n1')).body).toMatchObject({ student: { id: '20261234' } });
    expect([(await signIn('another')).status, (await signIn()).status]).toEqual([401, 401]);
  });

  it('whose secret is wrong reads why in the log, and the student only that it failed', async () => {
    identity = await startApp({ AUTH_CLIENT_SECRET: 'wrong' });
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { status, body } = await exchange(await askForCode('n1'));
    expect([status, body.error?.code]).toEqual([401, 'sign_in_refused']);
    expect(JSON.stringify(body)).not.toContain('secret');
    const [fields] = warn.mock.calls[0] as [{ code: string; reason: string }];
    expect(fields).toMatchObject({ code: 'code_exchange_failed', error: 'sign_in_refused' });
    expect(fields.reason).toContain('401 invalid_client');
  });

  it('is told to try again while the provider is away', async () => {
    identity = await startApp({ AUTH_TOKEN_URL: 'http://127.0.0.1:9/token' });
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { status, body } = await exchange(await askForCode('n1'));
    expect([status, body.error]).toMatchObject([503, { code: 'sign_in_unavailable', retryable: true }]);
    expect(warn).toHaveBeenCalled();
  });

  it('exchanges nothing for pages of others, and no code twice', async () => {
    identity = await startApp();
    const code = await askForCode('n1');
    const elsewhere = await exchange({ ...code, redirectUri: 'https://evil.example/' });
    expect([elsewhere.status, elsewhere.body.error?.code]).toEqual([403, 'origin_refused']);
    expect([(await exchange(code)).status, (await exchange(code)).status]).toEqual([200, 401]);
  });
});

describe('a public client', () => {
  it('exchanges its code by itself: the pod has nothing to do with it', async () => {
    const identity = await startApp({ AUTH_CLIENT_SECRET: '' });
    expect((await call(`${identity.url}/api/config`)).body).toMatchObject({ sso: { exchange: 'page' } });
    const { status, body } = await call(`${identity.url}/api/sign-in/exchange`, await askForCode('n1'));
    expect([status, body.error?.code]).toEqual([401, 'sign_in_refused']);
    await identity.close();
  });
});
