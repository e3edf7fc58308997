import { useState } from 'preact/hooks';
import { usePage } from '../page-context';
import { isSoundOn, setSoundOn } from './sound';

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
