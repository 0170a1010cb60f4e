import type { Viewer } from '../contract/database.ts';
import { hiddenFromApps } from '../contract/roles.ts';
import type { Role } from '../contract/token.ts';
import type { AnyRecord } from '../records/definition.ts';
import type { Id } from '../values/id.ts';

type Walk = (value: unknown) => unknown;

/** What an answer looks like to whoever asks; `hidden` are the departments that they may not see. */
export function viewOf(viewer: Viewer, hidden: ReadonlySet<Id>, output: unknown): unknown {
  return views[viewer.role](hidden, viewer.subject)(output);
}

const views: Readonly<Record<Role, (hidden: ReadonlySet<Id>, subject: Id | null) => Walk>> = {
  ADMIN: () => (output) => output,
  OPERATOR: (hidden) => (output) => withoutDepartments(withoutSettings(output), hidden),
  DRIVER_APP: () => (output) => forApps(withoutOffice(output)),
  CUSTOMER_APP: (_hidden, subject) => (output) => forApps(ownSegments(withoutOffice(output), subject)),
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

/** Of its client an app learns what its own rows are to be read with: name, zone and country. */
function withoutOffice(output: unknown): unknown {
  if (!isObject(output)) return output;
  if (Array.isArray(output['items'])) return { ...output, items: output['items'].map(withoutOffice) };
  return isClient(output) ? { ...output, settings: {}, internalKey: null } : output;
}

const isClient = (value: Record<string, unknown>): boolean =>
  (value as Partial<AnyRecord>).__objectType === 'Client';

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
  if (isClient(output)) return { ...output, settings: {} };
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

/** A text that names a hidden department by its id, such as the message of a warning. */
const withoutIds = (text: string, hidden: ReadonlySet<Id>): string =>
  text.includes('G') ? text.replace(/G\d+/g, (id) => (hidden.has(id as Id) ? '(hidden)' : id)) : text;

/** A hidden department is in no list and no reference, and names none of what hangs on another record. */
function withoutDepartments(value: unknown, hidden: ReadonlySet<Id>): unknown {
  if (hidden.size === 0) return value;
  const isHidden = (entry: unknown): boolean =>
    isObject(entry) &&
    (hidden.has(entry['id'] as Id) || (isObject(entry['object']) && hidden.has(entry['object']['id'] as Id)));
  if (Array.isArray(value))
    return value.filter((entry) => !isHidden(entry)).map((entry) => withoutDepartments(entry, hidden));
  if (typeof value === 'string') return hidden.has(value as Id) ? null : withoutIds(value, hidden);
  if (!isObject(value)) return value;
  if (isHidden(value)) return null;
  const shown = Object.entries(value).map(([name, inner]) => {
    const seen = withoutDepartments(inner, hidden);
    // What a warning repeats of an input is text.
    return [name, seen === null && name === 'value' && inner !== null ? '(hidden)' : seen];
  });
  const names = value['objectType'] === 'AccountDepartment' && 'names' in value ? { names: [] } : {};
  return { ...Object.fromEntries(shown), ...names };
}
