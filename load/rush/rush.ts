import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ServerClock } from '../../client/sdk/server-clock';
import { withRetries } from '../../src/common/retry';
import type { StudentChanges } from '../student/cart';
import { HttpError } from '../support/http';
import { percentiles } from '../support/percentiles';
import { SeededRandom } from '../support/random';
import type { RunRecord, SeatsTruth, WantedSection } from '../judge/record';
import { readSeats, type SignedInStudents } from '../judge/read-seats';
import type { CatalogueSection, ServiceApi } from '../support/service-api';
import { settle } from '../judge/settlement';
import type { Student } from '../student/student';
import { planChanges } from './changes';
import { deal, type Deal } from './dealer';
import { crowdDemand, type Demand, realDemand, scaleDemand, STUDENTS_OF_THE_TERM } from './demand';
import type { RushOptions } from './options';
import { Patience } from './patience';
import { planStudents } from './plan';
import { progressText, type RushReport } from './report';
import { runSwarm, type SwarmOptions, type SwarmResult } from './run-swarm';
import { openTarget, type Target } from './target';
import { type Verdict, verdictOf } from './verdict';

/** A rush in which nobody gets on for so long counts as stuck, ms; a room may let in more slowly than that. */
const STUCK_MS = 120_000;
const STUCK_TURNS = 3;
/** States of a room that is there in which nobody would ever be let in. */
const SHUT = ['paused', 'draining', 'closed'];
/** Questions about seats that change what was answered before. */
const CHANGES: readonly string[] = ['drop', 'swap', 'join', 'leave'];
/** So that a line builds up and moves: everybody is in within this many seconds, a part of them at once. */
const OUTFLOW_SECONDS = 15;
const INSIDE_SHARE = 1 / 3;
/** Questions for the time of the service; the shortest round trip counts. Enough of them to ask every pod at least once. */
const CLOCK_QUESTIONS = 12;
/** How long it may take until every pod knows a new room, ms. */
const ROOM_KNOWN_MS = 10_000;
const ROOM_PAUSE_MS = 100;

export type Say = (line: string) => void;

/**
 * One rush from the start of the service to the verdict. A service of our own is ended and removed, however it ends.
 *
 * @param signal breaks it off
 * @throws Error when it could not be run at all, or what `signal` was aborted with
 */
export async function runRush(options: RushOptions, say: Say, signal: AbortSignal): Promise<RushReport> {
  const target = await openTarget(options);
  try {
    signal.throwIfAborted();
    const brokenOff = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    return await Promise.race([new Rush(options, target, say, signal).run(), brokenOff]);
  } finally {
    await target.stop();
  }
}

/** What the swarm is to do. */
interface Task extends Pick<SwarmOptions, 'onDone'> {
  termId: string;
  roomId: string;
  ratePerSecond: number;
  /** ms from now. */
  opensInMs: number;
  /** Of each student; undefined = none changes anything. */
  changes?: StudentChanges[];
}

class Rush {
  /** Nothing of an earlier rush has the same names. */
  private readonly runId = randomBytes(4).toString('hex');
  private readonly random: SeededRandom;
  private readonly api: ServiceApi;

  constructor(
    private readonly options: RushOptions,
    private readonly target: Target,
    private readonly say: Say,
    private readonly signal: AbortSignal,
  ) {
    this.random = new SeededRandom(options.seed);
    this.api = target.api;
  }

  async run(): Promise<RushReport> {
    const term = await this.api.term(this.options.term);
    const students = await this.signIn();
    const catalogue = await this.api.sections(term.id);
    const { lists, demand } = this.deal(catalogue, term.creditLimit, students.studentIds.length);
    await this.checkFresh(term.id, students);
    const room = await this.openRoom(term.id, this.outflow(students.studentIds.length));
    const sections = catalogue.map(({ id, capacity, left }): WantedSection => ({ id, capacity, seatsAtStart: left }));
    let record: RunRecord | undefined;
    const changes = this.options.changes
      ? planChanges(lists, catalogue, { creditLimit: term.creditLimit, demand, random: this.random.fork('changes') })
      : undefined;
    const swarm = await this.letLoose(students, lists, {
      ...{ termId: term.id, ...room, changes },
      onDone: async (swarmed) => {
        record = await this.readOutcome(swarmed, sections, () => readSeats(this.target.truth, term.id, students));
      },
    });
    if (!record) throw new Error('The outcome was not read.');
    return this.report(swarm, verdictOf(record));
  }

