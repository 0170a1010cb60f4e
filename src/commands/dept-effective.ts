import type { Values } from '../records/definition.ts';
import type { Ink } from '../terminal/answer.ts';
import { plainText } from '../terminal/plain.ts';
import { TphError } from '../values/error.ts';
import type { CommandContext } from './context.ts';

/** A level of spec section 4.3 in words; empty where none decided. */
export const levelName = (from: string | null): string =>
  from === null ? '' : from === 'CLIENT' ? 'client setting' : from.toLowerCase();

/** A value in force as text. */
export const effectiveText = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : plainText(value);

/**
 * What stands after the fields of a department's card: what is in force and where it comes from (spec section 4.3).
 * Nothing where the store cannot tell, as an instance that has the seeds' endpoints only.
 */
export async function inForce(
  context: CommandContext,
  department: Values,
): Promise<(ink: Ink) => Readonly<Record<string, string>>> {
  const ref = String(department['id']);
  const decision = await context.call('accountDepartment.effective', { ref }).catch((error: unknown) => {
    if (error instanceof TphError && error.code !== 'INTERRUPTED') return undefined;
    throw error;
  });
  return (ink) =>
    Object.fromEntries(
      Object.entries(decision?.effective ?? {}).flatMap(([name, { value, from }]) => {
        if (from === null) return [];
        if (from === 'DEPARTMENT') return [[name, ink.dim('(its own)')]];
        const text = `${ink.strong(effectiveText(value))} ${ink.dim(`(from the ${levelName(from)})`)}`;
        return [[name, isEmpty(department[name]) ? text : `→ ${text}`]];
      }),
    );
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);
