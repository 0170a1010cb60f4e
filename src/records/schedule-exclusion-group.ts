import { defineRecord, endBeforeStart } from './definition.ts';
import { choice, day, handle } from './field.ts';

/** A switch that pauses every recurring trip linked to it (seed: schedule exclusions). */
export const scheduleExclusionGroup = defineRecord({
  objectType: 'ScheduleExclusionGroup',
  title: 'exclusion group',
  plural: 'exclusion groups',
  noun: 'exclusion',
  path: 'scheduleexclusiongroup',
  pathId: 'id',
  table: 'schedule_exclusion_group',
  summary: 'Switches that pause linked recurring trips: bad weather, holidays, closures.',
  argument: 'name',
  fields: {
    name: handle({
      required: true,
      help: 'What operators call it.',
      example: 'Bad Weather',
      synonyms: ['group', 'group name', 'exclusion', 'exclusion group'],
    }),
    mode: choice(['RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF'], {
      default: 'RUN_SCHEDULE',
      help: 'RUN_OFF: off; RUN_ON: on; RUN_SCHEDULE: off from the start day through the end day.',
    }),
    startDay: day({
      flag: 'start',
      synonyms: ['start date', 'from', 'first day', 'off from'],
      help: 'First day off under RUN_SCHEDULE; none: no lower bound.',
      example: '2026-04-03',
    }),
    endDay: day({
      flag: 'end',
      synonyms: ['end date', 'to', 'until', 'last day', 'off until'],
      help: 'Last day off under RUN_SCHEDULE; none: open-ended.',
      example: '2026-04-17',
    }),
    scheduleResumeDay: day({
      flag: 'resume',
      synonyms: ['resume date', 'resumes', 'back on'],
      help: 'Day on which RUN_ON or RUN_OFF goes back to RUN_SCHEDULE; none: by hand only.',
      example: '2026-01-15',
    }),
  },
  handles: [{ name: 'name', fields: ['name'] }],
  unique: [{ fields: ['name'] }],
  label: ['name'],
  columns: ['name', 'mode', 'startDay', 'endDay', 'scheduleResumeDay', 'id'],
  check: (values) => endBeforeStart(values, 'startDay', 'endDay'),
});
