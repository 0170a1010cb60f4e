import { type Diagnosis, diagnosis, type Finding } from '../contract/doctor.ts';
import { accountFindings } from './doctor-accounts.ts';
import { customerFindings } from './doctor-customers.ts';
import { idleDriverFindings } from './doctor-idle.ts';
import { listFindings } from './doctor-lists.ts';
import { scheduleFindings } from './doctor-schedule.ts';
import type { Work } from './work.ts';

/** What is looked at in the data of one client, in this order. */
const CHECKS: { readonly [check: string]: (work: Work) => Promise<readonly Finding[]> } = {
  lists: listFindings,
  drivers: idleDriverFindings,
  exclusions: scheduleFindings,
  accounts: accountFindings,
  customers: customerFindings,
};

/** Looks for what is wrong with the data of the client (spec section 5, `doctor`). */
export async function checkData(work: Work): Promise<Diagnosis> {
  const findings: Finding[] = [];
  for (const check of Object.values(CHECKS)) findings.push(...(await check(work)));
  return diagnosis(findings, Object.keys(CHECKS));
}
