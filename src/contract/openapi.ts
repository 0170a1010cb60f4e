import type { ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import type { ErrorCode } from '../values/error.ts';
import { exampleOf, type JsonSchema } from './examples.ts';
import { operationTable, PROBLEM_TITLES, PROBLEM_TYPE, parametersOf, pathUse, STATUS_OF } from './http.ts';
import type { Operation, Z } from './operation.ts';
import { rolesFor } from './roles.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The OpenAPI 3.1 document of everything that is served, derived from the table of operations (spec section 6).
 * It takes most of a second to make; `pause` is awaited between parts of it, so that others get their turn.
 */
export async function openApiDocument(
  z: Z,
  version: string,
  pause: () => Promise<void> = async () => {},
): Promise<Json> {
  const schemas = new Schemas(z);
  const paths: Record<string, Record<string, Json>> = {};
  for (const type of objectTypes) {
    schemas.addRecord(type);
    await pause();
  }
  for (const [name, operation] of Object.entries(operationTable)) {
    await pause();
    for (const [index, path] of operation.http.paths.entries()) {
      const item = paths[path] ?? {};
      paths[path] = item;
      item[operation.http.method.toLowerCase()] = operationObject(schemas, name, operation, path, index);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'tph',
      version,
      summary: 'Administration for taxi and private-hire operators',
      description:
        'Who may drive a trip, which runs go out, which department pays. Ids are strings such as `G123`; days are integers such as `20260112`; instants are Unix seconds. Changes take `?dryRun=true`, and `X-Reason` for the audit trail.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This server' }],
    security: [{ bearer: [] }],
    tags: [...new Set(Object.keys(operationTable).map(tagOf))].map((tag) => ({
      name: tag,
      description: tagText(tag),
    })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token from `tph token create`; it belongs to one client.',
        },
      },
      parameters: commonParameters,
      responses: problemResponses(),
      schemas: { ...schemas.named, Problem: problemSchema },
    },
  };
}

const tagOf = (name: string): string => name.slice(0, name.indexOf('.'));

function tagText(tag: string): string {
  const type = objectTypes.find((one) => one.charAt(0).toLowerCase() + one.slice(1) === tag);
  return type === undefined ? (otherTags[tag] ?? tag) : definitionOf(type).summary;
}
const otherTags: Readonly<Record<string, string>> = {
  eligible: 'Who may drive, without a stored trip.',
  log: 'The audit trail.',
  reference: 'Names to ids.',
  release: 'Which recurring trips go out on a day.',
  settings: 'What the client has set.',
  token: 'Bearer tokens; administrators only.',
};

/** `driverScp.create` under a driver → `driverScpCreateUnderDriver`. */
function operationId(name: string, path: string, index: number): string {
  const words = name.split('.').map((word, at) => (at === 0 ? word : capital(word)));
  const [, , , parent = ''] = path.split('/');
  return `${words.join('')}${index === 0 ? '' : `Under${capital(parent)}`}`;
}
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function operationObject(
  schemas: Schemas,
  name: string,
  operation: Operation,
  path: string,
  index: number,
): Json {
  const { method } = operation.http;
  const input = schemas.of(operation, 'input');
  const fixed = parametersOf(path).flatMap((param) => {
    const use = pathUse(name, param);
    return use.to === 'input' || use.to === 'text' ? [use.field] : [];
  });
  const rest = without(input, fixed);
  const output = schemas.of(operation, 'output');
  const id = operationId(name, path, index);
  const hasBody = method === 'POST';
  return {
    operationId: id,
    tags: [tagOf(name)],
    summary: operation.summary,
    description:
      index === 0
        ? `For ${rolesFor(name).join(', ')}.`
        : `As under the client itself, for records of this ${parentOf(path)} alone.`,
    parameters: [
      ...parametersOf(path).map((param) => pathParameter(name, param)),
      ...(method === 'GET' ? queryParameters(rest) : []),
      ...(operation.writes
        ? ['dryRun', 'reason', 'idempotencyKey', ...(name.endsWith('.create') ? [] : ['ifMatch'])].map(
            (one) => ({ $ref: `#/components/parameters/${one}` }),
          )
        : []),
    ],
    ...(hasBody
      ? {
          requestBody: {
            required: (rest.required ?? []).length > 0,
            content: {
              'application/json': {
                schema: schemas.ref(
                  `${capital(operationId(name, path, 0))}Request${fixed.length === 0 ? '' : id === operationId(name, path, 0) ? '' : `Of${capital(id)}`}`,
                  rest,
                ),
                example: requestExample(rest),
              },
            },
          },
        }
      : {}),
    responses: {
      ...(name.endsWith('.create')
        ? {
            200: success(schemas, name, output, 'There already, or a dry run'),
            201: success(schemas, name, output, 'Made', !name.startsWith('token.')),
          }
        : { 200: success(schemas, name, output, 'Done') }),
      ...Object.fromEntries(
        statusesOf(operation).map((status) => [
          String(status),
          { $ref: `#/components/responses/P${status}` },
        ]),
      ),
    },
  };
}

