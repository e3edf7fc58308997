import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** How high it is now: what sticks to the top sticks below it, and what is scrolled into view stops there. */
const HEIGHT = '--toasts-height';

/**
 * What the page says by itself: a lost connection, news about classes. It has a place of its own above the content, or, on
 * a wide window, in a corner where nothing else is: it covers nothing.
 */
export function Toasts({ atWork = false, children }: { atWork?: boolean; children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    const { style } = document.documentElement;
    if (!current || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => style.setProperty(HEIGHT, `${current.offsetHeight}px`));
    observer.observe(current);
    return () => {
      observer.disconnect();
      style.removeProperty(HEIGHT);
    };
  }, []);
  return (
    <div ref={element} class={atWork ? 'toasts toasts-at-work' : 'toasts'}>
      {children}
    </div>
  );
}
