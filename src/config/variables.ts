import { z } from 'zod';
import { type About, SECTIONS } from './settings';

/** An environment variable, as the loader reads it and the table of variables describes it. */
export interface Variable extends About {
  variable: string;
  section: string;
  /** Where its value stands in the settings. */
  path: string[];
  /** Its type and range. */
  description: string;
  unit?: string;
  /** As one would write it in the environment. */
  default?: string;
}

/** Every variable that the service reads, section by section. */
export const VARIABLES: readonly Variable[] = Object.entries(SECTIONS).flatMap(([section, schema]) =>
  variablesIn(section, z.toJSONSchema(schema, { io: 'input' })),
);

function variablesIn(
  section: string,
  { properties }: object & { properties?: object },
  above: string[] = [],
): Variable[] {
  return Object.entries(properties ?? {}).flatMap(([key, part]: [string, object]) => {
    const path = [...above, key];
    return 'variable' in part ? [{ ...(part as Variable), section, path }] : variablesIn(section, part, path);
  });
}
