// Sign-in at the university: OpenID Connect, authorization code with PKCE (RFC 7636).
import {
  browserStorage,
  type ExchangedTokens,
  type ServiceApi,
  type PageSignIn,
  type SsoToken,
  SunbeonError,
} from '../sdk';

const storage = browserStorage('session');
/** Of the whole browser: on a shared computer the next student has a tab of their own. */
const shared = browserStorage('local');
const PENDING_KEY = 'sunbeon:sso';
const SIGNED_OUT_KEY = 'sunbeon:signed-out';
/** The university's word of who signed in here, which it wants back to know whom to sign out without asking. */
const ID_TOKEN_KEY = 'sunbeon:id-token';
/** A longer one does not go into an address everywhere: the university then asks. */
const LONGEST_HINT = 4_096;

interface PendingSignIn {
  verifier: string;
  state: string;
  /** Missing in what a page of the version before has begun. */
  nonce?: string;
  returnTo: string;
}

/** A student who came back with a code. */
interface ReturnedSignIn {
  code: string;
  pending: PendingSignIn;
}

/** Kept until it is exchanged: the university gives it once, and the service may be too busy at first. */
let returned: ReturnedSignIn | undefined;

/** What was kept when this tab was signed in; undefined before. */
let ownIdToken: string | null | undefined;

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const redirectUri = (): string => `${location.origin}/`;

/** Leaves the page for the university's sign-in. @throws when the browser cannot: it hashes only on secure pages */
export async function beginSso(sso: PageSignIn): Promise<void> {
  const pending = { verifier: randomText(), state: randomText(), nonce: randomText(), returnTo: location.pathname };
  storage.setItem(PENDING_KEY, JSON.stringify(pending));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  const url = new URL(sso.authorizeUrl);
  const prompt = sso.prompt ?? (shared.getItem(SIGNED_OUT_KEY) ? 'login' : undefined);
  const parameters = {
    response_type: 'code',
    client_id: sso.clientId,
    redirect_uri: redirectUri(),
    scope: sso.scope ?? 'openid profile email',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...(prompt ? { prompt } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  location.assign(url);
}

/**
 * The token for our own sign-in when the student just came back from the university, else undefined.
 *
 * @throws SunbeonError `sign_in_refused`; `sign_in_elsewhere` when this tab did not begin it; what the service says
 */
export async function finishSso(sso: PageSignIn, api: ServiceApi): Promise<SsoToken | undefined> {
  returned ??= takeReturn(sso);
  if (!returned) return undefined;
  const { code, pending } = returned;
  const asked = { code, codeVerifier: pending.verifier, redirectUri: redirectUri() };
  try {
    const tokens = await (sso.exchange === 'pod' ? api.exchange(asked) : exchangeHere(sso, asked));
    returned = undefined;
    const { id_token: idToken, access_token: accessToken } = tokens;
    if (idToken && sso.signOutUrl && idToken.length <= LONGEST_HINT) shared.setItem(ID_TOKEN_KEY, idToken);
    else shared.removeItem(ID_TOKEN_KEY);
    // Only an ID token holds what was asked to be in it.
    if (idToken) return { token: idToken, nonce: pending.nonce };
    return accessToken ? { token: accessToken } : undefined;
  } catch (error) {
    if (!(error instanceof SunbeonError && error.retryable)) returned = undefined;
    throw error;
  }
}

/** Takes the answer of the university out of the address, whatever becomes of it: it is good once. */
function takeReturn(sso: PageSignIn): ReturnedSignIn | undefined {
  const answer = new URLSearchParams(location.search);
  if (!(answer.has('code') || answer.has('error'))) return undefined;
  const kept = storage.getItem(PENDING_KEY);
  storage.removeItem(PENDING_KEY);
  const pending = kept ? (JSON.parse(kept) as PendingSignIn) : undefined;
  history.replaceState(null, '', ownPath(pending?.returnTo ?? location.pathname));
  if (!pending) throw SunbeonError.local('sign_in_elsewhere', 'This tab has not begun the sign-in.');
  const code = answer.get('code');
  const issuer = answer.get('iss');
  const isOurs = answer.get('state') === pending.state && (!issuer || !sso.issuer || issuer === sso.issuer);
  if (!code || !isOurs) throw new SunbeonError('sign_in_refused', 'The sign-in was not completed.', false);
  return { code, pending };
}

async function exchangeHere(
  sso: PageSignIn,
  { code, codeVerifier, redirectUri }: { code: string; codeVerifier: string; redirectUri: string },
): Promise<ExchangedTokens> {
  const response = await fetch(sso.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, client_id: sso.clientId },
      ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    }),
  }).catch(() => undefined);
  if (!response?.ok) throw new SunbeonError('sign_in_refused', 'The sign-in could not be completed.', false);
  return (await response.json()) as ExchangedTokens;
}

/**
 * After signing out here, the university must not sign the next student at this computer in as the last one: its sign-in is
 * ended too, where it says how (OpenID Connect RP-Initiated Logout 1.0), and it leads back here; the next time it is asked
 * to ask who is there.
 */
export function signOutAtUniversity(sso: PageSignIn | undefined): void {
  if (!sso) return;
  shared.setItem(SIGNED_OUT_KEY, 'yes');
  const idToken = shared.getItem(ID_TOKEN_KEY);
  shared.removeItem(ID_TOKEN_KEY);
  if (!sso.signOutUrl) return;
  const url = new URL(sso.signOutUrl);
  if (idToken) url.searchParams.set('id_token_hint', idToken);
  url.searchParams.set('client_id', sso.clientId);
  url.searchParams.set('post_logout_redirect_uri', redirectUri());
  location.assign(url);
}

/** The student has signed in: what the university asks next time is its own business again. */
export function signedInAtUniversity(): void {
  shared.removeItem(SIGNED_OUT_KEY);
  ownIdToken = shared.getItem(ID_TOKEN_KEY);
}

/** The sign-in is over, or there was none: nothing of it stays at the computer. What another tab began since then does. */
export function forgetIdToken(): void {
  if (ownIdToken === undefined || shared.getItem(ID_TOKEN_KEY) === ownIdToken) shared.removeItem(ID_TOKEN_KEY);
}

/**
 * A path of our own site, whatever was in the address: `//evil.test` would name another site, to which the browser does not
 * let the address be changed, and a script that tried would end there.
 */
export function ownPath(path: string): string {
  const { origin, pathname } = new URL(path.replace(/^[\\/\s]+/, '/'), 'http://own.invalid');
  return origin === 'http://own.invalid' ? pathname.replace(/^\/{2,}/, '/') : '/';
}
