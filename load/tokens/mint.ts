import { type IssuerKey, type TokenTerms } from '../issuer/issuer-key';

export interface MintOptions extends TokenTerms {
  /** How many students: s00001, s00002, … */
  students: number;
  /** Dealt out in turn; empty = the tokens say nothing of a class year. */
  classYears: readonly string[];
}

export interface MintedToken {
  studentId: string;
  token: string;
}

/** The id of the n-th simulated student, from 1. */
function studentIdOf(ordinal: number): string {
  return `s${String(ordinal).padStart(5, '0')}`;
}

/** One token after the other, as the local identity provider would give them. */
export async function* mintTokens(key: IssuerKey, options: MintOptions): AsyncGenerator<MintedToken> {
  const { students, classYears, ...terms } = options;
  for (let ordinal = 1; ordinal <= students; ordinal += 1) {
    const studentId = studentIdOf(ordinal);
    const identity = {
      sub: studentId,
      name: `Student ${ordinal}`,
      email: `${studentId}@students.example`,
      class_year: classYears.length > 0 ? classYears[(ordinal - 1) % classYears.length] : undefined,
    };
    yield { studentId, token: await key.sign(identity, terms) };
  }
}
