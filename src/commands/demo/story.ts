/** A Monday in January at half past five in the afternoon, when dispatch looks at the next morning. */
export const DEMO_CLOCK = '2026-01-12T17:30:00Z';

/** One scene of the story: what happens, and the commands that show it. */
export interface Scene {
  readonly title: string;
  readonly tells: string;
  readonly commands: readonly (readonly string[])[];
}

/** The story that the example operator's data was made for; see examples/README.md. */
export const scenes: readonly Scene[] = [
  {
    title: 'Tomorrow morning',
    tells: 'Which school runs go out on Tuesday, and which do not.',
    commands: [['release', '--day', 'tomorrow']],
  },
  {
    title: 'A storm',
    tells: 'The schools close until Thursday. One flip pauses every linked run, and reverts by itself.',
    commands: [
      ['exclusion', 'set', 'Bad Weather', 'RUN_OFF', '--resume', '20260115', '--reason', 'red wind warning'],
      ['exclusion', 'status', 'Bad Weather', '--day', '20260115'],
    ],
  },
  {
    title: 'One child, the right driver',
    tells: 'Aoife rides in a wheelchair, and only with drivers approved for her.',
    commands: [
      ['eligible', '--trip', 'T-1001'],
      ['eligible', '--trip', 'T-1001', '--driver', 'D03'],
      ['eligible', '--trip', 'T-1001', '--driver', 'D21'],
    ],
  },
  {
    title: 'An approval about to lapse',
    tells: 'Dara has two approved drivers left, and soon one.',
    commands: [
      ['pref', 'list', '--scp', 'SCP-104', '--expiring', '14d'],
      ['eligible', '--trip', 'T-1004'],
    ],
  },
  {
    title: 'The wrong department',
    tells: 'Fergal books for Outpatients. The dialysis budget is not his to spend.',
    commands: [['dept', 'can-book', '--customer', '+353209100017', '--dept', 'DVCH/Dialysis Transport']],
  },
];

/** What a newcomer may try on the same data. */
export const next: readonly (readonly string[])[] = [
  ['eligible', '--trip', 'T-1005', '--explain'],
  ['exclusion', 'calendar', '--month', '2026-02'],
  ['driver', 'show', 'D07'],
  ['dept', 'effective', 'QUILL/Litigation'],
  ['log', '--limit', '5'],
];
