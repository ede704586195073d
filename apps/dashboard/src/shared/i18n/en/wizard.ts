export const wizard = {
  wizard: {
    title: 'Add a provider',
    text: 'From a key to a first answer.',
    steps: 'Steps',
    step: {
      provider: 'Platform',
      credentials: 'Credentials',
      grants: 'Free quotas',
      team: 'Team and key',
      try: 'Try it',
    },
    back: 'Back',
    next: 'Continue',
    skip: 'Skip',
    provider: {
      title: 'Which platform?',
      text: 'Each account is one set of credentials. A platform can have several.',
    },
    credentials: {
      title: 'Credentials',
      text: 'Stored encrypted, sent to this platform only, and never shown again.',
      save: 'Save and continue',
      saveAnyway: 'Save anyway',
      done: '{{name}} is connected',
      doneText: 'Its connection can be changed on its own page.',
    },
    grants: {
      title: 'Which free quotas came with this account?',
      text: 'Proposed from what the platform publishes. Tick what your account really has: these tokens are spent first, and only these count as free.',
      check:
        'Compare amount and dates with the console of the platform. The start is usually the day on which the service was activated.',
      selected: '{{count}} of {{total}} ticked',
      startAll: 'Start of all',
      exists: 'recorded',
      confirm_one: 'Confirm {{count}} quota',
      confirm_other: 'Confirm {{count}} quotas',
      noneTitle: 'No known free quotas',
      noneText:
        'Nothing is published for these models. If the console shows one, record it later on the page of the account.',
    },
    team: {
      title: 'Who will use it?',
      text: 'A team has limits; its keys open the gateway.',
      new: 'New team',
      existing: 'Existing team',
      create: 'Create team and key',
      done: 'The key is ready',
      skip: 'I have a key',
    },
    try: {
      title: 'Ready',
      text: 'Change two lines in any OpenAI client: the base URL and the key.',
      pasteKey: 'Paste a key to fill the code below and to send a test.',
    },
  },
} as const
