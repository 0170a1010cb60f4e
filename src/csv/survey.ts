import { csvKinds } from '../contract/bulk.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { fold } from '../values/text.ts';
import { dayAt } from '../values/zone.ts';
import type { CellContext } from './cell.ts';
import { DateSurvey } from './dates.ts';
import { KeyTable } from './key-table.ts';
import type { CsvRow } from './parse.ts';
import { type RowFindings, RowReader } from './row-reader.ts';
import type { DateOrder, Understood, UnderstoodColumn } from './understood.ts';

/** The columns of days and instants: in which order their numbers stand is decided by all of them together. */
export const dateColumns = ({ kind, columns }: Understood): readonly UnderstoodColumn[] => {
  const { fields } = definitionOf(csvKinds[kind]);
  return columns.filter(({ field }) => {
    const kindOf = field === null ? undefined : fields[field]?.kind;
    return kindOf === 'day' || kindOf === 'instant';
  });
};

/** Looks at every date of a file before any is read. */
export class DateColumns {
  readonly #understood: Understood;
  readonly #surveys: readonly (readonly [column: UnderstoodColumn, survey: DateSurvey])[];

  constructor(understood: Understood, { now, timeZone }: Pick<CellContext, 'now' | 'timeZone'>) {
    const thisYear = Math.floor(dayAt(now, timeZone) / 10_000);
    this.#understood = understood;
    this.#surveys = dateColumns(understood).map((column) => [column, new DateSurvey(thisYear)] as const);
  }

  add({ cells, line }: CsvRow): void {
    for (const [{ index }, survey] of this.#surveys) {
      const text = cells[index]?.trim() ?? '';
      if (text !== '') survey.add(text.startsWith("'") ? text.slice(1) : text, line);
    }
  }

  /**
   * What is understood, with the style of each column of dates. Throws INVALID for columns that may be read in two ways
   * or hold both, unless `asked` (`--date-format`) says which.
   */
  result(asked: DateOrder | undefined): Understood {
    const problems: TphError[] = [];
    const styles = new Map<number, UnderstoodColumn['dates']>();
    for (const [column, survey] of this.#surveys) {
      const result = survey.result();
      if ('style' in result)
        styles.set(
          column.index,
          asked !== undefined && result.style !== null && result.style !== 'serial' ? asked : result.style,
        );
      else if (asked !== undefined) styles.set(column.index, asked);
      else
        problems.push(
          'ambiguous' in result
            ? ambiguous(column, result.ambiguous)
            : contradiction(column, result.contradiction),
        );
    }
    const [first] = problems;
    if (first !== undefined)
      throw invalid(
        `${quote(this.#understood.file)}: ${first.message}`,
        first.hint,
        problems.flatMap(({ details }) => details),
      );
    const columns = this.#understood.columns.map((column) => ({
      ...column,
      dates: styles.get(column.index) ?? null,
    }));
    return { ...this.#understood, columns };
  }
}

type Found = readonly [line: number, text: string];

function ambiguous({ header }: UnderstoodColumn, [line, text]: Found): TphError {
  const message = `the dates of ${quote(header)} may be day first or month first: line ${line} has ${quote(text)}`;
  const hint = 'say which with --date-format dmy or --date-format mdy';
  return invalid(message, hint, [{ field: header, value: text, message, hint, line }]);
}

function contradiction({ header }: UnderstoodColumn, found: readonly Found[]): TphError {
  const [[dayLine, dayText] = [0, ''], [monthLine, monthText] = [0, '']] = found;
  const message = `${quote(header)} has dates in two orders: line ${dayLine} has ${quote(dayText)}, line ${monthLine} has ${quote(monthText)}`;
  const hint =
    'mend the file, or say which rows are right with --date-format dmy or mdy: the others are then rejected';
  return invalid(message, hint, [{ field: header, message, hint, lines: [dayLine, monthLine] }]);
}

const UNHEARD: RowFindings = { problem: () => {}, warn: () => {} };

/** Finds the rows of a file that have the same key, before any is written. */
export class KeyColumns {
  readonly #definition: RecordDefinition;
  readonly #reader: RowReader;
  readonly #slots: readonly (number | undefined)[];
  readonly #key: readonly string[];
  readonly #table = new KeyTable();
  readonly #slotOf: (field: string) => number | undefined;

  /** `key`: as in `ImportStart`; the kind's first uniqueness rule where it is not given. */
  constructor(understood: Understood, context: CellContext, key: readonly string[] | undefined) {
    this.#definition = definitionOf(csvKinds[understood.kind]);
    const rule = this.#definition.unique[0];
    this.#key = key ?? rule?.fields ?? [];
    const wanted = new Set([
      ...this.#key,
      'id',
      'email',
      ...(rule?.unless === undefined ? [] : [rule.unless]),
    ]);
    const columns = understood.columns.map((column) =>
      column.field !== null && wanted.has(column.field)
        ? column
        : { ...column, field: null, ignored: 'asked' as const },
    );
    this.#reader = new RowReader(this.#definition, columns, context);
    this.#slotOf = (field) => {
      const at = this.#reader.fields.indexOf(field);
      return at < 0 ? undefined : at;
    };
    this.#slots = this.#key.map(this.#slotOf);
  }

  add(row: CsvRow): void {
    const key = this.#keyOf(row);
    if (key !== undefined) this.#table.add(key, row.line);
  }

  /** Lines that share their key, each with another line that has it. */
  get doubled(): ReadonlyMap<number, number> {
    return this.#table.doubled;
  }

  #keyOf(row: CsvRow): string | undefined {
    const values = this.#reader.read(row, UNHEARD);
    if (values === undefined) return undefined;
    const given = (field: string): unknown => values[this.#slotOf(field) ?? -1];
    const id = given('id');
    if (typeof id === 'string') return `id\n${id}`;
    const { unless } = this.#definition.unique[0] ?? {};
    if (unless !== undefined && given(unless) === true) return undefined;
    const parts = this.#slots.map((slot, i) =>
      this.#comparable(this.#key[i] ?? '', slot === undefined ? undefined : values[slot]),
    );
    if (parts.every((part) => part !== undefined)) return parts.join('\n');
    const email = this.#key[0] === 'phone' ? given('email') : undefined;
    return typeof email === 'string' ? `email\n${email}` : undefined;
  }

  /** A value in the form by which the store compares it. */
  #comparable(name: string, value: unknown): string | undefined {
    if (value === undefined || value === null) return undefined;
    const field = this.#definition.fields[name];
    const text = typeof value === 'object' ? String((value as { id?: unknown }).id) : String(value);
    const folds = field?.kind === 'reference' || (field?.kind === 'text' && field.fold);
    return folds ? fold(text) : text;
  }
}
