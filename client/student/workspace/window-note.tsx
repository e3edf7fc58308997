import { useCallback, useState } from 'preact/hooks';
import type { StudentWindow } from '../../sdk';
import { usePage, useServerSeconds } from '../page-context';
import { useComeBack, useRead } from '../parts/use-read';
import type { Texts } from '../text/en';
import { formatTime } from '../text/language';

/** The window of the student's class year; read again after everything that may have hidden a change. */
function useWindow(termId: string): StudentWindow | undefined {
  const { client, state } = usePage();
  const [looks, setLooks] = useState(0);
  const connected = state.connection === 'connected';
  useComeBack(useCallback(() => setLooks((before) => before + 1), []));
  const { found, error } = useRead(() => client.api.window(termId), [client, termId, connected, looks]);
  // Only a hint: who enrols outside of the window is told so in any case.
  return error ? undefined : found;
}

/** What is of use to know of a window now; '' when the time is free. */
function windowText(texts: Texts, { opensAt, closesAt }: StudentWindow, now: number): string {
  const words = texts.window;
  const opens = opensAt === null || opensAt <= now ? '' : formatTime(texts, opensAt, now);
  const closes = closesAt === null ? '' : formatTime(texts, closesAt, now);
  if (closesAt !== null && closesAt <= now) return words.closed(closes);
  if (opens && closes) return words.opensAndCloses(opens, closes);
  if (opens) return words.opens(opens);
  return closes && words.closes(closes);
}

/** When the student's class year may take seats, where the registrar has set such times. */
export function WindowNote({ termId }: { termId: string }) {
  const { texts } = usePage();
  const now = useServerSeconds();
  const window = useWindow(termId);
  const text = window ? windowText(texts, window, now) : '';
  return <div role="status">{text && <p class="message window-note">{text}</p>}</div>;
}
