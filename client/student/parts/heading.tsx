import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Whether some view was shown before: the first one leaves the focus where the browser put it. */
let shownBefore = false;

interface ViewHeadingProps {
  children: ComponentChildren;
  class?: string;
  /** The view goes on under another heading: whoever is typing keeps the focus. */
  quiet?: boolean;
}

/**
 * The heading of a view. Takes the focus together with the view's first appearance, so that keyboard and screen reader
 * follow, and never a moment later from somebody who has gone on already.
 */
export function ViewHeading({ children, class: className, quiet = false }: ViewHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (shownBefore && !quiet) heading.current?.focus();
    shownBefore = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={className}>
      {children}
    </h1>
  );
}
