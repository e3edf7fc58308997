import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { Config, OperatorToken } from '../config/config';
import { operatorList } from '../config/kinds';
import { readOrMakeSecret } from './secret-file';

const FILE = 'operator-tokens';

/** Who may steer the rooms, by name and token. */
export class OperatorDirectory {
  private readonly operators: readonly { name: string; digest: Buffer }[];

  /** @param printedOnce the operator that was made at this very start; to be shown once, and never again */
  constructor(
    operators: readonly OperatorToken[],
    readonly printedOnce?: OperatorToken,
  ) {
    this.operators = operators.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  }

  /** The operator's name. Takes equally long for every wrong token. */
  nameOf(token: string): string | undefined {
    const digest = digestOf(token);
    const found = this.operators.filter((operator) => timingSafeEqual(operator.digest, digest));
    return found[0]?.name;
  }
}

/** Digests are equally long, as the comparison in constant time needs. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Where the embedded mode keeps them. */
export const operatorsFile = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, FILE);

/**
 * The operators of OPERATOR_TOKENS, or else those kept in DATA_DIR/operator-tokens, where one is made at the first
 * start. The file has the same form.
 *
 * @throws Error when the file cannot be read or holds anything else
 */
export function loadOperators(config: Pick<Config, 'operatorTokens' | 'dataDir'>): OperatorDirectory {
  if (config.operatorTokens.length > 0) return new OperatorDirectory(config.operatorTokens);
  const make = (): string => `operator:${randomBytes(24).toString('base64url')}`;
  const file = readOrMakeSecret(config.dataDir, FILE, make);
  const list = operatorList.safeParse(file.text);
  if (!list.success || list.data.length === 0) {
    throw new Error(`${file.path} must hold ${operatorList.description}; move it away to have a new one made`);
  }
  return new OperatorDirectory(list.data, file.created ? list.data[0] : undefined);
}
