import type { EligibilityFacts } from '../../src/resolver/eligibility.ts';
import type { ReleaseFacts } from '../../src/resolver/release.ts';

/**
 * A second reading of spec section 4.1: one driver at a time, every row again and again, no preparation. Slow and
 * plain on purpose, and sharing nothing with the resolver.
 */
export function naiveEligibility(facts: EligibilityFacts) {
  const { now, pickupAt, settings } = facts;
  const asOf = Math.max(now, pickupAt ?? 0);
  const number = (id: string) => BigInt(id.slice(1));
  const ascending = (a: string, b: string) => (number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0);

  const live = (row: Row) => !row.deleted && !(row.expiresAt !== null && row.expiresAt <= asOf);
  type Row = EligibilityFacts['lists'][number]['rows'][number];
  const ofKind = (kind: string) => {
    const ids = [...new Set(facts.lists.filter((list) => list.kind === kind).map((list) => list.id))];
    return ids.sort(ascending).map((id) => facts.lists.find((list) => list.kind === kind && list.id === id));
  };
  const customers = settings.favouriteDrivers ? ofKind('CUSTOMER') : [];
  const scps = settings.approvedScpDrivers ? ofKind('SCP') : [];
  const lists = [...customers, ...scps].filter((list) => list !== undefined);
  const rowsOf = (list: (typeof lists)[number], mode: string) => list.rows.filter((row) => row.mode === mode);
  const hasLiveHard = (list: (typeof lists)[number]) => rowsOf(list, 'HARD').some(live);
  const allLapsed = (list: (typeof lists)[number]) =>
    rowsOf(list, 'HARD').some((row) => !row.deleted) && !hasLiveHard(list);
  const locked = lists.filter(
    (list) => hasLiveHard(list) || (allLapsed(list) && settings.lapsedHardList === 'LOCK'),
  );

  const judged = facts.drivers.map((driver) => {
    const on = (list: (typeof lists)[number], ...modes: string[]) =>
      list.rows.filter((row) => row.driver === driver.id && live(row) && modes.includes(row.mode));
    const reasons: string[] = [];
    if (driver.status !== 'ACTIVE') reasons.push('DRIVER_NOT_ACTIVE');
    for (const code of [...new Set(facts.requiredCapabilities)].sort())
      if (!driver.capabilities.some((own) => own === code)) reasons.push(`MISSING_CAPABILITY ${code}`);
    for (const list of lists) if (on(list, 'BLOCK').length > 0) reasons.push(`BLOCKED ${list.id}`);
    for (const list of lists)
      if (hasLiveHard(list) && on(list, 'HARD').length === 0) reasons.push(`NOT_ON_HARD_LIST ${list.id}`);
    for (const list of lists)
      if (settings.lapsedHardList === 'LOCK' && allLapsed(list)) reasons.push(`HARD_LIST_LAPSED ${list.id}`);
    const rows = lists.map((list) => on(list, 'HARD', 'SOFT')).filter((found) => found.length > 0);
    const priorities = rows.flat().map((row) => row.priority);
    return {
      id: driver.id,
      reasons,
      lists: rows.length,
      priority: priorities.length === 0 ? null : Math.min(...priorities),
    };
  });

  const eligible = judged.filter((driver) => driver.reasons.length === 0);
  const before = (a: (typeof judged)[number], b: (typeof judged)[number]) => {
    if ((a.priority === null) !== (b.priority === null)) return a.priority === null ? 1 : -1;
    if (a.priority !== b.priority) return (a.priority ?? 0) - (b.priority ?? 0);
    if (a.lists !== b.lists) return b.lists - a.lists;
    return ascending(a.id, b.id);
  };
  let holdEndsAt: number | null = null;
  if (eligible.some((driver) => driver.lists > 0)) {
    let start = facts.releasedAt ?? now;
    if (start > now) start = now;
    const elapsed = now - start;
    if (elapsed < settings.preferredDriverHoldSeconds)
      holdEndsAt = start + settings.preferredDriverHoldSeconds;
  }

  const warnings: string[] = [];
  if (!settings.approvedScpDrivers)
    for (const list of ofKind('SCP'))
      if (list?.rows.some((row) => row.mode === 'HARD' && !row.deleted))
        warnings.push(`SCP_APPROVALS_OFF ${list.id}`);
  for (const list of lists)
    if (allLapsed(list)) warnings.push(`HARD_LIST_LAPSED ${list.id} ${settings.lapsedHardList}`);
  const onAll = facts.drivers.filter((driver) =>
    locked.every((list) => rowsOf(list, 'HARD').some((row) => live(row) && row.driver === driver.id)),
  );
  if (locked.length > 1 && onAll.length === 0)
    warnings.push(`LIST_CONFLICT ${locked.map((list) => list.id).join(' ')}`);
  for (const list of lists) {
    const lapsing = list.rows.filter(
      (row) =>
        !row.deleted &&
        row.expiresAt !== null &&
        row.expiresAt > now &&
        pickupAt !== null &&
        row.expiresAt <= pickupAt,
    );
    lapsing.sort(
      (a, b) =>
        ascending(a.driver, b.driver) || Number(a.expiresAt) - Number(b.expiresAt) || ascending(a.id, b.id),
    );
    for (const row of lapsing)
      warnings.push(`LAPSES_BEFORE_PICKUP ${list.id} ${row.driver} ${row.mode} ${row.expiresAt}`);
  }
  for (const list of locked) {
    const soft = rowsOf(list, 'SOFT').filter(live).length;
    if (soft > 0) warnings.push(`SOFT_ON_LOCKED_LIST ${list.id} ${soft}`);
  }

  return {
    asOf,
    holdEndsAt,
    drivers: eligible.sort(before).map(({ id, priority, lists: count }) => ({ id, priority, lists: count })),
    excluded: judged
      .filter((driver) => driver.reasons.length > 0)
      .sort((a, b) => ascending(a.id, b.id))
      .map(({ id, reasons }) => ({ id, reasons })),
    locked: locked.map((list) => list.id),
    warnings,
  };
}

