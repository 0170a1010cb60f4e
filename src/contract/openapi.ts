import { definitionOf, objectTypes } from '../records/registry.ts';
import { exampleOf, type JsonSchema } from './examples.ts';
import { operationTable, parametersOf, pathUse, takesIdempotencyKey, takesIfMatch } from './http.ts';
import { commonParameters, pathParameter, queryParameters } from './openapi-parameters.ts';
import { problemResponses, problemSchema, statusesOf } from './openapi-problems.ts';
import { Schemas } from './openapi-schemas.ts';
import { serverPaths } from './openapi-server.ts';
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
    tags: [...new Set([...Object.keys(operationTable).map(tagOf), 'server'])].map((tag) => ({
      name: tag,
      description: tagText(tag),
    })),
    paths: { ...paths, ...serverPaths },
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
  eligible: 'Who may drive: without a stored trip, or each trip of a day.',
  log: 'The audit trail.',
  reference: 'Names to ids.',
  release: 'Which recurring trips go out on a day.',
  server: 'Whether the server is there.',
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
  const output = schemas.answerOf(name, operation);
  const isOneRecord = method === 'GET' && output.properties?.['id'] !== undefined;
  const id = operationId(name, path, index);
  const hasBody = method === 'POST';
  return {
    operationId: id,
    tags: [tagOf(name)],
    summary: operation.summary,
    description:
      index === 0
        ? `For ${rolesFor(name).join(', ')}.${name === 'token.create' ? NOT_KEPT : ''}`
        : `As under the client itself, for records of this ${parentOf(path)} alone.`,
    parameters: [
      ...parametersOf(path).map((param) => pathParameter(name, param)),
      ...(method === 'GET' ? queryParameters(rest) : []),
      ...headersOf(name, operation, isOneRecord).map((one) => ({ $ref: `#/components/parameters/${one}` })),
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
                example: exampleOf(rest, '', true),
              },
            },
          },
        }
      : {}),
    responses: {
      ...(name.endsWith('.create')
        ? {
            200: success(schemas, name, output, 'There already, or a dry run'),
            201: success(
              schemas,
              name,
              output,
              'Made',
              name.startsWith('token.') ? [] : ['Location', 'ETag'],
            ),
          }
        : { 200: success(schemas, name, output, 'Done', isOneRecord ? ['ETag'] : []) }),
      ...(isOneRecord ? { 304: { description: 'As it was under one of the tags of `If-None-Match`' } } : {}),
      ...Object.fromEntries(
        statusesOf(name, operation).map((status) => [
          String(status),
          { $ref: `#/components/responses/P${status}` },
        ]),
      ),
    },
  };
}

const NOT_KEPT =
  ' It takes no `Idempotency-Key`: to answer twice, the secret would have to be kept. Where an answer is lost, revoke the token by its name and make it anew.';

const parentOf = (path: string): string => path.split('/')[3] ?? 'parent';

const answerHeaders = {
  Location: { description: 'The path of the record.', schema: { type: 'string' } },
  ETag: { description: 'For `If-Match` and `If-None-Match`.', schema: { type: 'string' } },
};

/** The parameters besides its own that an operation takes, by their names among the common ones. */
const headersOf = (name: string, operation: Operation, isOneRecord: boolean): readonly string[] => [
  ...(operation.writes ? ['dryRun', 'reason'] : []),
  ...(takesIdempotencyKey(name) ? ['idempotencyKey'] : []),
  ...(takesIfMatch(name) ? ['ifMatch'] : []),
  ...(isOneRecord ? ['ifNoneMatch'] : []),
  'at',
  'requestId',
];

const success = (
  schemas: Schemas,
  name: string,
  output: JsonSchema,
  description: string,
  headers: readonly (keyof typeof answerHeaders)[] = [],
): Json => ({
  description,
  ...(headers.length === 0
    ? {}
    : { headers: Object.fromEntries(headers.map((one) => [one, answerHeaders[one]])) }),
  content: {
    'application/json': {
      schema: schemas.ref(`${capital(operationId(name, '', 0))}Answer`, output),
      example: exampleOf(output, '', true),
    },
  },
});

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
