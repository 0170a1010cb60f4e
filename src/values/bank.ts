import { countrySpecs, ValidationErrorsIBAN, validateBIC, validateIBAN } from 'ibantools';

/** Why a bank detail is refused: `message` says it of the text, as in "is not a BIC", without repeating it. */
export interface BankRefusal {
  readonly ok: false;
  readonly message: string;
  readonly hint: string;
}

/**
 * An IBAN in its electronic form (upper case, no blanks), checked for country, length, structure and check digits.
 * Blanks, hyphens, full stops and a leading word IBAN may be written and are dropped.
 */
export function checkIban(text: string): { readonly ok: true; readonly iban: string } | BankRefusal {
  const iban = compact(text).replace(/^IBAN:?/, '');
  if (iban === '') return refuse('is empty', 'write the IBAN, such as IE29 AIBK 9311 5212 3456 78');
  const odd = /[^A-Z0-9]/u.exec(iban);
  if (odd !== null)
    return refuse(`has the character ${odd[0]}`, 'an IBAN has letters A to Z and digits only');
  const { valid, errorCodes } = validateIBAN(iban);
  return valid ? { ok: true, iban } : refuseIban(iban, errorCodes);
}

/** A BIC in upper case: eight or eleven characters with a real country. Blanks are dropped. */
export function checkBic(text: string): { readonly ok: true; readonly bic: string } | BankRefusal {
  const bic = compact(text);
  if (bic === '') return refuse('is empty', 'write the BIC, such as AIBKIE2D');
  if (validateBIC(bic).valid) return { ok: true, bic };
  if (bic.length !== 8 && bic.length !== 11) {
    return refuse(`has ${bic.length} characters where a BIC has 8 or 11`, 'write the BIC, such as AIBKIE2D');
  }
  return refuse(
    'is not a BIC',
    'a BIC is 4 letters for the bank, 2 for the country, 2 characters for the place and 3 or none for the branch',
  );
}

function refuseIban(iban: string, codes: readonly ValidationErrorsIBAN[]): BankRefusal {
  const country = iban.slice(0, 2);
  const length = countrySpecs[country]?.chars;
  if (codes.includes(ValidationErrorsIBAN.NoIBANCountry) || !length) {
    return refuse(
      'begins with no country that has IBANs',
      'an IBAN begins with a country code, such as IE29',
    );
  }
  if (codes.includes(ValidationErrorsIBAN.WrongBBANLength)) {
    return refuse(
      `has ${iban.length} characters where an IBAN of ${country} has ${length}`,
      'write all of it, as the bank prints it',
    );
  }
  if (codes.includes(ValidationErrorsIBAN.WrongBBANFormat)) {
    return refuse(
      `has a letter or a digit where an IBAN of ${country} has none`,
      'look for O written for 0, or I for 1',
    );
  }
  return refuse(
    'has wrong check digits',
    'compare it with the original: a character is wrong, or two are swapped',
  );
}

function compact(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s.-]/g, '')
    .toUpperCase();
}

function refuse(message: string, hint: string): BankRefusal {
  return { ok: false, message, hint };
}
