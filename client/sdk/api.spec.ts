import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceApi } from './api';
import { ServerClock } from './server-clock';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function apiOf(answer: RequestListener): Promise<ServiceApi> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new ServiceApi(`http://127.0.0.1:${port}`, new ServerClock(), () => undefined);
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
