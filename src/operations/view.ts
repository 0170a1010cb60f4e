import type { Viewer } from '../contract/database.ts';
import type { Role } from '../contract/token.ts';
import type { AnyRecord } from '../records/definition.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import type { Id } from '../values/id.ts';

/** What is never shown to apps (spec section 6): protected fields of any kind, and the client. */
const hiddenFromApps: ReadonlySet<string> = new Set([
  'clientId',
  ...objectTypes.flatMap((type) =>
    Object.entries(definitionOf(type).fields).flatMap(([name, field]) => (field.protected ? [name] : [])),
  ),
]);

type Walk = (value: unknown) => unknown;

/** What an answer looks like to whoever asks; `hidden` are the departments that they may not see. */
export function viewOf(viewer: Viewer, hidden: ReadonlySet<Id>, output: unknown): unknown {
  return views[viewer.role](hidden, viewer.subject)(output);
}

const views: Readonly<Record<Role, (hidden: ReadonlySet<Id>, subject: Id | null) => Walk>> = {
  ADMIN: () => (output) => output,
  OPERATOR: (hidden) => (output) => withoutDepartments(withoutSettings(output), hidden),
  DRIVER_APP: () => (output) => forApps(output),
  CUSTOMER_APP: (_hidden, subject) => (output) => forApps(ownSegments(output, subject)),
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Somebody's phone is not for others: a reference shows who, no more. */
function forApps(value: unknown, depth = 0): unknown {
  if (Array.isArray(value)) return value.map((entry) => forApps(entry, depth));
  if (!isObject(value)) return value;
  const isReference = depth > 0 && !('__objectType' in value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !hiddenFromApps.has(name) && !(isReference && name === 'phone'))
      .map(([name, inner]) => [name, forApps(inner, depth + 1)]),
  );
}

/** Of a trip that others share a customer sees the own segments, not who else rides. */
function ownSegments(output: unknown, customer: Id | null): unknown {
  if (!isObject(output)) return output;
  if (Array.isArray(output['items']))
    return { ...output, items: output['items'].map((item) => ownSegments(item, customer)) };
  if ((output as Partial<AnyRecord>).__objectType !== 'Trip') return output;
  const segments = output['tripSegments'] as readonly { readonly customer: { readonly id: Id } | null }[];
  return { ...output, tripSegments: segments.filter((one) => one.customer?.id === customer) };
}

/** A client's settings, and the trail of the client itself, are the administrator's. */
function withoutSettings(output: unknown): unknown {
  if (!isObject(output)) return output;
  if ((output as Partial<AnyRecord>).__objectType === 'Client') {
    const { settings: _settings, ...rest } = output;
    return { ...rest, settings: {} };
  }
  if (Array.isArray(output['items']))
    return {
      ...output,
      items: (output['items'] as readonly unknown[])
        .filter((item) => !isClientEvent(item))
        .map(withoutSettings),
    };
  return output;
}

const isClientEvent = (item: unknown): boolean =>
  isObject(item) && isObject(item['object']) && item['object']['objectType'] === 'Client';

/** A hidden department is in no list and no reference, and names none of what hangs on another record. */
function withoutDepartments(value: unknown, hidden: ReadonlySet<Id>): unknown {
  if (hidden.size === 0) return value;
  const isHidden = (entry: unknown): boolean =>
    isObject(entry) &&
    (hidden.has(entry['id'] as Id) || (isObject(entry['object']) && hidden.has(entry['object']['id'] as Id)));
  if (Array.isArray(value))
    return value.filter((entry) => !isHidden(entry)).map((entry) => withoutDepartments(entry, hidden));
  if (!isObject(value)) return typeof value === 'string' && hidden.has(value as Id) ? null : value;
  if (isHidden(value)) return null;
  const shown = Object.entries(value).map(([name, inner]) => [name, withoutDepartments(inner, hidden)]);
  const names = value['objectType'] === 'AccountDepartment' && 'names' in value ? { names: [] } : {};
  return { ...Object.fromEntries(shown), ...names };
}