/** A second reading of spec section 4.2, without the times of pickup. */
export function naiveRelease(facts: ReleaseFacts) {
  const { day } = facts;
  const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  const weekday =
    names[
      new Date(Date.UTC(Math.floor(day / 10000), (Math.floor(day / 100) % 100) - 1, day % 100)).getUTCDay()
    ];
  const found: { time: string; ref: string; timeId: string; outcome: string; causes: string[] }[] = [];
  for (const run of facts.recurringTrips)
    for (const time of run.times) {
      if (!run.active) continue;
      if (run.startDay !== null && day < run.startDay) continue;
      if (run.endDay !== null && day > run.endDay) continue;
      if (time.endDay !== null && day > time.endDay) continue;
      if (!time.weekdays.some((one) => one === weekday)) continue;
      const off = new Map<bigint, string>();
      for (const { group, timeId } of run.links) {
        if (timeId !== null && timeId !== time.id) continue;
        const overridden = group.scheduleResumeDay === null || day < group.scheduleResumeDay;
        if (group.mode === 'RUN_ON' && overridden) continue;
        const number = BigInt(group.id.slice(1));
        if (group.mode === 'RUN_OFF' && overridden) off.set(number, `GROUP_OFF ${group.id} RUN_OFF`);
        else if (group.startDay === null && group.endDay === null) continue;
        else if (day >= (group.startDay ?? 0) && day <= (group.endDay ?? 99999999))
          off.set(number, `GROUP_OFF ${group.id} WINDOW`);
      }
      const causes = [...off].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
      for (const whole of [true, false]) {
        const reasons = run.skips
          .filter((skip) => skip.day === day && (whole ? skip.time === null : skip.time === time.time))
          .map((skip) => skip.reason ?? '');
        causes.push(...reasons.sort().map((reason) => `SKIPPED ${reason}`));
      }
      const outcome = causes.length > 0 ? 'SUPPRESSED' : 'RELEASED';
      found.push({ time: time.time, ref: run.ref, timeId: time.id, outcome, causes });
    }
  const key = ({ time, ref, timeId }: (typeof found)[number]) =>
    `${time} ${ref} ${timeId.slice(1).padStart(20, '0')}`;
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
