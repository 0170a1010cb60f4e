import { commonFields, type RecordDefinition } from '../records/definition.ts';
import { type Field, isCollection } from '../records/field.ts';
import { singular } from '../records/names.ts';

/** What a column of a kind's file can be: a field of the record, or one of these. */
export type ColumnTarget = { readonly field: string; readonly definition: Field | null };

/** Two fields in one column, for kinds whose records have a first and a last name. */
export const FULL_NAME = 'fullName';

const COMMON_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'record id', 'tph id'],
  internalKey: ['internalKey', 'key', 'external id', 'external key', 'external ref', 'external reference'],
};

/** Letters and digits only, without accents and letter case: `D.O.B.`, `dob` and `D O B` are one. */
export const plainHeader = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** By which names a kind's columns are known: of a file's header, and of what `--map` names. */
export class ColumnNames {
  readonly #fields = new Map<string, string>();
  /** As people read them, for suggestions. */
  readonly spelt: readonly string[];
  readonly #fieldOf = new Map<string, string>();

  constructor({ fields }: RecordDefinition) {
    const spelt: string[] = [];
    const add = (name: string, field: string): void => {
      const plain = plainHeader(name);
      if (plain === '' || this.#fields.has(plain)) return;
      this.#fields.set(plain, field);
      this.#fieldOf.set(name, field);
      spelt.push(name);
    };
    const given = Object.entries(fields).filter(([, field]) => field.kind !== 'settings');
    // A field's own name comes before what others are called besides.
    for (const [name] of given) add(name, name);
    for (const [name, field] of given) {
      if (field.flag !== undefined) add(field.flag, name);
      if (isCollection(field)) add(singular(name), name);
    }
    for (const [name, field] of given) for (const synonym of field.synonyms ?? []) add(synonym, name);
    for (const [name, synonyms] of Object.entries(COMMON_SYNONYMS))
      for (const synonym of synonyms) add(synonym, name);
    if ('firstName' in fields && 'lastName' in fields)
      for (const synonym of ['name', 'full name', 'customer name', 'driver name', 'passenger name'])
        add(synonym, FULL_NAME);
    this.spelt = spelt;
  }

  /** The field that a header names; what stands in brackets is left out where the whole is unknown. */
  find(header: string): string | undefined {
    return (
      this.#fields.get(plainHeader(header)) ??
      this.#fields.get(plainHeader(header.replace(/\(.*?\)|\[.*?\]/g, '')))
    );
  }

  /** The field that one of `spelt` stands for. */
  of(spelt: string): string | undefined {
    return this.#fieldOf.get(spelt);
  }
}

const PROGRAM: ReadonlySet<string> = new Set(
  commonFields.filter((name) => name !== 'id' && name !== 'internalKey').map(plainHeader),
);

/** Whether a column is one that exports write and the program sets. */
export const isProgramColumn = (header: string): boolean => PROGRAM.has(plainHeader(header));

/** Whether a column is one that result files add. */
export const isResultColumn = (header: string): boolean => /^\s*tph__/i.test(header);
