import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/contract/examples.ts';
import { openShop, type Shop } from './support.ts';

/** Requests made from the server's own description of itself: some fit it, most nearly do. */

let home: Shop & { close(): Promise<void> };
let ids: readonly string[] = [];
let endpoints: readonly Endpoint[] = [];

interface Endpoint {
  readonly method: string;
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly schema: JsonSchema }[];
  readonly body: JsonSchema | undefined;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: JsonSchema;
}

beforeAll(async () => {
  home = await openShop();
  const make = async (path: string, body: unknown) => (await home.post(path, body)).id as string;
  const driver = await make('/driver', { callsign: 'D7', firstName: 'Ann' });
  const customer = await make('/customer', { firstName: 'Bo', phone: '085 012 3456', tags: ['VIP'] });
  const account = await make('/account', { ref: 'ACME' });
  const department = await make('/accountdepartment', { account: 'ACME', departmentName: 'Sales' });
  const scp = await make('/scp', { ref: 'SCP-1' });
  const favourite = await make('/drivercustomer', { driver: 'D7', customer: { id: customer } });
  const approval = await make('/driverscp', { driver: 'D7', scp: 'SCP-1' });
  const group = await make('/scheduleexclusiongroup', { name: 'Bad Weather' });
  const trip = await make('/trip', { ref: 'T-1', pickupAt: 1_768_300_000 });
  const run = await make('/recurringtrip', { ref: 'SR-1', times: [{ time: '08:15', weekdays: ['MON'] }] });
  ids = [driver, customer, account, department, scp, favourite, approval, group, trip, run];
  endpoints = described((await home.send('//openapi.json')).json);
});
afterAll(() => home.close());

function described(document: {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Record<string, JsonSchema> };
}): readonly Endpoint[] {
  const whole = (schema: JsonSchema): JsonSchema => {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : (document.components.schemas[name] as JsonSchema);
  };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const parameters = operation['parameters'] as readonly Parameter[];
      const content = operation['requestBody'] as
        | { content: { 'application/json': { schema: JsonSchema } } }
        | undefined;
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((one) => one.in === 'query'),
        body: content === undefined ? undefined : whole(content.content['application/json'].schema),
      };
    }),
  );
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    0,
    -1,
    1e300,
    1.5,
    true,
    [],
    {},
    [[]],
    [null],
    'G1',
    'G0',
    'none',
    'D7',
    '\u0000',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Values that fit a schema, and now and then something else. */
function valueFor(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: fitting(schema, depth) }, { weight: 1, arbitrary: odd });
}

function fitting(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valueFor(one, depth + 1)));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(
        fc.integer({ min: -2, max: 10 }),
        fc.constantFrom(20_260_112, 20_260_230, 1_768_204_800, schema.minimum ?? 0, schema.maximum ?? 1),
      );
    case 'array':
      return depth > 3
        ? fc.constant([])
        : fc.array(valueFor(schema.items ?? {}, depth + 1), { maxLength: 3 });
    case 'object':
      return depth > 3 ? fc.constant({}) : fc.record(propertiesOf(schema, depth), { requiredKeys: [] });
    case 'null':
      return fc.constant(null);
    default:
      return schema.pattern?.includes('[1-9]') === true
        ? fc.constantFrom(...ids)
        : fc.oneof(
            fc.constantFrom('D7', 'ACME', 'ACME/Sales', 'T-1', 'SCP-1', '085 012 3456', '08:15', 'IE', 'a'),
            fc.string({ unit: 'grapheme', maxLength: 12 }),
          );
  }
}

const propertiesOf = (schema: JsonSchema, depth: number): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, valueFor(inner, depth + 1)]),
  );

const pathFor = (path: string): fc.Arbitrary<string> => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const values = fc.tuple(
    ...names.map((name) =>
      name === 'clientId'
        ? fc.constant(home.client as string)
        : fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom(...ids) },
            { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
            { weight: 1, arbitrary: fc.constantFrom('G1', 'G0', '1', 'VIP', '..', '%', '\u0000') },
          ),
    ),
  );
  return values.map((given) =>
    names.reduce((text, name, at) => text.replace(`{${name}}`, encodeURIComponent(String(given[at]))), path),
  );
};

const requestFor = (endpoint: Endpoint) =>
  fc.record({
    method: fc.constant(endpoint.method),
    path: pathFor(endpoint.path),
    query: fc.record(Object.fromEntries(endpoint.query.map(({ name, schema }) => [name, valueFor(schema)])), {
      requiredKeys: [],
    }),
    body: endpoint.body === undefined ? fc.constant(undefined) : valueFor(endpoint.body),
    // Mostly nothing is written, so that what the paths name is still there.
    dryRun: endpoint.method === 'GET' ? fc.constant(false) : fc.nat(4).map((one) => one > 0),
  });

const queryText = (query: Readonly<Record<string, unknown>>, dryRun: boolean): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      search.append(name, typeof one === 'object' ? (JSON.stringify(one) ?? '') : String(one));
  if (dryRun) search.append('dryRun', 'true');
  return search.size === 0 ? '' : `?${search}`;
};

const RUNS = Number(process.env['TPH_FUZZ_RUNS'] ?? 600);

it('answers whatever is sent with what it is or what is wrong with it, never with a failure', async () => {
  const requests = fc.nat(endpoints.length - 1).chain((at) => requestFor(endpoints[at] as Endpoint));
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, path, query, body, dryRun }) => {
      const answer = await home.send(`${path}${queryText(query, dryRun)}`, {
        method,
        ...(body === undefined ? {} : { body }),
      });
      const asked = `${method} ${path} ${JSON.stringify(query)} ${JSON.stringify(body)}`;
      expect(answer.status, `${asked}: ${answer.text}\n${home.logs.at(-2)}`).toBeLessThan(500);
      expect(answer.text).not.toMatch(/\n\s+at |node_modules/);
      if (answer.status >= 400)
        expect(answer.json, asked).toMatchObject({ status: answer.status, code: expect.any(String) });
    }),
    { numRuns: RUNS },
  );
}, 120_000);
