import type { NaturalHandle, RecordDefinition, Uniqueness } from './definition.ts';

/** A handle by which a live record can be named without doubt, and the rule that makes it so. */
export interface NamingHandle {
  readonly handle: NaturalHandle;
  /** Where it exempts some records (`sharedPhone`), others of them may have the same handle all the same. */
  readonly rule: Uniqueness;
}

/** The handle of a kind that is looked up first, where a uniqueness rule is about it; else the kind is named by its ids. */
export function namingHandle({ handles, unique }: RecordDefinition): NamingHandle | undefined {
  const [handle] = handles;
  if (handle === undefined) return undefined;
  const named = [...handle.fields, ...(handle.within === undefined ? [] : [handle.within])].sort().join();
  const rule = unique.find(({ fields }) => [...fields].sort().join() === named);
  return rule === undefined ? undefined : { handle, rule };
}

/** Whether a handle's text, in place of a reference, could be taken for something else than this handle. */
export const isUnclear = (handle: NaturalHandle, text: string): boolean =>
  /^key:/i.test(text) || (handle.within !== undefined && text.split('/').length !== 2);
