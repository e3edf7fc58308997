import { browserStorage } from '../../sdk';
import { en, type Texts } from './en';
import { ko } from './ko';

export type Language = 'en' | 'ko';

export const LANGUAGES: Record<Language, Texts> = { ko, en };

const storage = browserStorage('local');
const STORAGE_KEY = 'sunbeon:language';

/** What the student chose before, else what the browser prefers, else English. */
export function firstLanguage(): Language {
  const chosen = storage.getItem(STORAGE_KEY);
  if (chosen === 'en' || chosen === 'ko') return chosen;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export function rememberLanguage(language: Language): void {
  storage.setItem(STORAGE_KEY, language);
}

/** A point in time in the student's own zone and manner: the day too, unless it is today. */
export function formatTime(texts: Texts, at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const regional = navigator.languages.find((name) => name.startsWith(texts.locale)) ?? texts.locale;
  return new Intl.DateTimeFormat(regional, {
    ...(sameDay ? {} : { month: 'long', day: 'numeric', weekday: 'short' }),
    hour: 'numeric',
    minute: '2-digit',
  }).format(at);
}
