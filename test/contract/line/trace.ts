import fc from 'fast-check';
import type { RoomControl } from '../../../src/contract/operate/rooms';
import type { LineSettings } from '../../../src/line/line-store';
import { ACT, LineFixture, START } from './line-fixture';

const STUDENTS = 7;
const PODS = ['a', 'b', 'b2'];

/** One thing that happens to a line. `who` and the like are indexes, so that a trace means the same to every engine. */
export type Step =
  | { act: 'join'; who: number; pod: string; socket: number; create: boolean; presents: boolean }
  | { act: 'detach'; who: number; pod: string; socket: number }
  | { act: 'end'; who: number; reason: 'left' | 'finished' | 'removed'; byHand: boolean; stale: boolean }
  | { act: 'acknowledge'; who: number; stale: boolean }
  | { act: 'admit'; who: number }
  | { act: 'tick'; pod: string; share: number }
  | { act: 'fence' | 'register'; pod: string }
  | { act: 'advance'; milliseconds: number }
  | { act: 'durable'; behind: number }
  | {
      act: 'configure';
      changes: Partial<Omit<LineSettings, 'version' | 'lottery'>>;
    };

const who = fc.nat({ max: STUDENTS - 1 });
const pod = fc.constantFrom(...PODS);
const socket = fc.nat({ max: 1 });
const rarely = fc.nat({ max: 9 }).map((n) => n === 0);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ act: fc.constant('join' as const), who, pod, socket },
      ...{ create: fc.nat({ max: 4 }).map((n) => n > 0), presents: fc.boolean() },
    }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constant('detach' as const), who, pod, socket }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ act: fc.constant('end' as const), who, byHand: fc.boolean(), stale: rarely },
      reason: fc.constantFrom('left' as const, 'finished' as const, 'removed' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('acknowledge' as const), who, stale: rarely }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('admit' as const), who }) },
  {
    weight: 10,
    arbitrary: fc.record({ act: fc.constant('tick' as const), pod, share: fc.constantFrom(1, 1, 1, 0.333, 0) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('fence' as const), pod }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('register' as const), pod }) },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant('advance' as const),
      milliseconds: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 0, max: 1_200 }) },
        { weight: 1, arbitrary: fc.constantFrom(2_000, 2_001, 8_000, 60_000, -700) },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('durable' as const), behind: fc.constantFrom(0, 0, 0, 1, 5, -1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('configure' as const),
      changes: fc.record(
        {
          control: fc.constantFrom<RoomControl>('auto', 'auto', 'auto', 'paused', 'draining', 'closed'),
          ratePerSecond: fc.constantFrom(0, 0.5, 3, 1_000),
          capacity: fc.constantFrom(0, 1, 3, 100),
          opensAt: fc.constantFrom(0, START, START + 10_000, START + 60_000),
          graceMs: fc.constantFrom(0, 1_000, 4_000),
          leaseMs: fc.constantFrom(1_000, 9_000),
          noShowMs: fc.constantFrom(1_000, 6_000),
          graceBeforeOpening: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    }),
  },
);

/** Steps of which every few are sent twice, as a client does that lost the answer. */
export const trace = fc
  .array(fc.tuple(step, rarely), { minLength: 100, maxLength: 250 })
  .map((steps) => steps.flatMap(([once, twice]) => (twice ? [once, once] : [once])));

/** The number a step means: the student's last one, or another when it is stale. */
async function numberOf(line: LineFixture, studentId: string, stale: boolean): Promise<number> {
  const ticket = await line.store.find(line.ref, studentId);
  return (ticket?.number ?? 1) + (stale ? 1 : 0);
}

/** Takes one step. Resolves to whatever the store answered. */
export async function take(line: LineFixture, step: Step): Promise<unknown> {
  const { store, ref } = line;
  const studentId = 'who' in step ? `s${step.who}` : '';
  switch (step.act) {
    case 'join': {
      const presented = { epoch: line.ref.epoch - 1, number: 100 + step.who - (step.who % 2), joinedAt: 5 };
      return line.join(studentId, {
        socket: { podId: step.pod, socketId: `tab-${step.socket}` },
        create: step.create,
        ...(step.presents && { presented }),
      });
    }
    case 'detach':
      return line.detach(studentId, step.pod, `tab-${step.socket}`);
    case 'end': {
      const number = await numberOf(line, studentId, step.stale);
      return store.end(ref, { studentId, number }, step.reason, step.byHand ? ACT : undefined);
    }
    case 'acknowledge':
      return store.acknowledge(ref, { studentId, number: await numberOf(line, studentId, step.stale) });
    case 'admit':
      return store.admitByHand(ref, studentId, ACT);
    case 'tick': {
      const outcome = await store.tick(ref, step.pod, step.share);
      return { ...outcome, deadPods: [...outcome.deadPods].sort() };
    }
    case 'fence':
      return store.fencePod(ref, step.pod);
    case 'register':
      return store.register(ref, step.pod);
    case 'advance':
      return line.advance(step.milliseconds);
    case 'durable': {
      const { sequence } = await store.snapshot(ref);
      return store.markDurable(ref, Math.max(0, sequence - step.behind), 'a');
    }
    case 'configure':
      return line.configure(step.changes);
  }
}

/** Everything a student or a replica can see of the line. */
export async function view(line: LineFixture): Promise<unknown> {
  const { waiting: _, index, ...snapshot } = await line.snapshot();
  const numbers: number[] = [];
  index.forEach((number) => numbers.push(number));
  const students = Array.from({ length: STUDENTS }, (_, i) => `s${i}`);
  const tickets = await Promise.all(students.map((studentId) => line.store.find(line.ref, studentId)));
  return { snapshot, numbers, tickets };
}
