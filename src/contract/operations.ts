import { type CrudTable, crud } from './crud.ts';
import { customerOperations } from './customer.ts';
import { departmentOperations } from './department.ts';
import { doctorOperations } from './doctor.ts';
import { eligibilityOperations } from './eligibility.ts';
import { exclusionOperations } from './exclusion.ts';
import { forecastOperations } from './forecast.ts';
import { importOperations } from './import.ts';
import { type LinkTable, linkOperationTable } from './links.ts';
import { logOperations } from './log.ts';
import { recurringOperations } from './recurring.ts';
import { referenceOperations } from './reference.ts';
import { releaseOperations } from './release.ts';
import { settingsOperations } from './settings.ts';
import { tokenOperations } from './token.ts';

const special = {
  ...settingsOperations,
  ...customerOperations,
  ...exclusionOperations,
  ...recurringOperations,
  ...departmentOperations,
  ...eligibilityOperations,
  ...releaseOperations,
  ...forecastOperations,
  ...doctorOperations,
  ...importOperations,
  ...logOperations,
  ...referenceOperations,
  ...tokenOperations,
};

/** Everything the program can do to a client's data (spec section 6). */
export type Operations = CrudTable & LinkTable & typeof special;
export const operations: Operations = { ...crud, ...linkOperationTable, ...special };
