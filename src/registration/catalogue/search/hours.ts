import { MINUTES_OF_DAY } from '../../../contract/week-time';
import { meetTogether, type MeetingFact } from '../../seats/rules';

const DAYS = 7;
/** A day has one moment more than minutes: its end. */
const MOMENTS = MINUTES_OF_DAY + 1;

type Meetings = readonly MeetingFact[];

/** When many sections meet, close together in memory: all of them are looked at in a fraction of a millisecond. Pure. */
export class Hours {
  /** By section, a bit for each day. */
  private readonly days: Uint8Array;
  /** The first start and the last end of a section; without meetings, within any hours. */
  private readonly first: Uint16Array;
  private readonly last: Uint16Array;
  /** By section, its first meeting in the lists below, and the first that is not its own. */
  private readonly offsets: Uint32Array;
  private readonly starts: Uint16Array;
  private readonly ends: Uint16Array;
  /** By section, 1 when some meeting is in a part of the term only. */
  private readonly isPartial: Uint8Array;

  constructor(private readonly meetings: readonly Meetings[]) {
    const { length } = meetings;
    this.days = Uint8Array.from(meetings, (own) => own.reduce((days, { day }) => days | (1 << day), 0));
    this.first = Uint16Array.from(meetings, (own) => Math.min(MINUTES_OF_DAY, ...own.map((one) => one.startMinute)));
    this.last = Uint16Array.from(meetings, (own) => Math.max(0, ...own.map((one) => one.endMinute)));
    this.isPartial = Uint8Array.from(meetings, (own) => Number(own.some(isOfPart)));
    this.offsets = new Uint32Array(length + 1);
    meetings.forEach((own, place) => (this.offsets[place + 1] = (this.offsets[place] ?? 0) + own.length));
    const all = meetings.flat();
    this.starts = Uint16Array.from(all, ({ day, startMinute }) => momentOf(day, startMinute));
    this.ends = Uint16Array.from(all, ({ day, endMinute }) => momentOf(day, endMinute));
  }

  /** Whether a section meets on the day, 1 = Monday to 7 = Sunday. */
  isOn(place: number, day: number): boolean {
    return ((this.days[place] ?? 0) & (1 << day)) !== 0;
  }

  /** Whether no meeting of a section begins before or ends after, minutes since midnight. */
  isWithin(place: number, from: number, until: number): boolean {
    return (this.first[place] ?? 0) >= from && (this.last[place] ?? 0) <= until;
  }

  /** Says of sections whether they meet at no time of the same weeks at which one of these does. */
  besides(own: Meetings): (place: number) => boolean {
    const taken = takenBefore(own);
    const isWhole = !own.some(isOfPart);
    return (place) => {
      const end = this.offsets[place + 1] ?? 0;
      for (let meeting = this.offsets[place] ?? 0; meeting < end; meeting += 1) {
        const isFree = taken[this.starts[meeting] ?? 0] === taken[this.ends[meeting] ?? 0];
        if (isFree) continue;
        // At the same hour, but perhaps in other weeks.
        return (!isWhole || this.isPartial[place] === 1) && !meetTogether(this.meetings[place] ?? [], own);
      }
      return true;
    };
  }
}

const isOfPart = ({ firstDay, lastDay, half }: MeetingFact): boolean => Boolean(firstDay ?? lastDay ?? half);

const momentOf = (day: number, minute: number): number => (day - 1) * MOMENTS + minute;

/** By moment of the week, how many minutes of it before are taken. */
function takenBefore(meetings: Meetings): Uint16Array {
  const taken = new Uint16Array(DAYS * MOMENTS);
  for (const { day, startMinute, endMinute } of meetings) {
    taken.fill(1, momentOf(day, startMinute) + 1, momentOf(day, endMinute) + 1);
  }
  for (let moment = 1; moment < taken.length; moment += 1)
    taken[moment] = (taken[moment] ?? 0) + (taken[moment - 1] ?? 0);
  return taken;
}
