import { operationTable } from '../contract/http.ts';
import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { definitions } from '../records/registry.ts';

/**
 * How a request gives a field that a record needs: as JSON has it, and, where the field is a parent, by the parent's
 * own path. `path` is what was asked for; undefined where it is not that of a kind of record, or text will do.
 */
export function wayToGive(field: string, path: string): string | undefined {
  const segment = path.split('/').at(-1);
  const definition: RecordDefinition | undefined = Object.values(definitions).find(
    (one) => one.path === segment,
  );
  const kind = definition?.fields[field]?.kind;
  if (definition === undefined || kind === undefined) return undefined;
  const form = forms[kind];
  if (form === undefined) return undefined;
  const parent = parentPath(definition, field);
  const [, client = '{clientId}'] = /^\/client\/([^/]+)/.exec(path) ?? [];
  const or = parent === undefined ? '' : `, or send it to \`${parent.replace('{clientId}', client)}\``;
  return `give ${field} ${form}${or}`;
}

const forms: Readonly<Record<string, string>> = {
  reference: 'as {"id": "G…"}',
  instant: 'in Unix seconds, such as 1768291200',
  day: 'as YYYYMMDD, such as 20260113',
};

/** The path of the collection under one of its parents, which then needs no field. */
function parentPath(definition: RecordDefinition, field: string): string | undefined {
  const http = operationTable[`${operationPrefix(definition.objectType)}.create`]?.http;
  return http?.paths.find((path) =>
    [...path.matchAll(/\{(\w+)\}/g)].some(([, param = '']) => {
      const use = http.params?.[param];
      return use?.to === 'input' && use.field === field;
    }),
  );
}
