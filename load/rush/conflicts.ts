import type { CatalogueSection } from '../support/service-api';

/** A section as far as legality goes. */
export type DealtSection = Omit<CatalogueSection, 'capacity' | 'left'>;

interface Hours {
  day: string;
  startMinute: number;
  endMinute: number;
}

/** Whether one student may have both: no common minute in the week, and not the same course and type. */
export function mayBeTogether(one: DealtSection, other: DealtSection): boolean {
  if (one.id === other.id || (one.courseId === other.courseId && one.type === other.type)) return false;
  const hours = hoursOf(other);
  return !hoursOf(one).some((mine) => hours.some((theirs) => overlap(mine, theirs)));
}

/** Which of a list of sections exclude each other, by their places in the list. */
export class Conflicts {
  private readonly flags: Uint8Array;

  constructor(private readonly sections: readonly DealtSection[]) {
    const count = sections.length;
    this.flags = new Uint8Array(count * count);
    sections.forEach((one, row) => {
      for (let column = row; column < count; column += 1) {
        if (mayBeTogether(one, sections[column] as DealtSection)) continue;
        this.flags[row * count + column] = 1;
        this.flags[column * count + row] = 1;
      }
    });
  }

  between(one: number, other: number): boolean {
    return this.flags[one * this.sections.length + other] === 1;
  }
}

const known = new WeakMap<DealtSection, Hours[]>();

function hoursOf(section: DealtSection): Hours[] {
  let hours = known.get(section);
  if (!hours) {
    hours = section.meetings.map(({ day, start, end }) => ({
      day,
      startMinute: minuteOf(start),
      endMinute: minuteOf(end),
    }));
    known.set(section, hours);
  }
  return hours;
}

function overlap(one: Hours, other: Hours): boolean {
  return one.day === other.day && one.startMinute < other.endMinute && other.startMinute < one.endMinute;
}

/** Minutes since midnight of `HH:MM`. */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
