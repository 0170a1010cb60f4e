import { type Finding, type FoundRecord, MOST_LISTED, type Severity } from '../contract/doctor.ts';

/** A finding about records, with the first of them; none where there are no records. */
export function findingOf(
  code: string,
  severity: Severity,
  records: readonly FoundRecord[],
  message: (count: number) => string,
): readonly Finding[] {
  const [first] = records;
  if (first === undefined) return [];
  const { length } = records;
  return [
    {
      code,
      severity,
      message: message(length),
      count: length,
      records: records.slice(0, MOST_LISTED),
      fix: first.fix,
    },
  ];
}

/** `1 list has`, `2 lists have`. */
export const number = (one: string, several: string) => (count: number) =>
  `${count} ${count === 1 ? one : several}`;
