import * as ZonedDateTime from 'temporal-polyfill/fns/zoneddatetime';

/** True of an IANA time zone name in any letter case; offsets such as `+01:00` are none. */
export function isTimeZone(name: string): boolean {
  return canonicalTimeZone(name) !== undefined;
}

/** An IANA time zone name in its usual letter case, an alias kept as it is; `undefined` for any other text. */
export function canonicalTimeZone(name: string): string | undefined {
  if (!/^[a-z][a-z0-9_+/-]*$/i.test(name)) return undefined;
  try {
    return ZonedDateTime.timeZoneId(ZonedDateTime.fromString(`1970-01-01T00:00[${name}]`));
  } catch {
    return undefined;
  }
}
