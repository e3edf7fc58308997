import { dayNumber, minuteOf } from './week-time';

export interface CatalogueMeeting {
  /** 1 = Monday to 7 = Sunday. */
  day: number;
  /** Minutes since midnight. */
  startMinute: number;
  endMinute: number;
  location: string;
}

/** One dictionary of a Python list, as text: `{'day': 'Fr', 'end': '14:55', 'location': 'RNS 208', 'start': '14:00'}`. */
const DICTIONARY = /\{((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^{}'"])*)\}/g;
const PAIR = /'(\w+)':\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g;

const LONGEST_LOCATION = 100;

/**
 * The meetings of one `offerings` field: Python dictionaries separated by `;`. Python quotes by `"` a text that holds a
 * `'`. What cannot be read goes to `report`.
 */
export function readMeetings(offerings: string, report: (rule: string, text: string) => void): CatalogueMeeting[] {
  const meetings = new Map<string, CatalogueMeeting>();
  for (const [text, inner = ''] of offerings.matchAll(DICTIONARY)) {
    const meeting = readMeeting(inner);
    if (typeof meeting === 'string') report(meeting, text);
    else meetings.set(`${meeting.day} ${meeting.startMinute} ${meeting.endMinute} ${meeting.location}`, meeting);
  }
  const rest = offerings.replace(DICTIONARY, '').replace(/[;\s]/g, '');
  if (rest !== '') report('offerings cannot be read', offerings);
  return [...meetings.values()].sort((a, b) => a.day - b.day || a.startMinute - b.startMinute);
}

/** The meeting, or the rule that it breaks. */
function readMeeting(text: string): CatalogueMeeting | string {
  const fields: Record<string, string> = {};
  for (const [, key = '', single, double] of text.matchAll(PAIR)) {
    fields[key] = (single ?? double ?? '').replace(/\\(.)/g, '$1');
  }
  const day = dayNumber(fields.day ?? '');
  const startMinute = minuteOf(fields.start ?? '');
  const endMinute = minuteOf(fields.end ?? '');
  const location = (fields.location ?? '').trim();
  if (day === undefined) return 'a meeting without a day';
  if (startMinute === undefined || endMinute === undefined) return 'a meeting without a start and an end';
  if (startMinute >= endMinute) return 'a meeting that ends before it starts';
  if (location.length > LONGEST_LOCATION) return `a location of more than ${LONGEST_LOCATION} characters`;
  return { day, startMinute, endMinute, location };
}
