import type { Spread } from './spread';
import type { DatabaseMaker } from '../servers/sql-server';

/** What a bench is asked for. */
export interface BenchOptions {
  /** Whose database, where the bench has one. */
  database: DatabaseMaker;
  /** Done within 45 s: fewer repeats, shorter rounds. */
  quick: boolean;
  /** How many, instead of what the targets are said for: to try a bench out. */
  students?: number;
  /** Tells people how far it is. */
  say: (line: string) => void;
}

/** A figure that must hold. */
export interface Target {
  /** Key in `figures`. */
  figure: string;
  /** In words. */
  what: string;
  limit: number;
  sense: 'at least' | 'at most';
}

/** What is worth a picture. */
export interface Plot {
  unit: string;
  bars: { label: string; spread: Spread }[];
}

export interface BenchReport {
  figures: Record<string, number>;
  targets: Target[];
  /** For people; the same columns in every row. */
  rows: Record<string, string | number>[];
  /** What a reader must know to judge the figures: settings, kinds of clients, oddities. */
  notes: string[];
  plot?: Plot;
  /** Why the figures prove nothing, if they do not. */
  invalid?: string;
}

export interface Bench {
  /** As given to `npm run bench`. */
  name: string;
  summary: string;
  /** @throws Error when it could not be run at all */
  run(options: BenchOptions): Promise<BenchReport>;
}

export const isMet = ({ figure, limit, sense }: Target, figures: Record<string, number>): boolean => {
  const value = figures[figure] ?? Number.NaN;
  return sense === 'at least' ? value >= limit : value <= limit;
};

/** What a bench does in how many repeats, with how many. */
export interface Plan {
  students: number;
  repeats: number;
  /** How long each window is watched, ms. */
  windowMs: number;
  /** In how long they come, ms. */
  arriveMs: number;
}

/** The full plan or the quick one, with as many students as were asked for. */
export function planOf<P extends { students: number }>({ quick, students }: BenchOptions, full: P, short: P): P {
  const plan = quick ? short : full;
  return { ...plan, students: students ?? plan.students };
}
