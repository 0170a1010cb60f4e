import { chosen } from '../records/choice.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { type Field, isCollection, type TextField } from '../records/field.ts';
import { quote } from '../values/error.ts';
import { parseIdOrDecimal } from '../values/id.ts';
import { cleanText } from '../values/text.ts';
import { type CellContext, CellProblem, type ReadCell } from './cell.ts';
import { cellReader, visible } from './cell-value.ts';
import { FULL_NAME } from './columns.ts';
import { isFailedFormula, unmarkedCell } from './escape.ts';
import type { CsvRow } from './parse.ts';
import type { UnderstoodColumn } from './understood.ts';

/** What is found in a row besides its values. */
export interface RowFindings {
  /** `column` is the header; null where it is the row as a whole. */
  problem(
    line: number,
    column: string | null,
    field: string | null,
    text: string,
    problem: CellProblem,
  ): void;
  warn(line: number, column: string, message: string): void;
}

/** Words that clear a field that may be empty (spec section 2). */
const CLEARS = /^(?:none|null)$/i;
/** Written where there is nothing to write. */
const NOTHING = /^(?:n\/a|#n\/a|-+|–|—)$/i;
const LONGEST_WORD = 4;

/** People are called Null; where that is read as nothing, it is said. */
const NAMES: ReadonlySet<string> = new Set(['firstName', 'lastName', FULL_NAME]);

interface Column {
  readonly index: number;
  readonly header: string;
  readonly field: string;
  /** Where the value goes, among `fields`. */
  readonly slot: number;
  /** What the field is cleared to; undefined where it cannot be, or where the word is a value of it. */
  readonly cleared: unknown;
  readonly clears: (text: string) => boolean;
  readonly read: ReadCell;
}

/** Reads rows of text into values of a record's fields, in their stored form. */
export class RowReader {
  /** In the order of a row's values. */
  readonly fields: readonly string[];
  readonly #columns: readonly Column[];
  readonly #width: number;
  /** Columns without a header, which must be empty. */
  readonly #unnamed: readonly number[];

  constructor(definition: RecordDefinition, columns: readonly UnderstoodColumn[], context: CellContext) {
    const fields: string[] = [];
    this.#columns = columns.flatMap((column): Column[] => {
      const { field: name, index, header } = column;
      if (name === null) return [];
      const slot = fields.length;
      const base = { index, header, field: name, slot, cleared: undefined, clears: never };
      if (name === FULL_NAME) {
        fields.push('firstName', 'lastName');
        const [first, last] = ['firstName', 'lastName'].map((part) =>
          cellReader(definition, definition.fields[part] as TextField, { ...column, field: part }, context),
        );
        return [
          {
            ...base,
            cleared: [null, null],
            clears: clearing,
            read: fullName(first as ReadCell, last as ReadCell),
          },
        ];
      }
      fields.push(name);
      if (name === 'id') return [{ ...base, read: readId }];
      if (name === 'internalKey') return [{ ...base, cleared: null, clears: clearing, read: readKey }];
      const field = definition.fields[name] as Field;
      const read = cellReader(definition, field, { ...column, field: name }, context);
      return [{ ...base, cleared: clearedValue(field), clears: clearsOf(field), read }];
    });
    this.fields = fields;
    this.#width = columns.length;
    this.#unnamed = columns.filter(({ ignored }) => ignored === 'empty').map(({ index }) => index);
  }

  /** The values of a row; undefined where one is wrong: then `findings` was told all that is. */
  read(row: Pick<CsvRow, 'line' | 'cells' | 'flaw'>, findings: RowFindings): unknown[] | undefined {
    const { line, cells } = row;
    const values = new Array<unknown>(this.fields.length);
    let good = true;
    const wrong = (column: Column | null, text: string, problem: CellProblem): void => {
      good = false;
      findings.problem(line, column?.header ?? null, column?.field ?? null, text, problem);
    };
    const shape = this.#wrongShape(row);
    if (shape !== undefined) {
      wrong(null, ...shape);
      return undefined;
    }
    for (const column of this.#columns) {
      const cell = cells[column.index];
      if (cell === undefined || cell === '') continue;
      const text = cell.trim();
      if (text === '') continue;
      if (text.length <= LONGEST_WORD) {
        if (column.clears(text)) {
          if (column.cleared === undefined)
            wrong(
              column,
              text,
              new CellProblem('cannot be cleared', 'give a value, or leave the cell empty'),
            );
          else if (column.field === FULL_NAME)
            [values[column.slot], values[column.slot + 1]] = column.cleared as null[];
          else values[column.slot] = column.cleared;
          if (NAMES.has(column.field))
            findings.warn(
              line,
              column.header,
              `${quote(text)} was read as no name; write '${text} for a name`,
            );
          continue;
        }
        if (NOTHING.test(text)) {
          findings.warn(line, column.header, `${quote(text)} was read as an empty cell`);
          continue;
        }
      }
      const plain = MARKS.has(text.charCodeAt(0)) ? withoutMark(text) : text;
      if (plain instanceof CellProblem) {
        wrong(column, text, plain);
        continue;
      }
      const value = column.read(plain, (message) => findings.warn(line, column.header, message));
      if (value instanceof CellProblem) wrong(column, text, value);
      else if (column.field === FULL_NAME) [values[column.slot], values[column.slot + 1]] = value as string[];
      else values[column.slot] = value;
    }
    return good ? values : undefined;
  }

  /** What is wrong with a row as a whole, and of which text: then its cells may not be what they seem. */
  #wrongShape({
    cells,
    flaw,
  }: Pick<CsvRow, 'cells' | 'flaw'>): [text: string, problem: CellProblem] | undefined {
    if (flaw !== undefined)
      return ['', new CellProblem(flaw.message, 'write a quote inside a quoted cell twice')];
    for (const index of this.#unnamed) if (isGiven(cells[index])) return [cells[index] ?? '', UNNAMED];
    for (let i = this.#width; i < cells.length; i++)
      if (isGiven(cells[i])) return [cells[i] ?? '', tooManyCells(cells.length, this.#width)];
    return undefined;
  }
}

/** Codes of `'`, `=` and `#`. */
const MARKS: ReadonlySet<number> = new Set([39, 61, 35]);

function withoutMark(text: string): string | CellProblem {
  return isFailedFormula(text) ? FAILED_FORMULA : unmarkedCell(text);
}

const FAILED_FORMULA = new CellProblem(
  'is what a spreadsheet shows for a formula that failed',
  'mend the formula, or empty the cell',
);
const isGiven = (cell: string | undefined): boolean => cell !== undefined && cell.trim() !== '';
const UNNAMED = new CellProblem(
  'stands in a column without a header',
  'give the column a header, or empty it',
);
const tooManyCells = (cells: number, width: number): CellProblem =>
  new CellProblem(
    `stands beyond the last column: the row has ${cells} cells, the header ${width}`,
    'put quotes around a cell that has the delimiter in it',
  );

const never = (): boolean => false;
const clearing = (text: string): boolean => text.length === LONGEST_WORD && CLEARS.test(text);
/** A choice may have the word for a value: `none` is a way to sign in. */
const clearsOf = (field: Field): ((text: string) => boolean) =>
  field.kind === 'choice' ? (text) => clearing(text) && chosen(text, field) === undefined : clearing;

const clearedValue = (field: Field): unknown =>
  isCollection(field) ? [] : field.required === true ? undefined : (field.default ?? null);

function readId(text: string): unknown {
  return (
    parseIdOrDecimal(visible(text)) ??
    new CellProblem(
      'is not an id',
      /e\+/i.test(text)
        ? 'a spreadsheet shortened it; make the column text and fill it in again'
        : 'give an id such as G123, or leave it empty for a new record',
    )
  );
}

function readKey(text: string): unknown {
  const clean = cleanText(text, { multiline: false, max: 200 });
  return clean.ok ? clean.text : new CellProblem(clean.message, clean.hint);
}

/** `Ann Byrne` and `Byrne, Ann`: the last word is the last name, or what stands before a comma. */
function fullName(first: ReadCell, last: ReadCell): ReadCell {
  return (text, warn) => {
    const comma = /^([^,]+),\s*([^,]+)$/.exec(text);
    const words = text.split(/\s+/);
    const [firstName, lastName] =
      comma !== null
        ? [comma[2] ?? '', comma[1] ?? '']
        : [words.slice(0, -1).join(' ') || text, words.length > 1 ? (words.at(-1) ?? '') : ''];
    const values = [first(firstName.trim(), warn), lastName === '' ? undefined : last(lastName.trim(), warn)];
    return values.find((value) => value instanceof CellProblem) ?? values;
  };
}
