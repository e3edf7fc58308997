import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RoomReport } from '../../../src/contract/operate/rooms';
import { asSunbeonError, retrying, type SunbeonError } from '../../sdk';
import { useConsole, useTitle } from '../console-context';
import { errorWords } from '../error-words';
import { follow, addressOf, type Route } from '../router';

export function StateBadge({ state }: { state: RoomReport['state'] }) {
  const { texts } = useConsole();
  return (
    <span class="state" data-state={state}>
      {texts.states[state]}
    </span>
  );
}

interface LinkProps {
  to: Route;
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}

/** A link inside the console. */
export function Link({ to, class: className, current, children }: LinkProps) {
  return (
    <a
      class={className}
      href={addressOf(to)}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => follow(event, to)}
    >
      {children}
    </a>
  );
}

let shownBefore = false;

/** The heading of a view, which takes the focus when one comes to it from another. */
export function ViewTitle({ children, title }: { children: ComponentChildren; title: string }) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (shownBefore) heading.current?.focus({ preventScroll: true });
    shownBefore = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export interface Found<T> {
  found?: T;
  error?: SunbeonError;
  /** Asks again, and keeps what was found until the answer is there. */
  again: () => void;
}

/** Asks the service, and anew whenever one of `inputs` changes; tries again where waiting helps. */
export function useAsked<T>(ask: () => Promise<T>, inputs: readonly unknown[]): Found<T> {
  const [last, setLast] = useState<{ found?: T; error?: SunbeonError }>({});
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let wanted = true;
    retrying(ask, { goOn: () => wanted, attempts: 4 })
      .then((found) => wanted && setLast({ found }))
      .catch((thrown: unknown) => wanted && setLast({ error: asSunbeonError(thrown) }));
    return () => {
      wanted = false;
    };
  }, [...inputs, times]);
  return { ...last, again: () => setTimes((before) => before + 1) };
}

export function ErrorNote({ error }: { error: SunbeonError | undefined }) {
  const { texts } = useConsole();
  return <div role="alert">{error && <p class="message message-bad">{errorWords(texts, error)}</p>}</div>;
}
