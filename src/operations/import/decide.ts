import { keyValue } from '../../db/bulk-find.ts';
import type { Stored } from '../../db/codec.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import type { Values } from '../../records/definition.ts';
import { displayName } from '../../records/display.ts';
import { type ErrorDetail, quote } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import { changedFields } from '../difference.ts';
import { secretsMatch } from '../password.ts';
import { overfull } from '../uniqueness.ts';
import { withHidden } from '../update.ts';
import type { Work } from '../work.ts';
import type { Create, Decision, Failed } from './decision.ts';
import type { OpenRow } from './open-rows.ts';
import { inTheWay, refusalsOf } from './problems.ts';
import type { RunContext } from './run-context.ts';

/** What is known of the records that rows are about. */
export interface Targets {
  readonly records: ReadonlyMap<Id, StoredRecord>;
  readonly keys: ReadonlyMap<Id, string>;
  readonly hidden: ReadonlySet<Id>;
  /** Rows whose record was not loaded, since it is as they say. */
  readonly same: ReadonlySet<OpenRow>;
}

export const failed = (line: number, problems: readonly ErrorDetail[]): Failed => ({
  kind: 'failed',
  line,
  problems,
  warnings: [],
});

/** What is to be done with a row whose record is known. */
export async function decide(
  context: RunContext,
  work: Work,
  known: Targets,
  row: OpenRow,
): Promise<Decision> {
  if (row.target !== undefined && known.hidden.has(row.target)) return failed(row.line, [inTheWay]);
  if (row.problems.length > 0) return failed(row.line, row.problems);
  if (row.target !== undefined && known.same.has(row))
    return { kind: 'unchanged', line: row.line, id: row.target, warnings: [] };
  const lost = row.dead.filter(({ field, id }) => !refersTo(known.records.get(row.target as Id), field, id));
  if (lost.length > 0)
    return failed(
      row.line,
      lost.flatMap(({ field, problems }) => problems.map((one) => ({ ...one, field }))),
    );
  if (row.target === undefined) return decideCreate(context, work, row);
  const before = known.records.get(row.target);
  if (before === undefined) throw new Error(`${row.target} was found but is not there`);
  return decideUpdate(context, work, row, before, known);
}

/** Whether a record has a reference already, in a field or in the items of one. */
function refersTo(record: StoredRecord | undefined, field: string, id: Id): boolean {
  const has = (value: unknown): boolean =>
    value === id || (typeof value === 'object' && value !== null && Object.values(value).some(has));
  return record !== undefined && has(record.values[field]);
}

async function decideCreate(context: RunContext, work: Work, row: OpenRow): Promise<Decision> {
  const { rules, defaults, missing } = context.plan;
  const problems: ErrorDetail[] = [];
  for (const [name, problem] of missing)
    if (row.values[name] === undefined || row.values[name] === null)
      problems.push({ code: 'INVALID', ...problem });
  if (problems.length > 0) return failed(row.line, problems);
  const judged: Values = { ...defaults, ...row.values };
  const values = await completed(context, work, judged, null, Object.keys(row.values), problems);
  problems.push(...(await broken(context, work, values, null)));
  if (problems.length > 0) return failed(row.line, problems);
  const decision: Create = {
    kind: 'create',
    line: row.line,
    values,
    judged,
    internalKey: row.internalKey ?? null,
    warnings: rules.warn?.(work, values, null) ?? [],
  };
  return decision;
}

