import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../contract/api.ts';
import {
  csvKinds,
  type Importer,
  type ImportRow,
  type ImportStart,
  type RowLimit,
  type RowOutcome,
} from '../contract/bulk.ts';
import type { ImportOptions, NamedRow } from '../contract/import.ts';
import { definitionOf } from '../records/registry.ts';
import { TphError } from '../values/error.ts';

/** What one request carries at most: rows, and bytes of JSON. Part of what a run is: one that is gone on with is cut alike. */
const MOST = { rows: 400, bytes: 900 * 1024 };

/** Pauses before a batch is sent again, in milliseconds; each request has been repeated for a while by then. */
export type Patience = readonly number[];
const PATIENCE: Patience = [1000, 5000, 15_000];

export interface BatchOptions {
  /** Ends waiting for an instance that does not answer. */
  readonly signal?: AbortSignal;
  readonly patience?: Patience;
}

/**
 * Imports through the operations of an instance, a request a batch. A batch has a number by which it is applied once, so
 * it is sent again where its answer was lost; of a run that is gone on with, what was applied already is only asked for.
 */
export async function importByOperations(
  api: Pick<Api, 'call'>,
  start: ImportStart,
  options: BatchOptions,
): Promise<Importer> {
  const { dryRun, mode, file, sha256, resume } = start;
  const about: ImportOptions = {
    kind: start.kind,
    onConflict: start.onConflict,
    fields: start.fields,
    ...(start.key === undefined ? {} : { key: start.key }),
    ...(start.keepLastApprovals === true ? { keepLastApprovals: true } : {}),
  };
  if (dryRun) return planner(api, start, about, options);
  const { run, nextBatch } = await api.call('import.start', {
    ...about,
    mode,
    file,
    ...(sha256 === null ? {} : { sha256 }),
    ...(resume === undefined ? {} : { resume }),
  });
  const ref = String(run);
  const again = patiently(options);
  const untold = withoutTold(start);
  let number = 0;
  return {
    run,
    nextBatch: 1,
    rows: async (_batch, rows, limit) => {
      const known: RowOutcome[] = [];
      for (const part of parts(rows, start.fields)) {
        const ofPart = limit === undefined || mode === 'atomic' ? undefined : limitOf(part, limit, known);
        if (ofPart !== undefined && ofPart.failures < 1) break;
        number += 1;
        const asked = { ref, number };
        const { outcomes } =
          number < nextBatch
            ? sameLines(await again(() => api.call('import.outcomes', asked)), part)
            : await again(() =>
                api.call('import.rows', {
                  ...asked,
                  rows: part,
                  ...(ofPart === undefined ? {} : { limit: ofPart }),
                }),
              );
        known.push(...outcomes.map(untold));
      }
      return known;
    },
    finish: async (rejected) => {
      const done = await again(() => api.call('import.finish', { ref, rejected }));
      const outcomes: RowOutcome[] = [];
      // All or nothing: what became of the rows is known now.
      if (mode === 'atomic')
        for (let batch = 1; batch <= number; batch += 1)
          outcomes.push(
            ...(await again(() => api.call('import.outcomes', { ref, number: batch }))).outcomes.map(untold),
          );
      return { outcomes, run: done };
    },
    abandon: async () => {
      await api.call('import.abandon', { ref });
    },
  };
}

/** What is doubtful of a text, such as a phone, was found when the file was read: the instance need not say it again. */
function withoutTold({ kind }: ImportStart): (outcome: RowOutcome) => RowOutcome {
  const { fields } = definitionOf(csvKinds[kind]);
  return (outcome) => {
    if (outcome.warnings === undefined) return outcome;
    const { warnings: all, ...rest } = outcome;
    const warnings = all.filter(({ field }) => field === undefined || fields[field]?.kind !== 'text');
    return warnings.length === 0 ? rest : { ...rest, warnings };
  };
}

