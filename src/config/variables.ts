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

function variablesIn(section: string, schema: object & { properties?: object }, above: string[] = []): Variable[] {
  if ('variable' in schema) return [{ ...(schema as Variable), section, path: above }];
  // What nobody can set would go unnoticed.
  if (!schema.properties) throw new Error(`${above.join('.')} of the settings is no variable`);
  return Object.entries(schema.properties).flatMap(([key, part]: [string, object]) =>
    variablesIn(section, part, [...above, key]),
  );
}
