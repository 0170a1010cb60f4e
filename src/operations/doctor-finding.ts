import { type Finding, type FoundRecord, MOST_LISTED, type Severity } from '../contract/doctor.ts';

/** Records that were found, of which the first alone are told: the others are counted, and take no memory. */
export class Found {
  readonly first: FoundRecord[] = [];
  count = 0;

  add(records: readonly FoundRecord[]): void {
    this.count += records.length;
    for (const record of records) if (this.first.length < MOST_LISTED) this.first.push(record);
  }
}

/** A finding about records, with the first of them; none where there are no records. */
export function findingOf(
  code: string,
  severity: Severity,
  records: readonly FoundRecord[] | Found,
  message: (count: number) => string,
): readonly Finding[] {
  const all = records instanceof Found ? records.first : records;
  const [first] = all;
  if (first === undefined) return [];
  const length = records instanceof Found ? records.count : records.length;
  return [
    {
      code,
      severity,
      message: message(length),
      count: length,
      records: all.slice(0, MOST_LISTED),
      fix: first.fix,
    },
  ];
}

/** `1 list has`, `2 lists have`. */
export const number = (one: string, several: string) => (count: number) =>
  `${count} ${count === 1 ? one : several}`;
