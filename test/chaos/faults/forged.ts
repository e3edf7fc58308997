import { createHmac } from 'node:crypto';
import { io } from 'socket.io-client';
import { IssuerKey } from '../../../load/issuer/issuer-key';
import { ServiceApi } from '../../../load/support/service-api';
import type { WireError } from '../../../src/contract/errors';
import type { Student } from '../../../load/student/student';
import type { World } from '../world/world';
import { type Fault, type FaultContext, USUAL } from './fault';

/** What the service said to an attempt: a refusal, or anything else. */
type Verdict = { refused: true; code: string; retryable: boolean } | { refused: false; said: string };

interface Attempt {
  name: string;
  make: () => Promise<Verdict>;
}

const AUDIENCE = 'sunbeon';
const PATIENCE_MS = 5_000;

const refusal = ({ code, retryable }: Pick<WireError, 'code' | 'retryable'>): Verdict => ({
  refused: true,
  code,
  retryable,
});
const taken = (said: unknown): Verdict => ({ refused: false, said: JSON.stringify(said) });

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Another character in the middle of the last part: the signature is no longer right. */
function bent(token: string): string {
  const at = token.length - 8;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

async function askHttp(url: string, init: RequestInit): Promise<Verdict> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const answer = (await response.json()) as { error?: WireError };
  return response.ok || !answer.error ? taken(answer) : refusal(answer.error);
}

/** The provider's tokens that must not sign anybody in. */
async function signIns({ world, roomId }: FaultContext): Promise<Attempt[]> {
  const { issuer } = world;
  const subject = { sub: `${roomId}-mallory` };
  const claims = { ...subject, iss: issuer.url, aud: AUDIENCE, exp: Math.floor(Date.now() / 1_000) + 600 };
  const { kid } = issuer.key;
  const terms = { issuer: issuer.url, audience: AUDIENCE };
  const unsigned = `${base64({ alg: 'none', kid })}.${base64(claims)}.`;
  const body = `${base64({ alg: 'HS256', kid })}.${base64(claims)}`;
  const confused = `${body}.${createHmac('sha256', JSON.stringify(issuer.key.publicJwk())).update(body).digest('base64url')}`;
  const tokens = {
    'alg: none': unsigned,
    'the public key as an HMAC secret': confused,
    'an expired token': await issuer.key.sign(subject, { ...terms, lifetimeSeconds: -600 }),
    'a token for another audience': await issuer.key.sign(subject, { ...terms, audience: 'other' }),
    'a token of another issuer': await issuer.key.sign(subject, { ...terms, issuer: 'https://other.example' }),
    'a token by another key': await IssuerKey.make().sign(subject, terms),
  };
  return Object.entries(tokens).map(([name, token]) => ({
    name,
    make: () =>
      askHttp(`${world.url}/api/sign-in/sso`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token }),
      }),
  }));
}

/** Opens a socket, asks one question if it can, and closes. */
function onSocket(
  world: World,
  token: string | undefined,
  question?: [event: string, payload: object],
  headers?: Record<string, string>,
): Promise<Verdict> {
  const socket = io(world.url, {
    ...{ forceNew: true, reconnection: false, transports: ['websocket'], extraHeaders: headers },
    auth: token === undefined ? {} : { token },
  });
  const answer = new Promise<Verdict>((resolve) => {
    socket.on('connect_error', (error: Error & { data?: WireError }) =>
      resolve(refusal(error.data ?? { code: 'refused', retryable: false })),
    );
    socket.on('connect', () => {
      if (!question) return resolve(taken('connected'));
      socket
        .timeout(PATIENCE_MS)
        .emitWithAck(...question)
        .then(
          (reply: { ok: boolean; error?: WireError; results?: { error?: WireError }[] }) => {
            const error = reply.error ?? reply.results?.find((result) => result.error)?.error;
            resolve(error ? refusal(error) : taken(reply));
          },
          () => resolve(taken('nothing')),
        );
    });
  });
  return answer.finally(() => socket.disconnect());
}

