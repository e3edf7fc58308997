import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { HttpErrorFilter } from '../../common/http-error.filter';
import type { Config } from '../../config/config';
import { corsOptions, OriginPolicy } from '../../identity/origin-policy';
import { serveApiDocs } from './api-docs';
import type { EdgeServer } from './edge-server';
import { servePage } from './page';
import { RequestGate } from './request-gate';
import { followRequest } from './request-log';
import { Refusals } from './refusals';
import { securityHeaders } from './security-headers';

/**
 * Connections that the kernel keeps while the process is busy. When they overflow, a client's own kernel tries again only
 * after 1, 3 and 7 seconds: with Node's default of 511 a rush of students measured 6 to 19 s to connect.
 */
const LISTEN_BACKLOG = 8_192;

/** Starts to listen, once the app has been initialised. Resolves to the address, with `localhost` for loopback. */
export async function listen(app: NestExpressApplication, { host, port }: Config['http']): Promise<string> {
  const server = app.getHttpServer() as EdgeServer;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: LISTEN_BACKLOG }, resolve);
  });
  void server.acceptFaster(LISTEN_BACKLOG);
  const address = server.address() as AddressInfo;
  const name = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address.address) ? 'localhost' : address.address;
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`;
}

/** HTTP around the controllers: headers, cross-origin rules, errors, the page, the API's documentation. */
export function configureHttp(app: NestExpressApplication, config: Config): void {
  const { trustedProxies } = config.http;
  app.set('trust proxy', trustedProxies.length > 0 ? [...trustedProxies] : false);
  app.disable('x-powered-by');
  const gate = app.get(RequestGate);
  app.use(followRequest);
  app.use(gate.limitConnection);
  app.use(securityHeaders(config));
  app.enableCors(corsOptions(app.get(OriginPolicy)));
  app.useBodyParser('json', { limit: '64kb' });
  app.use(gate.countInFlight);
  const refusals = app.get(Refusals);
  app.useGlobalFilters(new HttpErrorFilter((code) => refusals.requests.count(code)));
  servePage(app);
  app.use(gate.limitStudent);
  serveApiDocs(app);
}
