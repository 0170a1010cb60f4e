import type { ObjectType } from '../records/field.ts';
import type { JsonSchema } from './examples.ts';
import { operationTable } from './http.ts';
import { operationPrefix } from './names.ts';
import type { Operation, Z } from './operation.ts';
import { hiddenFromApps, rolesFor, subjectTypeOf } from './roles.ts';

/** The schemas of the document: each stands once, under the first name that it is given. */
export class Schemas {
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
    const get = operationTable[`${operationPrefix(type)}.get`];
    if (get !== undefined) this.ref(type, this.answerOf(`${operationPrefix(type)}.get`, get));
  }

  /** What an operation answers, to apps too where they may ask. */
  answerOf(name: string, operation: Operation): JsonSchema {
    const whole = this.of(operation, 'output');
    return rolesFor(name).some((role) => subjectTypeOf(role) !== undefined) ? forApps(whole) : whole;
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
const typeName = (name: string): string =>
  name
    .split(/\W+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Without what the generator says about itself. */
function plain(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}

/** The same, where apps are answered without what they are not shown. */
function forApps(schema: JsonSchema): JsonSchema {
  const { properties, required, items } = schema;
  const hides = Object.keys(properties ?? {}).some((name) => hiddenFromApps.has(name));
  const inner = Object.entries(properties ?? {}).map(([name, one]) => [
    name,
    hiddenFromApps.has(name) ? withNote(one) : forApps(one),
  ]);
  return {
    ...schema,
    ...(items === undefined ? {} : { items: forApps(items) }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(inner) }),
    ...(hides && required !== undefined
      ? { required: required.filter((name) => !hiddenFromApps.has(name)) }
      : {}),
  };
}

const withNote = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  description: [schema.description, 'Not in answers to apps.']
    .filter((text) => text !== undefined)
    .join('. '),
});
