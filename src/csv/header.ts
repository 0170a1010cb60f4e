import type { RecordDefinition } from '../records/definition.ts';
import { type ErrorDetail, invalid, quote, type TphError } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { ColumnNames, FULL_NAME, isProgramColumn, isResultColumn, plainHeader } from './columns.ts';
import type { UnderstoodColumn } from './understood.ts';

/** The most columns of a file. */
export const MOST_COLUMNS = 10_000;

/** What a header row is matched against. */
export interface HeaderContext {
  readonly file: string;
  readonly definition: RecordDefinition;
  /** The kind's plural word, for the way out. */
  readonly kind: string;
  readonly line: number;
  /** `--map` as given. */
  readonly map: readonly string[];
}

/**
 * What each column of a file is. Throws INVALID for columns that are unknown, doubled, or two for one field, all at
 * once, each with the way out; and where the first row seems to be data.
 */
export function readHeader(cells: readonly string[], context: HeaderContext): readonly UnderstoodColumn[] {
  const { file, line } = context;
  if (cells.length > MOST_COLUMNS)
    throw invalid(
      `line ${line} of ${quote(file)} has ${cells.length.toLocaleString('en')} columns; the most is ${MOST_COLUMNS.toLocaleString('en')}`,
      'make sure that the file is a CSV file, and give --delimiter if another one divides its cells',
    );
  const names = new ColumnNames(context.definition);
  const headers = cells.map((cell) => cell.trim());
  const mapped = readMap(context, headers, names);
  const problems: ErrorDetail[] = [];
  const columns = headers.map((header, index): UnderstoodColumn => {
    const asked = mapped.get(index);
    if (asked !== undefined)
      return asked === null ? ignored(index, header, 'asked') : used(index, header, asked);
    if (header === '') return ignored(index, header, 'empty');
    if (isResultColumn(header)) return ignored(index, header, 'results');
    if (isProgramColumn(header) && names.find(header) === undefined) return ignored(index, header, 'program');
    const field = names.find(header);
    if (field === undefined) {
      problems.push(unknown(header, index, names));
      return ignored(index, header, 'asked');
    }
    if (context.definition.fields[field]?.kind === 'secret') problems.push(secret(header, index, field));
    return used(index, header, field);
  });
  if (!columns.some(({ field }) => field !== null)) refuseData(headers, context);
  problems.push(...doubled(columns));
  if (problems.length > 0) throw together(problems, file);
  if (!columns.some(({ field }) => field !== null))
    throw invalid(`no column of ${quote(file)} is used`, templateHint(context));
  return columns;
}

const used = (index: number, header: string, field: string): UnderstoodColumn => ({
  index,
  header,
  field,
  ignored: null,
  dates: null,
});
const ignored = (
  index: number,
  header: string,
  why: NonNullable<UnderstoodColumn['ignored']>,
): UnderstoodColumn => ({ index, header, field: null, ignored: why, dates: null });

/** What `--map` says of which columns; null to ignore one. */
function readMap(
  { map, file }: HeaderContext,
  headers: readonly string[],
  names: ColumnNames,
): ReadonlyMap<number, string | null> {
  const mapped = new Map<number, string | null>();
  for (const text of map) {
    const at = text.lastIndexOf('=');
    const refuse = (what: string, hint: string) =>
      invalid(`--map ${quote(text)} ${what}`, hint, [{ field: '--map', value: text, message: what, hint }]);
    if (at < 1)
      throw refuse('says not which field', 'write --map "Mobile No=phone", or "Junk=" to ignore it');
    const [header, name] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const exact = headers.flatMap((one, index) => (one === header ? [index] : []));
    const loose = headers.flatMap((one, index) => (plainHeader(one) === plainHeader(header) ? [index] : []));
    const numbered = /^#(\d+)$/.exec(header);
    const byNumber =
      numbered === null || Number(numbered[1]) > headers.length ? [] : [Number(numbered[1]) - 1];
    const found = [exact, byNumber, loose].find(({ length }) => length > 0) ?? [];
    if (found.length === 0) {
      const near = nearest(header, headers, 1)[0];
      const hint = `the columns are ${headers.filter(Boolean).slice(0, 30).join(', ')}`;
      throw refuse(
        `names no column of ${quote(file)}`,
        near === undefined ? hint : `did you mean ${quote(near)}?`,
      );
    }
    const field = name === '' ? null : (names.find(name) ?? (name === FULL_NAME ? name : undefined));
    if (field === undefined) {
      const near = names.of(nearest(name, names.spelt, 1)[0] ?? '');
      throw refuse(
        `names no field ${quote(name)}`,
        near === undefined
          ? `the fields are ${names.spelt.slice(0, 40).join(', ')}`
          : `did you mean ${near}?`,
      );
    }
    for (const index of found) mapped.set(index, field);
  }
  return mapped;
}