function sockets({ world }: FaultContext, victim: Student): Attempt[] {
  const tokens = {
    'a socket without a sign-in': undefined,
    'a bent sign-in': bent(victim.token),
    'a ticket as a sign-in': victim.ticket,
    'an admission as a sign-in': victim.admission,
  };
  const evil = { origin: 'https://evil.example' };
  return [
    ...Object.entries(tokens).map(([name, token]) => ({ name, make: () => onSocket(world, token) })),
    { name: 'a cross-origin socket', make: () => onSocket(world, victim.token, undefined, evil) },
  ];
}

/** What a student who is signed in tries with what belongs to others. */
function thefts(
  { world, roomId, termId }: FaultContext,
  mallory: string,
  victim: Student,
  finished: Student,
): Attempt[] {
  const sectionIds = [`${termId}-1`];
  const commit = (token: string, admission: string, key: string): Promise<Verdict> =>
    onSocket(world, token, ['enrolment:commit', { termId, sectionIds, admission, idempotencyKey: `forged-${key}` }]);
  const join = (ticket: string): Promise<Verdict> =>
    onSocket(world, mallory, ['line:join', { roomId, ticket, resume: true }]);
  const { ticket = '', admission = '' } = victim;
  const verify = (token: string): Promise<Verdict> =>
    askHttp(`${world.url}/api/admissions/verify`, { headers: { 'Admission-Token': token } });
  return [
    { name: "another student's ticket", make: () => join(ticket) },
    { name: 'a bent ticket', make: () => join(bent(ticket)) },
    { name: 'a commit without an admission', make: () => commit(mallory, 'none', 'none') },
    { name: "a commit with another student's admission", make: () => commit(mallory, admission, 'stolen') },
    { name: 'a commit with a bent admission', make: () => commit(victim.token, bent(admission), 'bent') },
    { name: 'a commit after finishing', make: () => commit(finished.token, finished.admission ?? '', 'replayed') },
    { name: 'finishing without being inside', make: () => onSocket(world, mallory, ['admission:finish', { roomId }]) },
    { name: 'a bent admission at another site', make: () => verify(bent(admission)) },
    { name: 'a finished admission at another site', make: () => verify(finished.admission ?? '') },
  ];
}

function problemOf(name: string, verdict: Verdict): string[] {
  if (!verdict.refused) return [`${name} was taken: ${verdict.said}`];
  return verdict.retryable ? [`${name} may be tried again: ${verdict.code}`] : [];
}

const forged: Fault = {
  name: 'forged',
  what: 'forged, expired, foreign and replayed tokens and tickets, alg: none, cross-origin sockets, enrolling uninvited',
  expects: { ...USUAL, socketsKept: true, mayRefuse: 'joins' },
  run: async (context) => {
    const { world, swarm, roomId } = context;
    const isDone = ({ state, admission, record }: Student): boolean =>
      state === 'ended' && admission !== undefined && record.ending?.kind === 'finished';
    await swarm.until((all) => all.students.some(isDone), 8_000);
    const finished = swarm.students.find(isDone);
    const victim = swarm.students.find(({ state, admission }) => state === 'inside' && admission !== undefined);
    if (!finished || !victim) return { bit: false, text: 'nobody had anything to steal' };
    const [signedIn] = await new ServiceApi(world.url).signInSso([await world.ssoToken(`${roomId}-mallory`)]);
    const mallory = signedIn?.token ?? '';
    const attempts = [
      ...(await signIns(context)),
      ...sockets(context, victim),
      ...thefts(context, mallory, victim, finished),
    ];
    const verdicts = await Promise.all(attempts.map(async ({ name, make }) => ({ name, verdict: await make() })));
    const problems = verdicts.flatMap(({ name, verdict }) => problemOf(name, verdict));
    const codes = new Set(verdicts.flatMap(({ verdict }) => (verdict.refused ? [verdict.code] : [])));
    return { bit: true, text: `${attempts.length} attempts, refused by ${[...codes].sort().join(', ')}`, problems };
  },
};

export const forgedFaults: Fault[] = [forged];
