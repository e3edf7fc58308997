import { reportOf, roundText } from './report';
import type { RoundResult } from './round';
import { runChaos } from './run';
import { planRounds, type ScheduledRound } from './schedule';
import regressions from './regressions.json';

/** Redis has its own rounds among the regressions; the whole table is `npm run chaos`. */
const SHORT_RUN = ['kill-two-pods', 'database-kill', 'forged'];

const once = (seed: string, fault: string): ScheduledRound[] => planRounds({ seed, rounds: 1, faults: [fault] });

async function run(schedule: ScheduledRound[]): Promise<{ rounds: RoundResult[]; texts: string[] }> {
  const { rounds, problem } = await runChaos(schedule, () => undefined);
  if (problem !== undefined) throw new Error(problem);
  return { rounds, texts: rounds.filter(({ broken }) => broken.length > 0).map(roundText) };
}

describe('a short run of chaos', () => {
  it('keeps every promise through a fault of each family, each of which bit', async () => {
    const { rounds, texts } = await run(SHORT_RUN.flatMap((fault) => once('short', fault)));
    expect(texts).toEqual([]);
    expect(rounds.filter(({ evidence }) => !evidence.bit).map(({ fault }) => fault)).toEqual([]);
    expect(reportOf('short', { rounds })).toMatchObject({
      name: 'chaos',
      pass: true,
      figures: { rounds: SHORT_RUN.length, void: 0 },
    });
  });

  it('keeps every promise in the rounds that once broke one', async () => {
    const { texts } = await run(regressions.rounds.flatMap(({ seed, fault }) => once(seed, fault)));
    expect(texts).toEqual([]);
  });
});
