import { defineRecord } from './definition.ts';
import { boolean, integer, items, reference, references, secret, tags, text } from './field.ts';
import { addressFields, notes } from './shared-fields.ts';

/** A known passenger, matched by phone (seed: customers). */
export const customer = defineRecord({
  objectType: 'Customer',
  title: 'customer',
  plural: 'customers',
  noun: 'customer',
  path: 'customer',
  pathId: 'customerId',
  table: 'customer',
  summary: 'Passengers, one row each, matched by phone.',
  fields: {
    firstName: text({
      max: 120,
      help: 'First name.',
      synonyms: ['forename', 'given name', 'christian name', 'firstname(s)'],
    }),
    lastName: text({ max: 120, help: 'Last name.', synonyms: ['surname', 'family name', 'second name'] }),
    phone: text({
      format: 'phone',
      max: 32,
      help: 'Phone; kept as E.164, unique among customers unless shared.',
      example: '085 012 3456',
      synonyms: [
        'mobile',
        'mobile no',
        'mobile number',
        'mobile phone',
        'mob',
        'cell',
        'cell phone',
        'tel',
        'tel no',
        'telephone',
        'telephone no',
        'telephone number',
        'phone no',
        'phone number',
        'contact no',
        'contact number',
        'contact phone',
        'msisdn',
      ],
    }),
    email: text({
      format: 'email',
      max: 254,
      help: 'E-mail address.',
      synonyms: ['e-mail', 'email address', 'e-mail address', 'mail', 'email id'],
    }),
    sharedPhone: boolean({
      default: false,
      help: 'Whether the phone is shared with other customers on purpose.',
      synonyms: ['shared'],
    }),
    defaultAccount: reference('Account', {
      help: 'Account that is charged when none is named.',
      synonyms: ['account no', 'account number', 'account ref', 'account code', 'main account'],
    }),
    defaultBrand: reference('Brand', { help: 'Brand the customer usually books with.' }),
    password: secret({
      help: 'Password for self-service; only a scrypt hash is kept, and it is never shown.',
    }),
    priorityTier: integer({
      default: 0,
      max: 100,
      help: 'Priority tier; higher is served first.',
      synonyms: ['tier', 'priority', 'priority level'],
    }),
    loyaltyMiles: integer({
      default: 0,
      help: 'Loyalty miles collected.',
      synonyms: ['miles', 'loyalty', 'loyalty points', 'points'],
    }),
    tags: tags({ flag: 'tag', help: 'Free labels such as VIP.', synonyms: ['labels', 'categories'] }),
    accounts: references('Account', { flag: 'account', help: 'Accounts the customer may book on.' }),
    accountDepartments: references('AccountDepartment', {
      flag: 'dept',
      help: 'Departments (cost centres) the customer belongs to.',
      synonyms: ['departments', 'department', 'cost centre', 'cost center', 'cost centres'],
    }),
    brands: references('Brand', { flag: 'brand', help: 'Brands the customer books with.' }),
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What the customer always needs; pre-fills trips.',
      synonyms: ['capabilities', 'requirements', 'needs', 'special needs'],
    }),
    addresses: items(
      {
        label: text({ max: 60, help: 'What the address is.', example: 'Home' }),
        ...addressFields,
      },
      { flag: 'address', max: 50, help: 'Known addresses.' },
    ),
    notes,
  },
  handles: [
    { name: 'phone', fields: ['phone'] },
    { name: 'e-mail', fields: ['email'] },
    { name: 'full name', fields: ['firstName', 'lastName'] },
  ],
  unique: [{ fields: ['phone'], unless: 'sharedPhone' }],
  label: ['firstName', 'lastName', 'phone'],
  columns: ['firstName', 'lastName', 'phone', 'email', 'tags', 'id'],
  parents: ['accounts', 'brands'],
  check: (values) =>
    ['firstName', 'lastName', 'phone', 'email'].some(
      (name) => values[name] !== null && values[name] !== undefined,
    )
      ? []
      : [
          {
            field: 'phone',
            message: 'a customer needs a phone, an e-mail address or a name',
            hint: 'give --phone, --email, --first-name or --last-name',
          },
        ],
});
