import fc from 'fast-check';
import type { Field, Fields } from '../../src/records/field.ts';
import { settingFields } from '../../src/records/settings.ts';

/** Text of all sorts: of any length around the limit, with blanks around it, composed and not, odd characters in it. */
const text = (max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('', ' ', 'G1', 'key:x', 'null', '__proto__', '😀'.repeat(9)),
    fc
      .tuple(
        fc.constantFrom('', ' ', '\n'),
        fc.constantFrom('x', '😀', 'e\u0301', 'ﬃ'),
        fc.integer({ min: max - 1, max: max + 1 }),
      )
      .map(([blank, letter, length]) => `${blank}${letter.repeat(length)}${blank}`),
  );

const PLAUSIBLE: Readonly<Record<string, readonly string[]>> = {
  email: ['Ann@Example.org', 'a@b', 'ann @example.org'],
  phone: ['085 012 3456', '+44 7700 900123', '4.47E+11', '1'],
  country: ['ie', 'IE', 'XX'],
  timeZone: ['europe/dublin', 'Etc/UTC', 'Nowhere'],
  iban: ['IE29 AIBK 9311 5212 3456 78', 'MT84 MALT 0110 0001 2345 MTLC AST0 01S', 'IE00'],
  bic: ['aibkie2d', 'AIBKIE2DXXX', 'AIB'],
  timeOfDay: ['8:15', '0815', '24:00', '08:15'],
};

/** Values that a field may or may not take: good ones, almost good ones, and anything at all. */
export function anyValueOf(field: Field): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 6, arbitrary: near(field) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.anything() },
  );
}

function near(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'text':
      return fc.oneof(text(field.max), fc.constantFrom(...(PLAUSIBLE[field.format] ?? ['Ann'])));
    case 'secret':
      return fc.oneof(text(8), text(256));
    case 'choice':
      return fc.constantFrom(
        ...field.values,
        ...field.values.map((one) => ` ${one.toLowerCase()} `),
        ...Object.keys(field.aliases ?? {}),
        'NOPE',
        '',
      );
    case 'integer':
      return fc.oneof(
        fc.integer({ min: field.min - 2, max: field.min + 5 }),
        fc.integer({ min: field.max - 2, max: field.max + 2 }),
        fc.double(),
      );
    case 'boolean':
      return fc.constantFrom(true, false, 'true', 1, '');
    case 'day':
      return fc.oneof(
        fc.constantFrom(0, 20_240_229, 20_250_229, 18_991_231, 19_000_101, 29_991_231, 30_000_101),
        fc.integer({ min: 20_250_000, max: 20_270_000 }),
      );
    case 'instant':
      return fc.oneof(fc.constantFrom(0, 1, -1, 253_402_300_799, 253_402_300_800), fc.integer(), fc.double());
    case 'id':
      return fc.constantFrom(
        'G1',
        'g12',
        '12',
        'G0',
        'G9223372036854775807',
        'G9223372036854775808',
        '',
        'name',
      );
    case 'weekdays':
      return fc.oneof(
        fc.subarray(['MON', 'TUE', 'sun', 'MON-FRI', 'NODAY']),
        fc.constantFrom('MON-FRI', 'daily', '', 'MON,NO'),
      );
    case 'reference':
      return reference;
    case 'references':
      return fc.array(reference, { maxLength: 4 });
    case 'tags':
      return fc.array(fc.oneof(text(60), fc.constantFrom('VIP', 'vip', 'a,b')), { maxLength: 4 });
    case 'items':
      return fc.array(inputOf(field.fields), { maxLength: 3 });
    case 'settings':
      return inputOf(settingFields);
  }
}

const reference: fc.Arbitrary<unknown> = fc.oneof(
  text(300),
  fc.constantFrom({ id: 'G1' }, { id: 'g1', name: 'x' }, { id: '12' }, { id: 5 }, { id: 'x' }, {}),
);

/** Input for a set of fields, some of them, and now and then one that is not among them. */
export function inputOf(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyValueOf(field)]));
  const odd = fc.constantFrom<Record<string, unknown>>(
    {},
    {},
    {},
    {},
    {},
    { nope: 1 },
    { id: 'G1' },
    JSON.parse('{"__proto__": {"a": 1}}'),
  );
  return fc.tuple(fc.record(known, { requiredKeys: [] }), odd).map(([values, more]) => {
    const all = { ...values };
    for (const [name, value] of Object.entries(more))
      Object.defineProperty(all, name, { value, enumerable: true, configurable: true });
    return all;
  });
}
