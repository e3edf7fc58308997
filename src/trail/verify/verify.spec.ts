import type { LineEvent, LineSettings } from '../../line/line-store';
import { EpochTrail, VerifyReport, verifyTrail } from './';

const settings: LineSettings = {
  version: 1,
  control: 'auto',
  opensAt: 0,
  ratePerSecond: 1,
  capacity: 2,
  leaseMs: 60_000,
  graceMs: 60_000,
  noShowMs: 60_000,
};

type Draft = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'sequence'> : never) : never;

const setUp: Draft = { type: 'settings', at: 0, settings };
const join = (number: number, studentId = `p${number}`): Draft => ({
  type: 'joined',
  at: 0,
  number,
  studentId,
  ticketEpoch: 1,
});
const admit = (number: number, at: number, extra: object = {}): Draft => ({
  ...{ type: 'admitted' as const, at, number, studentId: `p${number}`, expiresAt: at + 60_000 },
  ...extra,
});
const end = (number: number, at: number, reason: 'left' | 'finished' | 'away', studentId = `p${number}`): Draft => ({
  ...{ type: 'ended' as const, at, number, studentId, reason },
});
const presence = (type: 'away' | 'back', number: number): Draft => ({ type, at: 0, number, studentId: `p${number}` });

function verify(drafts: Draft[], epoch: Partial<EpochTrail> = {}): VerifyReport {
  const events = drafts.map((draft, index) => ({ ...draft, sequence: index + 1 }));
  return verifyTrail([{ epoch: 1, firstNumber: 1, restoredThrough: 0, checkpoint: [], events, ...epoch }]);
}

const rules = (report: VerifyReport): string[] => report.violations.map(({ rule }) => rule);

describe('the checker of the trail', () => {
  it('finds nothing in a fair line, and counts it', () => {
    const report = verify([
      ...[setUp, join(1), join(2), join(3), presence('away', 2), admit(1, 1_000), admit(3, 2_000)],
      ...[presence('back', 2), end(1, 3_000, 'finished'), admit(2, 3_500), end(3, 4_000, 'finished')],
    ]);
    expect(report).toMatchObject({ joined: 3, admitted: 3, ended: 2, violations: [] });
  });

  it.each<[string, string, Draft[]]>([
    ['an overtake of somebody present', 'overtake', [join(1), join(2), admit(2, 1_000)]],
    ['somebody let in while away', 'overtake', [join(1), presence('away', 1), admit(1, 1_000)]],
    [
      'more inside than the capacity',
      'over_capacity',
      [join(1), join(2), join(3), admit(1, 1), admit(2, 9_000), admit(3, 18_000)],
    ],
    [
      'admissions faster than the rate',
      'over_rate',
      [
        ...[1, 2, 3, 4, 5].map((number) => join(number)),
        ...[1, 2, 3, 4, 5].flatMap((number) => [admit(number, 1_000), end(number, 1_000, 'finished')]),
      ],
    ],
    ['two places of one student', 'two_places', [join(1, 'same'), join(2, 'same')]],
    ['a number out of order', 'number_order', [join(2)]],
    ['a number given twice', 'number_reused', [join(1), end(1, 1, 'left'), join(1)]],
    ['a second admission of one ticket', 'illegal_move', [join(1), admit(1, 1_000), admit(1, 9_000)]],
    ['an end that the state does not allow', 'illegal_move', [join(1), end(1, 1, 'finished')]],
    ["an end of somebody else's ticket", 'illegal_move', [join(1), end(1, 1, 'left', 'other')]],
    [
      'an admission while the room is paused',
      'admitted_while_shut',
      [{ type: 'settings', at: 1, settings: { ...settings, version: 2, control: 'paused' } }, join(1), admit(1, 1_000)],
    ],
    [
      'an admission before the opening of a room that drains',
      'admitted_while_shut',
      [
        { type: 'settings', at: 1, settings: { ...settings, version: 2, control: 'draining', opensAt: 2_000 } },
        ...[join(1), admit(1, 1_999)],
      ],
    ],
  ])('catches %s', (_, rule, drafts) => {
    expect(rules(verify([setUp, ...drafts]))).toContain(rule);
  });

  it('catches events that are missing', () => {
    const events = [
      { ...setUp, sequence: 1 },
      { ...join(1), sequence: 3 },
    ] as LineEvent[];
    expect(rules(verify([], { events }))).toEqual(['gap']);
  });

  it('lets an operator admit out of order and beyond capacity, and counts it apart', () => {
    const act = { act: { operator: 'kim', note: 'accommodation' } };
    const report = verify([setUp, join(1), join(2), admit(2, 1, act)]);
    expect(report).toMatchObject({ byHand: 1, violations: [] });
  });

  it('takes back a lost ticket in its old place, but no other', () => {
    const restored = (number: number): Draft => ({
      type: 'joined',
      at: 0,
      number,
      studentId: `p${number}`,
      ticketEpoch: 1,
    });
    const epoch = { epoch: 2, firstNumber: 100, restoredThrough: 10 };
    expect(rules(verify([setUp, restored(11)], epoch))).toEqual([]);
    expect(rules(verify([setUp, restored(10)], epoch))).toEqual(['number_order']);
  });

  it('counts those who were inside when the epoch began', () => {
    const inside = { ticketEpoch: 1, joinedAt: 0, state: 'admitted' as const, expiresAt: 1, acknowledged: true };
    const checkpoint = [
      { ...inside, student: 'a', number: 1 },
      { ...inside, student: 'b', number: 2 },
    ];
    const epoch = { epoch: 2, firstNumber: 10, restoredThrough: 5, checkpoint };
    const putBack = (number: number, studentId: string): Draft[] => [
      { type: 'joined', at: 0, number, studentId, ticketEpoch: 1 },
      { type: 'admitted', at: 0, number, studentId, expiresAt: 1 },
    ];
    const joined: Draft = { type: 'joined', at: 0, number: 10, studentId: 'p10', ticketEpoch: 2 };
    const report = verify([setUp, ...putBack(1, 'a'), ...putBack(2, 'b'), joined, admit(10, 1_000)], epoch);
    expect(rules(report)).toEqual(['over_capacity']);
    expect(report).toMatchObject({ restored: 2, joined: 1, admitted: 1 });
  });
});