const parentOf = (path: string): string => path.split('/')[3] ?? 'parent';

const success = (
  schemas: Schemas,
  name: string,
  output: JsonSchema,
  description: string,
  isMade = false,
): Json => ({
  description,
  ...(isMade
    ? {
        headers: {
          Location: { description: 'The path of the record.', schema: { type: 'string' } },
          ETag: { description: 'For `If-Match`.', schema: { type: 'string' } },
        },
      }
    : {}),
  content: {
    'application/json': {
      schema: schemas.ref(`${capital(operationId(name, '', 0))}Answer`, output),
      example: exampleOf(output, '', true),
    },
  },
});

/** What a create shows: what must be given and what says most; the seeds' own requests fit too. */
function requestExample(schema: JsonSchema): unknown {
  return exampleOf(schema, '', true);
}

function without(schema: JsonSchema, fields: readonly string[]): JsonSchema {
  const { properties = {}, required = [], ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !fields.includes(name))),
    ...(required.some((name) => !fields.includes(name))
      ? { required: required.filter((name) => !fields.includes(name)) }
      : {}),
  };
}

function pathParameter(name: string, param: string): Json {
  const use = pathUse(name, param);
  const isText = use.to === 'text';
  return {
    name: param,
    in: 'path',
    required: true,
    description: isText
      ? 'Percent-encoded.'
      : use.to === 'client'
        ? 'The client of the token.'
        : `The ${definitionOf(use.type).title}.`,
    schema: isText ? { type: 'string', minLength: 1 } : { type: 'string', pattern: '^[Gg]?[1-9]\\d{0,18}$' },
    example: isText ? exampleOf({ type: 'string' }, param) : 'G318767104000000001',
  };
}

function queryParameters({ properties = {}, required = [] }: JsonSchema): readonly Json[] {
  return Object.entries(properties).map(([name, schema]) => {
    const given = schema.anyOf?.find((one) => one.type === 'string') ?? schema;
    return {
      name,
      in: 'query',
      ...(required.includes(name) ? { required: true } : {}),
      schema: given,
      ...(given.type === 'array' ? { style: 'form', explode: true } : {}),
    };
  });
}

/** What any request may be answered with, besides what the operation itself says. */
const ALWAYS = [400, 401, 403, 404, 429, 500, 503];

function statusesOf(operation: Operation): readonly number[] {
  const own = operation.errors.map((code) => STATUS_OF[code]);
  const more = operation.writes ? [409, 412, 413, 415] : [];
  return [...new Set([...ALWAYS, ...own, ...more])].sort((a, b) => a - b);
}

const statusTexts: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['INVALID', 'Something in the request is wrong; `details` says what'],
  401: ['NOT_SIGNED_IN', 'There is no token, or it cannot be used'],
  403: ['NOT_ALLOWED', 'The role of the token may not do this'],
  404: ['NOT_FOUND', 'There is no such record for this token'],
  409: ['CONFLICT', 'It stands in the way of something, or is ambiguous'],
  412: ['CONFLICT', 'The record was changed meanwhile'],
  413: ['INVALID', 'The body is larger than 1 MiB'],
  415: ['INVALID', 'The body is not application/json in UTF-8'],
  429: ['UNAVAILABLE', 'Too many requests; `Retry-After` says how long to wait'],
  500: ['INTERNAL', 'Something went wrong that was not meant to'],
  503: ['UNAVAILABLE', 'Busy or stopping; `Retry-After` says how long to wait'],
};

