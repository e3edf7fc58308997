import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassYears } from './class-year';
import { Roster, RosterError } from './roster';

const directory = mkdtempSync(join(tmpdir(), 'sunbeon-roster-'));
const file = join(directory, 'roster.csv');

afterAll(() => rmSync(directory, { recursive: true }));

function write(...lines: string[]): string {
  writeFileSync(file, lines.join('\n'));
  return file;
}

function problemsOf(...lines: string[]): readonly string[] {
  try {
    new Roster(write(...lines));
  } catch (error) {
    if (error instanceof RosterError) return error.problems;
    throw error;
  }
  return [];
}

const HEADER = 'student_id,name,class_year,email,joins_from';

describe('Roster', () => {
  it('lets everyone join when there is none', () => {
    expect(new Roster().mayJoin('anybody')).toBe(true);
  });

  it('knows who may join, with which class year and from when', () => {
    const roster = new Roster(
      write(`\uFEFF${HEADER}`, '20261234,"Kim, Minji",2,minji@example.edu,2026-02-16T09:00:00+09:00', '', 's2,,,,'),
    );
    expect(roster.lookup('20261234')).toEqual({
      studentId: '20261234',
      name: 'Kim, Minji',
      classYear: '2',
      email: 'minji@example.edu',
      joinsFrom: Date.UTC(2026, 1, 16, 0, 0, 0),
    });
    expect(roster.lookup('s2')).toEqual({ studentId: 's2' });
    expect(roster.mayJoin('s3')).toBe(false);
    expect(roster.size).toBe(2);
  });

  it('passes over blank rows, as spreadsheets keep them', () => {
    expect(new Roster(write(HEADER, ',,,,', 's1,,,,', '  , ,,,')).size).toBe(1);
  });

  it('reports a class year that nobody has stated, once for each spelling, instead of taking it for none', () => {
    expect(problemsOf(HEADER, 's1,,Senior (4),,', 's2,,Grad,,', 's3,,Grad,,', 's4,,9,,')).toEqual([
      'line 3: class_year: "Grad" is no class year that is known (in 2 rows); say in CLASS_YEARS what it means',
      'line 5: class_year: "9" is no class year that is known; say in CLASS_YEARS what it means',
    ]);
    const stated = new ClassYears([{ spelling: 'Grad', year: 'other' }]);
    expect(new Roster(write(HEADER, 's2,,grad,,'), stated).lookup('s2')?.classYear).toBe('other');
  });

  it('names all bad lines at once', () => {
    expect(
      problemsOf(
        HEADER,
        'ok,,,,',
        'has space,,,,',
        's2,,,nomail,',
        's3,,,,2026-02-16 09:00',
        'ok,again,,,',
        ',no id,,,',
      ),
    ).toEqual([
      expect.stringMatching(/^line 3: student_id: /),
      expect.stringMatching(/^line 4: email: /),
      expect.stringMatching(/^line 5: joins_from: /),
      expect.stringMatching(/^line 6: student_id: is there twice/),
      expect.stringMatching(/^line 7: student_id: /),
    ]);
  });

  it.each([
    ['a time without its zone', [HEADER, 's1,,,,2026-02-16T09:00:00']],
    ['a misspelt column', ['student_id,clas_year', 's1,2']],
    ['no student_id column', ['name', 'Minji']],
    ['a column given twice', ['student_id,student_id', 's1,s1']],
    ['a row of another length', [HEADER, 's1,Minji']],
    ['an open quote', [HEADER, 's1,"Minji,,,']],
  ])('refuses %s', (_, lines) => {
    expect(problemsOf(...lines)).toHaveLength(1);
  });

  it.each([
    ['in another encoding than UTF-8', Buffer.from([...Buffer.from('student_id,name\ns1,'), 0xb1, 0xe8]), 'not UTF-8'],
    ['that is empty', Buffer.from('\n'), 'empty'],
    ['that names nobody', Buffer.from('student_id,name\n,\n'), 'no student'],
  ])('refuses a file %s', (_, bytes, problem) => {
    writeFileSync(file, bytes);
    expect(() => new Roster(file)).toThrow(problem);
  });

  it('refuses a file that is not there', () => {
    expect(() => new Roster(join(directory, 'absent.csv'))).toThrow(RosterError);
  });

  it('says how many who may register now could not any more by another list', () => {
    const roster = new Roster(write('student_id,hold', 'a,', 'b,', 'c,', 'd,fines'));
    expect(roster.lossBy('student_id,hold\na,yes\nc,\ne,\n')).toEqual({ students: 3, lost: 2 });
    expect(roster.lossBy('student_id\na\nb\nc\n')).toEqual({ students: 3, lost: 0 });
  });

  it('takes over a changed file, and keeps the old list when the new one is bad', () => {
    const roster = new Roster(write('student_id', 's1'));
    write('student_id', 's1', 's2');
    roster.reload();
    expect(roster.mayJoin('s2')).toBe(true);
    write('student_id', 'not an id');
    expect(() => roster.reload()).toThrow(RosterError);
    expect(roster.mayJoin('s2')).toBe(true);
  });
});
