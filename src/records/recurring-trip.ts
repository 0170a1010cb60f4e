import { defineRecord, endBeforeStart } from './definition.ts';
import { boolean, day, handle, id, items, reference, references, text, weekdays } from './field.ts';
import { tripSegments } from './segments.ts';
import { active } from './shared-fields.ts';

/** A run that goes out again and again at fixed times: a school run (spec sections 3 and 4.2). */
export const recurringTrip = defineRecord({
  objectType: 'RecurringTrip',
  title: 'recurring trip',
  plural: 'recurring trips',
  noun: 'recurring',
  path: 'recurringtrip',
  pathId: 'recurringTripId',
  table: 'recurring_trip',
  summary: 'Runs that go out again and again: school runs, care runs.',
  argument: 'ref',
  fields: {
    ref: handle({
      required: true,
      max: 60,
      help: 'Reference, unique.',
      example: 'SR-1',
      synonyms: ['reference', 'route', 'route no', 'run', 'code'],
    }),
    name: text({
      help: 'What people call it.',
      example: 'St Brigid’s, morning',
      synonyms: ['route name', 'title'],
    }),
    active,
    startDay: day({
      flag: 'start',
      help: 'First day it may go out; none: since ever.',
      synonyms: ['start date', 'from', 'valid from'],
    }),
    endDay: day({
      flag: 'end',
      help: 'Last day it may go out; none: for ever.',
      synonyms: ['end date', 'until', 'valid until', 'valid to'],
    }),
    tripSegments,
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What its trips require, besides what the passengers need.',
      synonyms: ['capabilities', 'requirements'],
    }),
    account: reference('Account', {
      help: 'Account that is charged.',
      synonyms: ['account no', 'account number', 'account ref', 'account code'],
    }),
    accountDepartment: reference('AccountDepartment', {
      flag: 'dept',
      help: 'Department that is charged.',
      synonyms: ['department', 'cost centre', 'cost center'],
    }),
    times: items(
      {
        id: id({ generated: true, help: 'Id of the time; stays when other times change.' }),
        time: text({
          required: true,
          format: 'timeOfDay',
          max: 5,
          help: 'Local time, HH:MM.',
          example: '08:15',
        }),
        weekdays: weekdays({ required: true, help: 'Weekdays, MON to SUN.', example: 'MON-FRI' }),
        isReturn: boolean({ default: false, help: 'Whether it is the way back.' }),
        endDay: day({ help: 'Last day of this time; none: as long as the trip.' }),
      },
      {
        max: 100,
        flag: 'time',
        help: 'When it goes out, as `HH:MM WEEKDAYS [return]`.',
        example: '08:15 MON-FRI',
        synonyms: ['schedule', 'departures'],
      },
    ),
    skips: items(
      {
        day: day({ required: true, help: 'Day on which it does not go out.' }),
        time: text({
          format: 'timeOfDay',
          max: 5,
          help: 'Only the run at this local time; none: all of the day.',
        }),
        reason: text({ max: 500, help: 'Why.' }),
      },
      { max: 2000, flag: 'skip', help: 'Single days on which it does not go out.' },
    ),
    exclusionLinks: items(
      {
        group: reference('ScheduleExclusionGroup', { required: true, help: 'The exclusion group.' }),
        timeId: id({ help: 'Only the time with this id; none: the whole trip.' }),
      },
      { max: 500, flag: 'exclusion', help: 'Exclusion groups that pause it, wholly or at one time.' },
    ),
  },
  handles: [{ name: 'ref', fields: ['ref'] }],
  unique: [{ fields: ['ref'] }],
  label: ['ref', 'name'],
  columns: ['ref', 'name', 'active', 'times', 'endDay', 'id'],
  check: (values) => endBeforeStart(values, 'startDay', 'endDay'),
});
