import { useCallback, useEffect, useState } from 'preact/hooks';

export const TABS = ['search', 'cart', 'classes'] as const;
export type Tab = (typeof TABS)[number];

export interface ChosenTab {
  /** Undefined: the student looks at the place in line. */
  tab?: Tab;
  /** How often a panel was asked for, be it the open one again. */
  asked: number;
  open: (tab: Tab) => void;
  close: () => void;
}

const tabInAddress = (): Tab | undefined => TABS.find((tab) => location.hash === `#${tab}`);

/** Says of a step in the browser's history that the place in line is one step back. */
const FROM_PLACE = 'from-place';

/** The open panel is in the address: a reload finds it, and the back button leads back to the place. */
export function useTab(): ChosenTab {
  const [tab, setTab] = useState(tabInAddress);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const read = () => setTab(tabInAddress());
    addEventListener('popstate', read);
    return () => removeEventListener('popstate', read);
  }, []);
  const open = useCallback((next: Tab) => {
    if (tabInAddress()) history.replaceState(history.state, '', `#${next}`);
    else history.pushState(FROM_PLACE, '', `#${next}`);
    setTab(next);
    setAsked((before) => before + 1);
  }, []);
  const close = useCallback(() => {
    if (history.state === FROM_PLACE) history.back();
    else history.replaceState(null, '', location.pathname);
    setTab(undefined);
  }, []);
  return { tab, asked, open, close };
}
