import type { CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Page } from '../contract/change.ts';
import type { Viewer } from '../contract/database.ts';
import { entityTag } from '../contract/entity-tag.ts';
import { takesIdempotencyKey } from '../contract/http.ts';
import { typeOfOperation, writesAnything } from '../contract/names.ts';
import { subjectTypeOf } from '../contract/roles.ts';
import { keepAnswer, keptAnswer } from '../db/idempotency.ts';
import type { AnyRecord } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { type ErrorCode, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { carryOut } from './carry-out.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { answerOwn, refersTo } from './own-rows.ts';
import { type Permitted, permit } from './permit.ts';
import { getRecord } from './read.ts';
import type { AnyChanged } from './report.ts';
import { viewOf } from './view.ts';
import type { Work } from './work.ts';

export type Guards = Pick<CallOptions, 'scope' | 'ifMatch' | 'idempotency'>;
type Input = Readonly<Record<string, unknown>>;

/** Carries out one operation for a viewer, in the transaction of `work`, once everything it is tied to holds. */
export async function carryOutGuarded<N extends OperationName>(
  work: Work,
  name: N,
  input: InputOf<N>,
  guards: Guards,
  viewer: Viewer | undefined,
): Promise<OutputOf<N>> {
  const permitted: Permitted =
    viewer === undefined ? { input: input as Input, scope: {} } : permit(work, viewer, name, input as Input);
  const hidden = await hiddenDepartments(work);
  const seen = (output: unknown) => (viewer === undefined ? output : viewOf(viewer, hidden, output));
  const { idempotency } = guards;
  const keeps = idempotency !== undefined && !work.dryRun && takesIdempotencyKey(name);
  // A request that asks to be judged by another clock is answered again by the one that goes.
  const arrived = idempotency?.arrived ?? work.now;
  if (keeps) {
    const kept = await keptAnswer(work.queries, work.client.id, idempotency.key, arrived);
    if (kept !== undefined) return replayed(kept, idempotency.fingerprint) as OutputOf<N>;
  }
  try {
    const output = await checkedAnswer(work, name, permitted, guards, viewer, seen);
    await refuseUnseen(work, name, output, hidden);
    const answer = seen(output) as OutputOf<N>;
    if (keeps)
      await keepAnswer(
        work.queries,
        work.client.id,
        idempotency.key,
        { fingerprint: idempotency.fingerprint, answer: JSON.stringify(answer) },
        arrived,
      );
    return answer;
  } catch (error) {
    throw hidden.size > 0 ? withoutHidden(error, hidden) : error;
  }
}

async function checkedAnswer(
  work: Work,
  name: OperationName,
  { input, scope: own }: Permitted,
  { scope = {}, ifMatch }: Guards,
  viewer: Viewer | undefined,
  seen: (output: unknown) => unknown,
): Promise<unknown> {
  if (viewer !== undefined && name === 'client.list') return ownClient(work);
  const subjectType = viewer === undefined ? undefined : subjectTypeOf(viewer.role);
  if (viewer?.subject != null && subjectType !== undefined && Object.keys(own).length > 0)
    return answerOwn(work, name, input, { subject: viewer.subject, subjectType, own, parents: scope, seen });
  const type = typeOfOperation(name);
  const ref = input['ref'];
  if (type !== undefined && typeof ref === 'string' && (Object.keys(scope).length > 0 || ifMatch)) {
    const record = await getRecord(work, type, ref);
    if (!Object.entries(scope).every(([field, id]) => refersTo(record, field, id)))
      throw new TphError('NOT_FOUND', `there is no ${definitionOf(type).title} ${quote(ref)} here`, {
        hint: 'the path names a parent that the record does not have',
      });
    if (ifMatch !== undefined) refuseOther(ifMatch, entityTag(seen(record) as object));
  }
  const output = await carryOut(work, name, input as InputOf<OperationName>);
  if (name === 'customer.create') refuseElsewhere(output as AnyChanged, input, scope);
  return output;
}

/** A create under a parent that finds somebody by phone who is not under it tells nothing of them. */
function refuseElsewhere(found: AnyChanged, { phone }: Input, parents: Readonly<Record<string, Id>>): void {
  if (found.matched !== true) return;
  if (Object.entries(parents).every(([field, id]) => refersTo(found, field, id))) return;
  const message = `the phone ${quote(phone)} belongs to a customer who is not under this parent`;
  const hint = 'find the customer by phone, and link them to the parent';
  throw new TphError('CONFLICT', message, {
    hint,
    details: [{ field: 'phone', value: String(phone).slice(0, 200), message, hint }],
  });
}

/** Who is answered a department must be one who may see it, and nobody takes one out of their own sight. */
async function refuseUnseen(
  work: Work,
  name: OperationName,
  output: unknown,
  hidden: ReadonlySet<Id>,
): Promise<void> {
  if (work.viewerGroups === null || !writesAnything(name)) return;
  const { id } = Object(output) as { readonly id?: Id };
  if (typeOfOperation(name) === 'AccountDepartment' && id !== undefined && hidden.has(id))
    throw inTheWay('CONFLICT');
  if (!/^(accountDepartment|import|log)\./.test(name)) return;
  const now = await hiddenDepartments(work);
  if ([...now].every((one) => hidden.has(one))) return;
  const message = 'the department would belong to a group that you are not in';
  const hint = 'give one of your own groups as primaryGroup, or none';
  throw new TphError('NOT_ALLOWED', message, { hint, details: [{ field: 'primaryGroup', message, hint }] });
}

/** A token belongs to one client and sees no other. */
async function ownClient(work: Work): Promise<Page<AnyRecord>> {
  return { items: [await getRecord(work, 'Client', work.client.id)], nextCursor: null };
}

function refuseOther(wanted: readonly string[], tag: string): void {
  if (wanted.includes('*') || wanted.includes(tag)) return;
  const message = 'the record was changed meanwhile';
  const hint = 'read it again, and send the ETag that it has now as If-Match';
  throw new TphError('CONFLICT', message, { hint, details: [{ field: 'If-Match', message, hint }] });
}

function replayed(kept: { readonly fingerprint: string; readonly answer: string }, fingerprint: string) {
  if (kept.fingerprint === fingerprint) return JSON.parse(kept.answer) as unknown;
  const message = 'the idempotency key was used for another request';
  const hint = 'use a new key for each new request';
  throw new TphError('CONFLICT', message, { hint, details: [{ field: 'Idempotency-Key', message, hint }] });
}

/** An error that would tell of a hidden department says only that something stands in the way. */
function withoutHidden(error: unknown, hidden: ReadonlySet<Id>): unknown {
  if (!(error instanceof TphError)) return error;
  const text = JSON.stringify([error.message, error.hint, error.details]);
  const asked = [...text.matchAll(/G\d+/g)].some(([id]) => hidden.has(id as Id));
  if (!asked || error.code === 'NOT_FOUND') return error;
  return inTheWay(error.code);
}

const inTheWay = (code: ErrorCode): TphError =>
  new TphError(code, 'something that you may not see stands in the way', { hint: 'ask an administrator' });
