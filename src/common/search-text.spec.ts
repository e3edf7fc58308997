import { plainText, sectionSearchText } from './search-text';

describe('plain text', () => {
  it.each([
    ['Payán', 'payan'],
    ['PAYÁN'.normalize('NFD'), 'payan'],
    ['Søren Łukasz', 'soren lukasz'],
    ['한국어'.normalize('NFD'), '한국어'],
  ])('is as people type it: %s', (given, plain) => expect(plainText(given)).toBe(plain));
});

describe('the text of a section', () => {
  it('has its names, its code in one piece, and its id', () => {
    const names = { id: '20931', department: 'MATH', number: '252', section: 'B' };
    expect(sectionSearchText({ ...names, title: 'Álgebra I', instructors: 'Edgar Payán;Emmy Noether' })).toBe(
      'math 252 b algebra i edgar payan emmy noether math252b 20931',
    );
  });
});
