/** Whether a location of data is a PostgreSQL database, and no path of a file. */
export const isPostgresUrl = (location: string): boolean => /^postgres(ql)?:\/\//i.test(location);

/**
 * The location as it may be shown: a URL without its password, a path as it is. What cannot be read as a URL is cut
 * short, so that no password is shown by mistake.
 */
export function withoutPassword(location: string): string {
  if (!/^postgres(ql)?:/i.test(location)) return location;
  if (!URL.canParse(location)) return 'postgres://…';
  const url = new URL(location);
  url.password = '';
  for (const name of [...url.searchParams.keys()]) if (/pass/i.test(name)) url.searchParams.set(name, '…');
  return url.href;
}
