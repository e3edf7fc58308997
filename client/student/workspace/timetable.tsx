import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { sectionCode } from '../text/section-code';
import { minutesOf, sideBySide, WEEK } from './meetings';

interface TimetableProps {
  enrolled: Section[];
  /** Not enrolled yet; drawn dashed. */
  planned: Section[];
}

interface Block {
  key: string;
  column: number;
  start: number;
  end: number;
  code: string;
  title: string;
  /** All of it in words, for a pointer that rests on the block. */
  words: string;
  planned: boolean;
}

const FIRST_HOUR = 9;
const LAST_HOUR = 17;
const SCHOOL_DAYS = 5;

function blocksOf(sections: Section[], planned: boolean): Block[] {
  return sections.flatMap((section) =>
    section.meetings.map(({ day, start, end }, index) => ({
      key: `${section.id}:${index}`,
      column: WEEK.indexOf(day),
      start: minutesOf(start),
      end: minutesOf(end),
      code: section.code,
      title: section.title,
      words: `${sectionCode(section)} ${section.title} · ${start}–${end}`,
      planned,
    })),
  );
}

/** The week at a glance. The same classes stand beside it as a list, so assistive technology skips the drawing. */
export function Timetable({ enrolled, planned }: TimetableProps) {
  const { texts } = usePage();
  const blocks = sideBySide([...blocksOf(enrolled, false), ...blocksOf(planned, true)]);
  if (blocks.length === 0) return null;
  const first = Math.min(FIRST_HOUR, ...blocks.map(({ start }) => Math.floor(start / 60)));
  const last = Math.max(LAST_HOUR, ...blocks.map(({ end }) => Math.ceil(end / 60)));
  const days = WEEK.slice(0, Math.max(SCHOOL_DAYS, ...blocks.map(({ column }) => column + 1)));
  const hours = Array.from({ length: last - first }, (_, index) => first + index);
  const toRows = (minutes: number): string => `calc(${(minutes / 60 - first).toFixed(4)} * var(--hour))`;
  return (
    <div class="timetable" aria-hidden="true" style={{ '--days': days.length, '--hours': hours.length }}>
      <div class="timetable-days">
        {days.map((day) => (
          <span key={day}>{texts.section.days[day]}</span>
        ))}
      </div>
      <div class="timetable-grid">
        {hours.map((hour) => (
          <span key={hour} class="timetable-hour" style={{ top: toRows(hour * 60) }}>
            {hour}
          </span>
        ))}
        {blocks.map(({ key, column, lane, lanes, start, end, code, title, words, planned: dashed }) => (
          <span
            key={key}
            class={dashed ? 'timetable-block timetable-planned' : 'timetable-block'}
            title={words}
            style={{
              '--column': column,
              '--lane': lane,
              '--lanes': lanes,
              top: toRows(start),
              height: `calc(${((end - start) / 60).toFixed(4)} * var(--hour))`,
            }}
          >
            <strong>{code}</strong> {title}
          </span>
        ))}
      </div>
      {planned.length > 0 && <p class="hint">{texts.classes.inCart}</p>}
    </div>
  );
}
