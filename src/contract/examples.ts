/** As much of JSON Schema as the API's own schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly [other: string]: unknown;
}

/** What fields of these names look like where their schema does not say. */
const byName: Readonly<Record<string, unknown>> = {
  __objectType: 'Driver',
  actor: 'dispatch',
  addressArea: 'Ranelagh',
  because: null,
  bic: 'AIBKIE2D',
  city: 'Dublin',
  code: 'WAV',
  companyName: 'Acme Ltd',
  companyNumber: '123456',
  country: 'IE',
  customer: '085 012 3456',
  department: 'ACME/Sales',
  driver: 'D7',
  driverNote: 'ring the bell at the side gate',
  employee: '085 012 3456',
  email: 'ann@example.org',
  iban: 'IE29AIBK93115212345678',
  createdBy: 'admin',
  deletedAt: null,
  deletedBy: null,
  field: 'mode',
  firstName: 'Ann',
  lastName: 'Byrne',
  lockedBy: null,
  managementNote: 'invoice to head office',
  message: 'the approval lapses soon',
  name: 'Liffey Cars',
  nextCursor: null,
  notes: 'asks for a quiet ride',
  operation: 'driver.update',
  phone: '085 012 3456',
  postCode: 'D06 X285',
  reason: 'school closed',
  recurring: 'SR-1',
  ref: 'T-1',
  search: 'ann',
  state: 'Leinster',
  streetAddress: '1 Main Street',
  tag: 'VIP',
  tagName: 'VIP',
  taxNumber: 'IE1234567T',
  time: '08:15',
  token: 'tph_0YwzR3XlYv5M0mF5eXhTq5v3m7o1k9n2b4c6d8e0f1g',
  tokenName: 'dispatch',
  tradingAlias: 'Acme',
};

const INSTANT = 1_768_204_800;
const DAY = 20_260_112;
const ID = 'G318767104000000001';
const CURSOR = 'OkczMTg3NjcxMDQwMDAwMDAwMDE';

/** A value that fits a schema, for the API reference. Optional fields are there when `full`. */
export function exampleOf(schema: JsonSchema, name = '', full = true): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) {
    const first = schema.anyOf.find((one) => one.type !== 'null') ?? schema.anyOf[0];
    if (isNullable(schema) && Object.hasOwn(byName, name) && byName[name] === null) return null;
    return exampleOf(first ?? {}, name, full);
  }
  switch (schema.type) {
    case 'null':
      return null;
    case 'boolean':
      return name === 'active' || name === 'changed' || name === 'allowed';
    case 'integer':
      return integerExample(schema, name);
    case 'string':
      return textExample(schema, name);
    case 'array': {
      const item = schema.items === undefined ? undefined : exampleOf(schema.items, singular(name), full);
      return item === undefined ? [] : [item];
    }
    case 'object':
      return objectExample(schema, full);
    default:
      return Object.hasOwn(byName, name) ? byName[name] : null;
  }
}

const isNullable = (schema: JsonSchema): boolean => schema.anyOf?.some((one) => one.type === 'null') ?? false;
const singular = (name: string): string => name.replace(/s$/, '');

function integerExample(
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema,
  name: string,
): number {
  if (name === 'dateOfBirth') return 20_150_402;
  if (maximum === 29991231) return DAY;
  if (maximum === 253402300799) return INSTANT;
  if (name === 'limit') return Math.min(100, maximum);
  return Math.max(minimum, Math.min(1, maximum));
}

function textExample({ pattern, maxLength }: JsonSchema, name: string): string {
  if (pattern?.includes('[1-9]') === true) return ID;
  if (name === 'cursor') return CURSOR;
  const text = typeof byName[name] === 'string' ? (byName[name] as string) : 'text';
  return text.slice(0, maxLength);
}

function objectExample(schema: JsonSchema, full: boolean): Record<string, unknown> {
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => (full && !leftOut.includes(name)) || required.includes(name))
      .map(([name, inner]) => [name, exampleOf(inner, name, full)]),
  );
}

/** What an answer has only now and then. */
const leftOut = [
  'dryRun',
  'replayed',
  'matched',
  'affects',
  'internalKey',
  // Ids of entries of lists are given out with them.
  'id',
  'timeId',
  // Besides the fields themselves, which say the same.
  'set',
  'add',
  'remove',
  'resume',
];
