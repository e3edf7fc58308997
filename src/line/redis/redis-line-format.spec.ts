import { parseFeed } from './redis-line-format';

type Entry = [id: string, fields: string[]];

const joined = (sequence: number): Entry => [
  `${sequence}-0`,
  ['type', 'joined', 'at', '5', 'number', String(sequence), 'student', `s${sequence}`, 'epoch', '1'],
];
const noted = (sequence: number): Entry => [
  `${sequence}-0`,
  ['type', 'noted', 'at', '6', 'number', '1', 'student', 's1', 'note', 'by the door'],
];

describe('a page of the feed', () => {
  it.each([
    ['first', [noted(4), joined(5), joined(6)]],
    ['in the middle', [joined(4), noted(5), joined(6)]],
    ['last', [joined(4), joined(5), noted(6)]],
  ])('keeps its order and its length with an event of a newer pod, which comes %s', (_, entries) => {
    const page = parseFeed(3, [entries, 6, 2, 'pod']);
    expect(page).toMatchObject({ trimmed: false, durableSequence: 2, durableBy: 'pod' });
    expect(page.events.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
  });

  it('keeps what an event of a newer pod says as it is', () => {
    const fields = { number: '1', student: 's1', note: 'by the door' };
    const unknown = { type: 'unknown', name: 'noted', sequence: 4, at: 6, fields };
    expect(parseFeed(3, [[noted(4)], 4, 2, 'pod']).events).toEqual([unknown]);
  });

  it('is trimmed when its first event is not the next one', () => {
    expect(parseFeed(3, [[joined(6)], 6, 2, 'pod'])).toMatchObject({ trimmed: true, events: [] });
  });
});
