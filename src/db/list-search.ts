import type { RecordDefinition } from '../records/definition.ts';
import { handleColumn } from './columns.ts';
import type { Dialect } from './dialect.ts';
import type { Part } from './few.ts';
import type { Beginning } from './listing.ts';
import { laterWords } from './word-indexes.ts';

/**
 * What finds the records that a text begins with: each of `indexed` through an index of its own; `anywhere` says the same of a
 * record `r`.
 */
export function ranges(
  dialect: Dialect,
  definition: RecordDefinition,
  beginnings: readonly Beginning[],
): { readonly indexed: readonly Part[]; readonly anywhere: Part } {
  const indexed: Part[] = [];
  const anywhere: Part[] = [];
  for (const { handle, text } of beginnings) {
    const column = handleColumn(definition, handle);
    const from = [text, `${text}\u{10ffff}`];
    const first = `"${column}" >= ? and "${column}" < ?`;
    indexed.push({ text: first, parameters: from });
    anywhere.push({ text: `(r."${column}" >= ? and r."${column}" < ?)`, parameters: from });
    if (handle.fields.length === 1) continue;
    const words = laterWords(column);
    for (const { rest, is } of words.from)
      indexed.push({
        text: `${is[dialect]} and ${rest[dialect]} >= ? and ${rest[dialect]} < ?`,
        parameters: from,
      });
    const later = [`% ${literally(text)}%`];
    indexed.push({
      text: `${words.longer[dialect]} and "${column}" like ? escape '!'`,
      parameters: later,
    });
    anywhere.push({ text: `r."${column}" like ? escape '!'`, parameters: later });
  }
  return {
    indexed,
    anywhere: {
      text: `(${anywhere.map(({ text }) => text).join(' or ')})`,
      parameters: anywhere.flatMap(({ parameters }) => parameters),
    },
  };
}

/** A text for `like`, where it stands for itself. */
const literally = (text: string): string => text.replace(/[!%_]/g, '!$&');
