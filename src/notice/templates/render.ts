import type { MailLanguage } from '../../contract/identity';
import { NOTICE_KINDS, type NoticeKind } from '../../contract/mails';
import { ENGLISH } from './english';
import { KOREAN } from './korean';
import type { Letter, LetterLine, MailText, Phrases } from './letter';

const LANGUAGES: Record<MailLanguage, Phrases> = { ko: KOREAN, en: ENGLISH };

interface Group {
  heading: string;
  items: string[];
}

/** Subject, text and HTML of a mail in the student's language, with times as in `timeZone` (IANA name). */
export function renderLetter(letter: Letter, language: MailLanguage, timeZone: string): MailText {
  const phrases = LANGUAGES[language];
  const greeting = phrases.greeting(oneLine(letter.studentName));
  const groups = groupsOf(letter, phrases, timeZone);
  const asOf = phrases.asOf(phrases.time(letter.at, timeZone));
  return {
    subject: subjectOf(letter.lines, phrases),
    text: toText(greeting, groups, [asOf, phrases.footer]),
    html: toHtml(language, greeting, groups, [asOf, phrases.footer]),
  };
}

function subjectOf(lines: LetterLine[], phrases: Phrases): string {
  const [first] = lines;
  if (!first) throw new Error('a letter without lines');
  if (lines.length === 1) return phrases.subjectOfOne(phrases.heading[first.kind], sectionOf(first));
  return lines.every(({ kind }) => kind === first.kind)
    ? phrases.subjectOfSeveral(phrases.heading[first.kind], lines.length)
    : phrases.subjectOfMixed(lines.length);
}

function groupsOf({ lines }: Letter, phrases: Phrases, timeZone: string): Group[] {
  const group = (kind: NoticeKind): Group => ({
    heading: phrases.heading[kind],
    items: lines.filter((line) => line.kind === kind).map((line) => itemOf(line, phrases, timeZone)),
  });
  return NOTICE_KINDS.map(group).filter(({ items }) => items.length > 0);
}

function itemOf(line: LetterLine, phrases: Phrases, timeZone: string): string {
  const notes: string[] = [];
  if (line.kind === 'waitlisted' && line.position !== undefined) notes.push(phrases.waitlistPosition(line.position));
  if (line.kind === 'offered' && line.expiresAt !== undefined) {
    notes.push(phrases.acceptUntil(phrases.time(line.expiresAt, timeZone)));
  }
  if (line.kind === 'dropped' && line.reason !== undefined) notes.push(phrases.takenAway(oneLine(line.reason)));
  return [sectionOf(line), ...notes].join(' - ');
}

const sectionOf = ({ code, title }: LetterLine): string => oneLine(`${code} ${title}`);

/** Names come from files of the university; a line break in a subject would be a header of its own. */
const oneLine = (value: string): string => value.replace(/[\s\p{Cc}]+/gu, ' ').trim();

function toText(greeting: string, groups: Group[], closing: string[]): string {
  const body = groups.map(({ heading, items }) => [heading, ...items.map((item) => `- ${item}`)].join('\n'));
  return `${[greeting, ...body, closing.join('\n')].join('\n\n')}\n`;
}

function toHtml(language: MailLanguage, greeting: string, groups: Group[], closing: string[]): string {
  const body = groups.map(({ heading, items }) => {
    const list = items.map((item) => `<li>${escapeHtml(item)}</li>`).join('');
    return `<h2 style="font-size:1.1em">${escapeHtml(heading)}</h2><ul>${list}</ul>`;
  });
  const paragraphs = closing.map((text) => `<p style="color:#555">${escapeHtml(text)}</p>`);
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body>`,
    `<p>${escapeHtml(greeting)}</p>`,
    ...body,
    ...paragraphs,
    '</body></html>',
  ].join('\n');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
