import { type ConsoleTexts, en } from './en';
import { ko } from './ko';

export type ConsoleLanguage = 'en' | 'ko';
export type { ConsoleTexts };

export const TEXTS: Record<ConsoleLanguage, ConsoleTexts> = { ko, en };
