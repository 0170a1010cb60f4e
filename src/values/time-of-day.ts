/** A local time of day, `HH:MM` from 00:00 to 23:59. Texts sort as times do. */
export type TimeOfDay = string & { readonly __brand: 'TimeOfDay' };

/** The time that `text` writes as `08:15`, `8:15` or `0815`; `undefined` for anything else, 24:00 included. */
export function parseTimeOfDay(text: string): TimeOfDay | undefined {
  const match = /^(?:(\d{1,2}):(\d{2})|(\d{2})(\d{2}))$/.exec(text.trim());
  if (match === null) return undefined;
  return makeTimeOfDay(Number(match[1] ?? match[3]), Number(match[2] ?? match[4]));
}

/** The time of an hour (0..23) and a minute (0..59); `undefined` outside these. */
export function makeTimeOfDay(hour: number, minute: number): TimeOfDay | undefined {
  if (!(Number.isInteger(hour) && hour >= 0 && hour <= 23)) return undefined;
  if (!(Number.isInteger(minute) && minute >= 0 && minute <= 59)) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` as TimeOfDay;
}
