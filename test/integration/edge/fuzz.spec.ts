import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type Call, type Calls, errorsOf } from '../../../src/contract/call';
import { CALLS } from '../../../src/contract/calls';
import { type AskedEvent, COMMON_EVENT_ERRORS } from '../../../src/contract/event';
import { ASKED } from '../../../src/contract/events';
import { ERROR_CODES } from '../../../src/contract/errors';
import { troublesIn } from '../../support/log-lines';
import { Pod, startPod } from '../../../load/servers/pod';
import { signIn } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { RawPolling, RawSocket } from './raw-client';

/** Another seed is another run: FUZZ_SEED=… npx jest test/integration/edge/fuzz */
const SEED = Number(process.env.FUZZ_SEED ?? 20_251);
const OPERATOR_TOKEN = 'a-token-for-these-tests-only-0123456789';
const MOST_MEMORY = 512 * 1_024 * 1_024;
/** A socket is given up before its pace would be exceeded. */
const MESSAGES_PER_SOCKET = 30;

interface Answer {
  status: number;
  text: string;
}

let pod: Pod;
let tokens: Record<'nobody' | 'student' | 'operator', string | undefined>;
let roomId: string;

beforeAll(async () => {
  pod = await startPod({ env: { OPERATOR_TOKENS: `tester:${OPERATOR_TOKEN}`, TRUSTED_PROXIES: 'loopback' } });
  tokens = { nobody: undefined, student: await signIn(pod.url, 'fuzz'), operator: OPERATOR_TOKEN };
  const [room] = (await (await fetch(`${pod.url}/api/rooms`)).json()) as { roomId: string }[];
  roomId = room?.roomId ?? '';
});
afterEach(async () => {
  expect((await fetch(`${pod.url}/healthz`)).status).toBe(200);
  expect(troublesIn(pod.output())).toEqual([]);
  const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pod.pid}/status`, 'utf8'))?.[1]) * 1_024;
  expect(memory).toBeLessThan(MOST_MEMORY);
});
afterAll(() => pod.stop());

const check = (property: fc.IAsyncProperty<unknown>, numRuns: number): Promise<void> =>
  fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });

/** A refusal that is documented: a known code, and never our own fault. */
function expectRefusal(error: unknown, codes: readonly string[] = ERROR_CODES): void {
  const { code, message, retryable } = error as { code: string; message: unknown; retryable: unknown };
  expect(codes).toContain(code);
  expect(code).not.toBe('internal');
  expect([typeof message, typeof retryable]).toEqual(['string', 'boolean']);
}

/** Of an event that there is not, those of any. */
function errorsOfEvent(event: string): string[] {
  const { errors = [] } = new Map<string, AskedEvent>(Object.entries(ASKED)).get(event) ?? {};
  return [...COMMON_EVENT_ERRORS, ...errors];
}

/** Values of every kind, and more often those that are nearly right. */
const value = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 3, arbitrary: fc.constantFrom(roomId, '20251', 'k1', '', 'none', '-1', 'true', 'auto') },
    fc.constantFrom(true, false, null, 0, 1, -1, 1.5, 2 ** 53, 1e308, -0),
    fc.array(fc.constantFrom('1', '2', '1', '', 'x'.repeat(300)), { maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.date({ noInvalidDate: true }).map((date) => date.getTime()),
  );

const names = [
  ...['roomId', 'ticket', 'resume', 'seenSequence', 'termId', 'sectionIds', 'sectionId', 'admission', 'idempotencyKey'],
  ...[
    'studentId',
    'name',
    'classYear',
    'token',
    'note',
    'id',
    'opensAt',
    'ratePerSecond',
    'capacity',
    'control',
    'notice',
  ],
  ...['override', 'kind', 'minutes', 'csv', 'drop', 'take', 'extrapolates', '__proto__', 'constructor', 'toString'],
];

/** Objects with the names of our own requests. */
const body = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 1, arbitrary: value() },
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names), value(), { maxKeys: 6 }) },
  );

describe(`whatever comes in (seed ${SEED})`, () => {
  it('as an event over a socket is answered, or refused with a code that the contract gives it', async () => {
    const events = [
      ...['line:join', 'line:leave', 'admission:finish', 'seats:watch', 'enrolment:commit', 'enrolment:drop'],
      ...['enrolment:swap', 'waitlist:join', 'waitlist:leave', 'waitlist:accept', '__proto__', 'error', 'then', ''],
    ];
    let [socket, used, students]: [RawSocket | undefined, number, number] = [undefined, 0, 0];
    const ready = async (): Promise<RawSocket> => {
      used += 1;
      if (socket && !socket.closed && used <= MESSAGES_PER_SOCKET) return socket;
      socket?.close();
      used = 1;
      return (socket = await RawSocket.connected(pod.url, await signIn(pod.url, `fuzz-${(students += 1)}`)));
    };
    const property = fc.asyncProperty(
      fc.constantFrom(...events),
      body(),
      fc.array(value(), { maxLength: 2 }),
      async (event, first, more) => {
        const raw = await ready();
        const frame = `42${used}${JSON.stringify([event, first, ...more])}`;
        if (Buffer.byteLength(frame) > 4_000) return;
        raw.send(frame);
        const reply = await answerTo(raw, used);
        if (reply.ok !== true) expectRefusal(reply.error, errorsOfEvent(event));
      },
    );
    await check(property, 600);
  });

  it('as frames of any kind leaves others in peace', async () => {
    const frame = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom(
            '0',
            '1',
            '2',
            '3',
            '4',
            '5',
            '6',
            'b',
            '40',
            '41',
            '42',
            '43',
            '44',
            '45',
            '46',
            '451-',
            '42/x,',
          ),
          fc.json({ maxDepth: 3 }),
        )
        .map(([type, json]) => type + json),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    const property = fc.asyncProperty(
      fc.boolean(),
      fc.array(frame, { minLength: 1, maxLength: 8 }),
      async (signedIn, frames) => {
        const raw = signedIn ? await RawSocket.connected(pod.url, tokens.student ?? '') : new RawSocket(pod.url);
        await raw.untilOpen();
        for (const one of frames) raw.send(one);
        raw.socket.close();
        await raw.untilClosed();
      },
    );
    await check(property, 150);
  });

  it('as a payload of a long poll leaves others in peace', async () => {
    const property = fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.boolean(),
      async (payload, signedIn) => {
        const session = signedIn
          ? await RawPolling.connected(pod.url, tokens.student ?? '')
          : await RawPolling.open(pod.url);
        const { status } = await session.post(payload).catch(() => ({ status: 400 }));
        expect([200, 400, 413]).toContain(status);
        await session.post('1').catch(() => undefined);
      },
    );
    await check(property, 150);
  });

  it('as a handshake is taken or refused', async () => {
    const names = fc.constantFrom('EIO', 'transport', 'sid', 't', 'b64', 'j', '__proto__', 'constructor');
    const text = fc.oneof(
      fc.constantFrom('4', '3', 'polling', 'websocket', 'webtransport', '', '__proto__'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const property = fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'HEAD'),
      fc.array(fc.tuple(names, text), { maxLength: 5 }),
      async (method, query) => {
        const search = query.map(([name, one]) => `${name}=${encodeURIComponent(one)}`).join('&');
        expect([200, 204, 400, 403]).toContain((await call(method, `/socket.io/?${search}`)).status);
      },
    );
    await check(property, 200);
  });

  it('as any call of the API is answered, or refused with a code that the contract gives it', async () => {
    const segment = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(roomId, '20251', '1', 'none', 'fuzz', '__proto__') },
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((text) => encodeURIComponent(text)),
      fc.constantFrom('%', '%ZZ', '%E0%A4%A', '%00', '..', '.%2e', '%2e%2e%2f', 'a'.repeat(5_000)),
    );
    const header = fc.string({ unit: 'grapheme-ascii', maxLength: 100 });
    // Each call comes from another network: wrong tokens from one are answered ever more slowly.
    let network = 0;
    const property = fc.asyncProperty(
      fc.record({
        // A stream has no end to be waited for.
        name: fc.constantFrom(...Object.keys(CALLS).filter((one) => (CALLS as Calls)[one]?.answer !== 'events')),
        who: fc.constantFrom('nobody', 'student', 'operator'),
        segments: fc.array(segment, { minLength: 3, maxLength: 3 }),
        query: fc.dictionary(
          fc.constantFrom('page', 'pageSize', 'query', 'department', 'openOnly', 'x'),
          fc.string({ unit: 'binary', maxLength: 30 }),
        ),
        sent: fc.oneof(
          body().map((one) => JSON.stringify(one)),
          fc.string({ maxLength: 50 }),
        ),
        type: fc.constantFrom(
          'application/json',
          'application/json; charset=x',
          'text/csv',
          'multipart/form-data',
          'application/x-www-form-urlencoded',
          '',
        ),
        key: header,
        admission: header,
      }),
      async ({ name, who, segments, query, sent, type, key, admission }) => {
        let index = 0;
        const asked = (CALLS as Calls)[name] as Call;
        const { method, path: template } = asked;
        const path = template.replace(/\{\w+\}/g, () => segments[index++ % segments.length] as string);
        const search = Object.entries(query)
          .map(([name, one]) => `${name}=${encodeURIComponent(one)}`)
          .join('&');
        const token = tokens[who];
        network += 1;
        const answer = await call(method.toUpperCase(), `${path}?${search}`, {
          body: method === 'get' ? undefined : sent,
          headers: {
            ...{ 'content-type': type, 'idempotency-key': key, 'admission-token': admission },
            'x-forwarded-for': `10.${network >> 8}.${network & 255}.1`,
            ...(token ? { authorization: `Bearer ${token}` } : {}),
          },
        });
        if (answer.status < 400) return;
        if (answer.status === asked.alsoWith) return;
        expectRefusal((JSON.parse(answer.text) as { error: unknown }).error, errorsOf(asked));
      },
    );
    await check(property, 1_500);
  });

  it('as bytes on the port leaves others in peace', async () => {
    const line = fc.tuple(
      fc.oneof(fc.constantFrom('GET', 'POST', 'PRI', 'CONNECT', 'OPTIONS'), fc.string({ maxLength: 8 })),
      fc.oneof(
        fc.constantFrom(
          '/',
          '/socket.io/',
          '/socket.io/?EIO=4&transport=websocket',
          '//',
          '*',
          'http://[/',
          '/api/docs/../..',
        ),
        fc.string({ unit: 'binary', maxLength: 40 }),
      ),
      fc.array(
        fc.oneof(
          fc.constantFrom(
            'Upgrade: websocket',
            'Connection: Upgrade',
            'Content-Length: -1',
            'Transfer-Encoding: chunked',
            'Sec-WebSocket-Version: 99',
            'Host: ',
          ),
          fc.string({ unit: 'binary', maxLength: 40 }),
        ),
        { maxLength: 6 },
      ),
    );
    const bytes = fc.oneof(
      line.map(([method, path, headers]) =>
        Buffer.from(`${[`${method} ${path} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`),
      ),
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    );
    await check(
      fc.asyncProperty(bytes, (sent) => throwAtPort(sent)),
      300,
    );
  });
});

/** The answer to one question, among whatever else the socket is told. */
async function answerTo(raw: RawSocket, id: number): Promise<{ ok: boolean; error?: unknown }> {
  for (;;) {
    const frame = await raw.next();
    if (frame.startsWith(`43${id}[`)) return (JSON.parse(frame.slice(`43${id}`.length)) as [{ ok: boolean }])[0];
  }
}

/** A request as it is given, not as `fetch` would mend it. */
function call(
  method: string,
  path: string,
  { body: sent, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Node would send the body of a DELETE without saying how long it is.
    const length = sent === undefined ? undefined : { 'content-length': Buffer.byteLength(sent) };
    const sentHeaders = { ...headers, ...length };
    const outgoing = request({ host: '127.0.0.1', port: pod.port, method, path, headers: sentHeaders }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}

/** Sends bytes, and hangs up after the first answer or at once when there is none. */
async function throwAtPort(bytes: Buffer): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: pod.port });
  let over = false;
  socket.on('error', () => (over = true)).on('close', () => (over = true));
  socket.once('data', () => socket.destroy());
  socket.end(bytes);
  await waitFor(() => over, { what: 'the connection to end', intervalMs: 2 });
}
