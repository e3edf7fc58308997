import { browserStorage } from '../../sdk';

const storage = browserStorage('local');
const STORAGE_KEY = 'sunbeon:sound';

/** On unless the student switched it off. */
export function isSoundOn(): boolean {
  return storage.getItem(STORAGE_KEY) !== 'off';
}

export function setSoundOn(on: boolean): void {
  storage.setItem(STORAGE_KEY, on ? 'on' : 'off');
}

/** E5 and A5: a rising fourth, as at a counter. Hz and start in seconds. */
const NOTES = [
  { frequency: 659.3, at: 0 },
  { frequency: 880, at: 0.18 },
];
const NOTE_SECONDS = 0.7;

/** Two soft tones. A browser that forbids sound without a click stays silent. */
export function playChime(): void {
  if (!isSoundOn() || typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  for (const { frequency, at } of NOTES) {
    const tone = new OscillatorNode(audio, { frequency, type: 'sine' });
    const loudness = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + at;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.18, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_SECONDS);
  }
  setTimeout(() => void audio.close(), 2000);
}
