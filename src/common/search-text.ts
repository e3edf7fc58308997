/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' },
};

/** What is put between the letters and the numbers of a code, or left out: `math-252`. */
const JOINTS = /[-_./·]/g;

/** As people type it: in lower case and without accents, so that `payan` finds Payán. Hangul stays as it is. */
export function plainText(text: string): string {
  const lower = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return lower.replace(/[ßæœøđðłþı]/g, (letter) => PLAIN[letter] ?? letter).normalize('NFC');
}

/** What a section is found by: its code in every way of writing it, its id, title and instructors. */
export function sectionSearchText(section: {
  id: string;
  department: string;
  number: string;
  section: string;
  title: string;
  instructors: string;
}): string {
  const { id, department, number, title, instructors } = section;
  const joined = `${department}${number}${section.section}`.replace(JOINTS, '');
  const parts = [department, number, section.section, title, instructors.replaceAll(';', ' '), joined, id];
  return plainText(parts.filter(Boolean).join(' '));
}
