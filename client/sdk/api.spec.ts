import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceApi } from './api';
import { ServerClock } from './server-clock';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Parts = ConstructorParameters<typeof ServiceApi>;

async function apiOf(
  answer: RequestListener,
  token: Parts[2] = () => undefined,
  onEnd?: Parts[3],
): Promise<ServiceApi> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new ServiceApi(`http://127.0.0.1:${port}`, new ServerClock(), token, onEnd);
}

describe('an answer that is none', () => {
  it.each<[string, RequestListener]>([
    ['is cut in the middle', (_, response) => response.writeHead(200).write('{"mails":', () => response.destroy())],
    ['is the sign-in page of a Wi-Fi', (_, response) => response.end('<html>Welcome to the campus Wi-Fi</html>')],
  ])('and %s counts as no connection, which is tried again', async (_, answer) => {
    const api = await apiOf(answer);
    await expect(api.mails()).rejects.toMatchObject({ code: 'offline', retryable: true });
  });
});

describe('an answer that the sign-in is over', () => {
  const refuse: RequestListener = (_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 'sign_in_expired', message: 'over', retryable: false } }));
  };

  it('is told, whatever was asked', async () => {
    const onEnd = jest.fn();
    const api = await apiOf(refuse, () => 'mine', onEnd);
    await expect(api.cart('term')).rejects.toMatchObject({ code: 'sign_in_expired' });
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('says nothing of a sign-in that is newer than the question', async () => {
    const tokens = ['old', 'new'];
    const onEnd = jest.fn();
    const api = await apiOf(refuse, () => tokens.shift(), onEnd);
    await expect(api.cart('term')).rejects.toMatchObject({ code: 'sign_in_expired' });
    expect(onEnd).not.toHaveBeenCalled();
  });
});
