import { quote, TphError } from '../values/error.ts';
import { HttpRefusal } from './problem.ts';

/** What is thrown for a request that no route takes: 405 where the path is known under other methods, else 404. */
export type Unrouted = (method: string, url: string) => TphError;

/** `routes` are the paths that are served, with `{name}` for parameters, and their methods. */
export function unrouted(routes: readonly { readonly method: string; readonly path: string }[]): Unrouted {
  const byPath = new Map<string, Set<string>>();
  for (const { method, path } of routes) {
    const methods = byPath.get(path) ?? new Set();
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
    byPath.set(path, methods);
  }
  const patterns = [...byPath].map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    methods,
  }));
  return (method, url) => {
    const path = url.split('?', 1)[0] ?? '';
    const allowed = patterns
      .filter(({ pattern }) => pattern.test(path))
      .flatMap(({ methods }) => [...methods]);
    if (allowed.length === 0)
      return new TphError('NOT_FOUND', `there is nothing at ${quote(path)}`, {
        hint: 'the paths are listed at /docs',
      });
    const allow = [...new Set(allowed)].sort().join(', ');
    return new HttpRefusal(
      new TphError('INVALID', `${quote(path)} does not take ${quote(method)}`, { hint: `it takes ${allow}` }),
      405,
      { allow },
    );
  };
}
