import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '../../../common/domain-error';
import { parseCatalogue } from './catalogue-rows';

const COLUMNS = [
  'clbid',
  'department',
  'number',
  'section',
  'type',
  'name',
  'title',
  'credits',
  'max',
  'enrolled',
  'offerings',
  'start_date',
  'end_date',
  'halfcredit',
  'instructors',
  'firstyear',
  'prerequisites',
  'notes',
];

const GOOD: Record<string, string> = {
  clbid: '1',
  department: 'MATH',
  number: '252',
  type: 'Research',
  name: 'Algebra',
  credits: '1.0',
  max: '16',
  enrolled: '12',
};

const quoted = (value = ''): string => `"${value.replaceAll('"', '""')}"`;

const csv = (...rows: Record<string, string>[]): string =>
  [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => quoted(row[column])).join(','))].join('\n');

/** The catalogue of one good row, changed. */
const parseOne = (changes: Record<string, string> = {}) => {
  const { sections, problems } = parseCatalogue(csv({ ...GOOD, ...changes }));
  return { section: sections[0], rules: problems.map(({ rule }) => rule), problems };
};

const meeting = (day: string, start: string, end: string, location = 'RNS 208'): string =>
  `{'day': '${day}', 'end': '${end}', 'location': '${location}', 'start': '${start}'}`;

const at = (day: number, startMinute: number, endMinute: number) => ({
  day,
  startMinute,
  endMinute,
  location: 'RNS 208',
});

const NO_DAY = 'a meeting without a day that is understood';
const NO_TIMES = 'a meeting without times that are understood';

