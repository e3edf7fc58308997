import { openDatabase } from '../../../src/database/open-database';
import { seedHash } from '../../../src/line/lottery';
import type { StudentTab } from '../../support/student';
import { waitFor } from '../../../load/support/wait-for';
import { allPlaced, clusteredWorld, embeddedWorld, enterLine, runTrail, shownPosition, World } from './lottery-world';

const ENTRANTS = 20;
const LATECOMERS = 3;

describe.each([
  ['one embedded pod', embeddedWorld],
  ['two pods', clusteredWorld],
])('a lottery on %s', (_, start) => {
  const roomId = 'lottery';
  const tabs: StudentTab[] = [];
  let world: World;
  let publishedHash: string;

  beforeAll(async () => void (world = await start()));
  afterAll(async () => {
    for (const tab of tabs) tab.close();
    await world.stop();
  });

  async function enter(studentId: string): Promise<void> {
    const url = world.urls[tabs.length % world.urls.length] ?? '';
    tabs.push(await enterLine(url, await world.signIn(studentId), roomId));
  }

  async function seenByAll(): Promise<{ seedHash: string; seed?: string }> {
    const response = await fetch(`${world.urls[0]}/api/rooms/${roomId}`);
    return ((await response.json()) as { lottery: { seedHash: string; seed?: string } }).lottery;
  }

  it('shows the hash of the seed, and neither seed nor positions, before the opening', async () => {
    const { operator } = world;
    const opensAt = Date.now() + 3_600_000;
    const room = await operator.createRoom(roomId, { lottery: true, ratePerSecond: 1_000, opensAt });
    for (let i = 0; i < ENTRANTS; i++) await enter(`entrant-${i}`);
    expect(tabs.map(({ ticket }) => [ticket?.number, ticket?.position])).toEqual(
      tabs.map((_tab, index) => [index + 1, 0]),
    );
    expect(JSON.stringify(room)).not.toMatch(/"seed"|lotterySeed/);
    const view = await seenByAll();
    expect(Object.keys(view)).toEqual(['seedHash']);
    publishedHash = view.seedHash;
    await operator.changeRoom(roomId, { opensAt: Date.now(), capacity: 0 });
  });

  it('lets everybody in by the recomputed order, latecomers behind', async () => {
    await waitFor(() => allPlaced(tabs), { what: 'the draw' });
    for (let i = 0; i < LATECOMERS; i++) await enter(`late-${i}`);
    await waitFor(() => allPlaced(tabs), { what: 'the latecomers to be shown their places' });
    const recomputed = await runTrail(world, 'lottery', roomId, '--seed-hash', publishedHash);
    expect(recomputed).toMatchObject({ pass: true, problems: [], seedHash: publishedHash });
    expect(recomputed.order).toHaveLength(ENTRANTS);
    const expected = [...recomputed.order.map(({ entry }) => entry - 1), ...[0, 1, 2].map((late) => ENTRANTS + late)];
    expect(expected.map((index) => shownPosition(tabs[index]!))).toEqual(expected.map((_index, place) => place + 1));
    await world.operator.changeRoom(roomId, { capacity: 1_000 });
    const admissions = await Promise.all(tabs.map((tab) => tab.admitted()));
    expect(expected.map((index) => admissions[index]?.number)).toEqual(
      expected.map((_index, place) => ENTRANTS + 1 + place),
    );
  });

  it('shows the seed of the hash afterwards, and a trail that is fair', async () => {
    const { seed } = await seenByAll();
    expect(seedHash(seed ?? '')).toBe(publishedHash);
    expect(await runTrail(world, 'verify', roomId)).toMatchObject({ pass: true, violations: [] });
  });

  it('is not recomputed when a row of the trail was changed afterwards', async () => {
    const database = await openDatabase({ ...world.database, entities: [] });
    try {
      await database.write((manager) =>
        manager.query(`UPDATE trail SET number = number + 100 WHERE type = 'drawn' AND number = ${ENTRANTS + 1}`),
      );
    } finally {
      await database.close();
    }
    expect(await runTrail(world, 'lottery', roomId)).toMatchObject({ pass: false });
  });
});
