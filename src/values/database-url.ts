import { invalid } from './error.ts';

/** Whether a location of data is a PostgreSQL database, and no path of a file. */
export const isPostgresUrl = (location: string): boolean => /^postgres(ql)?:\/\//i.test(location);

/** INVALID for the URL of anything but PostgreSQL, which would else be taken for the name of a file. */
export function refuseOtherUrl(location: string): void {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1];
  if (scheme === undefined || isPostgresUrl(location)) return;
  throw invalid(
    `--db names a database of another kind, \`${scheme}\``,
    'give the path of a file, or a PostgreSQL database as postgres://user@host/database',
  );
}

/**
 * What a URL of a PostgreSQL database says, with `localhost` where it names a user and no host; undefined where it cannot
 * be read. So it is where a character of the password ends it early: the rest would be taken for a name.
 */
export function postgresUrl(location: string): URL | undefined {
  const text = location.replace(/^([a-z]+:\/\/[^/?#]*@)(?=[/?]|$)/i, '$1localhost');
  if (!isPostgresUrl(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /@/.test(url.pathname + url.search) || url.hash !== '' ? undefined : url;
}

/**
 * The location as it may be shown: a URL without its password, a path as it is. Of what cannot be read as a URL only the
 * scheme is shown, so that no password is shown by mistake.
 */
export function withoutPassword(location: string): string {
  if (!/^postgres(ql)?:/i.test(location)) return location.replace(/^([a-z][a-z0-9+.-]+:\/\/).*$/is, '$1…');
  const url = postgresUrl(location);
  if (url === undefined) return 'postgres://…';
  url.password = '';
  for (const name of [...url.searchParams.keys()]) if (/pass/i.test(name)) url.searchParams.set(name, '…');
  return url.href;
}
