import { ServiceApi } from '../../load/support/service-api';
import type { ClientPace } from '../../client/sdk/pace';
import type { SeededRandom } from '../../load/support/random';
import { OperatorClient } from '../support/operator';
import { waitFor } from '../../load/support/wait-for';
import type { LineFacts, WantedSection } from '../../load/judge/record';
import { Swarm } from '../../load/student/swarm';
import { planStudents } from './plan';
import { importTerm } from './world/term';
import type { World } from './world/world';

export interface OpenRoundOptions {
  /** Names room, term and students; nothing in the world has it yet. At most 24 characters of a–z, 0–9 and hyphens. */
  runId: string;
  students: number;
  random: SeededRandom;
  /** All come within this time, ms. */
  arriveMs: number;
  graceMs: number;
  /** The clients' own ceiling between two tries to reconnect, ms. */
  longestBackoffMs: number;
  policy: LineFacts['policy'];
  /** The room opens so much later, ms: nobody is let in before the line has some length. */
  opensInMs: number;
}

export interface OpenedRound {
  swarm: Swarm;
  roomId: string;
  termId: string;
  policy: LineFacts['policy'];
  /** Of the term. */
  sections: readonly WantedSection[];
}

/** As everything in a round the clients are quicker than on a day of registration, and so is their patience. */
const RETRY_MS = { least: 150, most: 600 };
const CLIENT: Partial<ClientPace> = {
  handshakeMs: 1_500,
  answerMs: 4_000,
  httpAnswerMs: 4_000,
  firstBackoffMs: 100,
  returnMs: RETRY_MS,
  refusedReturnMs: RETRY_MS,
  retry: { firstPauseMs: 300, longestPauseMs: 600 },
  // Well within the grace of a round, of which the pod's own first answer takes half. Each try may lead to the same pod, so
  // there is time for several.
  moveOn: { firstPauseMs: 1_000, longestPauseMs: 1_000 },
};
/** Somebody is asking for seats at any moment. */
const REST_MS = { least: 50, most: 500 };

/** A term and a room of its own, known to every pod, and students who are signed in and have not come yet. */
export async function openRound(world: World, options: OpenRoundOptions): Promise<OpenedRound> {
  const { runId, random, policy, longestBackoffMs } = options;
  const sections = await importTerm(world.direct, runId, options.students, random.fork('term'));
  const studentIds = Array.from({ length: options.students }, (_, index) => `${runId}-${index + 1}`);
  const tokens = await Promise.all(studentIds.map((id) => world.ssoToken(id)));
  const signIns = await new ServiceApi(world.url).signInSso(tokens);
  await openRoom(world, options);
  const plans = planStudents(
    studentIds.map((studentId, index) => ({ studentId, token: signIns[index]?.token ?? '' })),
    {
      arriveMs: options.arriveMs,
      pods: world.pods.length,
      sectionIds: sections.map(({ id }) => id),
      graceMs: options.graceMs,
      random: random.fork('plan'),
    },
  );
  const swarm = new Swarm(plans, {
    url: world.url,
    podUrls: world.pods.map(({ url }) => url),
    ...{ roomId: runId, termId: runId },
    random: random.fork('swarm'),
    pace: { client: { ...CLIENT, longestBackoffMs }, retryMs: RETRY_MS, restMs: REST_MS },
    now: () => Date.now(),
  });
  return { swarm, roomId: runId, termId: runId, policy, sections };
}

async function openRoom(world: World, { runId, policy, graceMs, opensInMs }: OpenRoundOptions): Promise<void> {
  const operator = new OperatorClient(world.url, world.operatorToken);
  await operator.createRoom(runId, {
    ...policy,
    termId: runId,
    graceSeconds: graceMs / 1_000,
    leaseSeconds: 300,
    // Nobody of ours lets an admission pass: one who does was never told.
    noShowSeconds: 120,
    opensAt: Date.now() + opensInMs,
  });
  const isLive = async (url: string): Promise<boolean> => {
    const { lines } = (await (await fetch(`${url}/readyz`)).json()) as { lines: Record<string, string> };
    return lines[runId] === 'ok';
  };
  const live = (url: string): Promise<true> => waitFor(() => isLive(url), { what: `room ${runId} at ${url}` });
  await Promise.all(world.pods.map(({ url }) => live(url)));
}
