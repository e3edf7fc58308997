import { runContest, type SeatSeeker, type SeatSide } from './contest';

const seekers = Array.from({ length: 50 }, (_, index): SeatSeeker => {
  const studentId = `s${index}`;
  return { studentId, admission: `admission of ${studentId}`, key: `key of ${studentId}` };
});

/** Grants `seats`, refuses the rest, and breaks for one student. */
function side(seats: number, broken?: string) {
  const asked: string[] = [];
  let atOnce = 0;
  let most = 0;
  const take: SeatSide['take'] = async ({ studentId }) => {
    asked.push(studentId);
    most = Math.max(most, (atOnce += 1));
    await new Promise((resolve) => setImmediate(resolve));
    atOnce -= 1;
    if (studentId === broken) throw new Error('broken');
    return asked.indexOf(studentId) < seats;
  };
  return { asked, most: () => most, name: 'ledger' as const, take, close: () => Promise.resolve() };
}

const options = { seekers, contenders: 7, durationMs: Number.POSITIVE_INFINITY, databasePid: process.pid };

describe('a contest for seats', () => {
  it('lets everybody ask once, so many at a time', async () => {
    const fake = side(40);
    const contest = await runContest({ ...options, side: fake });
    expect(contest).toMatchObject({ granted: 40, refused: 10, failed: 0 });
    expect(new Set(fake.asked).size).toBe(50);
    expect(fake.most()).toBe(7);
  });

  it('counts a failure as neither granted nor refused, and keeps the first one', async () => {
    const contest = await runContest({ ...options, side: side(50, 's3') });
    expect(contest).toMatchObject({ granted: 49, refused: 0, failed: 1, failure: new Error('broken') });
  });

  it('asks nothing more when the time is over', async () => {
    expect(await runContest({ ...options, side: side(50), durationMs: 0 })).toMatchObject({ granted: 0, refused: 0 });
  });
});
