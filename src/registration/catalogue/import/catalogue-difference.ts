import type { FieldChange } from '../../../contract/operate/terms';
import type { MeetingEntity } from '../../entities/meeting.entity';
import type { SectionEntity } from '../../entities/section.entity';
import { dayName, timeOf } from '../../../contract/week-time';
import type { CatalogueMeeting, PartOfTerm } from './catalogue-meetings';
import type { CatalogueSection } from './catalogue-rows';
import { classYearLimitsText } from './catalogue-section';

type Field = FieldChange['field'];

/** What the rules look at. A change of it raises the section's revision. */
const RULED: ReadonlySet<Field> = new Set(['course', 'section', 'type', 'credits', 'meetings']);

/** The fields that differ, in a fixed order. */
export function fieldChanges(
  before: SectionEntity,
  meetings: readonly MeetingEntity[],
  after: CatalogueSection,
): FieldChange[] {
  const [old, next] = [fieldsOf(before, meetings, before.classYearLimits), fieldsOfFile(after)];
  return (Object.keys(old) as Field[])
    .filter((field) => old[field] !== next[field])
    .map((field) => ({ field, before: old[field], after: next[field] }));
}

/** Whether the rules will look at something else than before. */
export const concernsRules = (changes: readonly FieldChange[]): boolean =>
  changes.some(({ field }) => RULED.has(field));

type Described = Pick<
  SectionEntity,
  | 'department'
  | 'number'
  | 'section'
  | 'type'
  | 'title'
  | 'instructors'
  | 'creditsHundredths'
  | 'capacity'
  | 'prerequisites'
  | 'notes'
>;

const fieldsOfFile = (section: CatalogueSection): Record<Field, FieldChange['before']> =>
  fieldsOf(section, section.meetings, classYearLimitsText(section));

const fieldsOf = (
  section: Described,
  meetings: readonly CatalogueMeeting[],
  classYearLimits: string | null,
): Record<Field, FieldChange['before']> => ({
  course: `${section.department} ${section.number}`,
  section: section.section,
  type: section.type,
  title: section.title,
  instructors: section.instructors,
  credits: section.creditsHundredths / 100,
  capacity: section.capacity,
  meetings: meetings.map(meetingText).join('; '),
  prerequisites: section.prerequisites,
  notes: section.notes,
  classYearLimits: classYearLimits ?? '',
});

/** `Mo 14:00–14:55 RNS 208 (2025-09-04 to 2025-10-24)` */
const meetingText = ({ day, startMinute, endMinute, location, ...part }: CatalogueMeeting): string =>
  `${dayName(day)} ${timeOf(startMinute)}–${timeOf(endMinute)} ${location}${partText(part)}`.trimEnd();

function partText({ firstDay, lastDay, half }: PartOfTerm): string {
  const dates = firstDay || lastDay ? [`${firstDay ?? ''} to ${lastDay ?? ''}`.trim()] : [];
  const parts = [...dates, ...(half ? [`half ${half}`] : [])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
