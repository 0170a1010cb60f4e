import type { authType, mergePreference } from '../records/shared-fields.ts';

/** What a level may say; INHERIT and null defer to the next. */
export type AuthTypeChoice = (typeof authType.values)[number];
export type MergePreferenceChoice = (typeof mergePreference.values)[number];
/** What can be in force. NONE is a value, not an absence (spec section 4.3). */
export type AuthType = Exclude<AuthTypeChoice, 'INHERIT'>;
export type MergePreference = Exclude<MergePreferenceChoice, 'INHERIT'>;

/** The levels at which a value may be set, the first to decide first (spec section 4.3). */
export type Level = 'EMPLOYEE' | 'DEPARTMENT' | 'ACCOUNT' | 'CLIENT';

/** A value with the level that decided it; both null where no level has one. */
export interface InForce<T> {
  readonly value: T;
  readonly from: Level;
}
export type MaybeInForce<T> = InForce<T> | { readonly value: null; readonly from: null };

/** The first level with a value of its own decides, else the client's setting. */
export function inherited<T extends string>(
  levels: readonly { readonly from: Exclude<Level, 'CLIENT'>; readonly value: T | 'INHERIT' | null }[],
  setting: T,
): InForce<T> {
  for (const { from, value } of levels) {
    if (value !== null && value !== 'INHERIT') return { value: value as T, from };
  }
  return { value: setting, from: 'CLIENT' };
}
