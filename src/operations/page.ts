import type { ListInput, Page } from '../contract/change.ts';
import type { AnyRecord } from '../records/definition.ts';
import { invalid } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { countInput, instantInput, refuseInput } from './input.ts';

const DEFAULT_LIMIT = 100;

/** Where a page ended. `updatedDate` is null where records are listed by id, not by change. */
export interface Cursor {
  readonly id: Id;
  readonly updatedDate: Instant | null;
}

/** The part of a list's input that every kind has: how many, after which, changed since when. */
export function pageInput(input: ListInput) {
  const since = instantInput(input.updatedSince, 'updatedSince');
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, since !== undefined);
  return { limit: countInput(input.limit, 'limit', [1, 500], DEFAULT_LIMIT), since, after };
}

/** The first `limit` of records that are in order, and the cursor behind them where there are more. */
export function pageOf(records: readonly AnyRecord[], limit: number, byChange: boolean): Page<AnyRecord> {
  const items = records.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: records.length > limit && last !== undefined ? encodeCursor(last, byChange) : null,
  };
}

/** Opaque to callers. */
export const encodeCursor = (
  last: { readonly id: Id; readonly updatedDate: Instant },
  byChange: boolean,
): string => Buffer.from(`${byChange ? last.updatedDate : ''}:${last.id}`).toString('base64url');

function decodeCursor(cursor: unknown, byChange: boolean): Cursor {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const [, date, digits] = /^(\d{0,12}):(G\d+)$/.exec(text) ?? [];
  const id = parseId(digits ?? '');
  if (id === undefined || (date !== '') !== byChange)
    throw refuseInput(
      'cursor',
      cursor,
      'is not one that this list gave out',
      'pass `nextCursor` of the page before, unchanged, with the same filters',
    );
  return { id, updatedDate: byChange ? (Number(date) as Instant) : null };
}

const pageInputs = ['limit', 'cursor', 'updatedSince', 'deleted', 'search'];

/** The inputs of a list that are no filters of its kind. */
export const isPageInput = (name: string): boolean => pageInputs.includes(name);

export function refuseOtherFilters(input: ListInput): void {
  const other = Object.keys(input).find((name) => input[name] !== undefined && !isPageInput(name));
  if (other !== undefined)
    throw invalid(
      `clients cannot be filtered by \`${other}\``,
      'give limit, cursor, updatedSince, deleted or search',
      [{ field: other, message: `clients cannot be filtered by \`${other}\`` }],
    );
}
