import { formatsUsed } from '../records/check.ts';
import type { Formats } from '../records/check-value.ts';
import type { Values } from '../records/definition.ts';
import type { Fields } from '../records/field.ts';
import { isCountry } from '../values/country.ts';

/** The judges of those text formats that `input` uses; phone, bank and zone data are loaded only then. */
export async function loadFormats(country: string, fields: Fields, input: Values): Promise<Formats> {
  const used = formatsUsed(fields, input);
  const needsBank = used.has('iban') || used.has('bic');
  const [phone, bank, zone] = await Promise.all([
    used.has('phone') ? import('../values/phone.ts') : undefined,
    needsBank ? import('../values/bank.ts') : undefined,
    used.has('timeZone') ? import('../values/zone-name.ts') : undefined,
  ]);
  return {
    ...(phone === undefined ? {} : { phone: (text: string) => judgePhone(phone.parsePhone(text, country)) }),
    ...(bank === undefined
      ? {}
      : {
          iban: (text: string) => {
            const judged = bank.checkIban(text);
            return judged.ok ? { ok: true, value: judged.iban } : judged;
          },
          bic: (text: string) => {
            const judged = bank.checkBic(text);
            return judged.ok ? { ok: true, value: judged.bic } : judged;
          },
        }),
    ...(zone === undefined
      ? {}
      : {
          timeZone: (text: string) => {
            const name = zone.canonicalTimeZone(text);
            return name === undefined
              ? { ok: false, message: 'is not an IANA time zone', hint: 'give one such as Europe/Dublin' }
              : { ok: true, value: name };
          },
        }),
    country: (text: string) => {
      const code = text.toUpperCase();
      return isCountry(code)
        ? { ok: true, value: code }
        : { ok: false, message: 'is not a country', hint: 'give ISO 3166-1 alpha-2, such as IE' };
    },
  };
}

type ParsedPhone = ReturnType<typeof import('../values/phone.ts')['parsePhone']>;

function judgePhone(parsed: ParsedPhone) {
  if (!parsed.ok) return parsed;
  return {
    ok: true as const,
    value: parsed.e164,
    ...(parsed.valid
      ? {}
      : { warning: `${parsed.e164} is a possible number, but not one that is known to be given out` }),
  };
}
