import { invalid, quote, type TphError } from './error.ts';

/**
 * The address of an instance as it is kept: http or https, without a slash at the end, a password, a query or a
 * fragment. Throws INVALID. Plain http to another machine carries the token in clear, so it is taken only where
 * `allowHttp` says so.
 */
export function parseInstanceUrl(text: string, allowHttp: boolean): string {
  const url = parse(text.trim());
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    throw refused(text, 'is no address of an instance', 'give one such as https://tph.example.com');
  // What is wrong with it is not repeated: it may be a password or a token.
  if (url.username !== '' || url.password !== '')
    throw refused('', 'holds a user name or a password', 'leave them out: `tph auth login` takes the token');
  if (url.search !== '' || url.hash !== '')
    throw refused('', 'has a query or a fragment', 'give it without ? and #');
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !allowHttp)
    throw refused(
      text,
      'would carry the token across the network in clear',
      'give an https address, or --allow-http if that is meant',
    );
  return url.href.replace(/\/+$/, '');
}

/** Whether a host name, as `URL` gives it, is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Scheme, host and port: whom a token is for. */
export const originOf = (url: string): string => new URL(url).origin;

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function refused(text: string, what: string, hint: string): TphError {
  const message = text === '' ? `--url ${what}` : `--url ${quote(text)} ${what}`;
  return invalid(message, hint, [{ field: '--url', message, hint }]);
}
