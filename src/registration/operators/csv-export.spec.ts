import { text } from 'node:stream/consumers';
import { csvStream, type CsvRow, withoutFormulas } from './csv-export';

const lines = async (columns: string[], ...rows: CsvRow[]): Promise<string[]> => {
  async function* given(): AsyncGenerator<CsvRow> {
    yield* rows;
  }
  return (await text(csvStream(given(), columns))).split('\r\n');
};

describe('a cell of the CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['＝1+1', "'＝1+1"],
    ['+82 10', "'+82 10"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "\t'=1"],
    [' =1', " '=1"],
    ['"=1"', `"'=1"`],
    ['Kim;=1+1', "Kim;'=1+1"],
    ['Kim|@a', "Kim|'@a"],
    ['Kim\t+1', "Kim\t'+1"],
    ['Kim\n=1', "Kim\n'=1"],
    ['Kim; "-1', `Kim; "'-1`],
    ['a;=1;b;=2', "a;'=1;b;'=2"],
  ])('%j could be run by a spreadsheet of some separator, and leaves as %j', (given, left) => {
    expect(withoutFormulas(given)).toBe(left);
  });

  it.each([['Kim Minji'], ['kim-min@univ.ac.kr'], ['C++ for you'], ['a = b'], ['O’Neil; Ann'], ['']])(
    '%j cannot, and leaves as it is',
    (given) => expect(withoutFormulas(given)).toBe(given),
  );

  it('with an id leaves byte for byte as it came in', async () => {
    const row = { student_id: '@00123', section_id: '-7;=1', student_name: '@00123' };
    expect((await lines(['student_id', 'section_id', 'student_name'], row))[1]).toBe("@00123,-7;=1,'@00123");
  });

  it('with a number stays a number', async () => {
    expect((await lines(['credits'], { credits: -1 }))[1]).toBe('-1');
  });
});
