import { listOf, oneOf, onOff, pair, text, url, wholeNumber } from '../kinds';
import type { Variable } from './variable';

const claim = text('claim name', /^[^\s,]{1,128}$/);

/** Base64 (also base64url) of 32 to 1,024 bytes. */
const isKeyMaterial = (value: string): boolean =>
  /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) &&
  Buffer.from(value, 'base64').length >= 32 &&
  Buffer.from(value, 'base64').length <= 1_024;

/** Also the form of the file in which the embedded mode keeps its keys. */
export const signingKeyList = listOf(
  pair(
    '<key id>:<base64 of at least 32 random bytes>',
    ':',
    (name) => /^[A-Za-z0-9_-]{1,32}$/.test(name),
    isKeyMaterial,
  ),
);

/** Also the form of the file in which the embedded mode keeps its operator. */
export const operatorList = listOf(
  pair(
    '<name>:<token of 16–256 characters>',
    ':',
    (name) => /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name),
    (value) => /^[\x21-\x7e]{16,256}$/.test(value),
  ),
);

const CLASS_YEARS = ['firstyear', 'sophomore', 'junior', 'senior', 'other'] as const;

const classYear = pair(
  `<spelling>=<${CLASS_YEARS.join(' or ')}>`,
  '=',
  (spelling) => spelling.trim() !== '',
  (year) => CLASS_YEARS.some((known) => known === year),
);

/** Asymmetric only: whoever can check a token must not be able to make one. */
const algorithm = oneOf(
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const),
);

export const IDENTITY_VARIABLES = {
  SIGNING_KEYS: {
    kind: signingKeyList,
    secret: true,
    otherwise: 'embedded: made once in DATA_DIR; clustered: required',
    purpose:
      'Secrets behind sign-ins, tickets and admissions: the first signs, the others still verify; alike on every pod',
  },
  OPERATOR_TOKENS: {
    kind: operatorList,
    secret: true,
    otherwise: 'embedded: one is made at the first start and printed once; clustered: required',
    purpose: 'Operators by name, each with a token of their own',
  },
  DEMO_SIGN_IN: {
    kind: onOff,
    otherwise: 'on when embedded, without SSO and not in production',
    purpose: 'Lets anybody sign in under any student id; for trying out only',
  },
  SIGN_IN_HOURS: {
    kind: wholeNumber(1, 720),
    default: '24',
    unit: 'hours',
    purpose: 'How long a sign-in lasts; as long as a room is open, or longer',
  },
  ROSTER_FILE: {
    kind: text('path'),
    otherwise: 'everyone who signs in may join',
    purpose:
      'CSV of who may join: student_id, name, class_year, email, joins_from (ISO 8601), hold (yes, or why); read again on SIGHUP',
  },
  CLASS_YEARS: {
    kind: listOf(classYear),
    otherwise: 'as they are commonly written: 1, 4.0, 2nd, Year 3, First-year, SR, Senior (4), 4학년',
    purpose: 'What a class year is that the roster, the provider or the demo writes otherwise; `other` is none of them',
  },
  AUTH_JWKS_URL: {
    kind: url('https', 'http'),
    purpose: 'SSO: where the public keys of the identity provider are',
  },
  AUTH_ISSUER: {
    kind: text('1–512 characters', /^\S{1,512}$/),
    purpose: 'SSO: exact `iss` of its tokens',
  },
  AUTH_AUDIENCE: {
    kind: text('1–512 characters', /^\S{1,512}$/),
    purpose: 'SSO: `aud` that its tokens must carry for us',
  },
  AUTH_CLIENT_ID: {
    kind: text('1–256 characters', /^\S{1,256}$/),
    purpose: 'SSO: our client id, with which the page signs in by OIDC code + PKCE',
  },
  AUTH_CLIENT_SECRET: {
    kind: text('1–512 characters', /^[\x21-\x7e]{1,512}$/),
    secret: true,
    otherwise: 'a public client: the page exchanges its code by itself',
    purpose: 'SSO: our secret, where we are a confidential client; the pod then exchanges the code',
  },
  AUTH_CLIENT_AUTHENTICATION: {
    kind: oneOf('basic', 'post'),
    default: 'basic',
    purpose: 'SSO: whether the secret goes to the token endpoint by HTTP Basic or in the form',
  },
  AUTH_AUTHORIZE_URL: {
    kind: url('https', 'http'),
    purpose: 'SSO: authorization endpoint for the page',
  },
  AUTH_TOKEN_URL: {
    kind: url('https', 'http'),
    purpose: 'SSO: token endpoint for the page',
  },
  AUTH_SCOPE: {
    kind: text('scopes', /^[\x21-\x7e]+( [\x21-\x7e]+)*$/),
    default: 'openid profile email',
    purpose: 'SSO: scopes that the page asks for',
  },
  AUTH_PROMPT: {
    kind: oneOf('login', 'select_account', 'consent'),
    otherwise: 'login after a sign-out in the same browser, else what the provider finds right',
    purpose: 'SSO: what the provider is to ask the student at every sign-in',
  },
  AUTH_SIGN_OUT_URL: {
    kind: url('https', 'http'),
    purpose: 'SSO: end-session endpoint of the provider, where the page goes after signing out',
  },
  AUTH_ALGORITHMS: {
    kind: listOf(algorithm),
    default: 'RS256,PS256,ES256,EdDSA',
    purpose: 'SSO: signature algorithms that are accepted; only asymmetric ones can be',
  },
  AUTH_CLOCK_SKEW_SECONDS: {
    kind: wholeNumber(0, 300),
    default: '30',
    unit: 'seconds',
    purpose: 'SSO: how far the clock of the provider may be off',
  },
  AUTH_CLAIM_ID: {
    kind: claim,
    default: 'sub',
    purpose: 'SSO: claim with the student id; dots lead into nested claims, and a list must hold just one',
  },
  AUTH_CLAIM_NAME: { kind: claim, default: 'name', purpose: 'SSO: claim with the name' },
  AUTH_CLAIM_CLASS_YEAR: { kind: claim, default: 'class_year', purpose: 'SSO: claim with the class year' },
  AUTH_CLAIM_EMAIL: { kind: claim, default: 'email', purpose: 'SSO: claim with the e-mail address' },
} satisfies Record<string, Variable>;
