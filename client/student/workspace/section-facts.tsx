import type { Meeting, Section, SunbeonState } from '../../sdk';
import { usePage } from '../page-context';
import type { Texts } from '../text/en';
import { sectionCode } from '../text/section-code';
import { groupedMeetings } from './meetings';

/** Of the term, where it is not all of it. */
function partWords(texts: Texts, { from, until, half }: Pick<Meeting, 'from' | 'until' | 'half'>): string[] {
  const halves = half ? [half === 1 ? texts.section.firstHalf : texts.section.secondHalf] : [];
  return from || until ? [...halves, texts.section.dates(from, until)] : halves;
}

export function MeetingTimes({ meetings }: { meetings: readonly Meeting[] }) {
  const { texts } = usePage();
  if (meetings.length === 0) return <span>{texts.section.noTime}</span>;
  return (
    <>
      {groupedMeetings(meetings).map(({ days, start, end, location, ...part }) => (
        <span class="meeting" key={JSON.stringify([days, start, location, part])}>
          <span class="meeting-days">{days.map((day) => texts.section.days[day]).join(' ')}</span>{' '}
          <span class="meeting-time">
            {start}–{end}
          </span>
          {location && <span class="meeting-place"> · {location}</span>}
          {partWords(texts, part).map((words) => (
            <span key={words}> · {words}</span>
          ))}
        </span>
      ))}
    </>
  );
}

/** What the class is called, and when it meets. */
export function SectionHead({ section }: { section: Section }) {
  return (
    <>
      <p>
        <strong>{sectionCode(section)}</strong> <span>{section.title}</span>
      </p>
      <p class="section-meta">
        <MeetingTimes meetings={section.meetings} />
      </p>
    </>
  );
}

/** The newest count of seats that is known, all of one moment; a capacity of 0 is a class that is closed. */
function seatsOf(section: Section, seats: SunbeonState['seats']): { left: number; capacity: number } {
  const live = seats.get(section.id);
  if (!live || live.version < section.version) return section;
  return { left: live.left, capacity: live.capacity ?? section.capacity };
}

export const seatsLeft = (section: Section, seats: SunbeonState['seats']): number => seatsOf(section, seats).left;

/** Whether nobody new can get in, as far as is known now. */
export const isClosed = (section: Section, seats: SunbeonState['seats']): boolean =>
  seatsOf(section, seats).capacity === 0;

/** The seats left, live; words and number, not only colour. */
export function SeatsLeft({ section }: { section: Section }) {
  const { state, texts } = usePage();
  const { left, capacity } = seatsOf(section, state.seats);
  if (capacity === 0) return <span class="seats seats-none">{texts.section.closed}</span>;
  return (
    <span class={left > 0 ? 'seats' : 'seats seats-none'} data-left={left}>
      <strong>{left > 0 ? texts.section.left(left) : texts.section.full}</strong>{' '}
      <span class="seats-capacity">
        {left > 0 ? texts.section.ofCapacity(capacity) : texts.section.seats(capacity)}
      </span>
    </span>
  );
}
