import {
  AsYouType,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { plainPhone } from './phone-plain.ts';

/**
 * A phone number as E.164, or why it is refused: `message` says it of the text, as in "is not a phone number",
 * without repeating it. `valid` is false of a number that is possible but in no range known to be in use;
 * `restored` is true where the text lacked the zero that the country's people write first.
 */
export type ParsedPhone =
  | { readonly ok: true; readonly e164: string; readonly valid: boolean; readonly restored: boolean }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/**
 * Reads a phone number in any form that people in `country` (ISO 3166-1 alpha-2) write. Possible numbers are
 * accepted, valid or not. A spreadsheet's apostrophe and `.0` are dropped and a lost leading zero is restored; its
 * scientific notation is refused, for the digits are gone, and so are extensions and letters.
 */
export function parsePhone(text: string, country: string): ParsedPhone {
  const plain = plainPhone(text, country);
  return plain === undefined ? parseAnyPhone(text, country) : { ok: true, valid: true, ...plain };
}

/** As `parsePhone`, which is faster for the numbers that most people write. */
export function parseAnyPhone(text: string, country: string): ParsedPhone {
  const written = tidy(text);
  const refusal = refusalOf(written);
  if (refusal !== undefined) return refusal;

  const plain = read(written, country);
  const digits = /^\d+$/.test(written);
  if (plain !== undefined && (plain.isValid() || (plain.isPossible() && !digits)))
    return accept(plain, written);

  // Where the zero is part of the number, as in Italy, only putting it back gives a valid one.
  const withZero = digits && !written.startsWith('0') ? read(`0${written}`, country) : undefined;
  if (withZero?.isValid() === true) return { ...accept(withZero, written), restored: true };
  if (plain?.isPossible() === true) return accept(plain, written);
  return impossible(written, country, plain);
}

/**
 * What E.164 numbers begin with whose beginning is `text`, as people in `country` write it: `085 0` in Ireland and
 * `+353 85 0` are both +353850. Several where digits may be read as local or as international; none where `text` is no
 * beginning of a number. A whole number is always among them; of a part, what the country's rules make of it so far.
 */
export function phoneBeginnings(text: string, country: string): readonly string[] {
  const written = tidy(text);
  const digits = written.replace(/\P{Nd}/gu, '');
  if (digits === '' || written.length > LONGEST || /[^\p{Nd}\p{Zs}+()[\]./\p{Pd}]/u.test(written)) return [];
  const local = new AsYouType(isSupportedCountry(country) ? { defaultCountry: country } : undefined);
  local.input(written);
  const beginning = local.getNumberValue();
  const whole = parsePhone(text, country);
  return [
    ...new Set([
      ...(beginning === undefined ? [] : [beginning]),
      // Typed without the plus.
      ...(written.startsWith('+') || digits.startsWith('0') ? [] : [`+${digits}`]),
      ...(whole.ok ? [whole.e164] : []),
    ]),
  ];
}

/** A number for people: in national form within the country that it belongs to, in international form elsewhere. */
export function formatPhone(e164: string, country: string): string {
  const number = parsePhoneNumberFromString(e164);
  if (number === undefined) return e164;
  const home = isSupportedCountry(country) && getCountryCallingCode(country) === number.countryCallingCode;
  return home ? number.formatNational() : number.formatInternational();
}

/** Digits of any script and width as ASCII; invisible marks, the text marker and the decimals of spreadsheets gone. */
function tidy(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
    .replace(/^['\u2019]/, '')
    .replace(/^tel:/i, '')
    .replace(/^(\+?\d+)\.0+$/, '$1')
    .trim();
}

function refusalOf(written: string): (ParsedPhone & { ok: false }) | undefined {
  if (written === '') return refuse('is empty', HINT);
  if (written.length > LONGEST) return refuse('is too long for a phone number', HINT);
  if (/^[+-]?\d+([.,]\d+)?e\+?\d+$/i.test(written)) {
    return refuse(
      'is a number that a spreadsheet shortened, and its last digits are lost',
      'make the column text in the spreadsheet, and write the number again with all its digits',
    );
  }
  if (/\d\s*[,;]*\s*(#|(;?\s*ext?(ension|n)?|x)[\s.:=]*)\s*\d+$/i.test(written)) {
    return refuse('has an extension', 'leave the extension out, and put it in the notes');
  }
  const odd = /[^\p{Nd}\p{Zs}\t+()[\]./\u00b7\p{Pd}~\u2212]/u.exec(written);
  if (odd === null) return undefined;
  if (/\p{L}/u.test(odd[0])) return refuse(`has the letter ${odd[0]}`, 'write digits in place of letters');
  const name = `U+${(odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = /^[\p{P}\p{S}]$/u.test(odd[0]) ? odd[0] : name;
  return refuse(`has the character ${shown}, which no phone number has`, HINT);
}

function read(text: string, country: string): PhoneNumber | undefined {
  const home = isSupportedCountry(country) ? { defaultCountry: country } : {};
  const number = parsePhoneNumberFromString(text, { ...home, extract: false });
  return number?.ext === undefined ? number : undefined;
}

function accept(number: PhoneNumber, written: string): ParsedPhone & { ok: true } {
  const lacksZero =
    written === number.nationalNumber && number.formatNational().replace(/\D/g, '') === `0${written}`;
  return { ok: true, e164: number.number, valid: number.isValid(), restored: lacksZero };
}

function impossible(written: string, country: string, number: PhoneNumber | undefined): ParsedPhone {
  const foreign = /^[1-9]/.test(written)
    ? parsePhoneNumberFromString(`+${written}`, { extract: false })
    : undefined;
  if (foreign?.isValid() === true) {
    return refuse(`is no phone number of ${country}`, `for the number abroad, write ${foreign.number}`);
  }
  const digits = written.replace(/\P{Nd}/gu, '').length;
  if (number === undefined || digits < 5) return refuse('is not a phone number', HINT);
  const place = number.country ?? (written.startsWith('+') ? `+${number.countryCallingCode}` : country);
  return refuse(`has too many or too few digits for a phone number of ${place}`, HINT);
}

// An international number has 15 digits at most; the rest is for blanks, brackets and hyphens.
const LONGEST = 60;

const HINT = 'write one number as it is dialled, or with + and the country code, such as +44 7700 900123';

function refuse(
  message: string,
  hint: string,
): { readonly ok: false; readonly message: string; readonly hint: string } {
  return { ok: false, message, hint };
}
