import { useEffect } from 'preact/hooks';

/** Where the focus is, and what stands around it: enough to find the nearest place when it goes. */
interface FocusTrail {
  element: HTMLElement;
  /** From the element upwards; `index` is its place among its parent's children. */
  steps: { element: Element; index: number }[];
}

const HEADINGS = 'h1, h2, h3';

function trailOf(element: HTMLElement): FocusTrail {
  const steps: FocusTrail['steps'] = [];
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
    steps.push({ element: at, index: at.parentElement ? [...at.parentElement.children].indexOf(at) : 0 });
  }
  return { element, steps };
}

const isShown = (element: Element): boolean => element.getClientRects().length > 0;
const canTakeFocus = (element: Element): boolean => isShown(element) && !element.matches(':disabled');

/** The same button in the row that has come into the place of one that went, or in the last one. */
function sameInNextRow({ element, steps }: FocusTrail, gone: number): HTMLElement | undefined {
  const { element: row, index } = steps[gone] ?? {};
  const parent = steps[gone + 1]?.element;
  if (!row || index === undefined || !parent) return undefined;
  const rows = [...parent.children].filter((one) => one.tagName === row.tagName && one.className === row.className);
  const next = rows.find((one) => [...parent.children].indexOf(one) >= index) ?? rows[rows.length - 1];
  const alike = [...(next?.querySelectorAll<HTMLElement>(element.tagName) ?? [])];
  return alike.filter((one) => one.className === element.className && canTakeFocus(one)).pop();
}

/** Where the focus belongs now that its element has gone: the next row, or the heading of the part that it was in. */
function nearestTo(trail: FocusTrail): HTMLElement | undefined {
  const gone = trail.steps.map(({ element }) => element.isConnected).lastIndexOf(false);
  const next = sameInNextRow(trail, gone);
  if (next) return next;
  for (const { element } of trail.steps.slice(gone + 1)) {
    const heading = [...element.querySelectorAll<HTMLElement>(HEADINGS)].find(isShown);
    if (heading) return heading;
  }
  return document.querySelector<HTMLElement>('main') ?? undefined;
}

/** A disabled button is waited for, unless it stands in a row of tools that go on without it. */
function besideDisabled({ element }: FocusTrail): HTMLElement | undefined {
  const tools = element.parentElement?.matches('[role=group]') ? [...element.parentElement.children] : [];
  return tools.find((one): one is HTMLElement => one instanceof HTMLElement && canTakeFocus(one));
}

function placeFor(trail: FocusTrail): HTMLElement | undefined {
  const { element } = trail;
  if (!element.isConnected) return nearestTo(trail);
  if (element.matches(':disabled')) return besideDisabled(trail);
  return isShown(element) ? element : undefined;
}

/** A browser takes the focus from what was disabled only a moment later. */
const isLost = (focused: Element | null): boolean =>
  focused === null || focused === document.body || focused.matches(':disabled');

function focusOn(element: HTMLElement): void {
  if (element.matches(HEADINGS) && !element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus({ preventScroll: element.matches(HEADINGS) });
}

/**
 * Whatever is removed, moved or disabled while it has the focus does not take the focus with it: who works by keyboard or
 * with a screen reader goes on beside it instead of at the top of the page.
 */
export function useFocusKept(): void {
  useEffect(() => {
    let trail: FocusTrail | undefined;
    const note = ({ target }: FocusEvent) => {
      trail = target instanceof HTMLElement && target !== document.body ? trailOf(target) : undefined;
    };
    // Whoever presses elsewhere has let go of it.
    const letGo = ({ target }: PointerEvent) => {
      if (target instanceof Node && !trail?.element.contains(target)) trail = undefined;
    };
    const changes = new MutationObserver(() => {
      if (!trail || !isLost(document.activeElement)) return;
      const place = placeFor(trail);
      if (place) focusOn(place);
    });
    changes.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', note);
    document.addEventListener('pointerdown', letGo);
    return () => {
      changes.disconnect();
      document.removeEventListener('focusin', note);
      document.removeEventListener('pointerdown', letGo);
    };
  }, []);
}
