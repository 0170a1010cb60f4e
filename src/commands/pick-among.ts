import { displayName } from '../records/display.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Ask } from '../terminal/ask.ts';
import { type ErrorDetail, quote, TphError } from '../values/error.ts';
import { pickDescription } from './pick-list.ts';

interface Candidate {
  readonly id: string;
  readonly name?: string;
  readonly [more: string]: unknown;
}
interface Ambiguous extends ErrorDetail {
  readonly field: string;
  readonly value: string;
  readonly objectType: ObjectType;
  readonly candidates: readonly Candidate[];
}

const isAmbiguous = (detail: ErrorDetail): detail is Ambiguous =>
  detail.field !== undefined &&
  detail.value !== undefined &&
  typeof detail['objectType'] === 'string' &&
  Array.isArray(detail['candidates']);

/**
 * Has a person pick among the records that a reference fits: the input with the id in its place. Undefined where the
 * error is another one.
 */
export async function pickAmong<I>(
  error: unknown,
  input: I,
  ask: Ask,
  timeZone: string,
): Promise<I | undefined> {
  if (!(error instanceof TphError) || error.code !== 'CONFLICT') return undefined;
  const detail = error.details.find(isAmbiguous);
  if (detail === undefined) return undefined;
  const { field, value, objectType, candidates } = detail;
  const id = await ask.choice(
    `${quote(value)} fits several. Which one?`,
    candidates.map((candidate) => ({
      value: candidate.id,
      name: `${candidate.name ?? displayName(objectType, candidate)}  ${candidate.id}`,
      description: pickDescription(
        definitionOf(objectType),
        candidate,
        timeZone,
        Object.keys(candidate).filter((name) => name !== 'name'),
      ),
    })),
  );
  return replaced(input, field, value, id);
}

/** Only the field that the error is about is touched: the same words elsewhere may mean another record. */
function replaced<I>(input: I, field: string, value: string, id: string): I {
  const within = (part: unknown): unknown => {
    if (part === value) return id;
    if (Array.isArray(part)) return part.map(within);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, within(inner)]));
  };
  const [outer = ''] = field.split(/[.[]/);
  const record = input as Readonly<Record<string, unknown>>;
  const edits = Object.entries(record).map(([name, part]) =>
    name === outer ||
    ((name === 'add' || name === 'remove') && typeof part === 'object') ||
    !(outer in record)
      ? [name, within(part)]
      : [name, part],
  );
  return Object.fromEntries(edits) as I;
}
