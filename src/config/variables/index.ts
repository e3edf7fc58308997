import { IDENTITY_VARIABLES } from './identity';
import { LINE_VARIABLES, LIVE_VARIABLES } from './live';
import { SERVICE_VARIABLES } from './service';
import { STORE_VARIABLES } from './stores';
import type { Values, Variable } from './variable';

/** Every variable the service reads, by the headings of the table. */
export const VARIABLE_GROUPS: readonly { title: string; variables: Readonly<Record<string, Variable>> }[] = [
  { title: 'Service', variables: SERVICE_VARIABLES },
  { title: 'Stores', variables: STORE_VARIABLES },
  { title: 'Identity', variables: IDENTITY_VARIABLES },
  { title: 'Live connections', variables: LIVE_VARIABLES },
  { title: 'Rooms', variables: LINE_VARIABLES },
];

export const VARIABLES = {
  ...SERVICE_VARIABLES,
  ...STORE_VARIABLES,
  ...IDENTITY_VARIABLES,
  ...LIVE_VARIABLES,
  ...LINE_VARIABLES,
};

/** The checked values by variable name, before they are grouped. */
export type VariableValues = Values<typeof VARIABLES>;
