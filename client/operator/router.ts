import { useEffect, useState } from 'preact/hooks';

/** Where in the console one is; what follows `/operator` in the address. */
export type Route =
  | { view: 'today' | 'audit' | 'outbox' | 'pods' }
  | { view: 'room'; roomId: string }
  | { view: 'students'; studentId?: string };

const BASE = '/operator';

export function routeOf(pathname: string): Route {
  const [view = '', id] = pathname.slice(BASE.length).split('/').filter(Boolean).map(decodeURIComponent);
  if (view === 'rooms' && id) return { view: 'room', roomId: id };
  if (view === 'students') return { view: 'students', studentId: id };
  if (view === 'audit' || view === 'outbox' || view === 'pods') return { view };
  return { view: 'today' };
}

export function addressOf(route: Route): string {
  if (route.view === 'today') return BASE;
  if (route.view === 'room') return `${BASE}/rooms/${encodeURIComponent(route.roomId)}`;
  const id = route.view === 'students' && route.studentId ? `/${encodeURIComponent(route.studentId)}` : '';
  return `${BASE}/${route.view}${id}`;
}

const MOVED = 'console:moved';

export function go(route: Route): void {
  history.pushState(null, '', addressOf(route));
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo(0, 0);
}

/** Follows a link without loading the page anew, unless it is to open elsewhere. */
export function follow(event: MouseEvent, route: Route): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(route);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.pathname));
  useEffect(() => {
    const read = () => setRoute(routeOf(location.pathname));
    window.addEventListener('popstate', read);
    window.addEventListener(MOVED, read);
    return () => {
      window.removeEventListener('popstate', read);
      window.removeEventListener(MOVED, read);
    };
  }, []);
  return route;
}
