import type { SettingRow, SettingsChanged } from '../contract/settings.ts';
import { client } from '../records/client.ts';
import type { Field } from '../records/field.ts';
import { settingFields, settingNames, settingsInForce } from '../records/settings.ts';
import { type ErrorDetail, fewDetails, invalid, MOST_DETAILS, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { refuseInput } from './input.ts';
import { dryRunFlag } from './report.ts';
import { updateByInput } from './update.ts';
import type { Work } from './work.ts';

/** Every setting with its value, default and meaning (spec section 3, Settings). */
export function listSettings(work: Work): readonly SettingRow[] {
  return settingNames.map((name) => {
    const field = settingFields[name] as Field;
    const value = work.settings[name];
    return { name, value, default: field.default, isDefault: value === field.default, help: field.help };
  });
}

/** Changes the settings that are given; null goes back to the default. Audited as a change of the client. */
export async function setSettings(
  work: Work,
  input: { readonly settings: Readonly<Record<string, unknown>> },
): Promise<SettingsChanged> {
  const given: unknown = input.settings;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refuseInput(
      'settings',
      given,
      'is not an object of settings',
      'give an object of settings by name',
    );
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(settingFields, name));
  const told = unknown.slice(0, MOST_DETAILS).map((name): ErrorDetail => {
    const near = nearest(name, settingNames, 1)[0];
    const hint = near === undefined ? `the settings are ${settingNames.join(', ')}` : `did you mean ${near}?`;
    return { field: name, message: `there is no setting ${quote(name)}`, hint };
  });
  const problems = fewDetails(told, unknown.length - told.length);
  const [first] = problems;
  if (first !== undefined) throw invalid(first.message, first.hint, problems);
  const changed = await updateByInput(work, client.objectType, work.client.id, { settings: input.settings });
  const after = settingsInForce(changed['settings'] as Record<string, unknown>);
  const changes = settingNames
    .filter((name) => work.settings[name] !== after[name])
    .map((field) => ({ field, before: work.settings[field], after: after[field] }));
  return {
    changed: changed.changed,
    changes,
    warnings: changed.warnings,
    settings: after,
    ...dryRunFlag(work),
  };
}