async function decideUpdate(
  context: RunContext,
  work: Work,
  row: OpenRow,
  before: StoredRecord,
  known: Targets,
): Promise<Decision> {
  const { plan } = context;
  const { fields } = plan.definition;
  const given = withoutSpellings(
    context,
    row,
    await withoutKnownSecrets(context, row.values, before),
    before,
  );
  const problems: ErrorDetail[] = [];
  const merged: Stored = { ...before.values, ...given };
  const changed = known.hidden.size === 0 ? merged : withHidden(fields, before.values, merged, known.hidden);
  const values = await completed(context, work, changed, before, Object.keys(given), problems);
  if (problems.length > 0) return failed(row.line, problems);
  const names = changedFields(fields, before.values, values);
  const oldKey = known.keys.get(before.id) ?? null;
  const newKey = row.internalKey === undefined ? oldKey : row.internalKey;
  const warnings = plan.rules.warn?.(work, values, before) ?? [];
  const { line } = row;
  if (oldKey !== null && newKey !== null && newKey !== oldKey)
    return failed(line, [otherKey(context, before, oldKey, newKey)]);
  if (names.length === 0 && newKey === oldKey) return { kind: 'unchanged', line, id: before.id, warnings };
  if (plan.start.onConflict === 'skip') return { kind: 'skipped', line, id: before.id, warnings };
  const differing = newKey === oldKey ? names : [...names, 'internalKey'];
  if (plan.start.onConflict === 'error') return failed(line, [differs(context, before, differing)]);
  problems.push(...(await broken(context, work, values, before)));
  if (problems.length > 0) return failed(line, problems);
  return { kind: 'update', line, before, values, names, oldKey, newKey, given: Object.keys(given), warnings };
}

/** A key by which the record was found is no other key for being spelt in other letters: `d07` leaves `D07` as it is. */
function withoutSpellings(
  { plan }: RunContext,
  row: OpenRow,
  values: Values,
  before: StoredRecord,
): Record<string, unknown> {
  const given: Record<string, unknown> = { ...values };
  if (row.byId === true) return given;
  for (const name of plan.key) {
    const field = plan.definition.fields[name];
    if (field?.kind === 'text' && typeof given[name] === 'string')
      if (keyValue(field, given[name]) === keyValue(field, before.values[name])) delete given[name];
  }
  return given;
}

/** A password that is given again as it is changes nothing, though its hash would. */
async function withoutKnownSecrets(
  { plan }: RunContext,
  values: Record<string, unknown>,
  before: StoredRecord,
): Promise<Values> {
  const given: Record<string, unknown> = { ...values };
  for (const { name, field } of plan.given) {
    if (field.kind !== 'secret' || typeof given[name] !== 'string') continue;
    if (await secretsMatch({ [name]: field }, given, before.values)) delete given[name];
  }
  return given;
}

async function completed(
  { plan }: RunContext,
  work: Work,
  values: Stored,
  before: StoredRecord | null,
  given: readonly string[],
  problems: ErrorDetail[],
): Promise<Stored> {
  const { complete } = plan.rules;
  if (complete === undefined) return values;
  let result = values;
  problems.push(
    ...(await refusalsOf(async () => {
      result = await complete(work, values, before, given);
    })),
  );
  return result;
}

/** What is wrong with a record as it would be, as `refuseBroken` finds it, but for its twins. */
async function broken(
  { plan: { definition, rules } }: RunContext,
  work: Work,
  values: Stored,
  before: StoredRecord | null,
): Promise<readonly ErrorDetail[]> {
  const problems = [
    ...(before === null ? [] : overfull(definition, values)),
    ...(definition.check?.(values) ?? []),
    ...((await rules.check?.(work, values, before)) ?? []),
  ];
  return problems.map((problem) => ({ code: 'INVALID', ...problem }));
}

function nameOf(context: RunContext, { id, values }: StoredRecord): string {
  const name = displayName(context.plan.definition.objectType, values);
  return name === '' ? id : name;
}

function differs(context: RunContext, before: StoredRecord, names: readonly string[]): ErrorDetail {
  const { title } = context.plan.definition;
  return {
    code: 'CONFLICT',
    field: names[0] ?? '',
    message: `the ${title} ${quote(nameOf(context, before))} is there already and differs in ${names.join(', ')}`,
    hint: 'change it with --on-conflict update, or leave it as it is with --on-conflict skip',
    id: before.id,
    fields: names,
  };
}

function otherKey(context: RunContext, before: StoredRecord, oldKey: string, newKey: string): ErrorDetail {
  const { definition } = context.plan;
  return {
    code: 'CONFLICT',
    field: 'internalKey',
    value: newKey,
    message: `the ${definition.title} ${quote(nameOf(context, before))} has the internal key ${quote(oldKey)} already`,
    hint: `match rows by it with --key internalKey, or change it with \`tph ${definition.noun} update ${before.id} --key …\``,
    id: before.id,
  };
}