/** What of a batch's limit is left for one of its requests, after what became of those before. */
function limitOf(
  part: readonly NamedRow[],
  { failures, refused }: RowLimit,
  known: readonly RowOutcome[],
): RowLimit {
  const [first, last] = [part[0]?.line ?? 0, part.at(-1)?.line ?? 0];
  const before = refused.filter((line) => line < first).length;
  const failed = known.filter(({ outcome }) => outcome === 'failed').length;
  return {
    failures: failures - before - failed,
    refused: refused.filter((line) => line > first && line < last),
  };
}

/** A plan needs no run: each batch is asked about for itself. */
async function planner(
  api: Pick<Api, 'call'>,
  start: ImportStart,
  about: ImportOptions,
  options: BatchOptions,
): Promise<Importer> {
  const { fields, kind, mode, onConflict, file } = start;
  const untold = withoutTold(start);
  const again = patiently(options);
  const plan = (rows: readonly NamedRow[]) => again(() => api.call('import.plan', { ...about, rows }));
  // Whatever is wrong with the options, or the instance, is found before the first row.
  await plan([]);
  const counts = { total: 0, created: 0, updated: 0, unchanged: 0, failed: 0, warnings: 0 };
  return {
    run: null,
    nextBatch: 1,
    rows: async (_batch, rows) => {
      const known: RowOutcome[] = [];
      for (const part of parts(rows, fields)) known.push(...(await plan(part)).outcomes.map(untold));
      for (const { outcome, warnings = [] } of known) {
        counts.total += 1;
        counts[outcome === 'skipped' ? 'unchanged' : outcome] += 1;
        counts.warnings += warnings.length;
      }
      return known;
    },
    finish: async (rejected) => {
      const { total, failed } = counts;
      const now = 0 as never;
      const run = { run: null, kind, mode, onConflict, file, actor: '', startedAt: now, finishedAt: now };
      const all = { ...counts, total: total + rejected, failed: failed + rejected };
      return {
        outcomes: [],
        run: { ...run, ...all, state: all.failed > 0 && mode === 'atomic' ? 'REJECTED' : 'DONE' },
      };
    },
    abandon: async () => {},
  };
}

/** What was applied in an earlier attempt must be these very rows, or others would be left out. */
function sameLines<A extends { readonly outcomes: readonly RowOutcome[] }>(
  answer: A,
  part: readonly NamedRow[],
): A {
  const lines = new Set(part.map(({ line }) => line));
  if (answer.outcomes.every(({ line }) => lines.has(line))) return answer;
  throw new TphError('CONFLICT', 'the rows of this file are not those that the import began with', {
    hint: 'give the same file with the same flags, or import it anew: rows that are there already stay as they are',
  });
}

/** Rows in requests that are small enough, always cut in the same places. */
function* parts(rows: readonly ImportRow[], fields: readonly string[]): Generator<readonly NamedRow[]> {
  let part: NamedRow[] = [];
  let bytes = 0;
  for (const { line, values } of rows) {
    const given = fields.flatMap((name, at) =>
      values[at] === undefined ? [] : [[name, values[at]] as const],
    );
    const sent = { line, values: Object.fromEntries(given) };
    const size = Buffer.byteLength(JSON.stringify(sent)) + 1;
    if (part.length > 0 && (part.length >= MOST.rows || bytes + size > MOST.bytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(sent);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Asks again, after a pause, where the instance cannot be reached or has no time. */
const patiently =
  ({ patience = PATIENCE, signal }: BatchOptions) =>
  async <T>(ask: () => Promise<T>): Promise<T> => {
    for (const pause of patience) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof TphError) || error.code !== 'UNAVAILABLE' || isNeverGood(error)) throw error;
        if (signal?.aborted === true) throw error;
        await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      }
    }
    return ask();
  };

const isNeverGood = (error: TphError): boolean => error.details.some((detail) => detail['offered'] === false);
