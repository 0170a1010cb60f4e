import { serialOfDate } from '../values/calendar.ts';

/**
 * Milliseconds that `Retry-After` asks to wait, in either of its forms (RFC 9110, 10.2.3); undefined where it says
 * nothing that can be read. A date is measured from the answer's own `Date`, so that clocks need not agree.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const until = secondsOfHttpDate(text);
  const now = secondsOfHttpDate(headers.get('date')?.trim() ?? '');
  return until === undefined || now === undefined ? undefined : Math.max(0, until - now) * 1000;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun, 06 Nov 1994 08:49:37 GMT`. */
function secondsOfHttpDate(text: string): number | undefined {
  const match = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text);
  if (match === null) return undefined;
  const [date = 0, , year = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const month = MONTHS.indexOf(match[2] ?? '') + 1;
  return month === 0
    ? undefined
    : serialOfDate(year, month, date) * 86_400 + hour * 3600 + minute * 60 + second;
}
