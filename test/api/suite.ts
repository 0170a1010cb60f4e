import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../src/contract/database.ts';
import { approvals } from './suite/approvals.ts';
import { changes } from './suite/changes.ts';
import { clients } from './suite/clients.ts';
import { customers } from './suite/customers.ts';
import { departments } from './suite/departments.ts';
import { doctor } from './suite/doctor.ts';
import { eligibility } from './suite/eligibility.ts';
import { eligibleDay } from './suite/eligible-day.ts';
import { exclusions } from './suite/exclusions.ts';
import { forecasts } from './suite/forecasts.ts';
import { hostile } from './suite/hostile.ts';
import { hostileOperations } from './suite/hostile-operations.ts';
import { hostileRecords } from './suite/hostile-records.ts';
import { importOperations, imports, importUndo } from './suite/import.ts';
import { isolation } from './suite/isolation.ts';
import { keys } from './suite/keys.ts';
import { lists } from './suite/lists.ts';
import { log } from './suite/log.ts';
import { recurring } from './suite/recurring.ts';
import { references } from './suite/references.ts';
import { releases } from './suite/releases.ts';
import { resumes } from './suite/resumes.ts';
import { safeguards } from './suite/safeguards.ts';
import { settings } from './suite/settings.ts';
import { tenants } from './suite/tenants.ts';
import { trips } from './suite/trips.ts';
import { undo } from './suite/undo.ts';
import { uniqueness } from './suite/uniqueness.ts';
import { verbs } from './suite/verbs.ts';
import { World } from './world.ts';

/** A store without a database yet, and how to be rid of it. */
export interface MadeStore {
  readonly store: Store;
  readonly dispose: () => Promise<void>;
}

/**
 * What every store must do, through the operations alone. `isShort`: without the many wrong inputs that are refused before a store is asked.
 */
export function storeSuite(
  name: string,
  makeStore: () => Promise<MadeStore>,
  { isShort = false } = {},
): void {
  describe(name, () => {
    let made: MadeStore;
    let world: World;
    beforeAll(async () => {
      made = await makeStore();
      world = new World(made.store);
      await world.create();
    });
    afterAll(async () => {
      await world.close();
      await made.dispose();
    });
    const parts = [
      verbs,
      references,
      keys,
      uniqueness,
      changes,
      lists,
      log,
      undo,
      settings,
      clients,
      customers,
      departments,
      trips,
      eligibility,
      eligibleDay,
      approvals,
      recurring,
      exclusions,
      resumes,
      releases,
      forecasts,
      doctor,
      safeguards,
      imports,
      importUndo,
      importOperations,
      tenants,
      isolation,
      ...(isShort ? [] : [hostile, hostileRecords, hostileOperations]),
    ];
    for (const part of parts) part(() => world);
  });
}
