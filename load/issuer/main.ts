import { parseArgs } from 'node:util';
import { errorText } from '../../src/common/text';
import { startIssuer } from './issuer';
import { DEFAULT_KEY_FILE, IssuerKey } from './issuer-key';

const USAGE = `npm run issuer -- [--port 4000] [--host 127.0.0.1] [--key-file ${DEFAULT_KEY_FILE}]

A local identity provider: publishes the public half of the key in the key file (made when it is not there) as JWKS.
Start the service with AUTH_JWKS_URL=http://<host>:<port>/.well-known/jwks.json, and with the AUTH_ISSUER and
AUTH_AUDIENCE that you mint tokens for (npm run tokens).

It also has a sign-in page for the student page, where anybody may be any student: AUTH_CLIENT_ID (the same as
AUTH_AUDIENCE), AUTH_AUTHORIZE_URL=http://<host>:<port>/authorize and AUTH_TOKEN_URL=http://<host>:<port>/token.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4000' },
      host: { type: 'string', default: '127.0.0.1' },
      'key-file': { type: 'string', default: DEFAULT_KEY_FILE },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const key = IssuerKey.keep(values['key-file']);
  const issuer = await startIssuer({ port: Number(values.port), host: values.host, key });
  process.stdout.write(`keys at ${issuer.jwksUrl}, sign-in at ${issuer.authorizeUrl}\n`);
  const stop = (): void => void issuer.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`issuer: ${errorText(error)}\n`);
  process.exitCode = 2;
});
