import {
  type ImportRun,
  type ImportStart,
  type ImportUndone,
  limitLine,
  type RowLimit,
  type RowOutcome,
} from '../../contract/bulk.ts';
import type { Page, RefInput } from '../../contract/change.ts';
import type {
  ImportFinished,
  ImportFinishInput,
  ImportListInput,
  ImportOutcomes,
  ImportOutcomesInput,
  ImportPlanInput,
  ImportRowsInput,
  ImportStarted,
  ImportStartInput,
} from '../../contract/import.ts';
import { bulkOn } from '../../db/bulk-connection.ts';
import {
  batchAnswer,
  clearStage,
  insertBatch,
  insertRun,
  lastBatch,
  readRuns,
  type StoredRun,
  stageBatch,
  updateRun,
} from '../../db/bulk-runs.ts';
import { quote, TphError } from '../../values/error.ts';
import { parseIdOrDecimal } from '../../values/id.ts';
import { countInput, refuseInput } from '../input.ts';
import { encodeCursor, readCursor } from '../page.ts';
import { dryRunFlag } from '../report.ts';
import { newId, type Work } from '../work.ts';
import { Applier } from './apply.ts';
import { planned } from './contents.ts';
import { counted } from './counts.ts';
import { finishAtomic } from './finish-atomic.ts';
import { judgeRows } from './judge.ts';
import { judgeAndApply } from './judge-and-apply.ts';
import { inOrder, understandRows } from './named-rows.ts';
import { planImport } from './plan.ts';
import { runContext } from './run-context.ts';
import {
  giveUpOldStages,
  importRun,
  newRun,
  optionsOf,
  reasonOf,
  resumedRun,
  startOf,
  storedRun,
  withRejected,
} from './runs.ts';
import { undoImport } from './undo.ts';

async function runOf(work: Work, ref: unknown): Promise<StoredRun> {
  const id = typeof ref === 'string' ? parseIdOrDecimal(ref) : undefined;
  if (id === undefined) throw refuseInput('ref', ref, 'is no id', 'give the id of an import, such as G123');
  return storedRun(work, id);
}

/** A run that takes rows; CONFLICT where it is over. */
async function openRun(work: Work, ref: unknown): Promise<StoredRun> {
  const run = await runOf(work, ref);
  if (run.state === 'INTERRUPTED') return run;
  throw new TphError('CONFLICT', `the import ${run.id} is over: ${run.state}`, { hint: 'begin another' });
}

const fieldsInput = (value: unknown, field: string): readonly string[] => {
  const isList = Array.isArray(value) && value.length <= 200 && value.every((one) => typeof one === 'string');
  if (isList) return value as readonly string[];
  throw refuseInput(field, value, 'is not a list of fields', 'give the names of fields');
};

function booleanInput(value: unknown, field: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw refuseInput(field, value, 'is not true or false', 'give true or false, or leave it out');
}

function limitInput(value: unknown): RowLimit | undefined {
  if (value === undefined) return undefined;
  const { failures, refused } = (value ?? {}) as Partial<RowLimit>;
  const isLimit =
    typeof failures === 'number' &&
    Number.isInteger(failures) &&
    failures >= 1 &&
    Array.isArray(refused) &&
    refused.length <= 10_000 &&
    refused.every((line) => Number.isInteger(line));
  if (isLimit) return { failures, refused };
  throw refuseInput('limit', value, 'is no limit', 'give {"failures": 1, "refused": []}');
}

