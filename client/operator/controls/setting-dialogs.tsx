import { useState } from 'preact/hooks';
import { useConsole, useNow } from '../console-context';
import { fromLocalField, MINUTE_FIELD_LENGTH, momentText, ownZone, toLocalField } from '../format';
import { ActDialog } from '../parts/act-dialog';
import { effectsOn } from './effects';
import { NoticeField } from './notice-field';
import { type ControlDialogProps, useChange } from './use-change';

const MOST_RATE = 10_000;
const LEAST_RATE = 0.001;
const MOST_CAPACITY = 1_000_000;

/** By how much an open room is shut, unless another time is given, ms. */
const LATER_MS = 10 * 60_000;

const wholeMinute = (at: number): number => Math.ceil(at / 60_000) * 60_000;

const isRate = (value: number): boolean => value === 0 || (value >= LEAST_RATE && value <= MOST_RATE);
const isCapacity = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MOST_CAPACITY;

/** NaN for what is no number, or nothing. */
const read = (text: string): number => (text.trim() === '' ? NaN : Number(text));

interface NumberFieldProps {
  name: string;
  label: string;
  inputMode: 'decimal' | 'numeric';
  value: string;
  isGood: boolean;
  onValue: (value: string) => void;
}

function NumberField({ name, label, inputMode, value, isGood, onValue }: NumberFieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        inputMode={inputMode}
        autocomplete="off"
        value={value}
        aria-invalid={!isGood}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
    </label>
  );
}

export function PaceDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const now = useNow();
  const change = useChange(room);
  const [rate, setRate] = useState(String(room.ratePerSecond));
  const [capacity, setCapacity] = useState(String(room.capacity));
  const words = texts.controls;
  const wanted = { ratePerSecond: read(rate), capacity: read(capacity) };
  const isGood = isRate(wanted.ratePerSecond) && isCapacity(wanted.capacity);
  const { effects, warnings } = isGood ? effectsOn(texts, { ...room, ...wanted }, now) : { effects: [], warnings: [] };
  return (
    <ActDialog
      title={words.pace}
      effects={[...effects, words.canUndo]}
      warnings={warnings}
      confirm={words.save}
      problem={isGood ? undefined : words.invalid}
      onAct={() => change(wanted, words.said.pace)}
      onClose={onClose}
    >
      <div class="field-pair">
        <NumberField
          name="rate"
          label={words.rate}
          inputMode="decimal"
          value={rate}
          isGood={isRate(wanted.ratePerSecond)}
          onValue={setRate}
        />
        <NumberField
          name="capacity"
          label={words.capacity}
          inputMode="numeric"
          value={capacity}
          isGood={isCapacity(wanted.capacity)}
          onValue={setCapacity}
        />
      </div>
    </ActDialog>
  );
}

export function OpeningDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const now = useNow();
  const change = useChange(room);
  const [given, setGiven] = useState(() =>
    toLocalField(room.opensAt > now ? room.opensAt : wholeMinute(now + LATER_MS)),
  );
  const [notice, setNotice] = useState(room.notice);
  const words = texts.controls;
  const opensAt = fromLocalField(given);
  const wasOpen = room.opensAt <= now && room.control === 'auto' ? [words.wasOpen] : [];
  const effects = opensAt === undefined ? [] : openingEffects(opensAt);
  function openingEffects(at: number): string[] {
    if (at <= now) return [words.earlier];
    return [
      words.opensThen(momentText(texts, at, now)),
      ...wasOpen,
      ...effectsOn(texts, { ...room, opensAt: at }, now).effects,
    ];
  }
  return (
    <ActDialog
      title={words.postpone}
      effects={[...effects, words.canUndo]}
      confirm={words.save}
      problem={opensAt === undefined ? words.invalid : undefined}
      onAct={() => change({ opensAt: opensAt ?? room.opensAt, notice: notice.trim() }, words.said.postpone)}
      onClose={onClose}
    >
      <label class="field">
        <span>{words.opening}</span>
        <input
          type="datetime-local"
          name="opensAt"
          step={given.length > MINUTE_FIELD_LENGTH ? 1 : 60}
          value={given}
          onInput={({ currentTarget }) => setGiven(currentTarget.value)}
        />
        <span class="hint">{words.openingHint(ownZone())}</span>
      </label>
      <NoticeField value={notice} onValue={setNotice} />
    </ActDialog>
  );
}

export function NoticeDialog({ room, onClose }: ControlDialogProps) {
  const { texts } = useConsole();
  const change = useChange(room);
  const [notice, setNotice] = useState(room.notice);
  const words = texts.controls;
  return (
    <ActDialog
      title={words.notice}
      effects={[words.canUndo]}
      confirm={words.save}
      onAct={() => change({ notice: notice.trim() }, words.said.notice)}
      onClose={onClose}
    >
      <NoticeField value={notice} onValue={setNotice} />
    </ActDialog>
  );
}
