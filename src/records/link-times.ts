import { type ErrorDetail, quote } from '../values/error.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import type { Values } from './definition.ts';

/**
 * Links of a recurring trip to exclusion groups as people write them: `{"group": "Bad Weather", "time": "08:15"}`, with
 * `isReturn` where the way out and back leave at the same hour. No field of a record holds these two: they are taken
 * out before a link is checked, put back after, and become the ids of times once these are known.
 */
export class LinkTimes {
  readonly #taken: (Values | undefined)[] = [];
  /** What is wrong with the first that is wrong. */
  problem: ErrorDetail | undefined;

  /** The link without its time. */
  take(link: object): Values {
    const { time, isReturn, ...rest } = link as Values;
    if (time === undefined || time === null) {
      this.#taken.push(undefined);
      return isReturn === undefined ? rest : { ...rest, isReturn };
    }
    const known = typeof time === 'string' ? parseTimeOfDay(time) : undefined;
    const isSense = isReturn === undefined || isReturn === null || typeof isReturn === 'boolean';
    if (known === undefined || !isSense)
      this.problem ??= {
        field: 'exclusionLinks',
        message:
          known === undefined ? `${quote(time)} is not a time of day` : 'isReturn is not true or false',
        hint: 'write {"group": "Bad Weather", "time": "08:15"}',
      };
    this.#taken.push({ time: known, ...(typeof isReturn === 'boolean' ? { isReturn } : {}) });
    return rest;
  }

  /** The links, checked meanwhile, with the times that they name. */
  putBack(links: readonly Values[]): readonly Values[] {
    return links.map((link, at) => ({ ...link, ...this.#taken[at] }));
  }
}