  /** As it is when nothing is under way any more; without changes that is at once. */
  private readOutcome(
    swarmed: readonly Student[],
    sections: readonly WantedSection[],
    readTruth: () => Promise<SeatsTruth>,
  ): Promise<RunRecord> {
    this.say('Reading the outcome …');
    const students = swarmed.map(({ record }) => record);
    const { changes, settleMs } = this.options;
    return settle(async () => ({ students, sections, truth: await readTruth() }), changes ? settleMs : 0);
  }

  private async signIn(): Promise<SignedInStudents> {
    const kept = this.options.tokens === undefined ? undefined : readTokens(this.options.tokens);
    const count = this.options.students ?? kept?.length ?? STUDENTS_OF_THE_TERM;
    const tokens = kept ?? (await this.target.mint?.(count));
    if (tokens && tokens.length < count) throw new Error(`There are tokens for ${tokens.length} students only.`);
    this.say(`Signing ${count} students in …`);
    if (tokens) {
      const chosen = tokens.slice(0, count);
      const signIns = await this.api.signInSso(chosen.map(({ token }) => token));
      return { studentIds: chosen.map(({ studentId }) => studentId), signIns: signIns.map(({ token }) => token) };
    }
    const studentIds = Array.from({ length: count }, (_, index) => `rush-${this.runId}-${index + 1}`);
    const signIns = await this.api.signInDemo(studentIds);
    return { studentIds, signIns: signIns.map(({ token }) => token) };
  }

  private deal(catalogue: CatalogueSection[], creditLimit: number, students: number): Deal {
    const { changes } = this.options;
    const demand = changes ? this.crowd(catalogue, students) : scaleDemand(realDemand(), students);
    const offered = new Set(catalogue.map(({ id }) => id));
    const missing = [...demand].filter(([id, seats]) => seats > 0 && !offered.has(id));
    if (missing.length > 0)
      throw new Error(`This is not the demo term: ${missing.length} of its sections are missing.`);
    const exact = !changes && students === STUDENTS_OF_THE_TERM;
    return deal(catalogue, demand, { students, creditLimit, exact, random: this.random.fork('deal') });
  }

  private crowd(catalogue: CatalogueSection[], students: number): Demand {
    const seats = new Map(catalogue.map(({ id, left }) => [id, left]));
    return crowdDemand(scaleDemand(realDemand(), students), seats, { students, random: this.random.fork('crowd') });
  }

  /**
   * Earlier enrolments of the same students would make their lists illegal, and the outcome unknown. A database that
   * cannot be read is found out now, and not when the rush is over.
   */
  private async checkFresh(termId: string, students: SignedInStudents): Promise<void> {
    if (this.options.tokens === undefined && this.target.truth.kind === 'api') return;
    const { enrolments, waits } = await readSeats(this.target.truth, termId, students);
    const enrolled = [...enrolments].filter(([, sections]) => sections.size > 0);
    const ours = new Set(students.studentIds);
    if ([...waits.values()].flat().some(({ studentId }) => ours.has(studentId))) {
      throw new Error('Some of the students are on waitlists of this term already.');
    }
    if (enrolled.length > 0) throw new Error(`${enrolled.length} of the students are enrolled in this term already.`);
  }

  private outflow(students: number): { ratePerSecond: number; capacity: number } {
    const { rate = students / OUTFLOW_SECONDS, capacity = Math.ceil(students * INSIDE_SHARE) } = this.options;
    return { ratePerSecond: rate, capacity };
  }

  /** Makes a room, or takes the one that was named, with its own pace. @throws Error when that one lets nobody in */
  private async openRoom(
    termId: string,
    outflow: { ratePerSecond: number; capacity: number },
  ): Promise<Pick<Task, 'roomId' | 'ratePerSecond' | 'opensInMs'>> {
    const { room: roomId, opensAfterMs } = this.options;
    if (roomId !== undefined) {
      const { termId: itsTerm, state, opensAt, ratePerSecond, serverTime } = await this.api.room(roomId);
      if (itsTerm !== termId) throw new Error(`The room ${roomId} is in front of term ${itsTerm}.`);
      if (SHUT.includes(state)) throw new Error(`The room ${roomId} is ${state}: it lets nobody in.`);
      if (ratePerSecond === 0) throw new Error(`The rate of the room ${roomId} is 0: it lets nobody in.`);
      return { roomId, ratePerSecond, opensInMs: Math.max(0, opensAt - serverTime) };
    }
    const id = `rush-${this.runId}`;
    const opensAt = (await this.api.serverTime()) + opensAfterMs;
    await this.api.makeRoom({ id, termId, name: `Rush ${this.runId}`, opensAt, ...outflow });
    return { roomId: id, ratePerSecond: outflow.ratePerSecond, opensInMs: opensAfterMs };
  }

