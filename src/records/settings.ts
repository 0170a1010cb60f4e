import { boolean, choice, type Field, integer, type Typed } from './field.ts';
import { authType, mergePreference } from './shared-fields.ts';

const withoutInherit = <V extends string>(values: readonly V[]) =>
  values.filter((value): value is Exclude<V, 'INHERIT'> => value !== 'INHERIT') as unknown as readonly [
    Exclude<V, 'INHERIT'>,
    ...Exclude<V, 'INHERIT'>[],
  ];

/** What a client can set, each with its default and what it does (spec section 3, Settings). */
export const settingFields = {
  'dispatch.preferredDriverHoldSeconds': integer({
    max: 1800,
    default: 120,
    help: 'Seconds for which a released trip is held for its preferred drivers; 0 holds none.',
  }),
  'dispatch.favouriteDrivers': boolean({
    default: true,
    help: 'Whether customers’ favourite drivers count when a trip is allocated.',
  }),
  'dispatch.approvedScpDrivers': boolean({
    default: false,
    help: 'Whether the approved-driver lists of special-category passengers count when a trip is allocated.',
  }),
  'dispatch.lapsedHardList': choice(['IGNORE', 'LOCK'], {
    default: 'IGNORE',
    help: 'What a list means whose HARD rows have all lapsed: IGNORE opens it to all, LOCK admits nobody.',
  }),
  'account.authType': choice(withoutInherit(authType.values), {
    default: 'NONE',
    help: 'What an account’s INHERIT falls back to for proving who books.',
  }),
  'account.mergePreference': choice(withoutInherit(mergePreference.values), {
    default: 'NONE',
    ...(mergePreference.aliases === undefined ? {} : { aliases: mergePreference.aliases as never }),
    help: 'What an account’s INHERIT falls back to for merging trips.',
  }),
  'approvals.warnDays': integer({
    max: 3650,
    default: 30,
    help: 'Days ahead for which a lapsing approval is warned about.',
  }),
} as const satisfies { readonly [name: string]: Field };

export type SettingName = keyof typeof settingFields;
export type Settings = {
  readonly [N in SettingName]: (typeof settingFields)[N] extends Typed<infer T> ? T : never;
};

export const settingNames = Object.keys(settingFields) as readonly SettingName[];

/** What is in force: what the client has set over the defaults. */
export function settingsInForce(stored: Readonly<Record<string, unknown>>): Settings {
  return Object.fromEntries(
    settingNames.map((name) => [name, stored[name] ?? (settingFields[name] as Field).default]),
  ) as unknown as Settings;
}
