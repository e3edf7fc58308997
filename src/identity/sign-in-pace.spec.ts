import { SignInPace } from './sign-in-pace';

function taken(pace: SignInPace, studentId: string, tries: number, now: number): number {
  return Array.from({ length: tries }, () => pace.take(studentId, now)).filter(Boolean).length;
}

describe('the pace of sign-ins', () => {
  it('takes a burst of one student, and then one every three seconds', () => {
    const pace = new SignInPace();
    expect(taken(pace, 'a', 50, 0)).toBe(20);
    expect(taken(pace, 'a', 50, 6_000)).toBe(2);
  });

  it('counts every student alone, however many share an address', () => {
    const pace = new SignInPace();
    taken(pace, 'a', 50, 0);
    expect(taken(pace, 'b', 5, 0)).toBe(5);
  });

  it('remembers a bounded number of students', () => {
    const pace = new SignInPace();
    for (let index = 0; index < 30_000; index += 1) pace.take(`student-${index}`, 0);
    expect((pace as unknown as { buckets: Map<string, unknown> }).buckets.size).toBe(20_000);
  });
});
