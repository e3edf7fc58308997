import { SavedPlaces } from './saved-place';
import { memoryStorage } from './storage';

const place = { ticket: 'signed', number: 7, startPosition: 90, position: 30, sequence: 12 };

describe('a saved place', () => {
  it('is found again by the same student in the same room only', () => {
    const places = new SavedPlaces(memoryStorage());
    places.save('fall', 'kim', place);
    expect(places.load('fall', 'kim')).toEqual(place);
    expect(places.load('fall', 'lee')).toBeUndefined();
    expect(places.load('spring', 'kim')).toBeUndefined();
  });

  it('is gone once forgotten', () => {
    const places = new SavedPlaces(memoryStorage());
    places.save('fall', 'kim', place);
    places.forget('fall', 'kim');
    expect(places.load('fall', 'kim')).toBeUndefined();
  });

  it.each(['{', 'null', '{"ticket":1}', '{"ticket":"x","number":"7"}'])('ignores foreign text: %s', (text) => {
    const places = new SavedPlaces({ ...memoryStorage(), getItem: () => text });
    expect(places.load('fall', 'kim')).toBeUndefined();
  });

  it('does not fail where the browser forbids to store', () => {
    const forbidden = () => {
      throw new Error('QuotaExceededError');
    };
    expect(() => new SavedPlaces({ ...memoryStorage(), setItem: forbidden }).save('fall', 'kim', place)).not.toThrow();
  });
});
