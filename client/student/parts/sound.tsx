import { useState, useEffect, useRef } from 'preact/hooks';
import { browserStorage, type Place } from '../../sdk';
import { usePage } from '../page-context';

const storage = browserStorage('local');
const STORAGE_KEY = 'sunbeon:sound';

/** On unless the student switched it off. */
function isSoundOn(): boolean {
  return storage.getItem(STORAGE_KEY) !== 'off';
}

function setSoundOn(on: boolean): void {
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

export function SoundChoice() {
  const { texts } = usePage();
  const [on, setOn] = useState(isSoundOn);
  const change = (next: boolean) => {
    setSoundOn(next);
    setOn(next);
  };
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => change(event.currentTarget.checked)} />
      <span>{texts.waiting.sound}</span>
    </label>
  );
}

/** Sounds when the wait ends; not when a reload comes back to the inside. */
export function useTurnSound(phase: Place['phase']): void {
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === 'waiting' && phase === 'inside') playChime();
    before.current = phase;
  }, [phase]);
}