function startInput(input: ImportStartInput): ImportStart {
  const { kind, mode = 'atomic', onConflict = 'error', key, file, sha256 = null } = input;
  if (sha256 !== null && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
    throw refuseInput('sha256', sha256, 'is no SHA-256', 'give 64 hexadecimal digits, or leave it out');
  return {
    kind,
    mode,
    onConflict,
    fields: fieldsInput(input.fields, 'fields'),
    ...(key === undefined ? {} : { key: fieldsInput(key, 'key') }),
    dryRun: false,
    file,
    sha256,
    ...(booleanInput(input.keepLastApprovals, 'keepLastApprovals') ? { keepLastApprovals: true } : {}),
  };
}

export async function startRun(work: Work, input: ImportStartInput): Promise<ImportStarted> {
  const { start } = planImport(startInput(input));
  const { queries, client } = work;
  await giveUpOldStages(work);
  if (input.resume !== undefined) {
    const { id } = await runOf(work, input.resume);
    const run: StoredRun = {
      ...(await resumedRun(work, id, start)),
      options: optionsOf(start),
      state: 'INTERRUPTED',
      finishedAt: null,
    };
    await updateRun(queries, client.id, run);
    const nextBatch = (await lastBatch(queries, client.id, id)) + 1;
    return { ...importRun(run), nextBatch, ...dryRunFlag(work) };
  }
  const run = newRun(await newId(work), start, work);
  await insertRun(queries, client.id, run);
  return { ...importRun(run), nextBatch: 1, ...dryRunFlag(work) };
}

export async function planRows(given: Work, input: ImportPlanInput): Promise<ImportOutcomes> {
  const work: Work = { ...given, isPlan: true };
  const plan = planImport(startInput({ ...input, file: 'plan' }));
  const understood = await understandRows(work, plan, input.rows);
  const context = runContext(plan, { startsEmpty: false, holdsAll: true });
  const decisions = await judgeRows(context, work, understood.rows);
  return {
    outcomes: inOrder(await planned(work, plan.definition, decisions, input.rows.length), understood),
  };
}

export async function giveRows(work: Work, input: ImportRowsInput): Promise<ImportOutcomes> {
  const run = await openRun(work, input.ref);
  const number = countInput(input.number ?? null, 'number', [1, 1_000_000_000], 1);
  return run.mode === 'atomic' ? stageRows(work, run, number, input) : applyRows(work, run, number, input);
}

function refuseGap(run: StoredRun, number: number, last: number): void {
  if (number <= last + 1) return;
  const message = `batch ${number} of the import ${run.id} comes before batch ${last + 1}`;
  throw new TphError('CONFLICT', message, {
    hint: `give batch ${last + 1} first`,
    details: [{ field: 'number', message }],
  });
}

async function stageRows(
  work: Work,
  run: StoredRun,
  number: number,
  input: ImportRowsInput,
): Promise<ImportOutcomes> {
  const { queries, client } = work;
  refuseGap(run, number, await lastBatch(queries, client.id, run.id, 'import_stage'));
  const { refused } = await understandRows(work, planImport(startOf(run)), input.rows);
  await stageBatch(queries, client.id, run.id, number, JSON.stringify(input.rows));
  return { outcomes: refused, ...dryRunFlag(work) };
}

async function applyRows(
  work: Work,
  run: StoredRun,
  number: number,
  input: ImportRowsInput,
): Promise<ImportOutcomes> {
  const { queries, client } = work;
  const answered = await batchAnswer(queries, client.id, run.id, number);
  if (answered !== undefined) {
    refuseOutcomesOfOthers(work, run);
    return { outcomes: JSON.parse(answered) as readonly RowOutcome[], ...dryRunFlag(work) };
  }
  refuseGap(run, number, await lastBatch(queries, client.id, run.id));
  const plan = planImport(startOf(run));
  const understood = await understandRows(work, plan, input.rows);
  const context = runContext(plan, { startsEmpty: false, holdsAll: false });
  const reason = reasonOf(work, run.id, run.file);
  const applier = new Applier(bulkOn(work), work, plan, reason);
  const given = limitInput(input.limit);
  const before = [...(given?.refused ?? []), ...understood.refused.map(({ line }) => line)];
  const limit = given === undefined ? undefined : { failures: given.failures, refused: before };
  const applied = await judgeAndApply(context, work, applier, reason, understood.rows, limit);
  const all = inOrder(applied.outcomes, understood);
  const failed = applied.outcomes.flatMap(({ outcome, line }) => (outcome === 'failed' ? [line] : []));
  const last = limit === undefined ? undefined : limitLine(limit, failed);
  const outcomes = last === undefined ? all : all.filter(({ line }) => line <= last);
  const answer = JSON.stringify(outcomes);
  await insertBatch(queries, client.id, run.id, { number, events: applied.events, answer });
  await updateRun(queries, client.id, { ...run, ...counted(run, outcomes) });
  return { outcomes, ...dryRunFlag(work) };
}

/** Outcomes are kept as whoever ran the import saw them, with names of departments that others may not see. */
function refuseOutcomesOfOthers(work: Work, run: StoredRun): void {
  if (work.viewerRole !== 'OPERATOR' || run.actor === work.actor) return;
  throw new TphError('NOT_ALLOWED', `the outcomes of the import ${run.id} are for whoever ran it`, {
    hint: `ask ${quote(run.actor)} or an administrator`,
  });
}

export async function outcomesOfBatch(work: Work, input: ImportOutcomesInput): Promise<ImportOutcomes> {
  const run = await runOf(work, input.ref);
  const number = countInput(input.number ?? null, 'number', [1, 1_000_000_000], 1);
  refuseOutcomesOfOthers(work, run);
  const answer = await batchAnswer(work.queries, work.client.id, run.id, number);
  if (answer !== undefined) return { outcomes: JSON.parse(answer) as readonly RowOutcome[] };
  throw new TphError('NOT_FOUND', `the import ${run.id} has no outcomes of batch ${quote(String(number))}`, {
    hint: 'finish an atomic import first',
  });
}

export async function finishRun(work: Work, input: ImportFinishInput): Promise<ImportFinished> {
  const rejected = countInput(input.rejected, 'rejected', [0, 1_000_000_000], 0);
  const found = await runOf(work, input.ref);
  // Asked again, because the answer got lost: it is over as it was asked for.
  if (found.state === 'DONE' || found.state === 'REJECTED')
    return { ...importRun(found), ...dryRunFlag(work) };
  const run = await openRun(work, input.ref);
  if (run.mode === 'atomic')
    return { ...importRun(await finishAtomic(work, run, rejected)), ...dryRunFlag(work) };
  return ended(work, run, 'DONE', rejected);
}

export async function abandonRun(work: Work, input: RefInput): Promise<ImportFinished> {
  const run = await openRun(work, input.ref);
  await clearStage(work.queries, work.client.id, run.id);
  return ended(work, run, 'ABANDONED', 0);
}

async function ended(
  work: Work,
  run: StoredRun,
  state: StoredRun['state'],
  rejected: number,
): Promise<ImportFinished> {
  const over: StoredRun = { ...run, ...withRejected(run, rejected), state, finishedAt: work.now };
  await updateRun(work.queries, work.client.id, over);
  return { ...importRun(over), ...dryRunFlag(work) };
}

export async function listRuns(work: Work, input: ImportListInput): Promise<Page<ImportRun>> {
  const limit = countInput(input.limit, 'limit', [1, 500], 50);
  const olderThan =
    input.cursor === undefined ? undefined : readCursor(`${work.client.id} import`, input, input.cursor).id;
  const found = await readRuns(work.queries, work.client.id, { limit: limit + 1, olderThan });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(importRun),
    nextCursor:
      found.length > limit && last !== undefined
        ? encodeCursor(`${work.client.id} import`, input, { id: last.id, updatedDate: null })
        : null,
  };
}

export async function getRun(work: Work, input: RefInput): Promise<ImportRun> {
  return importRun(await runOf(work, input.ref));
}

export async function undoRun(work: Work, input: RefInput): Promise<ImportUndone> {
  const { id } = await runOf(work, input.ref);
  return undoImport(work, id);
}
