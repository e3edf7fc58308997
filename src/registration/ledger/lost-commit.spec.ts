import { withNewsOf } from './lost-commit';
import type { BatchResult } from './seat-batch';

/** A run that kept the answers of some requests, and found those of others. */
const run = (name: string, kept: string[], replayed: string[] = []): BatchResult => ({
  answers: [],
  events: [{ termId: name, changes: [], sections: [] }],
  promotions: [{ termId: name, sectionId: 's', after: 0 }],
  kept,
  replayed: new Set(replayed),
  committed: () => undefined,
});

/** Whose news are told. */
const told = (attempts: BatchResult[], last: BatchResult): string[] => {
  const { events, promotions } = withNewsOf(attempts, last);
  expect(promotions.map(({ termId }) => termId)).toEqual(events.map(({ termId }) => termId));
  return events.map(({ termId }) => termId);
};

describe('the news of a batch whose COMMIT was lost', () => {
  it('are those of the attempt that was committed, and of what was decided after it', () => {
    expect(told([run('first', ['a', 'b'])], run('last', ['c'], ['a', 'b']))).toEqual(['first', 'last']);
  });

  it('are not those of an attempt that was undone', () => {
    expect(told([run('first', ['a', 'b'])], run('last', ['a', 'b']))).toEqual(['last']);
    expect(told([run('first', [])], run('last', ['a']))).toEqual(['last']);
  });

  it('are, of several attempts, those of the one that was committed', () => {
    const last = run('last', [], ['a']);
    expect(told([run('undone', ['a']), run('done', ['a'])], last)).toEqual(['done', 'last']);
    expect(told([run('done', ['a']), run('saw it', [], ['a'])], last)).toEqual(['done', 'last']);
  });

  it('are those of two attempts that were both committed', () => {
    const attempts = [run('first', ['a']), run('second', ['b'], ['a'])];
    expect(told(attempts, run('last', [], ['a', 'b']))).toEqual(['first', 'second', 'last']);
  });
});
