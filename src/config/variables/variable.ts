import type { Kind } from '../kinds';

/** One environment variable, as the loader reads it and the table of variables describes it. */
export interface Variable<T = unknown> {
  kind: Kind<T>;
  /** In its own words where the type does not say it: seconds, ms, bytes. */
  unit?: string;
  /** As one would write it in the environment. */
  default?: string;
  /** What holds without it, where that depends on other variables; a variable with `default` needs none. */
  otherwise?: string;
  /** Never printed, not even in part. */
  secret?: boolean;
  /** What it is for, for the person who runs the service. */
  purpose: string;
}

export type Values<V extends Record<string, Variable>> = {
  [Name in keyof V]: V[Name]['kind'] extends Kind<infer T>
    ? V[Name] extends { default: string }
      ? T
      : T | undefined
    : never;
};
