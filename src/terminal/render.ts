import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import type { Answer, Block, Column, Ink, OutputFormat } from './answer.ts';
import { csvLine, plainText } from './plain.ts';
import { drawable } from './visible.ts';

type Row = Readonly<Record<string, unknown>>;

/** An answer in a format, ending in a line break unless it is empty. `fields` narrows it to those of that name. */
export async function render(
  answer: Answer,
  format: OutputFormat,
  fields: readonly string[] | undefined,
  ink: () => Promise<Ink>,
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(fields === undefined ? answer.value : narrowed(answer, fields), null, 2)}\n`;
    case 'jsonl':
      if (fields !== undefined) refuseUnknown(fields, rowNames(answer));
      return lines(
        rowsOf(answer).map((row) =>
          JSON.stringify(fields === undefined ? row : pickedRow(answer, row, fields)),
        ),
      );
    case 'csv': {
      const columns = columnsOf(answer, fields);
      const header = csvLine(columns.map((column) => column.name));
      return lines(
        [header, ...rowsOf(answer).map((row) => csvLine(columns.map((column) => csvCell(column, row))))],
        '\r\n',
      );
    }
    case 'id':
      return lines(
        rowsOf(answer).map((row) =>
          answer.idOf === undefined ? String(row['id'] ?? '') : answer.idOf(row as never),
        ),
      );
    case 'table': {
      const blocks =
        fields === undefined ? answer.draw(await ink()) : await narrowedBlocks(answer, fields, await ink());
      return lines(await Promise.all(blocks.map(async (block) => drawBlock(block, await ink()))));
    }
  }
}

const lines = (all: readonly string[], end = '\n'): string => (all.length === 0 ? '' : all.join(end) + end);

async function drawBlock(block: Block, ink: Ink): Promise<string> {
  if (typeof block === 'string') return drawable(block);
  if ('wrapped' in block) return (await import('./wrapped.ts')).drawWrapped(block, ink);
  if ('card' in block) return (await import('./card.ts')).drawCard(block.card, ink);
  return (await import('./table.ts')).drawTable(block, ink);
}

const rowsOf = (answer: Answer): readonly Row[] =>
  (answer.rows ?? (Array.isArray(answer.value) ? answer.value : [answer.value])) as readonly Row[];

/** The names that `--fields` may give for the rows. */
function rowNames(answer: Answer): readonly string[] {
  return (
    answer.fields ??
    answer.columns?.map((column) => column.name) ?? [
      ...new Set(rowsOf(answer).flatMap((row) => Object.keys(row))),
    ]
  );
}

function columnsOf(answer: Answer, fields: readonly string[] | undefined): readonly Column<never>[] {
  const known = answer.columns ?? rowNames(answer).map((name) => ({ name }));
  if (fields === undefined) return known;
  refuseUnknown(fields, rowNames(answer));
  return fields.map((name) => known.find((column) => column.name === name) ?? { name });
}

const csvCell = (column: Column<never>, row: Row): string => {
  if (column.plain !== undefined) return column.plain(row as never);
  return column.text === undefined ? plainText(row[column.name]) : column.text(row as never, PLAIN);
};

const same = (text: string): string => text;
const PLAIN: Ink = { good: same, bad: same, warn: same, dim: same, strong: same, accent: same, width: 80 };

function narrowed(answer: Answer, fields: readonly string[]): unknown {
  if (Array.isArray(answer.value)) return answer.value.map((row: Row) => pickedRow(answer, row, fields));
  const value = answer.value as Row;
  if (answer.rows === undefined) return pickedRow(answer, value, fields);
  const whole = Object.keys(value);
  if (answer.rowsIn === undefined || fields.every((name) => whole.includes(name)))
    return pick(value, fields, whole);
  refuseUnknown(fields, rowNames(answer));
  return { ...value, [answer.rowsIn]: rowsOf(answer).map((row) => pickedRow(answer, row, fields)) };
}

async function narrowedBlocks(
  answer: Answer,
  fields: readonly string[],
  ink: Ink,
): Promise<readonly Block[]> {
  const columns = columnsOf(answer, fields);
  const rows = rowsOf(answer);
  if (Array.isArray(answer.value) || answer.rows !== undefined) return [{ columns, rows, keepEmpty: true }];
  const { cellText } = await import('./table.ts');
  return rows.map((row) => ({
    card: columns.map((column) => [column.title ?? column.name, cellText(column, row, ink)] as const),
  }));
}

function pickedRow(answer: Answer, row: Row, fields: readonly string[]): Row {
  const picked = pick(row, fields, rowNames(answer));
  const made = answer.columns?.filter(({ name, value }) => value !== undefined && name in picked) ?? [];
  return {
    ...picked,
    ...Object.fromEntries(
      made.map(({ name, value }) => [name, row[name] === undefined ? value?.(row as never) : row[name]]),
    ),
  };
}

function pick(row: Row, fields: readonly string[], known: readonly string[]): Row {
  refuseUnknown(fields, known);
  return Object.fromEntries(fields.map((name) => [name, row[name] ?? null]));
}

/** INVALID where `--fields` names something that is not there. */
export function refuseUnknown(fields: readonly string[], known: readonly string[]): void {
  const wrong = fields.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const message = `there is no field ${quote(wrong)} to show`;
  const near = nearest(wrong, known, 1)[0];
  const listed = `the fields are ${known.join(', ')}`;
  throw invalid(message, near === undefined ? listed : `did you mean ${near}? ${listed}`, [
    { field: '--fields', value: wrong, message, known },
  ]);
}
