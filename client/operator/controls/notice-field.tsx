import { useId } from 'preact/hooks';
import { useConsole } from '../console-context';

const LONGEST_NOTICE = 500;

/** The operator's words to everyone in the room. */
export function NoticeField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const { texts } = useConsole();
  const hintId = useId();
  return (
    <label class="field">
      <span>{texts.controls.noticeField}</span>
      <textarea
        name="notice"
        rows={3}
        maxLength={LONGEST_NOTICE}
        aria-describedby={hintId}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      <span class="hint" id={hintId}>
        {texts.controls.noticeHint}
      </span>
    </label>
  );
}
