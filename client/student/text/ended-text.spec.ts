import { en } from './en';
import { endedText } from './ended-text';
import { ko } from './ko';

describe('why a place is gone', () => {
  it.each([
    ['English', en],
    ['Korean', ko],
  ])('is said in general where the page does not know the reason (%s)', (_, texts) => {
    for (const reason of ['moved', 'again', 'toString']) expect(endedText(texts, reason)).toBe(texts.ended.unknown);
    expect(endedText(texts, 'no_show')).toBe(texts.ended.no_show);
  });
});
