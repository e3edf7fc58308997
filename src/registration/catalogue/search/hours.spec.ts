import fc from 'fast-check';
import { type MeetingFact, meetTogether } from '../../seats/rules';
import { Hours } from './hours';

const meeting = fc
  .record({
    day: fc.integer({ min: 1, max: 7 }),
    startMinute: fc.integer({ min: 0, max: 1_439 }),
    length: fc.integer({ min: 1, max: 200 }),
    half: fc.constantFrom(null, null, null, 1, 2),
    firstDay: fc.constantFrom(null, null, '2025-09-04', '2025-10-20'),
    lastDay: fc.constantFrom(null, null, '2025-10-19', '2025-12-20'),
  })
  .map(({ length, ...rest }): MeetingFact => ({ ...rest, endMinute: Math.min(1_440, rest.startMinute + length) }));

const meetings = fc.array(meeting, { maxLength: 6 });

describe('the hours of sections', () => {
  it('say what meets besides others as the rule for timetables does', () => {
    fc.assert(
      fc.property(fc.array(meetings, { maxLength: 8 }), meetings, (sections, own) => {
        const fits = new Hours(sections).besides(own);
        expect(sections.map((_, place) => fits(place))).toEqual(sections.map((one) => !meetTogether(one, own)));
      }),
      { numRuns: 300 },
    );
  });

  it('say on which days and within which hours a section meets', () => {
    const hours = new Hours([
      [
        { day: 1, startMinute: 540, endMinute: 600 },
        { day: 7, startMinute: 1_380, endMinute: 1_440 },
      ],
      [],
    ]);
    expect([1, 2, 7].map((day) => hours.isOn(0, day))).toEqual([true, false, true]);
    expect(hours.isOn(1, 1)).toBe(false);
    const within = [
      [540, 1_440],
      [541, 1_440],
      [0, 1_439],
    ] as const;
    expect(within.map(([from, until]) => hours.isWithin(0, from, until))).toEqual([true, false, false]);
    // What has no time is neither too early nor too late.
    expect(hours.isWithin(1, 600, 660)).toBe(true);
  });
});
