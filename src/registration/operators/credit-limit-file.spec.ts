import { DomainError } from '../../common/domain-error';
import { readCreditLimits } from './credit-limit-file';

describe('a file of credit limits', () => {
  it('gives each student a limit, exact to a hundredth', () => {
    const csv = '\uFEFFcredit_limit,student_id\r\n21,s1\r\n19.25, s2\r\n.5,s3\r\n\r\n18.000,s4\r\n';
    expect(readCreditLimits(csv).map(({ studentId, limitHundredths }) => [studentId, limitHundredths])).toEqual([
      ['s1', 2_100],
      ['s2', 1_925],
      ['s3', 50],
      ['s4', 1_800],
    ]);
  });

  it.each<[string, string, number[]]>([
    ['no number', 'student_id,credit_limit\ns1,many\ns2,\n', [2, 3]],
    ['another form of number', 'student_id,credit_limit\ns1,1e2\ns2,0x10\ns3,-1\n', [2, 3, 4]],
    ['more than two decimals', 'student_id,credit_limit\ns1,18.005\n', [2]],
    ['more than anybody may have', 'student_id,credit_limit\ns1,1001\n', [2]],
    ['a student twice', 'student_id,credit_limit\ns1,18\ns1,19\n', [3]],
    ['no student id', 'student_id,credit_limit\n,18\n', [2]],
  ])('is refused with its lines for %s', (_, csv, lines) => {
    const problems = problemsOf(csv) as { line: number }[];
    expect(problems.map(({ line }) => line)).toEqual(lines);
  });

  it.each([
    ['without a row', 'student_id,credit_limit\n'],
    ['with another column', 'student_id,credit_limit,name\ns1,18,Kim\n'],
    ['without its header', 's1,18\n'],
    ['with a row too long', 'student_id,credit_limit\ns1,18,19\n'],
    ['that is empty', ''],
  ])('is refused %s', (_, csv) => {
    expect(() => readCreditLimits(csv)).toThrow(expect.objectContaining({ code: 'invalid_input' }) as Error);
  });
});

function problemsOf(csv: string): unknown {
  try {
    readCreditLimits(csv);
  } catch (error) {
    return (error as DomainError).details?.problems;
  }
  return undefined;
}
