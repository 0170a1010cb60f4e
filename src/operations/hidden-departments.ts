import { departmentsOutside } from '../db/departments.ts';
import type { Id } from '../values/id.ts';
import type { Work } from './work.ts';

const nothing: ReadonlySet<Id> = new Set();

/** The departments that whoever asks may not see: to them there are none (spec section 4.4). */
export async function hiddenDepartments(work: Work): Promise<ReadonlySet<Id>> {
  if (work.viewerGroups === null) return nothing;
  return new Set(await departmentsOutside(work.queries, work.client.id, work.viewerGroups));
}
