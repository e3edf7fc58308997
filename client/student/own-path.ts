/**
 * A path of our own site, whatever was in the address: `//evil.test` would name another site, to which the browser does not
 * let the address be changed, and a script that tried would end there.
 */
export function ownPath(path: string): string {
  const { origin, pathname } = new URL(path.replace(/^[\\/\s]+/, '/'), 'http://own.invalid');
  return origin === 'http://own.invalid' ? pathname.replace(/^\/{2,}/, '/') : '/';
}
