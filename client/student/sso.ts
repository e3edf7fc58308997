// Sign-in at the university: OpenID Connect, authorization code with PKCE (RFC 7636).

import { browserStorage, type SsoConfig, SunbeonError } from '../sdk';

const storage = browserStorage('session');
const PENDING_KEY = 'sunbeon:sso';

interface PendingSignIn {
  verifier: string;
  state: string;
  returnTo: string;
}

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const redirectUri = (): string => `${location.origin}/`;

/** Leaves the page for the university's sign-in. @throws when the browser cannot: it hashes only on secure pages */
export async function beginSso(sso: SsoConfig): Promise<void> {
  const pending: PendingSignIn = { verifier: randomText(), state: randomText(), returnTo: location.pathname };
  storage.setItem(PENDING_KEY, JSON.stringify(pending));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  const url = new URL(sso.authorizeUrl);
  const parameters = {
    response_type: 'code',
    client_id: sso.clientId,
    redirect_uri: redirectUri(),
    scope: sso.scope ?? 'openid profile email',
    state: pending.state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
}

/** The token for our own sign-in when the student just came back from the university, else undefined. */
export async function finishSso(sso: SsoConfig): Promise<string | undefined> {
  const answer = new URLSearchParams(location.search);
  const kept = storage.getItem(PENDING_KEY);
  if (!kept || !(answer.has('code') || answer.has('error'))) return undefined;
  storage.removeItem(PENDING_KEY);
  const pending = JSON.parse(kept) as PendingSignIn;
  history.replaceState(null, '', pending.returnTo);
  const code = answer.get('code');
  if (!code || answer.get('state') !== pending.state) {
    throw new SunbeonError('sign_in_refused', 'The sign-in was not completed.', false);
  }
  const response = await fetch(sso.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: sso.clientId,
      redirect_uri: redirectUri(),
      code_verifier: pending.verifier,
    }),
  }).catch(() => undefined);
  if (!response?.ok) throw new SunbeonError('sign_in_refused', 'The sign-in could not be completed.', false);
  const tokens = (await response.json()) as { id_token?: string; access_token?: string };
  return tokens.id_token ?? tokens.access_token;
}
