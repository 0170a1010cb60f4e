import { keyValue } from '../../db/bulk-find.ts';
import type { Field } from '../../records/field.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Decision } from './decision.ts';
import { doubled, fallbackText, idText, keyText, ruleText } from './doubles.ts';
import type { Noted } from './line-table.ts';
import type { OpenRow } from './open-rows.ts';
import type { RunContext } from './run-context.ts';
import { freshValues } from './twins.ts';

const outcomeOf: Readonly<Record<Decision['kind'], Noted['outcome']>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  skipped: 'unchanged',
  failed: 'failed',
};

/** Two rows about the same record reject each other, naming both lines (spec section 7). */
export function noteRows(context: RunContext, rows: readonly OpenRow[], decisions: Decision[]): void {
  const here = new Map<number, number>();
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] as OpenRow;
    here.set(row.line, index);
    noteRow(context, row, index, decisions, here);
    // Rows without a key may be about a record that a row with the key gives its e-mail address.
    if (row.fallbackText !== null) continue;
    for (const name of context.plan.fallbacks) {
      const value = row.values[name];
      if (value === undefined || value === null) continue;
      const outcome = outcomeOf[(decisions[index] as Decision).kind];
      context.lines.note(fallbackText(name, keyValue(fieldOf(context, name), value)), row.line, outcome);
    }
  }
}

const fieldOf = ({ plan }: RunContext, name: string): Field => plan.definition.fields[name] as Field;

function noteRow(
  context: RunContext,
  row: OpenRow,
  index: number,
  decisions: Decision[],
  here: ReadonlyMap<number, number>,
): void {
  const { plan } = context;
  const decision = decisions[index] as Decision;
  const isDoubled = (text: string, field?: string): boolean => {
    const first = context.lines.note(text, row.line, outcomeOf[decision.kind]);
    if (first === undefined || first.line === row.line) return false;
    const problem = doubled(plan, [first.line, row.line], field);
    decisions[index] = rejected(row.line, decision, problem);
    rejectFirst(context, first, here.get(first.line), decisions, problem);
    return true;
  };
  if (row.keyText !== null && isDoubled(row.keyText)) return;
  if (row.fallbackText !== null && isDoubled(row.fallbackText, plan.fallbacks[0])) return;
  if (row.target !== undefined && isDoubled(idText(row.target))) return;
  if (decision.kind !== 'create' && decision.kind !== 'update') return;
  for (const [at, rule] of plan.definition.unique.entries()) {
    const isKey = rule.fields.join() === plan.key.join();
    if (isKey && row.keyText !== null && decision.kind === 'create') continue;
    const values = freshValues(context, rule, decision);
    if (values !== null && isDoubled(isKey ? keyText(values, '') : ruleText(at, values), rule.fields[0]))
      return;
  }
  const key = decision.kind === 'create' ? decision.internalKey : decision.newKey;
  if (plan.keyIndex >= 0 && plan.key.length > 0 && key !== null) isDoubled(`i${key}`, 'internalKey');
}

const rejected = (line: number, decision: Decision | undefined, problem: ErrorDetail): Decision => ({
  kind: 'failed',
  line,
  // That it clashes with what the other row has made says the same in other words.
  problems: [
    ...(decision?.kind === 'failed' ? decision.problems.filter(({ code }) => code !== 'CONFLICT') : []),
    problem,
  ],
  warnings: decision?.warnings ?? [],
});

function rejectFirst(
  context: RunContext,
  first: Noted,
  index: number | undefined,
  decisions: Decision[],
  problem: ErrorDetail,
): void {
  if (index !== undefined) {
    const decision = decisions[index] as Decision;
    if (decision.kind !== 'failed') decisions[index] = rejected(first.line, decision, problem);
    return;
  }
  if (context.holdsAll && first.outcome !== 'failed' && !context.late.has(first.line)) {
    context.late.add(first.line);
    context.unanswered.push({ line: first.line, was: first.outcome, problem });
  }
}
