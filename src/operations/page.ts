import { hash } from 'node:crypto';
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
export function pageInput(list: string, input: ListInput) {
  const since = instantInput(input.updatedSince, 'updatedSince');
  const after = input.cursor === undefined ? undefined : decodeCursor(list, input, since !== undefined);
  return { limit: countInput(input.limit, 'limit', [1, 500], DEFAULT_LIMIT), since, after };
}

/** The first `limit` of records that are in order, and the cursor behind them where there are more. */
export function pageOf(
  list: string,
  input: ListInput,
  records: readonly AnyRecord[],
  limit: number,
): Page<AnyRecord> {
  const items = records.slice(0, limit);
  const last = items.at(-1);
  const place =
    last === undefined
      ? undefined
      : { id: last.id, updatedDate: input.updatedSince === undefined ? null : last.updatedDate };
  return {
    items,
    nextCursor: records.length > limit && place !== undefined ? encodeCursor(list, input, place) : null,
  };
}

/**
 * Opaque to callers. It ends with a sum over the list, its filters and the place, so that a cursor of another list,
 * or one that was changed on its way, is told from its own.
 */
export function encodeCursor(list: string, input: object, { id, updatedDate }: Cursor): string {
  const place = `${updatedDate ?? ''}:${id}`;
  return Buffer.from(`${place}:${sumOf(list, input, place)}`).toString('base64url');
}

function decodeCursor(list: string, input: ListInput, byChange: boolean): Cursor {
  const cursor = readCursor(list, input, input.cursor);
  if ((cursor.updatedDate !== null) === byChange) return cursor;
  throw foreign(input.cursor);
}

/** Throws INVALID for what is not a cursor of this list with these filters. */
export function readCursor(list: string, input: object, cursor: unknown): Cursor {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const [, place = '', date, digits = '', sum] = /^((\d{0,12}):(G\d+)):([\w-]{8})$/.exec(text) ?? [];
  const id = parseId(digits);
  if (
    id === undefined ||
    sum !== sumOf(list, input, place) ||
    Buffer.from(text).toString('base64url') !== cursor
  )
    throw foreign(cursor);
  return { id, updatedDate: date === '' ? null : (Number(date) as Instant) };
}

const foreign = (cursor: unknown) =>
  refuseInput(
    'cursor',
    cursor,
    'is not one that this list gave out',
    'pass `nextCursor` of the page before, unchanged, with the same filters',
  );

/** Only how many are asked for may change from page to page. */
function sumOf(list: string, input: object, place: string): string {
  const filters = Object.entries(input)
    .filter(([name, value]) => value !== undefined && name !== 'cursor' && name !== 'limit')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([list, filters, place]), 'base64url').slice(0, 8);
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
