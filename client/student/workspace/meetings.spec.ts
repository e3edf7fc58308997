import type { Day, Meeting } from '../../sdk';
import { groupedMeetings } from './meetings';

const at = (day: Day, start: string, end: string, location = 'A 1'): Meeting => ({ day, start, end, location });

describe('meetings', () => {
  it('at the same time and place are one line, in the order of the week', () => {
    const meetings = [at('Fr', '14:00', '14:55'), at('Mo', '14:00', '14:55'), at('Th', '09:00', '09:50')];
    expect(groupedMeetings(meetings)).toEqual([
      { days: ['Mo', 'Fr'], start: '14:00', end: '14:55', location: 'A 1' },
      { days: ['Th'], start: '09:00', end: '09:50', location: 'A 1' },
    ]);
  });
});