  private async letLoose(
    { studentIds, signIns }: SignedInStudents,
    lists: readonly string[][],
    { termId, roomId, ratePerSecond, opensInMs, changes, onDone }: Task,
  ): Promise<SwarmResult> {
    const { options, random, signal } = this;
    const clock = await this.setClock(roomId);
    const identities = studentIds.map((studentId, index) => ({ studentId, token: signIns[index] ?? '' }));
    const stuckMs = Math.max(STUCK_MS, (STUCK_TURNS / ratePerSecond) * 1_000);
    this.say(`${identities.length} students arrive within ${options.arriveMs / 1_000} s …`);
    return runSwarm({
      ...{ url: this.target.url, roomId, termId, random, signal },
      now: () => clock.now(),
      plans: planStudents(lists, identities, { ...options, random, changes }),
      staysOn: options.changes,
      thinkingMs: options.thinkingMs,
      onDone,
      patience: new Patience({ opensInMs, stuckMs: options.arriveMs + stuckMs, limitMs: options.timeoutMs }),
      onProgress: (progress) => this.say(progressText(progress)),
    });
  }

  /** The line's clock, whose times the students are told. Waits until every pod that is asked knows the room. */
  private async setClock(roomId: string): Promise<ServerClock> {
    const clock = new ServerClock();
    const deadline = Date.now() + ROOM_KNOWN_MS;
    const again = (error: unknown): boolean =>
      error instanceof HttpError && error.code === 'room_not_found' && Date.now() <= deadline;
    await withRetries({ firstPauseMs: ROOM_PAUSE_MS, longestPauseMs: ROOM_PAUSE_MS }, again, async () => {
      for (let answered = 0; answered < CLOCK_QUESTIONS; answered += 1) {
        const askedAt = clock.localNow();
        const { serverTime } = await this.api.room(roomId);
        clock.roundTrip(askedAt, serverTime);
      }
    });
    return clock;
  }

  private report(result: SwarmResult, verdict: Verdict): RushReport {
    const { completed, durationMs, generatorCpu } = result;
    const { students, records, positionAges } = result.swarm;
    const waits = records.flatMap((record) => record.waits);
    const sum = (of: (happened: (typeof students)[number]['happened']) => number): number =>
      students.reduce((total, { happened }) => total + of(happened), 0);
    return {
      name: 'rush',
      pass: completed && verdict.broken.length === 0,
      completed,
      seed: this.options.seed,
      students: students.length,
      truth: this.target.truth.kind,
      ...verdict,
      turnedAway: sum(({ turnedAway }) => turnedAway),
      reconnects: sum(({ reconnects }) => reconnects),
      reloads: sum(({ reloads }) => reloads),
      secondTabs: sum(({ secondTabs }) => secondTabs),
      latency: {
        join: percentiles(joinTimes(result)),
        positionAge: percentiles(positionAges),
        commit: percentiles(waits.filter(({ question }) => question === 'commit').map(({ ms }) => ms)),
        change: percentiles(waits.filter(({ question }) => CHANGES.includes(question)).map(({ ms }) => ms)),
      },
      durationSeconds: Math.round(durationMs / 100) / 10,
      generatorCpu: Math.round(generatorCpu * 100) / 100,
    };
  }
}

/** From the moment a student meant to come until the place was told, ms. */
const joinTimes = ({ swarm, startedAt }: SwarmResult): number[] =>
  swarm.students.flatMap(({ plan, record: { ticketAt } }) =>
    ticketAt === undefined ? [] : [ticketAt - startedAt - plan.arriveAt],
  );

const tokenSchema = z.object({ studentId: z.string().min(1), token: z.string().min(1) });

function readTokens(file: string): z.infer<typeof tokenSchema>[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  if (lines.length === 0) throw new Error(`${file} holds no tokens.`);
  return lines.map((line, index) => {
    try {
      return tokenSchema.parse(JSON.parse(line));
    } catch (cause) {
      const wanted = '{"studentId":"…","token":"…"}, as npm run tokens writes it';
      throw new Error(`${file}, line ${index + 1}: not ${wanted}.`, { cause });
    }
  });
}
