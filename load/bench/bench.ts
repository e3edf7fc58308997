import type { DatabaseMaker } from '../servers/sql-server';

/** What a bench is asked for. */
export interface BenchOptions {
  /** Whose database, where the bench has one. */
  database: DatabaseMaker;
  /** Done within 45 s: fewer repeats, shorter rounds. */
  quick: boolean;
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

export interface BenchReport {
  figures: Record<string, number>;
  targets: Target[];
  /** For people; the same columns in every row. */
  rows: Record<string, string | number>[];
  /** What a reader must know to judge the figures: settings, kinds of clients, oddities. */
  notes: string[];
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
