import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { CART_LIMIT, type CartState, type Section } from '../../sdk';
import { usePage } from '../page-context';
import { useComeBack } from '../parts/use-read';

export interface Cart extends CartState {
  has: (sectionId: string) => boolean;
  isFull: boolean;
  add: (section: Section) => void;
  remove: (sectionId: string) => void;
  /** One place up (-1) or down (1). */
  move: (sectionId: string, by: -1 | 1) => void;
}

/** The cart that the service keeps; changes from elsewhere show at once, and what may have been missed is read again. */
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
  return {
    ...shown,
    has: (sectionId) => shown.sections.some(({ id }) => id === sectionId),
    isFull: shown.sections.length >= CART_LIMIT,
    add: (section) => keeper.add(section),
    remove: (sectionId) => keeper.remove(sectionId),
    move: (sectionId, by) => keeper.move(sectionId, by),
  };
}
