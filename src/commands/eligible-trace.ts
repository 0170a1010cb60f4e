import type { EligibilityDecision } from '../resolver/eligibility.ts';
import type { ExclusionReason } from '../resolver/reasons.ts';
import type { TripList } from '../resolver/trip-list.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { formatInstant } from '../values/instant.ts';
import { counted } from './words.ts';

/**
 * How a decision came about, step by step as spec section 4.1 has them: who is considered, what each need and each list
 * takes away, in which order the others come. The decision must hold its excluded drivers.
 */
export function traceBlocks(decision: EligibilityDecision, timeZone: string, ink: Ink): readonly Block[] {
  const { lists, requiredCapabilities, summary } = decision;
  const steps = [
    `${counted(summary.considered, 'driver')} considered, as of ${formatInstant(decision.asOf, timeZone)}`,
    activeStep(decision),
    ...(requiredCapabilities.length === 0 ? ['no capability is required'] : []),
    ...requiredCapabilities.map((code) => {
      const without = excludedBy(decision, (reason) => isLack(reason, code));
      return `${code} is required: ${without === 0 ? 'all have it' : `${ink.bad(String(without))} lack it`}`;
    }),
    ...(lists.length === 0 ? ['no list of drivers is consulted'] : []),
    ...lists.map((list) => listStep(list, decision, ink)),
    `that leaves ${ink.strong(counted(summary.eligible, 'driver'))}; ${summary.excluded} excluded, some for several reasons`,
    ...(summary.eligible === 0 ? [] : [orderStep(decision), holdStep(decision, timeZone)]),
  ];
  const width = String(steps.length).length;
  return [
    ink.strong('how it came about'),
    ...steps.map((step, index) => ({
      wrapped: `${String(index + 1).padStart(width)}. ${step}`,
      hang: width + 2,
    })),
  ];
}

function activeStep(decision: EligibilityDecision): string {
  const inactive = excludedBy(decision, ({ code }) => code === 'DRIVER_NOT_ACTIVE');
  return inactive === 0 ? 'all are active' : `${inactive} of them are not active`;
}

function listStep(list: TripList, decision: EligibilityDecision, ink: Ink): string {
  const whose = `${list.kind === 'SCP' ? 'approved' : 'favourite'} drivers of ${ink.strong(list.name)}`;
  const isOf = (reason: ExclusionReason) => 'list' in reason && reason.list.id === list.id;
  const blocked = excludedBy(decision, (reason) => reason.code === 'BLOCKED' && isOf(reason));
  const absent = excludedBy(decision, (reason) => reason.code === 'NOT_ON_HARD_LIST' && isOf(reason));
  const lapsed = excludedBy(decision, (reason) => reason.code === 'HARD_LIST_LAPSED' && isOf(reason));
  const parts = [
    list.hardLive > 0
      ? `${counted(list.hardLive, 'live HARD row')} ${ink.warn(list.hardLive === 1 ? 'locks the list' : 'lock the list')}: ${ink.bad(String(absent))} are not on it`
      : list.locked
        ? `all ${list.lapsed} HARD rows have lapsed, which ${ink.warn('keeps out')} ${ink.bad(String(lapsed))}`
        : 'no live HARD row, so anybody may',
    ...(blocked === 0 ? [] : [`${ink.bad(String(blocked))} ${blocked === 1 ? 'is' : 'are'} blocked`]),
    ...(list.softLive === 0
      ? []
      : [`${counted(list.softLive, 'SOFT row')}${list.locked ? ' without effect' : ' asked first'}`]),
    ...(list.lapsed === 0 || list.hardLive === 0 ? [] : [`${list.lapsed} lapsed, ignored`]),
  ];
  return `${whose}: ${parts.join('; ')}`;
}

function orderStep({ summary }: EligibilityDecision): string {
  if (summary.preferred === 0) return 'nobody is preferred: they come by id';
  const rest = summary.eligible - summary.preferred;
  return `${summary.preferred} preferred, by priority, then by how many lists prefer them${rest === 0 ? '' : `; then ${rest} more by id`}`;
}

function holdStep({ phase, holdEndsAt, summary }: EligibilityDecision, timeZone: string): string {
  if (phase === 'OPEN')
    return `no hold is running: ${summary.eligible === 1 ? 'the trip is open' : 'all may take it at once'}`;
  const until = holdEndsAt === null ? '' : ` until ${formatInstant(holdEndsAt, timeZone)}`;
  const others = summary.eligible - summary.preferred;
  return `held for the preferred${until}${others === 0 ? '; nobody else waits' : `: ${others} others wait`}`;
}

const isLack = (reason: ExclusionReason, code: string): boolean =>
  reason.code === 'MISSING_CAPABILITY' && reason.capability === code;

/** How many drivers a reason keeps out; each once. */
const excludedBy = ({ excluded }: EligibilityDecision, holds: (reason: ExclusionReason) => boolean): number =>
  excluded.filter(({ reasons }) => reasons.some(holds)).length;
