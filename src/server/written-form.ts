import { setImmediate as otherRequests } from 'node:timers/promises';
import { entityTag, tagOfJson } from '../contract/entity-tag.ts';
import type { Operation } from '../contract/operation.ts';

/** An answer as it is sent: its JSON, and the entity tag of those that are one record. */
export interface WrittenForm {
  readonly json: string | Buffer;
  readonly tag: string | undefined;
}

/** JSON and tags by record; the store gives the same object for a record as long as nobody has changed anything. */
const texts = new WeakMap<object, string>();
const tags = new WeakMap<object, string>();

/** Writes an answer. The same text as `JSON.stringify` makes of it. */
export function writtenForm(operation: Operation, output: object): WrittenForm | Promise<WrittenForm> {
  if (!('id' in output))
    return isPage(output) ? { json: textOfPage(output), tag: undefined } : longForm(output);
  if (operation.writes) return { json: JSON.stringify(output), tag: entityTag(output) };
  const json = textOfRecord(output);
  const tag = tags.get(output) ?? tagOfJson(json);
  tags.set(output, tag);
  return { json, tag };
}

type Page = { readonly items: readonly unknown[] };
const isPage = (output: object): output is Page => 'items' in output && Array.isArray(output.items);

function textOfPage(page: Page): string {
  const parts = Object.entries(page).map(([name, value]) => {
    const text = name === 'items' ? `[${page.items.map(textOfRecord).join()}]` : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${parts.flat().join()}}`;
}

function textOfRecord(record: unknown): string {
  if (typeof record !== 'object' || record === null) return JSON.stringify(record);
  const known = texts.get(record);
  if (known !== undefined) return known;
  const json = JSON.stringify(record);
  texts.set(record, json);
  return json;
}

/** How many entries of a list are written in one go. */
const AT_ONCE = 500;
/** How deep large lists are looked for. */
const DEPTH = 2;

/** An answer with long lists is written in pieces, between which other requests have their turn. */
async function longForm(output: object): Promise<WrittenForm> {
  if (!isLong(output, DEPTH)) return { json: JSON.stringify(output), tag: undefined };
  const pieces: Buffer[] = [];
  await writePieces(output, DEPTH, (text) => pieces.push(Buffer.from(text)));
  return { json: Buffer.concat(pieces), tag: undefined };
}

function isLong(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return value.length > AT_ONCE;
  if (depth === 0 || typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => isLong(inner, depth - 1));
}

async function writePieces(value: unknown, depth: number, write: (text: string) => void): Promise<void> {
  if (!isLong(value, depth)) return write(JSON.stringify(value));
  let before = '';
  if (Array.isArray(value)) {
    for (let from = 0; from < value.length; from += AT_ONCE) {
      await otherRequests();
      write(`${before || '['}${JSON.stringify(value.slice(from, from + AT_ONCE)).slice(1, -1)}`);
      before = ',';
    }
    return write(']');
  }
  for (const [name, inner] of Object.entries(value as object)) {
    if (inner === undefined) continue;
    write(`${before || '{'}${JSON.stringify(name)}:`);
    await writePieces(inner, depth - 1, write);
    before = ',';
  }
  return write('}');
}
