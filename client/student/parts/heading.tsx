import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whether some view was shown before: the first one leaves the focus where the browser put it. */
let shownBefore = false;

interface ViewHeadingProps {
  children: ComponentChildren;
  class?: string;
  /** The view goes on under another heading: whoever is typing keeps the focus. */
  quiet?: boolean;
}

/** The heading of a view. Takes the focus when the view appears, so that keyboard and screen reader follow. */
export function ViewHeading({ children, class: className, quiet = false }: ViewHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (shownBefore && !quiet) heading.current?.focus();
    shownBefore = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={className}>
      {children}
    </h1>
  );
}
