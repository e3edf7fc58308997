import type { LineEvent, LineSettings } from '../line/line-store';
import { entrantsHash } from '../line/lottery';
import { emptyLine, foldEvent, ticketsToKeep } from './fold';
import { drawnNumbers, ListReader, LotteryRecount, type LotteryReport } from './lottery-trail';
import { verifyTrail } from './verify';

const settings: LineSettings = {
  ...{ version: 1, control: 'auto', opensAt: 0, ratePerSecond: 1, capacity: 9 },
  ...{ leaseMs: 60_000, graceMs: 60_000, noShowMs: 60_000, lottery: true },
};

type Draft = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'sequence' | 'at'> : never) : never;

const events = (drafts: Draft[]): LineEvent[] =>
  drafts.map((draft, index) => ({ ...draft, sequence: index + 1, at: index * 1_000 }));
const join = (number: number) => ({ type: 'joined' as const, number, studentId: `p${number}`, ticketEpoch: 1 });

/** Six enter, the second leaves. */
const LIST: Draft[] = [
  { type: 'settings', settings },
  ...[1, 2, 3, 4, 5, 6].map(join),
  { type: 'ended', number: 2, studentId: 'p2', reason: 'left' },
  { type: 'frozen', entries: 5, firstNumber: 7 },
];
const reader = new ListReader();
for (const event of events(LIST)) reader.take(event);
const list = reader.list!;
const DRAWN = [...drawnNumbers('room', 'seed', list)].map(([entry, number]) => ({
  ...{ type: 'drawn' as const, studentId: `p${entry}`, entry, number },
}));
const SETTLED: Draft = { type: 'settled', entrantsHash: entrantsHash(list.entrants) };
const first = DRAWN[0]!;
const admitFirst = { type: 'admitted' as const, number: 7, studentId: first.studentId, expiresAt: 99_000 };
const WHOLE: Draft[] = [...LIST, ...DRAWN, SETTLED, { type: 'opened' }, admitFirst, { ...join(12), studentId: 'p2' }];

const rules = (drafts: Draft[]): string[] =>
  verifyTrail([
    { epoch: 1, firstNumber: 1, restoredThrough: 0, checkpoint: [], events: events(drafts) },
  ]).violations.map(({ rule }) => rule);

function recounted(drafts: Draft[], seed = 'seed'): LotteryReport | undefined {
  const recount = new LotteryRecount('room', seed);
  recount.begin();
  for (const event of events(drafts)) recount.take(event);
  return recount.report;
}

const problems = (drafts: Draft[], seed?: string): string[] | undefined => recounted(drafts, seed)?.problems;

const changed = (change: (draft: Draft) => Draft): Draft[] => WHOLE.map(change);

describe('the trail of a lottery', () => {
  it('lists whoever waited when the list was closed', () => {
    expect(list.entrants.map(({ entry }) => entry)).toEqual([1, 3, 4, 5, 6]);
    expect(list.firstNumber).toBe(7);
  });

  it('is fair by the checker, and drawn again the same', () => {
    expect(rules(WHOLE)).toEqual([]);
    expect(problems(WHOLE)).toEqual([]);
  });

  it('says nothing, not even the seed, before the draw is settled', () => {
    expect(recounted([...LIST, ...DRAWN])).toBeUndefined();
  });

  it('is not drawn again the same with another seed', () => {
    expect(problems(WHOLE, 'other')).not.toEqual([]);
  });

  it.each<[string, Draft[]]>([
    [
      'two numbers exchanged',
      changed((draft) =>
        draft.type === 'drawn' && draft.number <= 8 ? { ...draft, number: 15 - draft.number } : draft,
      ),
    ],
    [
      'an entrant under another name',
      changed((draft) => (draft.type === 'joined' ? { ...draft, studentId: 'x' } : draft)),
    ],
    ['an entrant left out', WHOLE.filter((draft) => draft.type !== 'joined' || draft.number !== 4)],
    ['another hash', changed((draft) => (draft.type === 'settled' ? { ...draft, entrantsHash: '' } : draft))],
  ])('is not drawn again the same with %s', (_, drafts) => {
    expect(problems(drafts)).not.toEqual([]);
  });

  it.each<[string, string, Draft[]]>([
    ['an admission before the draw', 'admitted_while_shut', [...LIST, { ...admitFirst, number: 1, studentId: 'p1' }]],
    ['an entrant who was not drawn', 'lottery', [...LIST, ...DRAWN.slice(1), SETTLED]],
    ['somebody drawn twice', 'illegal_move', [...LIST, first, first]],
    ['a number that was not set aside', 'number_order', [...LIST, { ...first, number: 12 }]],
    ['a list of more than wait', 'lottery', LIST.map((d) => (d.type === 'frozen' ? { ...d, entries: 6 } : d))],
    ['a draw without a list', 'illegal_move', [...LIST.slice(0, -1), first]],
  ])('shows %s to the checker', (_, rule, drafts) => {
    expect(rules(drafts)).toContain(rule);
  });

  it.each([
    ['keeps the numbers of a settled draw', [...LIST, ...DRAWN, SETTLED], true, [7, 8, 9, 10, 11]],
    ['undoes a draw that was lost half-way', [...LIST, ...DRAWN.slice(0, 3)], false, [1, 3, 4, 5, 6]],
  ])('%s when the line is rebuilt', (_, drafts, drawn, numbers) => {
    const line = emptyLine();
    for (const event of events(drafts)) foldEvent(line, 1, event);
    expect(line.drawn).toBe(drawn);
    expect(
      ticketsToKeep(line)
        .map(({ number }) => number)
        .sort((a, b) => a - b),
    ).toEqual(numbers);
  });
});
