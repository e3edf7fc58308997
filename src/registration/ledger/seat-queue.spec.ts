import type { SeatRequest } from '../seats/seat-request';
import { orderKeys, SeatQueue } from './seat-queue';

interface Entry {
  name: string;
  request: SeatRequest;
  keys: string[];
}

const entry = (studentId: string, ...sectionIds: string[]): Entry => {
  const request: SeatRequest = { kind: 'drop', studentId, termId: 'term', sectionIds, idempotencyKey: '' };
  return { name: `${studentId}:${sectionIds.join('+')}`, request, keys: orderKeys(request) };
};

function queueOf(...entries: Entry[]): SeatQueue<Entry> {
  const queue = new SeatQueue<Entry>();
  for (const one of entries) queue.push(one);
  return queue;
}

const names = (entries: Entry[]): string[] => entries.map(({ name }) => name);

describe('the queue of seat requests', () => {
  it('gives out in the order of arrival, as many as are asked for', () => {
    const queue = queueOf(entry('a', '1'), entry('b', '1'), entry('c', '2'));
    expect(names(queue.take(2))).toEqual(['a:1', 'b:1']);
    expect(queue).toHaveLength(1);
  });

  it('holds back who wants a section that is being decided, and whoever came after for one of the same sections', () => {
    const queue = queueOf(entry('a', '1'), entry('b', '1', '2'), entry('c', '2'), entry('d', '3'));
    const first = queue.take(1);
    expect(names(queue.take(9))).toEqual(['d:3']);
    expect(queue.take(9)).toEqual([]);
    queue.release(first);
    expect(names(queue.take(9))).toEqual(['b:1+2', 'c:2']);
  });

  it('holds back the next request of a student, also for another section', () => {
    const queue = queueOf(entry('a', '1'), entry('a', '2'), entry('b', '2'), entry('b', '3'), entry('c', '4'));
    const first = queue.take(1);
    expect(names(queue.take(9))).toEqual(['c:4']);
    queue.release(first);
    expect(names(queue.take(9))).toEqual(['a:2', 'b:2', 'b:3']);
  });

  it('keeps a section while anybody who was given out wants it', () => {
    const queue = queueOf(entry('a', '1'), entry('b', '1'), entry('c', '1'));
    const [a, b] = queue.take(2) as [Entry, Entry];
    queue.release([a]);
    expect(queue.take(1)).toEqual([]);
    queue.release([b]);
    expect(names(queue.take(1))).toEqual(['c:1']);
  });

  it('sees who came after it has looked, and lets nobody pass who is held back', () => {
    const queue = queueOf(entry('a', '1'), entry('b', '1', '2'));
    queue.take(1);
    expect(queue.take(9)).toEqual([]);
    queue.push(entry('c', '2'));
    queue.push(entry('d', '3'));
    expect(names(queue.take(9))).toEqual(['d:3']);
    expect(queue).toHaveLength(2);
  });

  it('takes a student for no section of the same name', () => {
    const queue = queueOf(entry('a', '1'), entry('1', '2'));
    queue.take(1);
    expect(names(queue.take(1))).toEqual(['1:2']);
  });

  it('gives what was put first before everybody else', () => {
    const queue = queueOf(entry('a', '1'), entry('b', '1'), entry('c', '2'));
    const first = queue.take(1);
    queue.take(9);
    queue.pushFirst([entry('', '1')]);
    queue.release(first);
    expect(names(queue.take(9))).toEqual([':1', 'b:1']);
  });

  it('knows how many requests of a student wait', () => {
    const queue = queueOf(entry('a', '1'), entry('a', '2'), entry('b', '2'));
    expect([queue.of('a'), queue.of('b'), queue.of('c')]).toEqual([2, 1, 0]);
    queue.take(1);
    expect(queue.of('a')).toBe(1);
  });
});
