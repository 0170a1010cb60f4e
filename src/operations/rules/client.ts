import type { Stored } from '../../db/codec.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** Settings that are given change those named and leave the others; null goes back to the default. */
async function mergeSettings(_work: Work, values: Stored, before: { values: Stored } | null): Promise<Stored> {
  const kept = { ...(before?.values['settings'] as object), ...(values['settings'] as object) };
  const settings = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null && value !== undefined));
  return { ...values, settings };
}

export const clientRules: Rules = { complete: mergeSettings };
