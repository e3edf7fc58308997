import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { Config, OperatorToken } from '../config/config';
import { operatorList } from '../config/kinds';
import type { OperatorRole } from '../contract/operate/console';
import { readOrMakeSecret } from './secret-file';

const FILE = 'operator-tokens';

/** Of a mark; 96 bits. */
const MARK_LENGTH = 16;

/** One of those who may look at the rooms, or steer them. */
export interface Operator {
  name: string;
  role: OperatorRole;
  /** Stands for the token, and tells nothing of it: a sign-in that carries another one is from before it was changed. */
  mark: string;
}

/** Who may steer the rooms, by name and token. */
export class OperatorDirectory {
  private readonly operators: readonly (Operator & { digest: Buffer })[];

  /** @param printedOnce the operator that was made at this very start; to be shown once, and never again */
  constructor(
    operators: readonly OperatorToken[],
    readonly printedOnce?: OperatorToken,
  ) {
    this.operators = operators.map(({ name, role, token }) => {
      const digest = digestOf(token);
      return {
        name,
        role,
        digest,
        mark: createHash('sha256').update(digest).digest('base64url').slice(0, MARK_LENGTH),
      };
    });
  }

  /** Whose token it is. Takes equally long for every wrong one. */
  byToken(token: string): Operator | undefined {
    const digest = digestOf(token);
    return this.operators.filter((operator) => timingSafeEqual(operator.digest, digest))[0];
  }

  /** By name, as long as the token is still the one of that mark. */
  byMark(name: string, mark: string): Operator | undefined {
    return this.operators.find((operator) => operator.name === name && operator.mark === mark);
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
