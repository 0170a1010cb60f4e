import { checkInput } from '../records/check.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Field, ItemsField, ObjectType } from '../records/field.ts';
import { itemFromText } from '../records/item-text.ts';
import { LinkTimes } from '../records/link-times.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type CellColumn, type CellContext, CellProblem, type ReadCell, type Warn } from './cell.ts';
import { dayReader, instantReader } from './cell-date.ts';
import {
  boolean,
  checked,
  choiceReader,
  integer,
  phoneReader,
  SHORTENED,
  SHORTENED_WARNING,
  textReader,
} from './cell-scalar.ts';

/** Fields whose text nobody sees as such: marks that have no width are no part of it. */
const WITHOUT_MARKS: ReadonlySet<Field['kind']> = new Set([
  'choice',
  'integer',
  'boolean',
  'day',
  'instant',
  'reference',
  'references',
]);

/** A reader of the cells of a column, by what sort of field it fills. */
export function cellReader(
  definition: RecordDefinition,
  field: Field,
  column: CellColumn,
  context: CellContext,
): ReadCell {
  const read = readerOf(definition, field, column, context);
  if (!WITHOUT_MARKS.has(field.kind)) return read;
  return (text, warn) => read(visible(text), warn);
}

/** A text without what nobody sees of it: a byte order mark, joiners, signs of direction. */
export const visible = (text: string): string =>
  /[^\t\n\r -~]/.test(text)
    ? text.replace(/\p{Default_Ignorable_Code_Point}|[\u202a-\u202e\u2066-\u2069]/gu, '').trim()
    : text;

function readerOf(
  definition: RecordDefinition,
  field: Field,
  column: CellColumn,
  context: CellContext,
): ReadCell {
  switch (field.kind) {
    case 'text':
      return field.format === 'phone' ? phoneReader(context) : textReader(field, context);
    case 'choice':
      return choiceReader(field);
    case 'integer':
      return (text) => integer(text, field);
    case 'boolean':
      return boolean;
    case 'day':
      return dayReader(column, context);
    case 'instant':
      return instantReader(column, context, field.day);
    case 'reference':
      return (text, warn) => {
        if (SHORTENED.test(text)) warn(SHORTENED_WARNING);
        return checked(field, reference(text, field.target), context);
      };
    case 'references': {
      const byComma = !NAMED_WITH_COMMAS.has(field.target);
      return (text) => {
        const list = entries(text, byComma);
        if (list instanceof CellProblem) return list;
        return checked(
          field,
          list.map((entry) => (typeof entry === 'string' ? reference(entry, field.target) : entry)),
          context,
        );
      };
    }
    case 'tags':
      return (text) => {
        const list = entries(text, true);
        return list instanceof CellProblem ? list : checked(field, list, context);
      };
    case 'items':
      return (text) => items(text, definition, field, column, context);
    case 'secret':
    case 'id':
    case 'weekdays':
    case 'settings':
      return (text) => checked(field, text, context);
  }
}

/** Kinds whose handles are names in which commas are at home. */
const NAMED_WITH_COMMAS: ReadonlySet<ObjectType> = new Set([
  'Account',
  'AccountDepartment',
  'AccountEmployee',
]);

/** The entries of a collection: divided by `;`, else by line breaks, `|` or `,`; or a JSON array. */
function entries(text: string, byComma: boolean): readonly unknown[] | CellProblem {
  if (text.startsWith('[')) return jsonList(text);
  const by = text.includes(';')
    ? ';'
    : text.includes('\n')
      ? '\n'
      : text.includes('|')
        ? '|'
        : byComma
          ? ','
          : ';';
  return text
    .split(by)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function jsonList(text: string): readonly unknown[] | CellProblem {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Said below.
  }
  return new CellProblem('begins like a JSON array, and is none', 'write entries with ; between them');
}

/** Phones among references are damaged as others are. */
function reference(text: string, target: ObjectType): unknown {
  if (target !== 'Customer' || !/^[\d.,]+e\+?\d+$/i.test(text)) return text;
  return new CellProblem(
    'is a number that a spreadsheet shortened, and its last digits are lost',
    'make the column text in the spreadsheet, and write the number again with all its digits',
  );
}

