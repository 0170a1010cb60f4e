import type { ExportPages } from './export-csv.ts';

interface Time {
  readonly id: string;
  readonly time: string;
  readonly isReturn: boolean;
}
interface Link {
  readonly timeId?: string | null;
}

/**
 * Pages of recurring trips whose links to exclusion groups name a time by its hour, as people do and as any database
 * understands it, in place of its id. Where several times would be meant, the id stays.
 */
export async function* linksByTime(columns: readonly string[], pages: ExportPages): ExportPages {
  const [links, times] = [columns.indexOf('exclusionLinks'), columns.indexOf('times')];
  if (links < 0 || times < 0) {
    yield* pages;
    return;
  }
  for await (const page of pages)
    yield page.map((row) => {
      const found = row[links] as readonly Link[];
      if (!found.some(({ timeId }) => timeId !== null && timeId !== undefined)) return row;
      const known = row[times] as readonly Time[];
      return row.with(
        links,
        found.map((link) => named(link, known)),
      );
    });
}

function named(link: Link, times: readonly Time[]): object {
  const time = times.find(({ id }) => id === link.timeId);
  if (time === undefined) return link;
  const { timeId: _timeId, ...rest } = link;
  const same = times.filter((one) => one.time === time.time);
  if (same.length === 1) return { ...rest, time: time.time };
  const alike = same.filter(({ isReturn }) => isReturn === time.isReturn);
  return alike.length === 1 ? { ...rest, time: time.time, isReturn: time.isReturn } : link;
}
