import { useEffect, useRef } from 'preact/hooks';
import { usePage } from './page-context';

/** What a tab tells the others of this browser: who is signed in now; null = nobody any more. */
type SharedSignIn = string | null;

/**
 * The sign-in is the browser's, not the tab's: when it ends, or becomes another student's, every tab goes back to the start.
 * One that stayed would show one student, and ask the service in the name of the other.
 */
export function useSharedSignIn(): void {
  const { client, state } = usePage();
  const { student, signInEnded } = state;
  const tabs = useRef<BroadcastChannel | undefined>(undefined);
  const own = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (typeof BroadcastChannel === 'undefined') return;
    const channel = new BroadcastChannel('sunbeon:sign-in');
    channel.onmessage = ({ data }: MessageEvent<SharedSignIn>) => {
      if (own.current !== undefined && data !== own.current) client.endSignIn();
    };
    tabs.current = channel;
    return () => channel.close();
  }, [client]);
  useEffect(() => {
    const before = own.current;
    own.current = student?.id;
    if (student) tabs.current?.postMessage(student.id);
    else if (before !== undefined && !signInEnded) tabs.current?.postMessage(null);
  }, [student?.id, signInEnded]);
}
