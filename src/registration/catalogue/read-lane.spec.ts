import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReadLane } from './read-lane';

describe('the reads that anybody may ask for', () => {
  let now: number;
  let lane: ReadLane;
  let begun: string[];
  let finish: Map<string, () => void>;

  beforeEach(() => {
    now = 0;
    lane = new ReadLane(() => now);
    begun = [];
    finish = new Map();
  });

  function ask(text: string, { termId = 'fall', signedIn = false } = {}): Promise<string> {
    return lane.ask({ termId, text, signedIn }, () => {
      begun.push(text);
      return new Promise<string>((resolve) => finish.set(text, () => resolve(`answer to ${text}`)));
    });
  }

  async function end(...texts: string[]): Promise<void> {
    for (const text of texts) finish.get(text)?.();
    await nextTurn();
    await nextTurn();
  }

  it('run two at a time', async () => {
    const answers = ['a', 'b', 'c', 'd'].map((text) => ask(text));
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('b', 'c');
    await end('d');
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd'].map((text) => `answer to ${text}`));
  });

  it('let those go first who are signed in', async () => {
    for (const text of ['a', 'b', 'c']) void ask(text);
    void ask('mine', { signedIn: true });
    await end('a');
    expect(begun).toEqual(['a', 'b', 'mine']);
  });

  it('let those go first who are signed in, also with a question that others have asked already', async () => {
    for (const text of ['a', 'b', 'c', 'same']) void ask(text);
    const mine = ask('same', { signedIn: true });
    await end('a');
    expect(begun).toEqual(['a', 'b', 'same']);
    void ask('same');
    await end('same');
    expect(await mine).toBe('answer to same');
    expect(begun).toEqual(['a', 'b', 'same', 'c']);
  });

  it('are refused where too many wait, and not to those who are signed in for that', async () => {
    const asked = Array.from({ length: 400 }, (_, index) =>
      ask(`${index}`).catch((error: { code: string }) => error.code),
    );
    const refused = await Promise.race([asked[399], nextTurn('none')]);
    expect(refused).toBe('busy');
    const mine = ask('mine', { signedIn: true });
    await end('0');
    await end('mine');
    expect(await mine).toBe('answer to mine');
  });

  it('are one for all who ask the same, for a second', async () => {
    const answers = [ask('a'), ask('a')];
    await end('a');
    now = 999;
    answers.push(ask('a'));
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['answer to a']));
    expect(begun).toEqual(['a']);
    now = 1_000;
    void ask('a');
    expect(begun).toEqual(['a', 'a']);
  });

  it('are read again once the term has changed, also while an answer is on its way', () => {
    void ask('a');
    lane.forget('spring');
    void ask('a');
    expect(begun).toEqual(['a']);
    lane.forget('fall');
    void ask('a');
    expect(begun).toEqual(['a', 'a']);
  });

  it('are read again after one that failed', async () => {
    const failing = (): Promise<never> => Promise.reject(new Error('away'));
    const question = { termId: 'fall', text: 'a', signedIn: false };
    await expect(lane.ask(question, failing)).rejects.toThrow('away');
    const again = ask('a');
    await end('a');
    expect(await again).toBe('answer to a');
  });

  it('keep a bounded number of answers', async () => {
    for (let index = 0; index < 1_000; index += 1) {
      void ask(`${index}`);
      await end(`${index}`);
    }
    expect((lane as unknown as { kept: Map<string, unknown> }).kept.size).toBe(200);
  });

  it('are read again after a second, also when the clock is put back meanwhile', async () => {
    lane = new ReadLane();
    const ticking = jest.spyOn(performance, 'now').mockReturnValue(0);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(3_600_000);
    void ask('a');
    await end('a');
    ticking.mockReturnValue(1_000);
    clock.mockReturnValue(0);
    void ask('a');
    jest.restoreAllMocks();
    expect(begun).toEqual(['a', 'a']);
  });
});
