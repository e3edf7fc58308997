import { FAULTS } from './faults';
import { readOptions } from './options';
import { planRounds } from './schedule';

const faults = FAULTS.map(({ name }) => name);

describe('the schedule of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: string) => planRounds({ seed, rounds: 40, faults });
    expect(plan('7')).toEqual(plan('7'));
    expect(plan('7').map(({ fault }) => fault)).not.toEqual(plan('8').map(({ fault }) => fault));
  });

  it('has every fault once before any comes twice', () => {
    const rounds = planRounds({ seed: '7', rounds: faults.length * 2, faults });
    expect(new Set(rounds.slice(0, faults.length).map(({ fault }) => fault))).toEqual(new Set(faults));
    expect(new Set(rounds.slice(faults.length).map(({ fault }) => fault))).toEqual(new Set(faults));
  });

  it('can repeat any of its rounds alone', () => {
    const sixth = planRounds({ seed: '7', rounds: 20, faults })[5]!;
    const [again] = planRounds({ seed: sixth.seed, rounds: 1, faults: [sixth.fault] });
    expect(again).toEqual({ ...sixth, index: 1 });
  });
});

describe('the options of a run', () => {
  it('take every fault once, unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ rounds: faults.length, faults });
    expect(readOptions(['--seed', 'x', '--rounds', '3', '--only', 'kill-pod', '--json'])).toEqual({
      ...{ seed: 'x', rounds: 3, faults: ['kill-pod'], json: true, database: 'mysql' },
    });
  });

  it.each([[['--only', 'earthquake']], [['--rounds', '0']], [['--seed', 'a b']], [['--what']]])('refuse %j', (args) => {
    expect(() => readOptions(args)).toThrow();
  });
});
