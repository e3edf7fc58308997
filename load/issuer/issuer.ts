import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CodeGrants } from './code-grant';
import { IssuerKey } from './issuer-key';

export interface IssuerOptions {
  /** 0 (default) = any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  key?: IssuerKey;
  /** Every page is a confidential client with this secret; by default all are public ones. */
  clientSecret?: string;
}

/** A running identity provider that believes what everybody says of themselves. */
export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  /** Where a page sends a student, by OpenID Connect's code flow with PKCE. */
  readonly authorizeUrl: string;
  /** Where the page exchanges the code for tokens, whose audience is the client id. */
  readonly tokenUrl: string;
  /** Where a page sends a student to sign out; leads back to it when it says by an ID token whom. */
  readonly signOutUrl: string;
  readonly port: number;
  readonly key: IssuerKey;
  /** How often the keys were asked for. */
  requests(): number;
  /** From now on these keys are published instead. */
  publish(...keys: IssuerKey[]): void;
  close(): Promise<void>;
}

const SIGN_IN_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local sign-in</title>
<form method="post"><label>Student ID <input name="studentId" required></label> <button>Sign in</button></form></html>`;

const SIGN_OUT_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local sign-out</title>
<p>Do you want to sign out?</p></html>`;

const TOKEN_LIFETIME_SECONDS = 3_600;

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/**
 * Serves the public key as `/.well-known/jwks.json`, and a sign-in page at `/authorize` whose codes `/token` exchanges.
 * For tests, load and trying out; never for real students.
 */
export async function startIssuer({
  port = 0,
  host = '127.0.0.1',
  key = IssuerKey.make(),
  clientSecret,
}: IssuerOptions = {}): Promise<Issuer> {
  let published = [key];
  let requests = 0;
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const url = `http://${host}:${bound}`;
  const answers = new Map<string, Answer>([
    ...signInAnswers(url, key, clientSecret),
    [
      'GET /.well-known/jwks.json',
      (_request, response) => {
        requests += 1;
        sendJson(response, 200, { keys: published.map((one) => one.publicJwk()) });
      },
    ],
  ]);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const asked = new URL(request.url ?? '/', url);
    const answer = answers.get(`${request.method} ${asked.pathname}`);
    if (!answer) return void response.writeHead(404).end();
    Promise.resolve(answer(request, response, asked)).catch(() => response.writeHead(400).end());
  });
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    authorizeUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    signOutUrl: `${url}/sign-out`,
    port: bound,
    key,
    requests: () => requests,
    publish: (...keys) => {
      published = keys;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The code flow: a form that asks who the student is, and the exchange of the code for a token about them. */
function signInAnswers(issuer: string, key: IssuerKey, clientSecret: string | undefined): [string, Answer][] {
  const grants = new CodeGrants();
  return [
    [
      'GET /authorize',
      (_request, response, url) => {
        if (!grants.accepts(url.searchParams)) return void response.writeHead(400).end('not a sign-in with PKCE');
        response.writeHead(200, { 'Content-Type': 'text/html' }).end(SIGN_IN_PAGE);
      },
    ],
    [
      'POST /authorize',
      async (request, response, url) => {
        const studentId = new URLSearchParams(await text(request)).get('studentId') ?? '';
        const target = grants.grant(url.searchParams, studentId);
        response.writeHead(303, { Location: target.toString() }).end();
      },
    ],
    [
      'POST /token',
      async (request, response) => {
        const form = new URLSearchParams(await text(request));
        if (clientSecret !== undefined && secretOf(request, form) !== clientSecret) {
          return sendJson(response, 401, { error: 'invalid_client', error_description: 'The client secret is wrong' });
        }
        const grant = grants.redeem(form);
        if (!grant) return sendJson(response, 400, { error: 'invalid_grant', error_description: 'No such code' });
        const { studentId: sub, clientId: audience, nonce } = grant;
        const terms = { issuer, audience, lifetimeSeconds: TOKEN_LIFETIME_SECONDS };
        sendJson(response, 200, {
          id_token: await key.sign({ sub, name: sub, nonce }, terms),
          access_token: await key.sign({ sub, name: sub }, terms),
          ...{ token_type: 'Bearer', expires_in: TOKEN_LIFETIME_SECONDS },
        });
      },
    ],
    [
      'GET /sign-out',
      async (_request, response, url) => {
        const [hint = '', client, back] = ['id_token_hint', 'client_id', 'post_logout_redirect_uri'].map((name) =>
          url.searchParams.get(name),
        );
        // As providers do: without proof of whose sign-in it is they ask, and so lead nowhere by themselves.
        const claims = await key.claimsOf(hint ?? '');
        const isOfClient = claims !== undefined && (client === null || claims.aud === client);
        if (!isOfClient || !back)
          return void response.writeHead(200, { 'Content-Type': 'text/html' }).end(SIGN_OUT_PAGE);
        response.writeHead(303, { Location: back }).end();
      },
    ],
  ];
}

/** By HTTP Basic or in the form (RFC 6749 2.3.1). */
function secretOf({ headers }: IncomingMessage, form: URLSearchParams): string | undefined {
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return form.get('client_secret') ?? undefined;
  const [, secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return decodeURIComponent(secret.replaceAll('+', ' '));
}

/** Any page may read it, as the page that signs in has to. */
function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' });
  response.end(JSON.stringify(body));
}
