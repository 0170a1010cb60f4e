import type { Api } from '../contract/api.ts';
import type { ListInput, Page } from '../contract/change.ts';
import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, NaturalHandle, RecordDefinition, Values } from '../records/definition.ts';
import type { Field, ObjectType, Reference } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { parsePhone } from '../values/phone.ts';
import { fold } from '../values/text.ts';

const PAGE = 500;

/** All live records of a kind, page by page. */
export async function* listAll(api: Pick<Api, 'call'>, type: ObjectType): AsyncGenerator<AnyRecord> {
  const list = api.call.bind(api) as unknown as (name: string, input: ListInput) => Promise<Page<AnyRecord>>;
  let cursor: string | null = null;
  do {
    const page: Page<AnyRecord> = await list(`${operationPrefix(type)}.list`, {
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/**
 * The records of kinds by their natural handles, as an instance that only lists them can be asked: each kind is read
 * through once, when it is first needed, and of a record only its handles and its id are kept.
 */
export class RemoteHandles {
  readonly #api: Pick<Api, 'call' | 'client'>;
  readonly #kinds = new Map<ObjectType, Promise<Handles>>();

  constructor(api: Pick<Api, 'call' | 'client'>) {
    this.#api = api;
  }

  /** The id that a reference's text means; NOT_FOUND with near spellings, or CONFLICT. */
  async id(type: ObjectType, text: string, field: string): Promise<Id> {
    const known = this.#kinds.get(type) ?? this.#read(type);
    this.#kinds.set(type, known);
    const { ids, keys, byHandle } = await known;
    const definition = definitionOf(type);
    const id = parseId(text);
    if (id !== undefined && ids.has(id)) return id;
    const found = id === undefined ? this.#find(definition, text, keys, byHandle) : undefined;
    if (typeof found === 'object') {
      const message = `${quote(text)} fits ${found.size} ${definition.plural}`;
      const hint = `name one by its id: ${[...found].slice(0, 5).join(', ')}`;
      throw new TphError('CONFLICT', message, { hint, details: [{ field, value: text, message, hint }] });
    }
    if (found !== undefined) return found;
    const message = `there is no ${definition.title} ${quote(text)}`;
    const near = nearest(text, byHandle.flatMap((one) => [...one.keys()]).slice(0, 20_000), 3);
    const hint =
      near.length > 0
        ? `did you mean ${near.map(quote).join(' or ')}?`
        : `list them with \`tph ${definition.noun} list\``;
    throw new TphError('NOT_FOUND', message, { hint, details: [{ field, value: text, message, hint }] });
  }

  #find(
    definition: RecordDefinition,
    text: string,
    keys: ReadonlyMap<string, Id>,
    byHandle: Handles['byHandle'],
  ): Id | ReadonlySet<Id> | undefined {
    if (/^key:/i.test(text)) return keys.get(text.slice(4).trim());
    for (const [index, handle] of definition.handles.entries()) {
      const form = lookUpForm(definition, handle, text, this.#api.client.country);
      const found = form === undefined ? undefined : byHandle[index]?.get(form);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #read(type: ObjectType): Promise<Handles> {
    const definition = definitionOf(type);
    const byHandle = definition.handles.map(() => new Map<string, Id | Set<Id>>());
    const ids = new Set<string>();
    const keys = new Map<string, Id>();
    for await (const record of listAll(this.#api, type)) {
      ids.add(record.id);
      if (record.internalKey !== null && record.internalKey !== undefined)
        keys.set(record.internalKey, record.id);
      for (const [index, handle] of definition.handles.entries()) {
        const text = handleText(definition, handle, record);
        const form =
          text === undefined ? undefined : lookUpForm(definition, handle, text, this.#api.client.country);
        if (form === undefined) continue;
        const map = byHandle[index] as Map<string, Id | Set<Id>>;
        const other = map.get(form);
        if (other === undefined) map.set(form, record.id);
        else map.set(form, other instanceof Set ? other.add(record.id) : new Set([other, record.id]));
      }
    }
    return { ids, keys, byHandle };
  }
}

interface Handles {
  readonly ids: ReadonlySet<string>;
  readonly keys: ReadonlyMap<string, Id>;
  /** In the order of the kind's handles. */
  readonly byHandle: readonly Map<string, Id | Set<Id>>[];
}

function handleText(
  definition: RecordDefinition,
  { fields, within }: NaturalHandle,
  record: Values,
): string | undefined {
  const own = fields
    .map((name) => record[name])
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .join(' ');
  if (own === '') return undefined;
  if (within === undefined) return own;
  const parent = definition.fields[within] as Field & { readonly kind: 'reference' };
  const holder = record[within] as Reference | null;
  const [first] = definitionOf(parent.target).handles;
  const above = holder === null ? undefined : holder[first?.fields[0] ?? ''];
  return typeof above === 'string' ? `${above}/${own}` : undefined;
}

function lookUpForm(
  { fields }: RecordDefinition,
  handle: NaturalHandle,
  text: string,
  country: string,
): string | undefined {
  const field = handle.fields.length === 1 ? fields[handle.fields[0] ?? ''] : undefined;
  if (field?.kind !== 'text' || field.format !== 'phone') return fold(text);
  if (!/\d/.test(text)) return undefined;
  const parsed = parsePhone(text, country);
  return parsed.ok ? parsed.e164 : undefined;
}
