import { en } from './en';
import { endedText } from './place-text';
import { ko } from './ko';

describe('why a place is gone', () => {
  it.each([
    ['English', en],
    ['Korean', ko],
  ])('is said in general where the page does not know the reason (%s)', (_, texts) => {
    for (const reason of ['moved', 'again', 'toString']) expect(endedText(texts, reason)).toBe(texts.ended.unknown);
    expect(endedText(texts, 'no_show')).toBe(texts.ended.no_show);
  });

  it('is not said to be an operator’s doing where the student may not register now', () => {
    expect(endedText(en, 'removed', 'on_hold')).toBe(en.ended.on_hold);
    expect(endedText(ko, 'removed', 'window_closed')).toBe(ko.ended.window_closed);
    expect(endedText(en, 'removed', 'moved')).toBe(en.ended.removed);
    expect(endedText(en, 'removed')).toBe(en.ended.removed);
  });
});
