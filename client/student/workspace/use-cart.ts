import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { CartState, Section } from '../../sdk';
import { usePage } from '../page-context';
import { useComeBack } from '../parts/use-come-back';

export interface Cart extends CartState {
  has: (sectionId: string) => boolean;
  isFull: boolean;
  add: (section: Section) => void;
  remove: (sectionId: string) => void;
  /** One place up (-1) or down (1). */
  move: (sectionId: string, by: -1 | 1) => void;
}

/** Other tabs of this browser are told at once; other devices look again when the student turns to them. */
function useOtherTabs(name: string, version: number, refresh: () => void): void {
  const channel = useMemo(() => new BroadcastChannel(name), [name]);
  useEffect(() => () => channel.close(), [channel]);
  useEffect(() => {
    const listen = ({ data }: MessageEvent<unknown>) => typeof data === 'number' && data > version && refresh();
    channel.addEventListener('message', listen);
    return () => channel.removeEventListener('message', listen);
  }, [channel, version, refresh]);
  useEffect(() => channel.postMessage(version), [channel, version]);
}

/** The cart that the service keeps for the student; read again after everything that may have changed it. */
export function useCart(termId: string): Cart {
  const { client, state } = usePage();
  const keeper = useMemo(() => client.cart(termId), [client, termId]);
  const [shown, setShown] = useState(keeper.state);
  const refresh = useCallback(() => void keeper.refresh(), [keeper]);
  useEffect(() => {
    setShown(keeper.state);
    return keeper.subscribe(setShown);
  }, [keeper]);
  const connected = state.connection === 'connected';
  useEffect(refresh, [refresh, connected, state.enrolmentChanges]);
  useComeBack(refresh);
  useOtherTabs(`sunbeon:cart:${termId}:${state.student?.id ?? ''}`, shown.version, refresh);
  return {
    ...shown,
    has: (sectionId) => shown.sections.some(({ id }) => id === sectionId),
    isFull: keeper.isFull,
    add: (section) => keeper.add(section),
    remove: (sectionId) => keeper.remove(sectionId),
    move: (sectionId, by) => keeper.move(sectionId, by),
  };
}
