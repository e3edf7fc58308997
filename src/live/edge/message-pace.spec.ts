import { MessagePace } from './message-pace';

function verdicts(pace: MessagePace, count: number, now: number): Record<string, number> {
  const counted: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const verdict = pace.next(now);
    counted[verdict] = (counted[verdict] ?? 0) + 1;
  }
  return counted;
}

describe('the pace of one socket', () => {
  it('takes a burst and then ten messages a second', () => {
    const pace = new MessagePace(0);
    expect(verdicts(pace, 41, 0)).toEqual({ take: 40, refuse: 1 });
    expect(verdicts(pace, 11, 1_000)).toEqual({ take: 10, refuse: 1 });
  });

  it('cuts a flood', () => {
    expect(verdicts(new MessagePace(0), 1_000, 0)).toEqual({ take: 40, refuse: 200, cut: 760 });
  });

  it('saves no more than one burst', () => {
    const pace = new MessagePace(0);
    expect(verdicts(pace, 60, 3_600_000)).toEqual({ take: 40, refuse: 20 });
  });

  it('takes as many when the clock is put back', () => {
    const pace = new MessagePace(3_600_000);
    expect(verdicts(pace, 41, 0)).toEqual({ take: 40, refuse: 1 });
    expect(verdicts(pace, 11, 1_000)).toEqual({ take: 10, refuse: 1 });
  });
});