function items(
  text: string,
  definition: RecordDefinition,
  field: ItemsField,
  column: CellColumn,
  context: CellContext,
): unknown {
  const list = text.startsWith('[')
    ? jsonList(text)
    : text.startsWith('{')
      ? jsonObject(text)
      : writtenItems(text, field);
  if (list instanceof CellProblem) return list;
  const times = 'timeId' in field.fields ? new LinkTimes() : undefined;
  const read: unknown[] = [];
  for (const item of list) {
    const isObject = typeof item === 'object' && item !== null;
    const values = isObject
      ? itemValues(times?.take(item) ?? (item as Values), field, column, context)
      : item;
    if (values instanceof CellProblem) return values;
    read.push(values);
  }
  const { values, problems } = checkInput(definition, { [column.field]: read }, 'update', context.formats);
  const problem = problems[0] ?? times?.problem;
  if (problem !== undefined) return new CellProblem(`has a problem: ${problem.message}`, problem.hint);
  const checkedItems = values[column.field] as readonly Values[];
  return times === undefined ? checkedItems : times.putBack(checkedItems);
}

function jsonObject(text: string): readonly unknown[] | CellProblem {
  try {
    return [JSON.parse(text)];
  } catch {
    return new CellProblem('begins like a JSON object, and is none', 'write {"name": "value"}');
  }
}

function writtenItems(text: string, field: ItemsField): readonly unknown[] | CellProblem {
  try {
    if ('streetAddress' in field.fields) return writtenAddresses(text, field);
    const isSchedule = 'weekdays' in field.fields;
    // Without `name=value` each part is an item of its own: several groups, or several days.
    const by = isSchedule || !text.includes('=') ? /[;\n|]/ : /[\n|]/;
    const texts = text.split(by).filter((one) => one.trim() !== '');
    return texts.map((one) => itemFromText(field, one.trim()));
  } catch (error) {
    if (!(error instanceof TphError)) throw error;
    return new CellProblem(`has a problem: ${error.message}`, error.hint);
  }
}

/** `Home; city=Dublin` on each line; what has no such parts is one address, on however many lines people wrote it. */
function writtenAddresses(text: string, field: ItemsField): readonly unknown[] | CellProblem {
  const isPlain = (one: string): boolean => !/[;=]/.test(one);
  const texts = text.split('|').filter((one) => one.trim() !== '');
  return texts.flatMap((one): readonly unknown[] => {
    const lines = one
      .split('\n')
      .map((line) => line.trim().replace(/,$/, ''))
      .filter((line) => line !== '');
    if (lines.every(isPlain)) return [{ streetAddress: lines.join(', ') }];
    const plain = lines.find(isPlain);
    if (plain === undefined) return lines.map((line) => itemFromText(field, line));
    throw invalid(
      `${quote(plain)} may be an address of its own, or belong to the line before`,
      'write each address on a line of its own as `Home; street-address=1 Main Street; city=Cork`',
    );
  });
}

const IGNORED: Warn = () => {};

/** Texts inside an item are read as cells of their own are; what is no text stays. */
function itemValues(
  item: Values,
  { fields }: ItemsField,
  column: CellColumn,
  context: CellContext,
): Values | CellProblem {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    const field = fields[name];
    if (typeof value !== 'string' || field === undefined || !READ_INSIDE.has(field.kind)) {
      values[name] = value;
      continue;
    }
    const own = { ...column, field: name, dates: null };
    const read = cellReader({ fields } as RecordDefinition, field, own, context)(value, IGNORED);
    if (read instanceof CellProblem)
      return new CellProblem(`has a problem: ${read.detail(name, value).message}`, read.hint);
    values[name] = read;
  }
  return values;
}

const READ_INSIDE: ReadonlySet<Field['kind']> = new Set([
  'integer',
  'boolean',
  'day',
  'instant',
  'references',
]);