describe('the rows of a catalogue', () => {
  it('become sections', () => {
    const { section, rules } = parseOne({ offerings: meeting('Fr', '14:00', '14:55'), firstyear: '3/8', section: 'B' });
    expect(rules).toEqual([]);
    expect(section).toMatchObject({
      line: 2,
      id: '1',
      department: 'MATH',
      number: '252',
      section: 'B',
      type: 'Research',
      title: 'Algebra',
      creditsHundredths: 100,
      capacity: 16,
      demand: 12,
      classYearLimits: { firstyear: 8 },
      meetings: [{ day: 5, startMinute: 840, endMinute: 895, location: 'RNS 208' }],
    });
  });

  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['capacity 0', { max: '0' }, { capacity: 0 }],
    ['variable credits', { credits: '-1.0' }, { creditsHundredths: 0 }],
    ['no credits', { credits: '0.0' }, { creditsHundredths: 0 }],
    ['a quarter credit', { credits: '0.25' }, { creditsHundredths: 25 }],
    ['no times', { offerings: '' }, { meetings: [] }],
    ['a long title', { title: 'Algebra, "the" first; part' }, { title: 'Algebra, "the" first; part' }],
    ['a limit of 0/0', { firstyear: '0/0' }, { classYearLimits: { firstyear: 0 } }],
    ['a year above its limit', { firstyear: '9/8' }, { classYearLimits: { firstyear: 8 } }],
    ['no prerequisites, in Python’s word', { prerequisites: 'False' }, { prerequisites: '' }],
    [
      'prerequisites that begin with such a word',
      { prerequisites: 'None but zeal' },
      { prerequisites: 'None but zeal' },
    ],
    [
      'no notes, section or times, in other words',
      { notes: 'nan', section: 'None', offerings: 'None' },
      { notes: '', section: '', meetings: [] },
    ],
    ['credits of three places', { credits: '3.000' }, { creditsHundredths: 300 }],
    ['credits that begin with a point', { credits: '.5' }, { creditsHundredths: 50 }],
    ['many credits', { credits: '30.0' }, { creditsHundredths: 3_000 }],
    ['a capacity as spreadsheets write it', { max: '25.0', enrolled: '7.0' }, { capacity: 25, demand: 7 }],
    ['a longer section code', { section: 'LAB-2025-101' }, { section: 'LAB-2025-101' }],
    ['a time that is not known yet', { offerings: 'TBA' }, { meetings: [] }],
    ['an hour of one digit', { offerings: meeting('Mo', '9:05', '10:00') }, { meetings: [at(1, 545, 600)] }],
    [
      'a clock of twelve hours',
      { offerings: meeting('Thu', '12:30 PM', '1:20 p.m.') },
      { meetings: [at(4, 750, 800)] },
    ],
    ['another word for a day', { offerings: meeting('목요일', '12:00', '13:00') }, { meetings: [at(4, 720, 780)] }],
    ['a night', { offerings: meeting('Sunday', '22:00', '00:30') }, { meetings: [at(1, 0, 30), at(7, 1_320, 1_440)] }],
    ['an end at midnight', { offerings: meeting('Mo', '22:00', '00:00') }, { meetings: [at(1, 1_320, 1_440)] }],
    [
      'plain times',
      { offerings: 'Mo/We 9:05 AM - 10:00 AM RNS 208; Fri 13:00–14:00' },
      { meetings: [at(1, 545, 600), at(3, 545, 600), { ...at(5, 780, 840), location: '' }] },
    ],
    [
      'times as JSON',
      { offerings: '[{"day": "Mo", "start": "09:00", "end": "10:00", "location": "RNS 208"}]' },
      { meetings: [at(1, 540, 600)] },
    ],
    [
      'dates of the section',
      { offerings: meeting('Mo', '09:00', '10:00'), start_date: '2025-09-04', end_date: '2025-10-24' },
      { meetings: [{ ...at(1, 540, 600), firstDay: '2025-09-04', lastDay: '2025-10-24', half: null }] },
    ],
    [
      'dates of one meeting',
      { offerings: "{'day': 'Mo', 'start': '09:00', 'end': '10:00', 'from': '2025-10-27'}" },
      { meetings: [{ day: 1, firstDay: '2025-10-27', lastDay: null }] },
    ],
    [
      'a half of the term',
      { offerings: meeting('Mo', '09:00', '10:00'), halfcredit: '2' },
      { meetings: [{ ...at(1, 540, 600), half: 2, firstDay: null, lastDay: null }] },
    ],
    ['names beyond ASCII', { instructors: 'Søren Kierkegård;김연아' }, { instructors: 'Søren Kierkegård;김연아' }],
  ])('are taken by a rule: %s', (_, changes, expected) => {
    const { section, rules } = parseOne(changes);
    expect(section).toMatchObject(expected);
    expect(rules).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no id', { clbid: '' }, 'clbid missing'],
    ['no department', { department: ' ' }, 'department missing'],
    ['a number that is none', { number: 'nan' }, 'number missing'],
    ['an id too long', { clbid: 'x'.repeat(33) }, 'clbid too long'],
    ['a capacity in words', { max: 'many' }, 'max is not a whole number from 0 to 100000'],
    ['a capacity below 0', { max: '-1' }, 'max is not a whole number from 0 to 100000'],
    ['credits in words', { credits: 'one' }, 'credits are not a number from 0 to 999.99'],
    ['other negative credits', { credits: '-2.0' }, 'credits are not a number from 0 to 999.99'],
    ['credits finer than hundredths', { credits: '0.125' }, 'credits are not a number from 0 to 999.99'],
    ['a capacity in parts', { max: '2.5' }, 'max is not a whole number from 0 to 100000'],
    ['a section code too long', { section: 'x'.repeat(17) }, 'section too long'],
    ['times in prose', { offerings: 'on Mondays' }, NO_DAY],
    ['an unknown day', { offerings: meeting('Xx', '09:00', '10:00') }, NO_DAY],
    ['a letter that may be two days', { offerings: 'T 09:00-10:00' }, NO_DAY],
    ['no start', { offerings: "{'day': 'Mo', 'end': '10:00'}" }, NO_TIMES],
    [
      'an end long before the start',
      { offerings: meeting('Mo', '14:00', '09:00') },
      'a meeting that ends before it starts',
    ],
    [
      'one bad meeting beside a good one',
      { offerings: `${meeting('Mo', '9', '10:00')};${meeting('Tu', '09:00', '10:00')}` },
      NO_TIMES,
    ],
    ['a date of no calendar', { start_date: '2025-02-30' }, 'a date that is not like 2025-09-04'],
    ['dates the wrong way round', { start_date: '2025-10-25', end_date: '2025-09-04' }, 'a last day before the first'],
    ['a third half', { halfcredit: '3' }, 'a half of the term that is neither 1 nor 2'],
  ])('are reported and left out: %s', (_, changes, rule) => {
    const { section, problems } = parseOne(changes);
    expect(section).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ line: 2, rule })]);
  });

  it.each<[string, Record<string, string>, string, Record<string, unknown>]>([
    ['an unreadable limit', { firstyear: '8' }, 'firstyear is not taken/limit', { classYearLimits: {} }],
    ['a title too long', { title: 'x'.repeat(201) }, 'title cut to 200 characters', { title: 'x'.repeat(200) }],
  ])('are reported and taken otherwise: %s', (_, changes, rule, expected) => {
    const { section, rules } = parseOne(changes);
    expect(rules).toEqual([rule]);
    expect(section).toMatchObject(expected);
  });

  it('take the same meeting once, in the order of the week, whatever quotes and separators the place has', () => {
    const place = `{'day': 'We', 'start': '09:00', 'end': '10:00', 'location': "O'Shaughnessy; {B}"}`;
    const { section, rules } = parseOne({ offerings: [place, place, meeting('Mo', '09:00', '10:00')].join(';') });
    expect(rules).toEqual([]);
    expect(section?.meetings.map(({ day, location }) => [day, location])).toEqual([
      [1, 'RNS 208'],
      [3, "O'Shaughnessy; {B}"],
    ]);
  });

  it('with an id for the second time are reported', () => {
    const { sections, problems, unusableLines } = parseCatalogue(csv(GOOD, { ...GOOD, name: 'Again' }));
    expect(sections).toHaveLength(1);
    expect(unusableLines).toEqual([3]);
    expect(problems).toEqual([{ line: 3, rule: 'section id twice', text: '1' }]);
  });

  it('that are no CSV are reported, and the others taken', () => {
    const { sections, problems } = parseCatalogue(
      `${csv(GOOD)}\n"2","short"\n${csv({ ...GOOD, clbid: '3' }).split('\n')[1]}`,
    );
    expect(sections.map(({ id }) => id)).toEqual(['1', '3']);
    expect(problems).toEqual([expect.objectContaining({ line: 3, rule: 'unreadable row' })]);
  });

  it.each([
    ['not closed', '"2,open', 3],
    ['not doubled', '"2","x"y"', 3],
    ['not around the whole field', '2,x"y"', 3],
    ['not closed after a row of several lines', `"2","a\nb"\n"3","open`, 5],
  ])('are refused together where a quote is %s, for others would be lost with its row', (_, broken, line) => {
    const text = `${csv(GOOD)}\n${broken}\n${csv({ ...GOOD, clbid: '4' }).split('\n')[1]}\n`;
    expect(() => parseCatalogue(text)).toThrow(`from line ${line} on the quotes do not match`);
  });

  it('without any value are nothing', () => {
    const blank = COLUMNS.map(() => '').join(',');
    const { sections, problems, unusableLines } = parseCatalogue(
      `${csv(GOOD)}\n${blank}\n,,,\n\n  ,${blank.slice(1)}\n`,
    );
    expect(sections).toHaveLength(1);
    expect([problems, unusableLines]).toEqual([[], []]);
  });

  it('are read by columns of any case, with blanks around', () => {
    const [header = '', row = ''] = csv(GOOD).split('\n');
    expect(parseCatalogue(`${header.toUpperCase().replaceAll(',', ' , ')}\n${row}`).sections).toHaveLength(1);
  });

  it('of a wrong header are refused with what is wanted, by an example that can be read', () => {
    let details: Record<string, unknown> = {};
    try {
      parseCatalogue('id,title\n1,x');
    } catch (error) {
      ({ details = {} } = error as DomainError);
    }
    expect(details.missing).toContain('clbid');
    expect(details.required).toContain('offerings');
    expect(details.optional).toContain('start_date');
    expect(parseCatalogue(String(details.example))).toMatchObject({
      sections: [{ meetings: { length: 3 } }],
      problems: [],
    });
  });

  it.each(['', 'a,b\n1,2', 'clbid\n1'])('of something else than a catalogue are refused: %j', (text) => {
    expect(() => parseCatalogue(text)).toThrow(DomainError);
  });

  it('of the real term are all taken', () => {
    const { sections, problems } = parseCatalogue(readFileSync(join(__dirname, '../stolaf-20251.csv'), 'utf8'));
    const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
    expect(problems).toEqual([]);
    expect(sections).toHaveLength(877);
    expect(sum(sections.map(({ demand }) => demand))).toBe(15_405);
    expect(sum(sections.map(({ demand, capacity }) => Math.min(demand, capacity)))).toBe(14_892);
    expect(sections.filter(({ capacity }) => capacity === 0)).toHaveLength(90);
    expect(sections.filter(({ meetings }) => meetings.length === 0)).toHaveLength(152);
    expect(sum(sections.map(({ meetings }) => meetings.length))).toBe(1_639);
    const halves = sections.filter(({ meetings }) => meetings.some(({ half }) => half !== null));
    expect(halves.map(({ department }) => department)).toContain('KINES');
    expect(halves).toHaveLength(17);
  });
});
