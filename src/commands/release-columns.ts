import { explainCause } from '../resolver/reasons.ts';
import type { Occurrence } from '../resolver/release.ts';
import type { Column } from '../terminal/answer.ts';

/** An occurrence in CSV; in a plan, after its day. */
export const csvColumns: readonly Column<Occurrence>[] = [
  { name: 'time' },
  { name: 'recurringTrip', text: (row) => row.recurringTrip.ref },
  { name: 'isReturn', text: (row) => String(row.isReturn) },
  { name: 'pickupAt', text: (row) => String(row.pickupAt) },
  { name: 'clockChange', text: (row) => row.clockChange ?? '' },
  { name: 'outcome' },
  { name: 'causes', text: (row) => row.causes.map(explainCause).join('; ') },
  { name: 'trip', text: (row) => row.trip?.ref ?? '' },
];