const problemResponses = (): Json =>
  Object.fromEntries(
    Object.entries(statusTexts).map(([status, [code, description]]) => [
      `P${status}`,
      {
        description,
        ...(status === '429' || status === '503'
          ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
          : {}),
        content: {
          [PROBLEM_TYPE]: {
            schema: { $ref: '#/components/schemas/Problem' },
            example: {
              type: 'about:blank',
              title: PROBLEM_TITLES[code],
              status: Number(status),
              detail: description.toLowerCase(),
              instance: '/client/G1/driver',
              code,
              details: [],
              requestId: 'a2b0c6f4',
            },
          },
        },
      },
    ]),
  );

const problemSchema: Json = {
  type: 'object',
  description: 'An error (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'details'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong, in one line.' },
    instance: { type: 'string', description: 'The path that was asked for.' },
    code: { type: 'string', enum: Object.keys(STATUS_OF) },
    hint: { type: 'string', description: 'What to do about it.' },
    details: {
      type: 'array',
      items: {
        type: 'object',
        required: ['message'],
        properties: {
          field: { type: 'string' },
          value: { type: 'string' },
          message: { type: 'string' },
          hint: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
};

const header = (name: string, description: string, example: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
  example,
});
const commonParameters: Json = {
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
  ifMatch: header('If-Match', 'Entity tags of which the record must have one.', '"2nK0yq3Hc1mZt5vQx7bLrA"'),
};

/** The schemas of the document: each stands once, under the first name that it is given. */
class Schemas {
  readonly named: Record<string, JsonSchema> = {};
  readonly #z: Z;
  /** By what makes them: the verbs of a kind share theirs. */
  readonly #made = new Map<Operation['input'], JsonSchema>();
  readonly #byText = new Map<string, string>();

  constructor(z: Z) {
    this.#z = z;
  }

  /** Gives a kind's records their name, which lists of them then refer to. */
  addRecord(type: ObjectType): void {
    const get = operationTable[`${type.charAt(0).toLowerCase()}${type.slice(1)}.get`];
    if (get !== undefined) this.ref(type, this.of(get, 'output'));
  }

  of(operation: Operation, side: 'input' | 'output'): JsonSchema {
    const make = operation[side];
    const known = this.#made.get(make);
    if (known !== undefined) return known;
    const options = { io: 'input', unrepresentable: 'any' } as const;
    const made = plain(this.#z.toJSONSchema(make(this.#z), options) as JsonSchema);
    this.#made.set(make, made);
    return made;
  }

  /** A reference to the schema, which gets `name` where it has none yet. */
  ref(name: string, schema: JsonSchema): JsonSchema {
    const shared = this.#shared(schema, true);
    const text = JSON.stringify(shared);
    const known = this.#byText.get(text);
    if (known !== undefined) return { $ref: `#/components/schemas/${known}` };
    let free = name;
    for (let count = 2; Object.hasOwn(this.named, free); count += 1) free = `${name}${count}`;
    this.named[free] = shared;
    this.#byText.set(text, free);
    return { $ref: `#/components/schemas/${free}` };
  }

  /** Generators of clients name an enumeration after its property; where that is no identifier, it gets a name here. */
  #property(name: string, schema: JsonSchema): JsonSchema {
    const needsName = schema.enum !== undefined && !/^\w+$/.test(name);
    return needsName ? this.ref(typeName(name), schema) : this.#shared(schema);
  }

  /** The schema with those parts replaced that have names already. */
  #shared(schema: JsonSchema, isTop = false): JsonSchema {
    const isRecord = !isTop && schema.properties?.['__objectType'] !== undefined;
    const known = isRecord ? this.#byText.get(JSON.stringify(schema)) : undefined;
    if (known !== undefined) return { $ref: `#/components/schemas/${known}` };
    return {
      ...schema,
      ...(schema.items === undefined ? {} : { items: this.#shared(schema.items) }),
      ...(schema.properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(schema.properties).map(([name, inner]) => [name, this.#property(name, inner)]),
            ),
          }),
    };
  }
}

/** `dispatch.lapsedHardList` → `DispatchLapsedHardList`. */
const typeName = (name: string): string => name.split(/\W+/).map(capital).join('');

/** Without what the generator says about itself. */
function plain(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
