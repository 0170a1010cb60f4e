import { boolean, choice, text } from './field.ts';

/** Where somebody or something is; the same fields on accounts, departments and addresses (seed: account departments). */
export const addressFields = {
  streetAddress: text({
    help: 'Street and number.',
    synonyms: ['street', 'address', 'address 1', 'address line 1'],
  }),
  addressArea: text({ help: 'Area or suburb.', synonyms: ['area', 'suburb', 'address 2', 'address line 2'] }),
  city: text({ help: 'Town or city.', synonyms: ['town'] }),
  state: text({ help: 'County, state or region.', synonyms: ['county', 'region', 'province'] }),
  postCode: text({
    help: 'Postal code.',
    max: 20,
    synonyms: ['postcode', 'zip', 'zip code', 'eircode', 'postal code'],
  }),
  country: text({
    help: 'Country, ISO 3166-1 alpha-2.',
    format: 'country',
    max: 2,
    example: 'IE',
    synonyms: ['country code'],
  }),
};

/** Who is billed, and where the money comes from (seed: account departments). */
export const companyFields = {
  iban: text({
    help: 'Bank account, IBAN.',
    format: 'iban',
    max: 34,
    example: 'IE29AIBK93115212345678',
    synonyms: ['bank account'],
  }),
  bic: text({
    help: 'Bank, BIC (SWIFT).',
    format: 'bic',
    max: 11,
    example: 'AIBKIE2DXXX',
    synonyms: ['swift', 'swift code', 'bic code'],
  }),
  companyName: text({ help: 'Registered company name.', synonyms: ['company', 'legal name'] }),
  tradingAlias: text({ help: 'Name it trades under.', synonyms: ['trading as', 'trading name', 't/a'] }),
  companyNumber: text({
    help: 'Company registration number.',
    max: 40,
    synonyms: ['company no', 'cro', 'registration number'],
  }),
  taxNumber: text({
    help: 'Tax or VAT number.',
    max: 40,
    synonyms: ['vat', 'vat no', 'vat number', 'tax no'],
  }),
};

const authTypes = ['PIN', 'SMS', 'NONE', 'MFA', 'INHERIT'] as const;
const mergePreferences = ['INHERIT', 'NEVER', 'NONE', 'ACCOUNT', 'ACCOUNT_DEPARTMENT', 'ALL'] as const;

/** How a booker proves who they are; canonical values and order of deciding in spec section 4.3. */
export const authType = choice(authTypes, {
  default: 'INHERIT',
  help: 'How a booker proves who they are; INHERIT defers to the next level, NONE asks for nothing.',
  synonyms: ['authentication', 'auth'],
});

/** Whose trips may be merged; canonical values and their aliases in spec section 4.3. */
export const mergePreference = choice(mergePreferences, {
  default: 'INHERIT',
  aliases: { OWN_ACCOUNT: 'ACCOUNT', OWN_DEPARTMENT: 'ACCOUNT_DEPARTMENT', ANY: 'ALL' },
  help: 'Whose trips may be merged; INHERIT defers to the next level.',
  synonyms: ['merge', 'merging'],
});

export const active = boolean({
  default: true,
  help: 'Whether it may be used for new bookings.',
  synonyms: ['enabled', 'status', 'in use'],
});

/** Notes for the operator's own eyes. */
export const notes = text({
  format: 'multiline',
  protected: true,
  help: 'Internal note; never shown to apps.',
  synonyms: ['note', 'comment', 'comments', 'remarks', 'memo'],
});
export const driverNote = text({
  format: 'multiline',
  help: 'Shown to the driver and the operator; treat as public, no personal information.',
  synonyms: ['driver notes', 'note to driver'],
});
export const managementNote = text({
  format: 'multiline',
  protected: true,
  help: 'For management only; never shown to apps.',
  synonyms: ['management notes', 'notes', 'note', 'comments', 'internal note'],
});

/** Of a record kind that people name by a short code, or by its full name. */
export const namedByCode = {
  handles: [
    { name: 'code', fields: ['code'] },
    { name: 'name', fields: ['name'] },
  ],
  unique: [{ fields: ['code'] }],
  label: ['code', 'name'],
  columns: ['code', 'name', 'id'],
} as const;
