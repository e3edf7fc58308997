import type { Server } from 'node:http';
import { EdgeHttpAdapter } from './http-adapter';

describe('the HTTP server of the edge', () => {
  const limits = { connectTimeoutMs: 10_000, pingIntervalMs: 10_000, pingTimeoutMs: 10_000, keepAliveSeconds: 310 };

  function serverWith(changes: Partial<typeof limits> = {}): Server {
    const adapter = new EdgeHttpAdapter({ ...limits, ...changes });
    adapter.initHttpServer();
    return adapter.getHttpServer();
  }

  it('keeps an idle connection for longer than the balancer does that we document', () => {
    const ALB_IDLE_SECONDS = 300;
    expect(serverWith().keepAliveTimeout).toBeGreaterThan(ALB_IDLE_SECONDS * 1_000);
  });

  it('gives the headers of each request as long, however long its connection may rest', () => {
    expect(serverWith({ keepAliveSeconds: 4_100 })).toMatchObject({
      keepAliveTimeout: 4_100_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    });
  });
});
