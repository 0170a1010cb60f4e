import type { Api } from '../contract/api.ts';
import type { Importer, ImportRow, ImportStart, RowOutcome } from '../contract/bulk.ts';
import { csvKinds, limitLine } from '../contract/bulk.ts';
import type { Changed, FieldChange } from '../contract/change.ts';
import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import type { Field, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { type ErrorDetail, invalid, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { listAll, RemoteHandles } from './remote-importer-index.ts';

/** How many rows are under way at a time. */
const AT_ONCE = 4;

/**
 * Imports into an instance that has no operation for it, with a call a row: create, or get and update. Only `partial`:
 * nothing holds such calls together. The instance keeps no history of the run, so it cannot be undone as a whole.
 */
export async function importOneByOne(
  api: Pick<Api, 'call' | 'client'>,
  start: ImportStart,
  nowSeconds: number,
): Promise<Importer> {
  if (start.mode === 'atomic' && !start.dryRun) {
    const message = 'this instance imports row by row: all or nothing cannot be promised';
    const hint = 'try it with --dry-run first, then import with --mode partial';
    throw invalid(message, hint, [{ field: '--mode', value: 'atomic', message, hint }]);
  }
  const single = new SingleImporter(api, start);
  await single.readKeys();
  const startedAt = nowSeconds as never;
  // The run has no number there; this one only tells its result files from those of other runs.
  const run = (start.resume ?? `G${nowSeconds}`) as Id;
  const counts = { total: 0, created: 0, updated: 0, unchanged: 0, failed: 0, warnings: 0 };
  return {
    run: start.dryRun ? null : run,
    nextBatch: 1,
    rows: async (_number, rows, limit) => {
      const all: (RowOutcome | undefined)[] = new Array(rows.length).fill(undefined);
      const failed: number[] = [];
      let next = 0;
      const work = async () => {
        for (let at = next++; at < rows.length; at = next++) {
          const row = rows[at] as ImportRow;
          const last = limit === undefined ? undefined : limitLine(limit, failed);
          if (last !== undefined && row.line > last) return;
          all[at] = await single.row(row);
          if (all[at]?.outcome === 'failed') failed.push(row.line);
        }
      };
      // With a limit each row must know what became of those before.
      await Promise.all(Array.from({ length: limit === undefined ? AT_ONCE : 1 }, work));
      const outcomes = all.filter((one) => one !== undefined);
      for (const { outcome, warnings = [] } of outcomes) {
        counts.total += 1;
        counts[outcome === 'skipped' ? 'unchanged' : outcome] += 1;
        counts.warnings += warnings.length;
      }
      return outcomes;
    },
    finish: async (rejected) => ({
      outcomes: [],
      run: {
        run,
        kind: start.kind,
        mode: start.mode,
        onConflict: start.onConflict,
        file: start.file,
        actor: '',
        startedAt,
        finishedAt: startedAt,
        state: 'DONE',
        ...counts,
        total: counts.total + rejected,
        failed: counts.failed + rejected,
      },
    }),
    abandon: async () => {},
  };
}

type Loose = (name: string, input: object, options?: object) => Promise<unknown>;

class SingleImporter {
  readonly #call: Loose;
  readonly #start: ImportStart;
  readonly #definition: RecordDefinition;
  readonly #handles: RemoteHandles;
  readonly #keyFields: readonly string[];
  /** The kind's live records by their key, those made by this run among them. */
  readonly #byKey = new Map<string, Id | 'several'>();

  constructor(api: Pick<Api, 'call' | 'client'>, start: ImportStart) {
    this.#call = api.call.bind(api) as unknown as Loose;
    this.#start = start;
    this.#definition = definitionOf(csvKinds[start.kind]);
    this.#handles = new RemoteHandles(api);
    this.#keyFields = start.key ?? this.#definition.unique[0]?.fields ?? [];
    this.readKeys = async () => {
      for await (const record of listAll(api, this.#definition.objectType)) this.#note(record);
    };
  }

  /** Learns which records there are; once, first. */
  readonly readKeys: () => Promise<void>;

  #note(record: AnyRecord): void {
    for (const key of this.#keysOf(record)) {
      const other = this.#byKey.get(key);
      this.#byKey.set(key, other === undefined || other === record.id ? record.id : 'several');
    }
  }

  /** The keys that a record or a row has: its own, and for customers the e-mail that stands in for a phone. */
  #keysOf(values: Values): readonly string[] {
    const key = keyText(this.#keyFields, values);
    const email = this.#start.kind === 'customers' ? keyText(['email'], values) : undefined;
    return [key, email].filter((one) => one !== undefined);
  }

  async row({ line, values: given }: ImportRow): Promise<RowOutcome> {
    try {
      const values = await this.#resolved(given);
      const { id: _id, ...input } = values;
      const id = this.#match(values);
      return id === undefined ? await this.#create(line, input) : await this.#update(line, id, input);
    } catch (error) {
      // Anything else, such as an instance that is gone, ends the import.
      if (!(error instanceof TphError) || !ROW_ERRORS.has(error.code)) throw error;
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      const details = error.details.length > 0 ? error.details : [{ message: error.message, ...hint }];
      const problems = details.map((detail): ErrorDetail => ({ code: error.code, ...detail }));
      return { line, outcome: 'failed', id: null, problems };
    }
  }

  #match(values: Values): Id | undefined {
    if (typeof values['id'] === 'string') return values['id'] as Id;
    const [first] = this.#keysOf(values);
    if (first === undefined)
      throw invalid(
        `the row has none of its key: ${this.#keyFields.join(', ')}`,
        'give it, an id column, or another --key',
      );
    const found = this.#byKey.get(first);
    if (found !== 'several') return found;
    throw new TphError('CONFLICT', 'several records fit this row', { hint: 'say which with an id column' });
  }

  async #create(line: number, input: Values): Promise<RowOutcome> {
    if (this.#start.dryRun) return { line, outcome: 'created', id: null };
    const made = (await this.#call(`${this.#prefix}.create`, withoutNulls(input))) as Changed<AnyRecord>;
    this.#note(made);
    const outcome = made.replayed === true || made.matched === true ? 'unchanged' : 'created';
    return { line, outcome, id: made.id, ...warningsOf(made) };
  }

  async #update(line: number, id: Id, input: Values): Promise<RowOutcome> {
    const before = (await this.#call(`${this.#prefix}.get`, { ref: id })) as AnyRecord;
    const changes = differences(this.#definition, before, input);
    if (changes.length === 0) return { line, outcome: 'unchanged', id };
    if (this.#start.onConflict === 'skip') return { line, outcome: 'skipped', id, changes };
    if (this.#start.onConflict === 'error') {
      const fields = changes.map(({ field }) => field).join(', ');
      const message = `the record ${id} is there already, with another ${fields}`;
      const problems = [{ code: 'CONFLICT', message, hint: 'give --on-conflict update or skip' }];
      return { line, outcome: 'failed', id: null, problems };
    }
    if (this.#start.dryRun) return { line, outcome: 'updated', id, changes };
    const set = Object.fromEntries(changes.map(({ field }) => [field, input[field]]));
    // A field that is itself called `ref` has no place beside the reference.
    const asked = 'ref' in set ? { ref: id, set } : { ...set, ref: id };
    const done = (await this.#call(`${this.#prefix}.update`, asked)) as Changed<AnyRecord>;
    return { line, outcome: 'updated', id, changes, ...warningsOf(done) };
  }

  get #prefix(): string {
    return operationPrefix(this.#definition.objectType);
  }

  /** The values that the row gives by field, references as `{id}`. */
  async #resolved(given: readonly unknown[]): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [at, name] of this.#start.fields.entries()) {
      const value = given[at];
      if (value !== undefined) values[name] = await this.#value(this.#definition.fields[name], value, name);
    }
    return values;
  }

  async #value(field: Field | undefined, value: unknown, name: string): Promise<unknown> {
    if (value === null || field === undefined) return value;
    if (field.kind === 'reference')
      return { id: await this.#handles.id(field.target, referenceText(value), name) };
    if (field.kind === 'references') {
      const entries: unknown[] = [];
      for (const one of value as readonly unknown[])
        entries.push({ id: await this.#handles.id(field.target, referenceText(one), name) });
      return entries;
    }
    if (field.kind !== 'items') return value;
    const items: Values[] = [];
    for (const item of value as readonly Values[]) {
      const made: Record<string, unknown> = {};
      for (const [inner, own] of Object.entries(item))
        made[inner] = await this.#value(field.fields[inner], own, name);
      items.push(made);
    }
    return items;
  }
}

const ROW_ERRORS: ReadonlySet<string> = new Set([
  'INVALID',
  'NOT_FOUND',
  'CONFLICT',
  'REJECTED',
  'NOT_ALLOWED',
]);

const referenceText = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : String(value);

function keyText(fields: readonly string[], values: Values): string | undefined {
  const parts = fields.map((name) => values[name]);
  if (parts.length === 0 || parts.some((part) => part === null || part === undefined || part === ''))
    return undefined;
  return `${fields.join()}\n${parts.map((part) => fold(referenceText(part))).join('\n')}`;
}

/** On create nothing is cleared. */
const withoutNulls = (input: Values): Values =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));

const warningsOf = ({ warnings }: Changed<AnyRecord>) =>
  warnings === undefined || warnings.length === 0 ? {} : { warnings };

function differences(definition: RecordDefinition, before: Values, input: Values): readonly FieldChange[] {
  return Object.entries(input).flatMap(([name, after]) => {
    const field = definition.fields[name];
    // A password cannot be compared: it is never shown.
    const isSame = field?.kind !== 'secret' && plain(field, before[name]) === plain(field, after);
    return isSame ? [] : [{ field: name, before: before[name] ?? null, after }];
  });
}

/** A value as text that is the same for what an instance answers and what a row gives. */
function plain(field: Field | undefined, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (field?.kind === 'reference') return (value as Reference).id;
  if (field?.kind === 'references')
    return (value as readonly Reference[])
      .map(({ id }) => id)
      .sort()
      .join();
  if (field?.kind === 'tags') return (value as readonly string[]).map(fold).sort().join('\n');
  if (field?.kind !== 'items') return JSON.stringify(value);
  return (value as readonly Values[])
    .map((item) =>
      Object.entries(field.fields)
        .filter(([, own]) => own.kind !== 'id' || !own.generated)
        .map(([inner, own]) => plain(own, item[inner] ?? defaultOf(own)))
        .join('\u001f'),
    )
    .join('\u001e');
}

const defaultOf = (field: Field): unknown => field.default ?? null;
