import { type Costs, tableOf } from './table';

const COSTS = { joinMicros: 20, readMicros: 2, followMicros: 5, readBytes: 100, bytesPerTicket: 400 } as Costs;

describe('what a crowd takes that comes within a minute', () => {
  it('counts the feed once for each pod that reads it', () => {
    const [few, , million] = tableOf(COSTS);
    expect(few).toMatchObject({ pods: 2, 'Redis core': '0 %' });
    // 16,667 a second, each 20 µs and 2 µs more for each of 49 more pods.
    expect(million).toMatchObject({
      pods: 50,
      'of it joins': '33 %',
      'Redis core': '197 %',
      'full first': 'Redis core',
    });
  });

  it('says how many one Redis bears, of which a pod may be full first', () => {
    expect(tableOf({ ...COSTS, readMicros: 0 })[2]).toMatchObject({ 'most per minute': 2_400_000 });
    expect(tableOf({ ...COSTS, joinMicros: 1, readMicros: 0, followMicros: 45 })[2]).toMatchObject({
      'full first': 'pod core',
    });
  });
});
