import { bulkOn } from '../../db/bulk-connection.ts';
import { findRecords } from '../../db/bulk-find.ts';
import { decodeId, type Stored } from '../../db/codec.ts';
import type { Uniqueness } from '../../records/definition.ts';
import type { Id } from '../../values/id.ts';
import { hiddenDepartments } from '../hidden-departments.ts';
import { clash } from '../uniqueness.ts';
import type { Work } from '../work.ts';
import type { Create, Decision, Update } from './decision.ts';
import { keyValues } from './doubles.ts';
import { detailsOf, inTheWay } from './problems.ts';
import type { RunContext } from './run-context.ts';

/** Whether a rule is about a record with these values at all. */
export const isUnder = (rule: Uniqueness, values: Stored): boolean =>
  (rule.unless === undefined || values[rule.unless] !== true) &&
  (rule.only === undefined || values[rule.only] === true);

/** The values by which a decision could break a rule that held before; null where it cannot. */
export function freshValues(
  context: RunContext,
  rule: Uniqueness,
  decision: Create | Update,
): readonly unknown[] | null {
  const { plan } = context;
  if (!isUnder(rule, decision.values)) return null;
  const values = keyValues(plan, rule.fields, decision.values);
  if (values === null || decision.kind === 'create' || !isUnder(rule, decision.before.values)) return values;
  const before = keyValues(plan, rule.fields, decision.before.values);
  return before?.every((value, index) => value === values[index]) ? null : values;
}

/** Refuses rows whose record would have a twin in the database (spec section 3). */
export async function refuseTwins(context: RunContext, work: Work, decisions: Decision[]): Promise<void> {
  const { definition, key, start } = context.plan;
  if (context.startsEmpty) return;
  for (const rule of definition.unique) {
    const isKey = rule.fields.join() === key.join() && rule.evenDeleted !== true;
    const wanted: { index: number; values: readonly unknown[] }[] = [];
    for (const [index, decision] of decisions.entries()) {
      if (decision.kind !== 'create' && decision.kind !== 'update') continue;
      // A row that was looked for by these very values and not found has no twin.
      if (isKey && decision.kind === 'create' && !start.fields.includes('id')) continue;
      const values = freshValues(context, rule, decision);
      if (values !== null) wanted.push({ index, values });
    }
    if (wanted.length === 0) continue;
    const sets = wanted.map(({ values }) => values);
    const found = await findRecords(bulkOn(work), work.client.id, definition, rule, sets);
    for (const [place, { index }] of wanted.entries()) {
      const decision = decisions[index] as Create | Update;
      const own = decision.kind === 'update' ? decision.before.id : undefined;
      const twin = (found[place] ?? []).map(decodeId).find((id) => id !== own);
      if (twin === undefined || makesWay(context, rule, decisions, index, twin)) continue;
      decisions[index] = {
        kind: 'failed',
        line: decision.line,
        problems: await clashed(context, work, rule, twin),
        warnings: [],
      };
    }
  }
}

async function clashed(context: RunContext, work: Work, rule: Uniqueness, twin: Id) {
  if ((await hiddenDepartments(work)).has(twin)) return [inTheWay];
  return detailsOf(await clash(work, context.plan.definition, rule, twin));
}

/** Whether the twin gets other values by an earlier row of the batch; updates are written in order, after the creations. */
function makesWay(
  context: RunContext,
  rule: Uniqueness,
  decisions: readonly Decision[],
  index: number,
  twin: Id,
): boolean {
  if (decisions[index]?.kind !== 'update') return false;
  return decisions
    .slice(0, index)
    .some(
      (other) =>
        other.kind === 'update' &&
        other.before.id === twin &&
        (freshValues(context, rule, other) !== null || !isUnder(rule, other.values)),
    );
}
