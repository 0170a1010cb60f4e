import { keyValue } from '../../db/bulk-find.ts';
import type { Stored } from '../../db/codec.ts';
import type { Field } from '../../records/field.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import type { ImportPlan } from './plan.ts';
import { keyName } from './plan.ts';

const text = (values: readonly unknown[]): string => values.map((value) => `${value}`).join('\u0000');

/** The values of the key as they are compared; null where a row lacks one of them. */
export function keyValues(
  plan: ImportPlan,
  fields: readonly string[],
  values: Stored,
): readonly unknown[] | null {
  const found: unknown[] = [];
  for (const name of fields) {
    const value = keyValue(plan.definition.fields[name] as Field, values[name]);
    if (value === null) return null;
    found.push(value);
  }
  return found;
}

/** Whether a row's key names nobody by itself: a phone that is shared on purpose. */
export function isShared(plan: ImportPlan, values: Stored): boolean {
  const rule = plan.definition.unique[0];
  return rule?.unless !== undefined && rule.fields.join() === plan.key.join() && values[rule.unless] === true;
}

export const keyText = (values: readonly unknown[], shared: string): string =>
  `k${shared}\u0000${text(values)}`;
export const fallbackText = (name: string, value: unknown): string => `f${name}\u0000${value}`;
export const ruleText = (index: number, values: readonly unknown[]): string =>
  `u${index}\u0000${text(values)}`;
export const idText = (id: Id): string => `#${id}`;

/** The problem of two rows that are about one record. */
export function doubled(plan: ImportPlan, lines: readonly [number, number], field?: string): ErrorDetail {
  const name = field ?? keyName(plan);
  return {
    code: 'CONFLICT',
    field: field ?? plan.key[0] ?? 'internalKey',
    message: `lines ${lines[0]} and ${lines[1]} are about the same ${plan.definition.title}: they have the same ${name}`,
    hint: 'keep one of them',
    lines,
  };
}
