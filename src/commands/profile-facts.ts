import type { Field } from '../records/field.ts';
import { type SettingName, settingFields, settingNames } from '../records/settings.ts';
import { isCountry } from '../values/country.ts';
import { invalid, quote, type TphError } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import type { Profile } from '../values/profile.ts';
import { canonicalTimeZone } from '../values/zone-name.ts';

interface Given {
  readonly timeZone?: string;
  readonly country?: string;
  readonly setting: readonly string[];
}

/** What a profile says of its client where the instance does not. Throws INVALID, naming the flag. */
export function clientFacts({
  timeZone,
  country,
  setting,
}: Given): Pick<Profile, 'timeZone' | 'country' | 'settings'> {
  return {
    timeZone: timeZone === undefined ? null : zone(timeZone),
    country: country === undefined ? null : code(country),
    settings: Object.fromEntries(setting.map(assignment)),
  };
}

function zone(text: string): string {
  const found = canonicalTimeZone(text.trim());
  if (found !== undefined) return found;
  throw refused('--time-zone', text, 'is not an IANA time zone', 'give one such as Europe/Dublin');
}

function code(text: string): string {
  const found = text.trim().toUpperCase();
  if (isCountry(found)) return found;
  throw refused('--country', text, 'is not a country', 'give ISO 3166-1 alpha-2, such as IE');
}

function assignment(text: string): [SettingName, unknown] {
  const [given = '', ...rest] = text.split('=');
  const name = settingNames.find((one) => one === given.trim());
  if (name === undefined || rest.length === 0) {
    const near = nearest(given, settingNames, 1)[0];
    const hint =
      near === undefined
        ? `give <name>=<value>; the names are ${settingNames.join(', ')}`
        : `write ${near}=<value>`;
    throw refused('--setting', text, 'is no setting', hint);
  }
  return [name, settingValue(settingFields[name], rest.join('=').trim(), text)];
}

function settingValue(field: Field, text: string, given: string): unknown {
  if (field.kind === 'boolean') {
    if (/^(on|true|yes)$/i.test(text)) return true;
    if (/^(off|false|no)$/i.test(text)) return false;
    throw refused('--setting', given, 'is neither on nor off', 'write on or off after the =');
  }
  if (field.kind === 'integer') {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
    if (number >= field.min && number <= field.max) return number;
    throw refused(
      '--setting',
      given,
      'is out of range',
      `write a number from ${field.min} to ${field.max} after the =`,
    );
  }
  const values = field.kind === 'choice' ? field.values : [];
  const found = values.find((one) => one === text.toUpperCase());
  if (found !== undefined) return found;
  throw refused(
    '--setting',
    given,
    'has none of the values',
    `write one of ${values.join(', ')} after the =`,
  );
}

function refused(field: string, value: string, problem: string, hint: string): TphError {
  const message = `${field} ${quote(value)} ${problem}`;
  return invalid(message, hint, [{ field, value, message, hint }]);
}
