import * as fc from 'fast-check';
import type { SeatRequest } from '../../../../src/registration/seats/seat-request';
import { TERM } from '../support';

export const STUDENTS = 8;
const SECTIONS = 3;
const MOST_STEPS = 120;

const student = fc.nat({ max: STUDENTS - 1 });
const section = fc.nat({ max: SECTIONS - 1 });
const pod = fc.nat({ max: 1 });

const askKind = fc.constantFrom(
  ...([
    'commit',
    'commit',
    'commit',
    'drop',
    'drop',
    'drop',
    'swap',
    'swap',
    'waitlist_join',
    'waitlist_join',
  ] as const),
  ...([
    'waitlist_join',
    'waitlist_join',
    'waitlist_leave',
    'waitlist_accept',
    'waitlist_accept',
    'override',
    'unenrol',
  ] as const),
);

const step = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({ do: fc.constant('ask' as const), kind: askKind, student, section, other: section, pod }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), which: fc.nat(), pod }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ do: fc.constant('configure' as const), section, pod },
      ...{ capacity: fc.nat({ max: 4 }), force: fc.boolean() },
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), pod }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('later' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill_pod' as const), pod }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose_answer' as const), pod }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill_connections' as const) }) },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const modelSection = fc.record({
  capacity: fc.integer({ min: 1, max: 2 }),
  course: fc.nat({ max: 5 }).map(String),
  slot: fc.nat({ max: 4 }),
  mode: fc.constantFrom('promote' as const, 'promote' as const, 'offer' as const),
  releaseSeconds: fc.constantFrom(0, 0, 50),
});

/** Few students, fewer seats, and everything that may happen to them. */
export const scenario = fc.record({
  sections: fc.array(modelSection, { minLength: SECTIONS, maxLength: SECTIONS }),
  steps: fc.array(step, { minLength: 30, maxLength: MOST_STEPS, size: 'max' }),
});

/** The request of a step; `run` keeps the ids of one scenario apart from all others. */
export function requestOf(
  run: number,
  idempotencyKey: string,
  step: Extract<Step, { do: 'ask' }>,
  sent: readonly SeatRequest[],
): SeatRequest {
  return toRequest(run, idempotencyKey, { ...step, student: likely(step, sent) });
}

/** Who gives back or accepts should mostly have something: somebody who asked for the section before. */
function likely({ kind, section: index, student: drawn }: Extract<Step, { do: 'ask' }>, sent: readonly SeatRequest[]) {
  const about = kind === 'waitlist_accept' || kind === 'waitlist_leave' ? 'waitlist_join' : undefined;
  if (!about && kind !== 'drop' && kind !== 'swap' && kind !== 'unenrol') return drawn;
  const asked = sent.filter(
    (request) => (about ? request.kind === about : true) && request.sectionIds[0]?.endsWith(`-${index}`),
  );
  const chosen = asked[drawn % Math.max(1, asked.length)]?.studentId.split('-s')[1];
  return chosen ? Number(chosen) : drawn;
}

function toRequest(run: number, idempotencyKey: string, one: Extract<Step, { do: 'ask' }>): SeatRequest {
  const { kind } = one;
  const [id, other] = [`${run}-${one.section}`, `${run}-${one.other}`];
  const base = { studentId: `${run}-s${one.student}`, termId: TERM, idempotencyKey };
  switch (kind) {
    case 'commit':
      return { ...base, kind, sectionIds: one.other === 0 ? [...new Set([id, other])] : [id], admission: undefined };
    case 'swap':
      return { ...base, kind, sectionIds: [id, id === other ? `${run}-none` : other], admission: undefined };
    case 'waitlist_join':
      return { ...base, kind, sectionIds: [id], admission: undefined };
    case 'override':
    case 'unenrol':
      return { ...base, kind, sectionIds: [id], act: { operator: 'model', note: 'test' } };
    default:
      return { ...base, kind, sectionIds: [id] };
  }
}
