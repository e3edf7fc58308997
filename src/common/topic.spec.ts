import { Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Topic } from './topic';

describe('a topic', () => {
  let topic: Topic<[word: string]>;
  let heard: string[];
  let error: jest.SpyInstance;

  beforeEach(() => {
    topic = new Topic('Test');
    heard = [];
    error = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  });

  afterEach(() => jest.restoreAllMocks());

  it('tells all who subscribed, in order, and nothing of before', () => {
    topic.publish('early');
    topic.subscribe((word) => void heard.push(`first ${word}`));
    topic.subscribe((word) => void heard.push(`second ${word}`));
    topic.publish('on time');
    expect(heard).toEqual(['first on time', 'second on time']);
  });

  it('tells the others, and goes on, when a listener throws or rejects', async () => {
    topic.subscribe(() => {
      throw new Error('broken');
    });
    topic.subscribe(() => Promise.reject(new Error('broken later')));
    topic.subscribe((word) => void heard.push(word));
    topic.publish('one');
    topic.publish('two');
    await nextTurn();
    expect(heard).toEqual(['one', 'two']);
    expect(error).toHaveBeenCalledTimes(4);
  });

  it('tells nobody who has unsubscribed, not even while it tells', () => {
    const listener = (word: string): void => void heard.push(word);
    const ends = [topic.subscribe(listener), topic.subscribe(listener)];
    ends[0]?.();
    ends[0]?.();
    topic.publish('once');
    const last = new Topic<[]>('Test');
    last.subscribe(() => end());
    const end = last.subscribe(() => void heard.push('never'));
    last.publish();
    expect(heard).toEqual(['once']);
  });

  it('does not tell who subscribes while it tells', () => {
    topic.subscribe(() => void topic.subscribe((word) => void heard.push(word)));
    topic.publish('now');
    expect(heard).toEqual([]);
    topic.publish('next');
    expect(heard).toEqual(['next']);
  });
});
