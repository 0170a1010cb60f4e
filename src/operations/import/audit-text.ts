import { type Labels, presentFields } from '../../db/present.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import type { RecordDefinition } from '../../records/definition.ts';
import { displayName } from '../../records/display.ts';
import type { Field, Fields } from '../../records/field.ts';
import type { Id } from '../../values/id.ts';
import { holdsReferences } from './references.ts';

interface Part {
  readonly name: string;
  /** `"name":`, as JSON has it. */
  readonly key: string;
  readonly field: Field;
}

/**
 * The audit trail's text of new records: what `contentOf` finds of a creation, as JSON, without the objects in
 * between. A test holds the two against each other.
 */
export class CreationText {
  readonly #definition: RecordDefinition;
  readonly #parts: readonly Part[];
  /** The references that a record's name may be made of. */
  readonly #naming: Fields;
  readonly #labels: Labels;
  readonly #written = new Map<Id, string>();

  constructor(definition: RecordDefinition, labels: Labels) {
    this.#definition = definition;
    this.#labels = labels;
    this.#parts = Object.entries(definition.fields).map(([name, field]) => ({
      name,
      key: `${JSON.stringify(name)}:`,
      field,
    }));
    this.#naming = Object.fromEntries(
      Object.entries(definition.fields).filter(([, { kind }]) => kind === 'reference'),
    );
  }

  /** The fields that have a value, and the internal key. */
  after({ values }: StoredRecord, internalKey: string | null): string {
    let text = '';
    for (const { name, key, field } of this.#parts) {
      const value = values[name];
      if (value === null || value === undefined) continue;
      if (Array.isArray(value) && value.length === 0 && field.kind !== 'weekdays') continue;
      text += `${text === '' ? '' : ','}${key}${this.#value(field, value)}`;
    }
    if (internalKey !== null) text += `${text === '' ? '' : ','}"internalKey":${JSON.stringify(internalKey)}`;
    return `{${text}}`;
  }

  #value(field: Field, value: unknown): string {
    switch (field.kind) {
      case 'secret':
        return '"(hidden)"';
      case 'reference':
        return this.#label(field.target, value as Id);
      case 'references':
        return `[${(value as readonly Id[]).map((id) => this.#label(field.target, id)).join()}]`;
      case 'items': {
        const { fields } = field;
        return JSON.stringify(
          (value as readonly Record<string, unknown>[]).map((item) =>
            presentFields(fields, item, this.#labels),
          ),
        );
      }
      default:
        return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : JSON.stringify(value);
    }
  }

  #label(...reference: Parameters<Labels>): string {
    const [, id] = reference;
    const known = this.#written.get(id);
    if (known !== undefined) return known;
    const text = JSON.stringify(this.#labels(...reference));
    this.#written.set(id, text);
    return text;
  }

  name({ id, values }: StoredRecord): string {
    const { objectType } = this.#definition;
    const shown =
      Object.keys(this.#naming).length === 0
        ? values
        : { ...values, ...presentFields(this.#naming, values, this.#labels) };
    return displayName(objectType, shown) || id;
  }
}

const referring = new WeakMap<RecordDefinition, Fields>();

/** The fields of a kind that can hold references, those of items among them. */
export function referringFields(definition: RecordDefinition): Fields {
  const known = referring.get(definition);
  if (known !== undefined) return known;
  const fields = Object.fromEntries(
    Object.entries(definition.fields).filter(([, field]) => holdsReferences(field)),
  );
  referring.set(definition, fields);
  return fields;
}
