import { definitionOf } from '../records/registry.ts';
import { exampleOf, type JsonSchema } from './examples.ts';
import { pathUse } from './http.ts';

type Json = Readonly<Record<string, unknown>>;

const pathTexts: Readonly<Record<string, string>> = {
  eventId: 'The event of the audit trail.',
  importId: 'The import.',
  tagName: 'The tag, percent-encoded.',
  tokenName: 'The name or the id of the token, percent-encoded.',
};

/** A parameter of a path of an operation. */
export function pathParameter(name: string, param: string): Json {
  const use = pathUse(name, param);
  const isText = use.to === 'text';
  return {
    name: param,
    in: 'path',
    required: true,
    description: isText
      ? (pathTexts[param] ?? 'Percent-encoded.')
      : use.to === 'client'
        ? 'The client of the token.'
        : `The ${definitionOf(use.type).title}.`,
    schema: isText ? { type: 'string', minLength: 1 } : { type: 'string', pattern: '^[Gg]?[1-9]\\d{0,18}$' },
    example: isText ? exampleOf({ type: 'string' }, param) : 'G318767104000000001',
  };
}

/** The query of a GET: what is left of its input. */
export function queryParameters({ properties = {}, required = [] }: JsonSchema): readonly Json[] {
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...given } = schema.anyOf?.find((one) => one.type === 'string') ?? schema;
    return {
      name,
      in: 'query',
      description: schema.description ?? description ?? queryTexts[name] ?? name,
      ...(required.includes(name) ? { required: true } : {}),
      schema: given,
      ...(given.type === 'array' ? { style: 'form', explode: true } : {}),
    };
  });
}

/** What parameters mean whose schemas do not say it: they mean the same wherever they stand. */
const queryTexts: Readonly<Record<string, string>> = {
  action: 'Only events of this action.',
  actor: 'Only what this actor did.',
  after: 'Only events after this one.',
  all: 'Expired and revoked ones too.',
  among: 'Whether live or deleted records are meant; live ones unless told.',
  capabilities: 'What the trip needs besides: ids or codes.',
  cursor: '`nextCursor` of the page before, with the same filters.',
  customer: 'The customer: id, phone, e-mail or name.',
  customers: 'Customers who ride: ids, phones or names.',
  day: 'The day, as YYYYMMDD.',
  deleted: 'Deleted records instead of live ones.',
  department: 'The department that books: its id or `ACCOUNT/Department name`.',
  driver: 'Only this driver: id, callsign or name.',
  employee: 'The employee: an id.',
  expired: 'Only what has lapsed; false: only what has not.',
  expiringWithin: 'Only what is live and lapses within so many seconds.',
  explain: 'Say of the other drivers why they may not.',
  from: 'The first day, as YYYYMMDD.',
  fromDay: 'The first day, as YYYYMMDD.',
  group: 'Only this exclusion group: id or name.',
  limit: 'How many at most.',
  live: 'Only what has not lapsed; false: only what has.',
  number: 'The number of the batch, from 1.',
  objectType: 'The kind of record, such as Driver.',
  operation: 'Only what this operation did, such as driver.update, or driver for all of a kind.',
  phone: 'The phone, in any form that people of the client’s country write.',
  pickupAt: 'When the passengers are fetched, in Unix seconds.',
  recurring: 'Only this recurring trip: id or ref.',
  ref: 'The record: its id, `key:` with its internal key, or what people call it.',
  scps: 'Special-category passengers who ride: ids, refs or names.',
  search: 'Only records one of whose handles begins with this.',
  since: 'Only from this moment on, in Unix seconds.',
  to: 'The last day, as YYYYMMDD.',
  toDay: 'The last day, as YYYYMMDD.',
  until: 'Only before this moment, in Unix seconds.',
  within: 'How far to look ahead, in seconds.',
  updatedSince:
    'Only records that were changed at or after this moment, in the order of their changes; Unix seconds.',
};

const header = (name: string, description: string, example: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
  example,
});
/** Parameters that many operations share. */
export const commonParameters: Json = {
  dryRun: {
    name: 'dryRun',
    in: 'query',
    description: 'Do everything, say what would be, and write nothing.',
    schema: { type: 'boolean' },
  },
  reason: header('X-Reason', 'Why, for the audit trail; percent-encoded UTF-8.', 'school%20closed'),
  idempotencyKey: header(
    'Idempotency-Key',
    'A change sent again under the same key within a day is carried out once.',
    '6f1c2b7e',
  ),
  at: header(
    'X-At',
    'Judge by this clock instead, Unix seconds; administrators only. The answer repeats it.',
    '1768291200',
  ),
  requestId: header(
    'X-Request-Id',
    'An id of your own, 1 to 64 letters, digits and ._-; the answer and the log repeat it.',
    'a2b0c6f4',
  ),
  ifNoneMatch: header(
    'If-None-Match',
    'Entity tags that you have: 304 where the record has one of them still.',
    '"2nK0yq3Hc1mZt5vQx7bLrA"',
  ),
  ifMatch: header('If-Match', 'Entity tags of which the record must have one.', '"2nK0yq3Hc1mZt5vQx7bLrA"'),
};
