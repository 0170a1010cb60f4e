import type { ObjectType } from '../records/field.ts';
import { definitions } from '../records/registry.ts';

// What the name of an operation tells, without the table of operations, which takes longer to make than most take to
// be carried out.

/** `DriverScp` → `driverScp`: how a kind's operations are named. */
export const operationPrefix = <T extends ObjectType>(type: T): Uncapitalize<T> =>
  (type.charAt(0).toLowerCase() + type.slice(1)) as Uncapitalize<T>;

/** `driverScp.update` → `DriverScp`; undefined for what is not about one kind of record. */
export function typeOfOperation(name: string): ObjectType | undefined {
  const prefix = name.slice(0, name.indexOf('.'));
  const type = prefix.charAt(0).toUpperCase() + prefix.slice(1);
  return Object.hasOwn(definitions, type) ? (type as ObjectType) : undefined;
}

/** Verbs of operations that only read: `Operation.writes` is false for these, and true for all others. */
const READING: ReadonlySet<string> = new Set([
  ...['list', 'get', 'findByPhone', 'addresses', 'tags', 'status', 'calendar', 'effective', 'canBook'],
  ...['eligible', 'adHoc', 'day', 'preview', 'expiring', 'plan', 'check', 'outcomes', 'resolve'],
]);

/** Whether an operation may change something. */
export const writesAnything = (name: string): boolean => !READING.has(name.slice(name.indexOf('.') + 1));
