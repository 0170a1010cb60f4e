/** How many days a month (1..12) has in a year of the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** What is wrong with a year, month and date that should be a date; `undefined` when they are one. */
export function dateProblem(year: number, month: number, date: number): string | undefined {
  if (month < 1 || month > 12) return `there is no month ${month}`;
  if (date >= 1 && date <= daysInMonth(year, month)) return undefined;
  return `${year}-${String(month).padStart(2, '0')} has the days 1 to ${daysInMonth(year, month)}`;
}

// Both count in years that begin in March, so that the leap day comes last
// (Howard Hinnant, "chrono-compatible low-level date algorithms").

/** The number of days from 1970-01-01 to a date; negative before it. */
export function serialOfDate(year: number, month: number, date: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date that lies `serial` days after 1970-01-01. */
export function dateOfSerial(serial: number): [year: number, month: number, date: number] {
  const shifted = serial + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((marchMonth + 2) % 12) + 1;
  const date = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date];
}
