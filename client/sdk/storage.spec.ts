import { forgivingStorage, memoryStorage } from './storage';

describe('a storage that is full', () => {
  it('keeps the newest value for as long as the page is there', () => {
    const full = memoryStorage();
    full.setItem('language', 'en');
    const forbidden = () => {
      throw new Error('QuotaExceededError');
    };
    const storage = forgivingStorage({ ...full, setItem: forbidden });
    storage.setItem('language', 'ko');
    expect(storage.getItem('language')).toBe('ko');
    storage.removeItem('language');
    expect(storage.getItem('language')).toBeNull();
  });
});
