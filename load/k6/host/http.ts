import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { CookieJar } from './cookie-jar';
import type { Metrics, Tags } from './metrics';
import type { VirtualUser } from './virtual-user';

/** k6's own limit of one request, ms. */
const TIMEOUT_MS = 60_000;

interface Params {
  headers?: Record<string, string>;
  jar?: CookieJar;
  tags?: Tags;
}

interface Answer {
  url: string;
  /** 0 when there was none. */
  status: number;
  body: string;
  headers: Record<string, string>;
  setCookies: string[];
  error: string;
  durationMs: number;
}

interface Question {
  url: string;
  jar: CookieJar;
  tags: Tags;
  port: MessagePort;
  /** Turns 1 when the answer lies in the port. */
  done: Int32Array;
}

/** The thread that makes the requests of all virtual users. */
export class HttpThread {
  private readonly worker = new Worker(join(__dirname, 'http-worker.mjs'), { execArgv: [] });

  constructor() {
    this.worker.unref();
  }

  ask(method: string, url: string, body: string | null, { headers, jar, tags }: Required<Params>): Question {
    const { port1: port, port2: answer } = new MessageChannel();
    const done = new Int32Array(new SharedArrayBuffer(4));
    const cookies = jar.header(url);
    const init = { method, body, headers: cookies ? { ...headers, Cookie: cookies } : headers };
    this.worker.postMessage({ url, init, timeoutMs: TIMEOUT_MS, answer, done }, [answer]);
    return { url, jar, tags, port, done };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** `k6/http` for one virtual user: text bodies, redirects followed, a cookie jar of its own. */
export function httpModule(thread: HttpThread, user: VirtualUser, metrics: Metrics): object {
  const ownJar = new CookieJar();
  const requests = metrics.metric('http_reqs', 'counter');
  const durations = metrics.metric('http_req_duration', 'trend');
  const failures = metrics.metric('http_req_failed', 'rate');

  const ask = (method: string, url: string, body: unknown, params: Params = {}): Question => {
    if (body !== undefined && body !== null && typeof body !== 'string') throw new Error('a body must be a text');
    const { headers = {}, jar = ownJar, tags = {} } = params;
    return thread.ask(method, url, body ?? null, { headers, jar, tags });
  };
  const respond = ({ jar, tags, port }: Question, answer: Answer): object => {
    port.close();
    jar.store(answer.url, answer.setCookies);
    requests.add(1, tags);
    durations.add(answer.durationMs, tags);
    failures.add(answer.status < 200 || answer.status >= 400, tags);
    const { url, status, body, headers, error, durationMs } = answer;
    return {
      url,
      status,
      body,
      headers,
      error,
      timings: { duration: durationMs },
      json: () => JSON.parse(body) as unknown,
    };
  };
  const request = (method: string, url: string, body?: unknown, params?: Params): object => {
    const question = ask(method, url, body, params);
    Atomics.wait(question.done, 0, 0);
    return respond(question, receiveMessageOnPort(question.port)?.message as Answer);
  };
  const asyncRequest = (method: string, url: string, body?: unknown, params?: Params): Promise<object> => {
    const question = ask(method, url, body, params);
    return new Promise((resolve) => {
      const release = user.hold(() => question.port.close());
      question.port.once('message', (answer: Answer) => {
        resolve(respond(question, answer));
        // What the script does with the answer may begin something to wait for.
        setImmediate(release);
      });
      question.port.once('close', release);
    });
  };
  const without = (method: string) => (url: string, params?: Params) => request(method, url, null, params);
  const withBody = (method: string) => (url: string, body?: unknown, params?: Params) =>
    request(method, url, body, params);
  const module = {
    request,
    asyncRequest,
    get: without('GET'),
    head: without('HEAD'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    del: withBody('DELETE'),
    cookieJar: () => ownJar,
    CookieJar,
  };
  return { ...module, default: module };
}
