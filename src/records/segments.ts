import { items, reference, references } from './field.ts';

/** Who rides: a customer with the special-category passengers of the same leg (spec section 3, `tripSegments`). */
export const tripSegments = items(
  {
    customer: reference('Customer', { help: 'The customer of the segment.' }),
    scps: references('SpecialCategoryPassenger', {
      flag: 'scp',
      help: 'Special-category passengers on board.',
    }),
  },
  { max: 50, flag: 'customer', help: 'Who rides, segment by segment.' },
);
