import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IssuerKey } from './issuer-key';

export interface IssuerOptions {
  /** 0 (default) = any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  key?: IssuerKey;
}

/** A running identity provider that knows one thing: which keys are its own. */
export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  readonly port: number;
  readonly key: IssuerKey;
  /** How often the keys were asked for. */
  requests(): number;
  /** From now on these keys are published instead. */
  publish(...keys: IssuerKey[]): void;
  close(): Promise<void>;
}

/** Serves the public key as `/.well-known/jwks.json`. For tests, load and trying out; never for real students. */
export async function startIssuer({
  port = 0,
  host = '127.0.0.1',
  key = IssuerKey.make(),
}: IssuerOptions = {}): Promise<Issuer> {
  let published = [key];
  let requests = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET' || request.url !== '/.well-known/jwks.json') {
      response.writeHead(404).end();
      return;
    }
    requests += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ keys: published.map((one) => one.publicJwk()) }));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  const url = `http://${host}:${bound}`;
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
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
