import { en } from './en';
import { ko } from './ko';

/** Every name in a text, with those that lead to it. */
const namesOf = (texts: object, path = ''): string[] =>
  Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? namesOf(value as object, `${path}${name}.`) : [`${path}${name}`],
  );

describe('the texts of the console', () => {
  it('are the same in both languages, also where any name may stand', () => {
    expect(namesOf(ko)).toEqual(namesOf(en));
  });
});
