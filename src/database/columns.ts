import type { ColumnOptions, PrimaryColumnOptions } from 'typeorm';

/** BIGINT comes back from MySQL as a string. Every number we keep there is a safe integer (ms, sequences). */
const numberTransformer = {
  to: (value: unknown): unknown => value,
  from: (value: string | number | null): number | null => (value === null ? null : Number(value)),
};

/**
 * Options of an entity column for whole numbers up to 2^53 − 1, such as milliseconds since the Unix epoch:
 * `@Column(bigintColumn('opens_at'))`. Raw queries get no transformer: `Number()` what they return.
 */
export function bigintColumn(name: string, extra: { nullable?: boolean; default?: number } = {}): ColumnOptions {
  return { ...extra, name, type: 'bigint', transformer: numberTransformer };
}

/** The same for a column of the primary key: `@PrimaryColumn(bigintKey('sequence'))`. */
export function bigintKey(name: string): PrimaryColumnOptions {
  return { name, type: 'bigint', transformer: numberTransformer };
}
