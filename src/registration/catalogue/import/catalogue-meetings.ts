import { calendarDay, dayNumber, MINUTES_OF_DAY, minuteOf } from '../../../contract/week-time';

/** The part of the term in which something meets: all of it where nothing is said. */
export interface PartOfTerm {
  /** `2025-09-04`; null: from the beginning. */
  firstDay: string | null;
  /** The last day; null: to the end. */
  lastDay: string | null;
  /** Of the halves of a term without dates, 1 or 2; null: both. */
  half: number | null;
}

export interface CatalogueMeeting extends PartOfTerm {
  /** 1 = Monday to 7 = Sunday. */
  day: number;
  /** Minutes since midnight. */
  startMinute: number;
  endMinute: number;
  location: string;
}

/** `{'day': 'Fr', 'end': '14:55', 'location': 'RNS 208', 'start': '14:00'}`, as Python writes it, or JSON. */
const DICTIONARY = /\{((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^{}'"])*)\}/g;
const PAIR = /['"](\w+)['"]:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

/** `Mo/We/Fr 9:05-10:00 RNS 208` */
const PLAIN =
  /^(\p{L}[\p{L}.,/ ]*?)\s+(\d[\d:]*(?:\s*[ap]\.?m\.?)?)\s*(?:-|–|~|to)\s*(\d[\d:]*(?:\s*[ap]\.?m\.?)?)(?:\s+(.*))?$/iu;

/** How schools write that the time is not known yet. */
const NO_TIME = new Set(['tba', 'tbd', 'arr', 'arranged', 'to be announced', '-', '미정']);

const LONGEST_LOCATION = 100;

/** One that ends on the day after ends within this time; a longer one is a slip of the pen. */
const LONGEST_NIGHT_MINUTES = 8 * 60;

/**
 * The meetings of one `offerings` field, separated by `;`, or undefined when any of them is not understood: it goes to
 * `report`, and the section must not be taken for one that never meets.
 *
 * @param part what holds for meetings that say nothing else
 */
export function readMeetings(
  offerings: string,
  part: PartOfTerm,
  report: (rule: string, text: string) => void,
): CatalogueMeeting[] | undefined {
  const meetings = new Map<string, CatalogueMeeting>();
  let understood = true;
  const take = (fields: Record<string, string>, text: string): void => {
    const found = readMeeting(fields, part);
    if (typeof found === 'string') report(found, text);
    if (typeof found === 'string') understood = false;
    else for (const meeting of found) meetings.set(JSON.stringify(meeting), meeting);
  };
  for (const [text, inner = ''] of offerings.matchAll(DICTIONARY)) take(fieldsOf(inner), text);
  const rest = offerings.replace(DICTIONARY, '').replace(/^[\s,[\]]+|[\s,[\]]+$/g, '');
  for (const piece of rest.split(';').map((text) => text.trim())) {
    if (piece === '' || NO_TIME.has(piece.toLowerCase())) continue;
    const [, days = '', start = '', end = '', location = ''] = PLAIN.exec(piece) ?? [];
    if (days === '') take({}, piece);
    else for (const day of days.split(/[,/ ]+/).filter(Boolean)) take({ day, start, end, location }, piece);
  }
  if (!understood) return undefined;
  return [...meetings.values()].sort((a, b) => a.day - b.day || a.startMinute - b.startMinute);
}

function fieldsOf(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key = '', single, double] of text.matchAll(PAIR)) {
    fields[key] = (single ?? double ?? '').replace(/\\(.)/g, '$1');
  }
  return fields;
}

/** The meeting, in two when it ends on the day after, or the rule that it breaks. */
function readMeeting(fields: Record<string, string>, whole: PartOfTerm): CatalogueMeeting[] | string {
  const day = dayNumber(fields.day ?? '');
  const startMinute = minuteOf(fields.start ?? '');
  const endMinute = minuteOf(fields.end ?? '');
  const location = (fields.location ?? '').trim();
  if (day === undefined) return 'a meeting without a day that is understood';
  if (startMinute === undefined || endMinute === undefined) return 'a meeting without times that are understood';
  if (location.length > LONGEST_LOCATION) return `a location of more than ${LONGEST_LOCATION} characters`;
  const part = partOf(fields.from ?? '', fields.until ?? '', fields.half ?? '', whole);
  if (typeof part === 'string') return part;
  const base = { location, ...part };
  if (startMinute < endMinute) return [{ day, startMinute, endMinute, ...base }];
  const length = endMinute + MINUTES_OF_DAY - startMinute;
  if (length > LONGEST_NIGHT_MINUTES || length === 0) return 'a meeting that ends before it starts';
  const evening = { day, startMinute, endMinute: MINUTES_OF_DAY, ...base };
  return endMinute === 0 ? [evening] : [evening, { day: (day % 7) + 1, startMinute: 0, endMinute, ...base }];
}

/** The part of the term that these fields tell, or the rule that they break. */
export function partOf(from: string, until: string, half: string, otherwise: PartOfTerm): PartOfTerm | string {
  const firstDay = from.trim() === '' ? otherwise.firstDay : calendarDay(from);
  const lastDay = until.trim() === '' ? otherwise.lastDay : calendarDay(until);
  if (firstDay === undefined || lastDay === undefined) return 'a date that is not like 2025-09-04';
  if (firstDay !== null && lastDay !== null && firstDay > lastDay) return 'a last day before the first';
  const match = /^([12])(?:\.0+)?$/.exec(half.trim());
  if (half.trim() !== '' && !match) return 'a half of the term that is neither 1 nor 2';
  return { firstDay, lastDay, half: match ? Number(match[1]) : otherwise.half };
}