function unknown(header: string, index: number, names: ColumnNames): ErrorDetail {
  const near = names.of(nearest(header, names.spelt, 1)[0] ?? '');
  const asMap = (field: string) => mapFlag(header, index, field);
  return {
    field: header,
    message: `the column ${quote(header)} is unknown`,
    hint:
      near === undefined
        ? `say what it is with ${asMap('FIELD')}, or ignore it with ${asMap('')}`
        : `did you mean ${near}? write ${asMap(near)}; or ignore it with ${asMap('')}`,
    column: index + 1,
  };
}

/** A column as `--map` names it, safe to be typed into a shell: by its number where its header holds odd characters. */
function mapFlag(header: string, index: number, field: string): string {
  const isPlain = /^[\p{L}\p{N}][\p{L}\p{N} _.,:()/@%&+-]*$/u.test(header);
  return `--map "${isPlain ? header : `#${index + 1}`}=${field}"`;
}

const secret = (header: string, index: number, field: string): ErrorDetail => ({
  field: header,
  message: `the column ${quote(header)} holds passwords that anybody who has the file can read`,
  hint: `ignore it with ${mapFlag(header, index, '')}; if it must be, say ${mapFlag(header, index, field)}`,
});

function doubled(columns: readonly UnderstoodColumn[]): ErrorDetail[] {
  const byField = new Map<string, UnderstoodColumn[]>();
  for (const column of columns) {
    const fields =
      column.field === FULL_NAME ? ['firstName', 'lastName'] : column.field === null ? [] : [column.field];
    for (const field of fields) byField.set(field, [...(byField.get(field) ?? []), column]);
  }
  const seen = new Set<string>();
  return [...byField].flatMap(([field, several]) => {
    const shown = several.map(({ header, index }) => `${quote(header)} (column ${index + 1})`).join(' and ');
    if (several.length < 2 || seen.has(shown)) return [];
    seen.add(shown);
    const last = several.at(-1) as UnderstoodColumn;
    const same = several.every(({ header }) => header === several[0]?.header);
    return [
      {
        field: last.header,
        message: same ? `the header ${shown} stands twice` : `${shown} are both ${field}`,
        hint: same
          ? 'rename one of them in the file'
          : `ignore one with ${mapFlag(last.header, last.index, '')}`,
      },
    ];
  });
}

function together(problems: readonly ErrorDetail[], file: string): TphError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return invalid(`${quote(file)}: ${first?.message}${more}`, first?.hint, problems);
}

/** Phones, numbers, dates and addresses are no names of columns. */
const DATA = /^\+?[\d\s()./-]{3,}$|^\d+([.,]\d+)?$|@.+\./;

function refuseData(headers: readonly string[], context: HeaderContext): void {
  const cell = headers.find((header) => DATA.test(header));
  if (cell === undefined) return;
  const shown = headers.slice(0, 4).map(quote).join(', ');
  throw invalid(
    `${quote(context.file)} has no header row: line ${context.line} (${shown}${headers.length > 4 ? ' …' : ''}) looks like data`,
    templateHint(context),
  );
}

const templateHint = ({ kind }: HeaderContext): string =>
  `the first row names the columns; \`tph import ${kind} --template\` prints one`;
